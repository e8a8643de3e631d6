"""The demo's bundles: one of each life that pages can show, made through the domain."""

import pytest
from sqlalchemy import select

from catalog.bundles import checks, knowing
from catalog.bundles import form as forms
from catalog.listings import fingerprint
from catalog.models import Alliance, Bundle
from marketplace.demo.rounds import TODAY


@pytest.fixture
def bundles(demo):
    return {row.listing.title: row for row in demo.scalars(select(Bundle).order_by(Bundle.id))}


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


def test_one_waits_for_the_second_demo_vendor(bundles):
    version = bundles["첫걸음 품질·창고 한 벌"].open_version
    assert version.state == "signing"
    assert {each.organization.name: each.state for each in version.consents} == {
        "해담웍스": "given",
        "두물결소프트": "asked",
    }


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
