"""From the working copy to the store: nothing is sold that was altered, unsigned, or stands on parts that are gone."""

from datetime import timedelta

import pytest

from catalog import interop, listings
from catalog import publishing as shop
from catalog.alliances import membership
from catalog.bundles import drafting, publishing, reopening, signing
from catalog.bundles import form as forms
from catalog.errors import Conflict, Invalid
from catalog.models import BundlePart, Release, Review
from catalog.validation import desk
from tests import alliances, factories, shelves
from tests.factories import NOW, TODAY
from tests.shelves import approve, drafted, form_of, sign, signed, sold


def code(caught):
    return caught.value.code


def change(shelf, bundle, **given):
    drafting.change(shelf.session, bundle, given, bundle.draft_number, TODAY)


def states(bundle):
    return [(version.number, version.state) for version in bundle.versions]


def look(shelf, bundle, now=NOW):
    shelf.session.flush()
    return [
        (news.version.number, [each.code for each in news.findings])
        for news in reopening.look(shelf.session, bundle, now)
    ]


def test_what_all_have_signed_is_handed_in_approved_and_sold(session, shelf):
    made = drafted(shelf)
    version = signed(shelf, made)
    assert version.state == "signed"
    publishing.publish(session, version, NOW)
    assert (made.listing.state, version.state, publishing.was_handed_in(made)) == (
        "submitted",
        "signed",
        True,
    )
    approve(shelf, made.listing)
    assert (version.state, version.in_force_on, version.ended_on, version.release) == (
        "in_force",
        TODAY,
        None,
        1,
    )
    assert publishing.is_sold(made)
    content = session.query(Release).filter_by(listing_id=made.listing_id).one().content
    assert (content["kind"], content["title"]) == ("bundle", shelves.TEXTS["title"])
    assert content["plans"][0]["price_amount"] == form_of(made).price_amount == 90_000_000
    assert content["capabilities"] == ["erp", "mes", "plm"]
    assert {row.listing_id for row in session.query(BundlePart)} == {each.id for each in shelf.listings}


def test_a_version_that_waits_for_a_signature_is_not_handed_in(session, shelf):
    version = publishing.send(session, drafted(shelf), TODAY)
    session.flush()
    sign(session, version, shelf.lead)
    with pytest.raises(Conflict) as caught:
        publishing.publish(session, version, NOW)
    assert code(caught) == "bundle.signing"


@pytest.mark.parametrize(
    "alter",
    [
        lambda content: content["items"][0].update(list_amount=content["items"][0]["list_amount"] + 1),
        lambda content: content["items"][0].update(plan="another"),
        lambda content: content["rules"][0].update(value=content["rules"][0]["value"] + 1),
        lambda content: content["shares"].update({content["lead"]: content["shares"][content["lead"]] + 1}),
    ],
    ids=["a won", "a plan", "a rule", "a share"],
)
def test_one_won_share_or_plan_that_is_altered_blocks_publishing(session, shelf, alter):
    version = signed(shelf, drafted(shelf))
    content = {**version.content, "items": [dict(each) for each in version.content["items"]]}
    content |= {"rules": [dict(each) for each in content["rules"]], "shares": dict(content["shares"])}
    alter(content)
    version.content = content
    session.flush()
    with pytest.raises(Conflict) as caught:
        publishing.publish(session, version, NOW)
    assert code(caught) == "bundle.altered"


@pytest.mark.parametrize(
    "given",
    [
        lambda shelf: {"discount_amount": 1},
        lambda shelf: {
            "shares": [
                {"vendor": shelf.lead.public_id, "kind": "remainder", "value": 0},
                {"vendor": shelf.vendors[1].public_id, "kind": "fixed", "value": 30_000_001},
                {"vendor": shelf.vendors[2].public_id, "kind": "fixed", "value": 20_000_000},
            ]
        },
    ],
    ids=["a won", "a share"],
)
def test_one_won_or_share_that_is_altered_voids_every_signature(session, shelf, given):
    made = drafted(shelf)
    version = signed(shelf, made)
    change(shelf, made, **given(shelf))
    after = publishing.send(session, made, TODAY)
    assert (version.state, {each.state for each in after.consents}) == ("taken_back", {"asked"})
    for one in (version, after):
        with pytest.raises(Conflict):
            publishing.publish(session, one, NOW)


def test_another_plan_of_an_item_voids_every_signature(session, shelf):
    both = [factories.plan("wms", price=5_000_000), factories.plan("wms", price=5_000_000, name="다른")]
    listing = shelves.publish(session, shelf.store, shelf.vendors[1], shelf.validator, "wms", 0, plans=both)
    made = drafted(shelf)
    lines = [*shelf.items(), shelves.item(listing)]
    change(shelf, made, items=lines)
    version = signed(shelf, made)
    lines[-1]["plan"] = listing.plans[1].public_id
    change(shelf, made, items=lines)
    after = publishing.send(session, made, TODAY)
    assert (version.state, after.sha256 != version.sha256) == ("taken_back", True)
    assert {each.state for each in after.consents} == {"asked"}


def test_a_consent_to_something_else_is_none(session, shelf):
    version = signed(shelf, drafted(shelf))
    version.consents[0].signed_sha256 = "0" * 64
    with pytest.raises(Conflict) as caught:
        publishing.publish(session, version, NOW)
    assert code(caught) == "bundle.consents"


def test_a_consent_to_another_part_of_the_same_version_is_none(session, shelf):
    version = signed(shelf, drafted(shelf))
    version.consents[0].part_sha256 = "0" * 64
    assert {each.signed_sha256 for each in version.consents} == {version.sha256}
    with pytest.raises(Conflict) as caught:
        publishing.publish(session, version, NOW)
    assert code(caught) == "bundle.consents"


def test_without_the_consent_of_one_of_its_vendors_nothing_is_published(session, shelf):
    version = signed(shelf, drafted(shelf))
    session.delete(version.consents[0])
    session.flush()
    session.expire(version, ["consents"])
    assert {each.state for each in version.consents} == {"given"}
    with pytest.raises(Conflict) as caught:
        publishing.publish(session, version, NOW)
    assert code(caught) == "bundle.consents"


def test_under_another_charter_everybody_signs_anew(session, shelf):
    version = signed(shelf, drafted(shelf))
    alliances.accepted(session, shelf.alliance, answer_hours=24)
    with pytest.raises(Conflict) as caught:
        publishing.publish(session, version, NOW)
    assert code(caught) == "bundle.charter"


def test_with_a_part_that_is_gone_nothing_is_handed_in_nor_approved(session, shelf):
    made = drafted(shelf)
    version = signed(shelf, made)
    publishing.publish(session, version, NOW)
    session.flush()
    shop.withdraw(session, shelf.listings[2])
    with pytest.raises(Conflict) as caught:
        approve(shelf, made.listing)
    assert code(caught) == "bundle.conflicts"
    session.rollback()


def test_a_text_too_short_for_the_desk_is_told_before_anybody_signs(session, shelf):
    made = drafted(shelf)
    change(shelf, made, texts={"summary": "짧음"})
    with pytest.raises(Invalid) as caught:
        publishing.send(session, made, TODAY)
    assert [(each.pointer, each.code) for each in caught.value.problems] == [
        ("texts/summary", "rule.summary")
    ]
    assert made.versions == []


def test_parts_that_nobody_can_buy_together_are_told_before_anybody_signs(session, shelf):
    far = shelves.publish(
        session, shelf.store, shelf.vendors[1], shelf.validator, "wms", 1, regions=["seoul"]
    )
    made = drafted(shelf)
    change(shelf, made, items=[*shelf.items(), shelves.item(far)])
    with pytest.raises(Invalid) as caught:
        publishing.send(session, made, TODAY)
    assert ("items", "no_common_region") in [(each.pointer, each.code) for each in caught.value.problems]


def test_what_is_sent_back_stays_signed_and_may_be_handed_in_again(session, shelf):
    made = drafted(shelf)
    version = signed(shelf, made)
    publishing.publish(session, version, NOW)
    session.flush()
    review = session.query(Review).filter_by(listing_id=made.listing_id).one()
    desk.take(session, review, shelf.validator, factories.judge(shelf.validator), NOW)
    desk.remark(session, review, [{"pointer": "summary", "severity": "required", "text": "더 자세히"}])
    with pytest.raises(Conflict) as caught:
        signing.take_back(session, version, TODAY)
    assert code(caught) == "review.taken"
    desk.send_back(session, review, NOW)
    assert (version.state, made.listing.state) == ("signed", "sent_back")
    publishing.publish(session, version, NOW)
    session.flush()
    approve(shelf, made.listing)
    assert version.state == "in_force"


def test_the_version_before_is_sold_until_the_next_is_approved(session, shelf):
    made = sold(shelf)
    change(shelf, made, discount_amount=10_000_000)
    version = signed(shelf, made)
    publishing.publish(session, version, NOW)
    assert states(made) == [(1, "in_force"), (2, "signed")]
    assert made.listing.live_release == 1
    session.flush()
    approve(shelf, made.listing)
    assert states(made) == [(1, "superseded"), (2, "in_force")]
    assert (made.versions[0].release, made.versions[1].release, made.listing.live_release) == (1, 2, 2)


def test_an_amendment_that_is_taken_back_leaves_what_is_sold(session, shelf):
    made = sold(shelf)
    change(shelf, made, discount_amount=10_000_000)
    version = signed(shelf, made)
    publishing.publish(session, version, NOW)
    session.flush()
    signing.take_back(session, version, TODAY)
    assert states(made) == [(1, "in_force"), (2, "taken_back")]
    assert (made.listing.state, made.listing.live_release) == ("published", 1)
    assert session.query(Review).filter_by(listing_id=made.listing_id).count() == 1


def test_a_bundle_is_withdrawn_with_what_waits_and_may_come_back(session, shelf):
    made = sold(shelf)
    change(shelf, made, discount_amount=10_000_000)
    publishing.publish(session, signed(shelf, made), NOW)
    session.flush()
    publishing.withdraw(session, made, TODAY)
    assert states(made) == [(1, "withdrawn"), (2, "taken_back")]
    assert (made.listing.state, made.listing.live_release) == ("withdrawn", None)
    with pytest.raises(Conflict) as caught:
        publishing.withdraw(session, made, TODAY)
    assert code(caught) == "bundle.not_in_force"
    session.flush()
    sold(shelf, made)
    assert states(made)[-1] == (3, "in_force")


def test_an_alliance_that_ends_sells_nothing(session, shelf):
    made, waits = sold(shelf), drafted(shelf)
    version = publishing.send(session, waits, TODAY)
    assert publishing.end_all(session, shelf.alliance, TODAY) == [made]
    assert (made.listing.live_release, version.state) == (None, "taken_back")


def test_with_another_lead_the_listing_is_its(session, shelf):
    made = sold(shelf)
    alliances.accepted(session, shelf.alliance, lead=shelf.vendors[1].public_id)
    sold(shelf, made)
    assert forms.read(made.in_force.content).lead == shelf.vendors[1].public_id
    assert made.listing.organization == shelf.vendors[1]


@pytest.mark.parametrize(
    "act",
    [
        lambda session, row: listings.revise(session, row, {"title": "x"}),
        lambda session, row: shop.submit(session, row, NOW),
        shop.recall,
        shop.reopen,
        shop.withdraw,
    ],
    ids=["revise", "submit", "recall", "reopen", "withdraw"],
)
def test_its_listing_is_never_treated_by_hand(session, shelf, act):
    made = sold(shelf)
    with pytest.raises(Conflict) as caught:
        act(session, made.listing)
    assert code(caught) == "listing.of_bundle"


def test_a_part_that_is_withdrawn_breaks_it_until_it_is_back(session, shelf):
    made = sold(shelf)
    assert look(shelf, made) == []
    assert reopening.due(session, TODAY) == []
    shop.withdraw(session, shelf.listings[2])
    session.flush()
    assert reopening.due(session, TODAY) == [made.id]
    revision = made.listing.revision
    assert look(shelf, made) == [(1, ["gone", "link_broken"])]
    assert (made.broken_on, made.in_force.state, made.listing.live_release) == (TODAY, "in_force", 1)
    assert made.listing.revision > revision
    assert look(shelf, made) == []
    shop.reopen(session, shelf.listings[2])
    factories.approved(session, shelf.listings[2], shelf.validator)
    assert look(shelf, made, NOW + timedelta(1)) == [(1, [])]
    assert made.broken_on is None


def test_an_expired_certificate_breaks_it_on_its_day(session, shelf):
    made = sold(shelf)
    reopening.look(session, made, NOW)
    session.flush()
    last = factories.published.__kwdefaults__["expires_on"]
    later = NOW + (last - TODAY) + timedelta(1)
    assert reopening.due(session, TODAY + timedelta(1)) == [made.id]
    found = reopening.look(session, made, later)
    assert {each.code for each in found[0].findings} == {"expired"}
    assert (found[0].broke, made.broken_on) == (True, last + timedelta(1))


def test_a_new_price_of_a_part_is_told_and_breaks_nothing(session, shelf):
    made = sold(shelf)
    reopening.look(session, made, NOW)
    shop.reopen(session, shelf.listings[1])
    listings.revise(session, shelf.listings[1], {"plans": [factories.plan("plm", price=31_000_000)]})
    factories.approved(session, shelf.listings[1], shelf.validator)
    assert reopening.due(session, TODAY) == [made.id]
    assert look(shelf, made) == [(1, ["price_changed"])]
    assert made.broken_on is None


def test_a_member_that_left_breaks_it_after_its_last_day(session, shelf):
    made = sold(shelf)
    last = membership.leave(session, alliances.member_of(shelf.alliance, shelf.vendors[2]), TODAY)
    assert look(shelf, made) == []
    assert look(shelf, made, NOW + (last - TODAY) + timedelta(1)) == [(1, ["not_member"])]
    assert made.broken_on == last + timedelta(1)


def test_two_products_that_are_found_to_clash_break_it(session, shelf):
    made = sold(shelf)
    reopening.look(session, made, NOW)
    fact = {"reason": "같은 포트를 씁니다.", "source": "시험", "as_of": TODAY, "today": TODAY}
    interop.note_conflict(session, shelf.listings[0], shelf.listings[1], **fact)
    session.flush()
    assert reopening.due(session, TODAY) == [made.id]
    assert look(shelf, made) == [(1, ["conflict"])]
    assert made.broken_on == TODAY
