"""The demo's bundles: one of each life that pages can show, made through the domain."""

import pytest
from sqlalchemy import select

from catalog.alliances.charters import Signature
from catalog.bundles import checks, knowing, signing
from catalog.bundles import form as forms
from catalog.canonical import fingerprint
from catalog.models import Alliance, Bundle, BundleVersion
from marketplace import extensions
from marketplace.demo import naming
from marketplace.demo.rounds import TODAY
from marketplace.extensions import database
from matching.models import Demand, MatchList


@pytest.fixture
def bundles(demo):
    return {row.listing.title: row for row in demo.scalars(select(Bundle).order_by(Bundle.id))}


@pytest.fixture
def morning(loaded_app, monkeypatch):
    """What waits for two demo logins on the day of the demo: texts of one kind. Before `demo`, whose session reads."""
    monkeypatch.setattr(extensions, "now", lambda: naming.moment(TODAY))
    found = {}
    for login in ("vendor2", "manufacturer"):
        said = loaded_app.test_cli_runner().invoke(args=["demo", "token", f"{login}@demo.example"])
        bearer = {"Authorization": f"Bearer {said.stdout.strip()}"}
        answer = loaded_app.test_client().get("/api/v1/inbox", headers=bearer)
        found[login] = answer.get_json()["items"]
    return lambda login, kind: [item["text"] for item in found[login] if item["kind"] == kind]


def conflicts(demo, version):
    form = forms.read(version.content)
    facts = knowing.facts_of(demo, form, version.bundle.alliance, TODAY, substitutes=False)
    return [each.code for each in checks.obstacles(form, facts)]


def test_each_alliance_sells_a_sound_bundle_that_all_of_its_vendors_signed(demo, bundles):
    sound = [row for row in bundles.values() if row.in_force and row.broken_on is None]
    assert [row.alliance for row in sound] == list(demo.scalars(select(Alliance).order_by(Alliance.id)))
    for row in sound:
        version = row.in_force
        assert row.listing.live_release is not None
        assert {each.state for each in version.consents} == {"given"}
        assert {each.signed_sha256 for each in version.consents} == {fingerprint(version.content)}
        assert len(version.consents) == 3
        assert conflicts(demo, version) == []


def test_their_shares_sum_to_their_price(bundles):
    for row in bundles.values():
        content = row.versions[-1].content
        assert sum(content["shares"].values()) == forms.read(content).price_amount


def firm_of(country, login):
    return next(one["organization"] for one in country.people["logins"] if one["login"] == login)


def test_one_waits_for_the_second_demo_vendor(loaded_app, bundles, country):
    (version,) = [row.open_version for row in bundles.values() if row.open_version]
    assert version.state == "signing"
    assert {each.organization.name: each.state for each in version.consents} == {
        firm_of(country, "vendor"): "given",
        firm_of(country, "vendor2"): "asked",
    }
    with database(loaded_app).session() as session:
        kept = session.get_one(BundleVersion, version.id)
        mine = next(each for each in kept.consents if each.state == "asked")
        signature = Signature("시험 서명", "", naming.moment(TODAY))
        hashes = {"sha256": kept.sha256, "part_sha256": mine.part_sha256}
        assert signing.sign(session, kept, mine.organization, signature, TODAY, **hashes)
        session.rollback()


def test_the_second_demo_vendor_finds_it_on_its_morning_page(morning, bundles):
    (waits,) = [row for row in bundles.values() if row.open_version]
    assert morning("vendor2", "bundle_consent") == [f"번들 ‘{waits.listing.title}’ v1에 서명해 주세요"]


def test_a_demo_manufacturer_hears_of_the_bundle_made_for_its_demand(morning, demo, bundles, country):
    (made,) = [row for row in bundles.values() if row.demand]
    demand = demo.scalars(select(Demand).where(Demand.public_id == made.demand)).one()
    assert demand.organization.name == firm_of(country, "manufacturer")
    assert demand.shared_at < made.created_at
    assert morning("manufacturer", "bundle_for_demand") == [
        f"‘{demand.title}’에 맞춘 번들 ‘{made.listing.title}’이 나왔어요"
    ]


def test_it_stands_among_the_first_ten_matches_of_that_demand(demo, bundles):
    (made,) = [row for row in bundles.values() if row.demand]
    ranked = demo.scalars(
        select(MatchList).join(Demand).where(Demand.public_id == made.demand).order_by(MatchList.id.desc())
    ).first()
    first = [match.listing for match in ranked.matches if match.rank <= 10]
    assert made.listing.public_id in first
    assert len(first) > 1  # beside listings of one vendor: nobody is shown it for want of anything else


def test_one_is_broken_by_a_certificate_that_has_ended(demo, bundles):
    (broken,) = [row for row in bundles.values() if row.broken_on]
    assert broken.in_force is not None
    assert conflicts(demo, broken.in_force) == ["expired"]
    assert [each["code"] for each in broken.in_force.conflicts] == ["expired"]


def test_they_say_that_they_are_synthetic(bundles):
    for row in bundles.values():
        texts = forms.read(row.versions[-1].content).texts
        assert "합성 예시" in texts["summary"]
        assert "합성 예시" in texts["description"]
        assert "Synthetic" in texts["summary_en"]
        assert "Synthetic" in texts["description_en"]
