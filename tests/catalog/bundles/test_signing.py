"""Every vendor signs exactly that version: what was altered, came late, twice or from elsewhere is no signature."""

from datetime import timedelta

import pytest

from catalog.alliances import membership
from catalog.bundles import form as forms
from catalog.bundles import parts, signing
from catalog.errors import Conflict, Invalid, NotFound
from catalog.shares import Rule
from tests import alliances, bundles, factories
from tests.alliances import SIGNER
from tests.bundles import TODAY, consent_of, sent, sign


@pytest.fixture
def vendors(session):
    return [factories.company(session, "vendor", name=name) for name in ("가", "나", "다")]


@pytest.fixture
def alliance(session, vendors):
    return alliances.active(session, *vendors)


@pytest.fixture
def made(session, alliance, vendors):
    return bundles.bundle(session, alliance, *vendors)


def states(version):
    return [consent.state for consent in sorted(version.consents, key=lambda each: each.organization.name)]


def published(session, made, vendors):
    """The first version, signed by all and sold."""
    version = sent(session, made)
    for vendor in vendors:
        sign(session, version, vendor)
    signing.move(version, "publish", TODAY)
    session.flush()
    return version


def code(caught):
    return caught.value.code


def problems(caught):
    return [(problem.pointer, problem.code) for problem in caught.value.problems]


def test_everybody_is_asked_for_the_version_and_the_own_part(session, made, vendors, alliance):
    version = sent(session, made)
    form = forms.read(version.content)
    assert (version.number, version.state, version.until) == (1, "signing", TODAY + timedelta(14))
    assert (form.charter_hash, form.lead) == (alliance.charter.sha256, vendors[0].public_id)
    assert version.sha256 == forms.digest(form)
    assert {each.organization_id: each.part_sha256 for each in version.consents} == {
        vendor.id: parts.digest(form, vendor.public_id) for vendor in vendors
    }


def test_the_last_signature_completes_it(session, made, vendors):
    version = sent(session, made)
    assert [sign(session, version, vendor) for vendor in vendors] == [False, False, True]
    assert (version.state, version.signed_on, states(version)) == ("signed", TODAY, ["given"] * 3)
    consent = consent_of(version, vendors[0])
    assert (consent.signed_by, consent.signed_sha256) == (SIGNER.name, version.sha256)


def test_signing_twice_is_signing_once(session, made, vendors):
    version = sent(session, made)
    for _ in range(2):
        sign(session, version, vendors[0])
    assert states(version) == ["given", "asked", "asked"]
    for vendor in vendors:
        sign(session, version, vendor)
    assert sign(session, version, vendors[0])


@pytest.mark.parametrize("name", ["sha256", "part_sha256"])
def test_another_hash_is_no_signature(session, made, vendors, name):
    version = sent(session, made)
    with pytest.raises(Invalid) as caught:
        sign(session, version, vendors[0], **{name: "0" * 64})
    assert problems(caught) == [(name, "bundle_other")]
    assert states(version) == ["asked"] * 3
    sign(session, version, vendors[0])
    with pytest.raises(
        Invalid
    ) as caught:  # nor once it has signed: it would be told that it signed something else
        sign(session, version, vendors[0], **{name: "0" * 64})
    assert problems(caught) == [(name, "bundle_other")]


def test_a_stranger_does_not_learn_of_it(session, made):
    version = sent(session, made)
    with pytest.raises(NotFound):
        signing.sign(
            session, version, factories.company(session, "vendor"), SIGNER, TODAY,
            sha256=version.sha256, part_sha256="",
        )  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [{"list_amount": 10_000_001}, {"plan": "other"}, {"stage": 2}, {"release": 2}, {"quantity": 2}],
)
def test_altering_the_working_copy_and_sending_it_voids_every_signature(session, made, vendors, change):
    version = sent(session, made)
    for vendor in vendors:
        sign(session, version, vendor)
    bundles.with_item(made, 1, **change)
    known = bundles.facts(forms.read(made.draft))
    if "plan" in change:
        parts_of = known.parts["listing-1"].plans
        known.parts["listing-1"].plans["other"] = parts_of["plan"]
    if "quantity" in change:
        bundles.with_item(made, 1, list_amount=20_000_000)
        known = bundles.facts(forms.read(made.draft))
        known.parts["listing-1"].plans["plan"] = (
            known.parts["listing-2"]
            .plans["plan"]
            .__class__(10_000_000, known.parts["listing-1"].plans["plan"].quality)
        )
    if "stage" in change:
        made.draft = {**made.draft, "wanted": [{**each, "stage": 2} for each in made.draft["wanted"]]}
    after = signing.send(session, made, known)
    session.flush()
    assert (version.state, after.number, after.state) == ("taken_back", 2, "signing")
    assert states(after) == ["asked"] * 3
    with pytest.raises(Conflict) as caught:
        sign(session, version, vendors[0])
    assert code(caught) == "bundle.taken_back"


def test_a_share_that_is_altered_voids_every_signature(session, made, vendors):
    version = sent(session, made)
    for vendor in vendors:
        sign(session, version, vendor)
    ids = [vendor.public_id for vendor in vendors]
    moved = (Rule(ids[0], "remainder"), Rule(ids[1], "fixed", 9_000_001), Rule(ids[2], "fixed", 9_000_000))
    bundles.change(made, rules=moved)
    assert states(sent(session, made)) == ["asked"] * 3


def test_an_amendment_asks_only_those_whose_part_changed(session, made, vendors):
    before = published(session, made, vendors)
    bundles.with_item(made, 2, list_amount=11_000_000)
    after = sent(session, made)
    # The first has the remainder, which the price moves; the third is paid a fixed share for the same item.
    assert states(after) == ["asked", "asked", "carried"]
    carried = consent_of(after, vendors[2])
    assert (carried.carried_from, carried.signed_sha256, carried.signed_by) == (1, before.sha256, SIGNER.name)
    assert before.state == "in_force"
    assert not sign(session, after, vendors[2])
    assert [sign(session, after, vendor) for vendor in vendors[:2]] == [False, True]


def test_a_consent_is_carried_through_several_versions(session, made, vendors):
    first = published(session, made, vendors)
    for amount in (11_000_000, 12_000_000):
        bundles.with_item(made, 2, list_amount=amount)
        version = sent(session, made)
        for vendor in vendors[:2]:
            sign(session, version, vendor)
        signing.move(made.in_force, "supersede", TODAY)
        session.flush()
        signing.move(version, "publish", TODAY)
        session.flush()
    carried = consent_of(version, vendors[2])
    assert (version.number, carried.carried_from, carried.signed_sha256) == (3, 1, first.sha256)


def test_a_new_charter_asks_everybody_anew(session, made, vendors, alliance):
    published(session, made, vendors)
    alliances.accepted(session, alliance, answer_hours=24)
    assert states(sent(session, made)) == ["asked"] * 3


def test_what_nothing_changed_is_signed_at_once(session, made, vendors):
    published(session, made, vendors)
    bundles.change(made, texts={"title": "새 이름", "title_en": "New name"})
    assert sent(session, made).state == "signed"


def test_a_vendor_that_does_not_agree_ends_it_and_the_one_before_is_sold_on(session, made, vendors):
    before = published(session, made, vendors)
    bundles.with_item(made, 2, list_amount=11_000_000)
    after = sent(session, made)
    signing.deny(session, after, vendors[1], SIGNER, TODAY, reason="값이 맞지 않아요.")
    assert (after.state, before.state, consent_of(after, vendors[1]).reason) == (
        "refused", "in_force", "값이 맞지 않아요."
    )  # fmt: skip
    with pytest.raises(Conflict) as caught:
        sign(session, after, vendors[0])
    assert code(caught) == "bundle.refused"


def test_a_reason_is_asked_for_and_a_signature_is_not_taken_back(session, made, vendors):
    version = sent(session, made)
    with pytest.raises(Invalid) as caught:
        signing.deny(session, version, vendors[0], SIGNER, TODAY, reason=" ")
    assert problems(caught) == [("reason", "required")]
    sign(session, version, vendors[0])
    with pytest.raises(Conflict) as caught:
        signing.deny(session, version, vendors[0], SIGNER, TODAY, reason="아니요")
    assert code(caught) == "bundle.answered"


def test_its_time_is_over_by_itself(session, made, vendors):
    version = sent(session, made, days=3)
    last = TODAY + timedelta(3)
    assert not signing.due(session, last)
    assert not signing.expire(session, version, last)
    assert not sign(session, version, vendors[0], today=last)
    with pytest.raises(Conflict) as caught:
        sign(session, version, vendors[1], today=last + timedelta(1))
    assert code(caught) == "bundle.expired"
    assert signing.due(session, last + timedelta(1)) == [version]
    assert signing.expire(session, version, last + timedelta(1))
    assert not signing.expire(session, version, last + timedelta(1))
    assert version.state == "expired"


def test_those_who_delay_are_reminded_once_a_day(session, made, vendors):
    version = sent(session, made)
    sign(session, version, vendors[0])
    assert {each.organization for each in signing.remind(session, version, TODAY)} == set(vendors[1:])
    with pytest.raises(Conflict) as caught:
        signing.remind(session, version, TODAY)
    assert code(caught) == "bundle.reminded"
    signing.remind(session, version, TODAY + timedelta(1))
    assert [consent_of(version, vendor).reminders for vendor in vendors] == [0, 2, 2]


def test_it_is_taken_back_until_it_is_sold(session, made, vendors):
    version = published(session, made, vendors)
    with pytest.raises(Conflict) as caught:
        signing.take_back(session, version, TODAY)
    assert code(caught) == "bundle.in_force"
    bundles.with_item(made, 2, list_amount=11_000_000)
    after = sent(session, made)
    signing.take_back(session, after, TODAY)
    assert (after.state, version.state) == ("taken_back", "in_force")


def test_what_is_not_whole_is_not_sent(session, made, vendors):
    bundles.change(made, rules=(Rule(vendors[0].public_id, "fixed", 1),))
    with pytest.raises(Invalid) as caught:
        sent(session, made)
    assert problems(caught) == [("shares", "share_missing")] * 2
    assert made.versions == []


@pytest.mark.parametrize("days", [0, 61])
def test_the_time_to_sign_is_bounded(session, made, days):
    with pytest.raises(Invalid) as caught:
        sent(session, made, days=days)
    assert problems(caught) == [("days", "range")]


def test_with_a_conflict_nothing_is_sent(session, made):
    known = bundles.facts(forms.read(made.draft))
    gone = {name: part for name, part in known.parts.items() if name != "listing-2"}
    with pytest.raises(Conflict) as caught:
        signing.send(session, made, bundles.replace(known, parts=gone))
    assert (code(caught), caught.value.params) == ("bundle.conflicts", {"count": 1})


def test_a_dissolved_alliance_sends_nothing(session, made, alliance, vendors):
    for vendor in vendors[1:]:
        membership.leave(session, alliances.member_of(alliance, vendor), TODAY)
    alliance.state = "dissolved"
    alliance.dissolved_on = TODAY
    session.flush()
    with pytest.raises(Conflict) as caught:
        sent(session, made)
    assert code(caught) == "alliance.dissolved"
