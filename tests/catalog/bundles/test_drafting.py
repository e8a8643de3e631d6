"""The working copy: what is given is right or refused at its field, what follows from it follows by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from catalog import listings, publishing
from catalog.alliances import membership
from catalog.bundles import checks, drafting, knowing
from catalog.bundles.checks import Fix
from catalog.errors import Conflict, Invalid
from catalog.shares import Rule
from tests import alliances, factories, shelves
from tests.factories import NOW, TODAY
from tests.shelves import changes, drafted, form_of, item


def told(caught):
    return [(problem.pointer, problem.code) for problem in caught.value.problems]


def change(shelf, bundle, expected=None, **given):
    number = bundle.draft_number if expected is None else expected
    return drafting.change(shelf.session, bundle, given, number, TODAY)


def conflicts(shelf, bundle):
    form = form_of(bundle)
    facts = knowing.facts_of(shelf.session, form, shelf.alliance, TODAY)
    return [finding.code for finding in checks.obstacles(form, facts)]


def as_items(bundle, **changed):
    """The items of the working copy as they are given back."""
    plain = ("id", "listing", "plan", "quantity", "stage", "covers", "supports")
    return [{name: getattr(each, name) for name in plain} | changed for each in form_of(bundle).items]


def test_a_bundle_begins_empty_and_its_listing_is_the_leads(shelf):
    made = drafting.begin(shelf.session, shelf.alliance, shelves.TEXTS, level_from=1, level_to=2)
    shelf.session.flush()
    form = form_of(made)
    assert (form.bundle, form.lead, form.items) == (made.public_id, shelf.lead.public_id, ())
    assert (made.listing.kind, made.listing.state, made.listing.organization) == (
        "bundle",
        "draft",
        shelf.lead,
    )
    assert [duty.hours for duty in form.duties] == [48]


@pytest.mark.parametrize(
    ("texts", "levels", "problem"),
    [
        ({"title": " "}, (1, 2), ("texts/title", "required")),
        ({"title": "가"}, (3, 2), ("level_to", "level_order")),
        ({"title": "가"}, (0, 2), ("level_to", "level_order")),
    ],
)
def test_a_bundle_needs_a_title_and_a_way_up(shelf, texts, levels, problem):
    with pytest.raises(Invalid) as caught:
        drafting.begin(shelf.session, shelf.alliance, texts, level_from=levels[0], level_to=levels[1])
    assert told(caught) == [problem]


def test_an_alliance_has_at_most_so_many_bundles(shelf, monkeypatch):
    monkeypatch.setattr(drafting, "MAX_BUNDLES", 1)
    drafted(shelf)
    with pytest.raises(Invalid) as caught:
        drafting.begin(shelf.session, shelf.alliance, shelves.TEXTS, level_from=1, level_to=2)
    assert told(caught) == [("", "too_many_bundles")]


def test_items_are_priced_linked_shared_out_and_answered_for(shelf):
    made = drafted(shelf)
    form = form_of(made)
    assert [each.list_amount for each in form.items] == [40_000_000, 30_000_000, 20_000_000]
    assert {(link.how, link.interfaces) for link in form.links} == {("shared", ("rest", "rest"))}
    ids = [vendor.public_id for vendor in shelf.vendors]
    assert {*form.rules} == {
        Rule(ids[0], "remainder"), Rule(ids[1], "fixed", 30_000_000), Rule(ids[2], "fixed", 20_000_000)
    }  # fmt: skip
    assert sum(form.shares().values()) == form.price_amount == 90_000_000
    assert {(duty.vendor, duty.escalates_to) for duty in form.duties} == {
        (ids[0], None), (ids[1], ids[0]), (ids[2], ids[0])
    }  # fmt: skip
    assert conflicts(shelf, made) == []


def test_offered_shares_are_the_price_in_proportion_to_the_list_prices_to_the_won(shelf):
    made = drafted(shelf)
    form = change(shelf, made, discount_amount=10_000_001)
    ids = [vendor.public_id for vendor in shelf.vendors]
    assert form.shares() == {ids[0]: 35_555_555, ids[1]: 26_666_666, ids[2]: 17_777_778}
    back = change(shelf, made, discount_amount=0)
    assert back.shares() == {ids[0]: 40_000_000, ids[1]: 30_000_000, ids[2]: 20_000_000}


def test_a_lead_that_brings_nothing_is_offered_nothing(shelf):
    made = drafted(shelf, items=shelf.items()[1:3], exchanges=[], wanted=changes(shelf)["wanted"][1:3])
    form = change(shelf, made, discount_amount=7)
    given = form.shares()
    assert (given[shelf.lead.public_id], sum(given.values())) == (0, 49_999_993)


def test_who_changes_an_older_working_copy_is_told(shelf):
    made = drafted(shelf)
    with pytest.raises(Conflict) as caught:
        change(shelf, made, expected=1, discount_amount=1)
    assert (caught.value.code, caught.value.params) == ("bundle.changed", {"number": 2})
    assert form_of(made).discount_amount == 0


def test_an_item_that_stays_keeps_its_edition_and_its_price(shelf):
    made = drafted(shelf)
    new_edition(shelf, 1, price=31_000_000)
    kept = change(shelf, made, items=as_items(made, stage=1))
    assert [each.list_amount for each in kept.items] == [40_000_000, 30_000_000, 20_000_000]
    assert conflicts(shelf, made) == ["price_changed"]
    doubled = change(shelf, made, items=as_items(made, quantity=2))
    assert [each.list_amount for each in doubled.items] == [80_000_000, 62_000_000, 40_000_000]
    assert [each.release for each in doubled.items] == [1, 2, 1]


def new_edition(shelf, place, *, price):
    """Another edition of a listing in the store, at another price."""
    listing = shelf.listings[place]
    publishing.reopen(shelf.session, listing)
    listings.revise(
        shelf.session, listing, {"plans": [factories.plan(shelves.CAPABILITIES[place], price=price)]}
    )
    factories.approved(shelf.session, listing, shelf.validator, now=NOW)


def test_shares_that_were_chosen_stay_and_a_vendor_that_comes_in_is_offered_one(shelf):
    made = drafted(shelf, items=shelf.items()[:2], exchanges=[], wanted=changes(shelf)["wanted"][:2])
    ids = [vendor.public_id for vendor in shelf.vendors]
    chosen = [
        {"vendor": ids[0], "kind": "remainder", "value": 0},
        {"vendor": ids[1], "kind": "fixed", "value": 1_000_000},
    ]
    change(shelf, made, shares=chosen)
    form = change(shelf, made, items=[*as_items(made), item(shelf.listings[2])])
    assert {*form.rules} == {
        Rule(ids[0], "remainder"), Rule(ids[1], "fixed", 1_000_000), Rule(ids[2], "fixed", 20_000_000)
    }  # fmt: skip
    gone = change(shelf, made, items=[each for each in as_items(made) if each["id"] != "i2"])
    assert {rule.vendor for rule in gone.rules} == {duty.vendor for duty in gone.duties} == {ids[0], ids[2]}


def test_items_keep_their_names_and_new_ones_get_free_ones(shelf):
    made = drafted(shelf)
    kept = [each for each in as_items(made) if each["id"] != "i2"]
    form = change(shelf, made, items=[*kept, item(shelf.listings[1])])
    assert {each.id: each.listing for each in form.items} == {
        "i1": shelf.listings[0].public_id,
        "i3": shelf.listings[2].public_id,
        "i4": shelf.listings[1].public_id,
    }
    assert {link.items for link in form.links} == {("i3", "i1"), ("i1", "i4")}


def rule(vendor, kind, value=0):
    return {"vendor": vendor.public_id, "kind": kind, "value": value}


def duty(vendor, to, hours=8):
    return {"vendor": vendor.public_id, "hours": hours, "escalates_to": to and to.public_id}


BAD = {
    "an unknown listing": (
        lambda s: {"items": [item(s.listings[0]) | {"listing": "0"}]}, ("items/0/listing", "unknown_listing")
    ),
    "an unknown plan": (lambda s: {"items": [item(s.listings[0]) | {"plan": "0"}]}, ("items/0/plan", "unknown_plan")),
    "an item that is not there": (lambda s: {"items": [item(s.listings[0], id="i9")]}, ("items/0/id", "unknown_item")),
    "a listing twice": (
        lambda s: {"items": [item(s.listings[0]), item(s.listings[0], covers=[], supports=["mes"])]},
        ("items/1/listing", "repeated"),
    ),
    "a capability answered for twice": (
        lambda s: {"items": [item(s.listings[0]), item(s.listings[1], covers=["mes"])]},
        ("items/1/covers", "covered_twice"),
    ),
    "no piece of it": (lambda s: {"items": [item(s.listings[0], quantity=0)]}, ("items/0/quantity", "range")),
    "a stage too many": (lambda s: {"items": [item(s.listings[0], stage=9)]}, ("items/0/stage", "range")),
    "an unknown capability": (
        lambda s: {"items": [item(s.listings[0], covers=["nothing"])]}, ("items/0/covers/0", "unknown_code")
    ),
    "an unknown wish": (
        lambda _: {"wanted": [{"capability": "x", "min_quality": 3, "must": True, "stage": 1}], "exchanges": []},
        ("wanted/0/capability", "unknown_code"),
    ),
    "a quality beyond the scale": (
        lambda _: {"wanted": [{"capability": "mes", "min_quality": 6, "must": True, "stage": 1}], "exchanges": []},
        ("wanted/0/min_quality", "range"),
    ),
    "a pair that nobody wants": (lambda _: {"exchanges": [["mes", "qms"]]}, ("exchanges/0", "exchange_unwanted")),
    "a pair twice": (
        lambda _: {"exchanges": [["mes", "plm"], ["plm", "mes"]]}, ("exchanges/1", "repeated")
    ),
    "a discount below nothing": (lambda _: {"discount_amount": -1}, ("discount_amount", "range")),
    "a discount above the price": (lambda _: {"discount_amount": 90_000_001}, ("discount_amount", "range")),
    "a discount above a trillion": (lambda _: {"discount_amount": 10**12 + 1}, ("discount_amount", "range")),
    "shares that are less": (
        lambda s: {"shares": [rule(each, "fixed", 29_999_999) for each in s.vendors]}, ("shares", "shares_sum")
    ),
    "shares that are more": (
        lambda s: {"shares": [rule(s.vendors[0], "remainder"), *(rule(v, "fixed", 50_000_000) for v in s.vendors[1:])]},
        ("shares", "shares_exceed"),
    ),
    "a share of -1": (
        lambda s: {"shares": [rule(s.vendors[0], "remainder"), *(rule(v, "fixed", -1) for v in s.vendors[1:])]},
        ("shares/1/value", "range"),
    ),
    "a share above a trillion": (
        lambda s: {"shares": [rule(s.vendors[0], "remainder"), *(rule(v, "fixed", 10**12 + 1) for v in s.vendors[1:])]},
        ("shares/1/value", "range"),
    ),
    "a vendor without a share": (
        lambda s: {"shares": [rule(s.vendors[0], "remainder"), rule(s.vendors[1], "fixed", 1)]},
        ("shares", "share_missing"),
    ),
    "duties in a circle": (
        lambda s: {
            "duties": [
                duty(s.vendors[0], None), duty(s.vendors[1], s.vendors[2]), duty(s.vendors[2], s.vendors[1])
            ]
        },
        ("duties/1/escalates_to", "duty_cycle"),
    ),
    "a vendor without a duty": (
        lambda s: {"duties": [duty(s.vendors[0], None), duty(s.vendors[1], s.vendors[0])]}, ("duties", "duty_missing")
    ),
    "an answer for no link": (
        lambda s: {"answers": [{"capabilities": ["plm", "erp"], "vendor": s.vendors[0].public_id}]},
        ("answers/0/capabilities", "unknown_link"),
    ),
    "an answer of a third": (
        lambda s: {"answers": [{"capabilities": ["mes", "plm"], "vendor": s.vendors[2].public_id}]},
        ("answers/0/vendor", "link_answers"),
    ),
    "no title": (lambda _: {"texts": {"title": ""}}, ("texts/title", "required")),
    "a way down": (lambda _: {"level_from": 3}, ("level_to", "level_order")),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_at_its_field_and_changes_nothing(shelf, name):
    made = drafted(shelf)
    before, number = form_of(made), made.draft_number
    given, problem = BAD[name]
    with pytest.raises(Invalid) as caught:
        change(shelf, made, **given(shelf))
    assert problem in told(caught)
    assert (form_of(made), made.draft_number) == (before, number)


def test_an_offer_above_a_trillion_won_is_refused(session, shelf):
    dear = shelves.publish(session, shelf.store, shelf.vendors[1], shelf.validator, "wms", 10**12)
    made = drafted(shelf)
    with pytest.raises(Invalid) as caught:
        change(shelf, made, items=[*as_items(made), item(dear, quantity=2)])
    assert ("items/3/list_amount", "range") in told(caught)
    with pytest.raises(Invalid) as caught:
        change(shelf, made, items=[*as_items(made), item(dear)])
    assert ("price_amount", "range") in told(caught)


def test_an_outsider_gets_neither_a_share_nor_a_duty(session, shelf):
    made = drafted(shelf)
    stranger = factories.company(session, "vendor")
    with pytest.raises(Invalid) as caught:
        change(
            shelf,
            made,
            shares=[
                rule(shelf.lead, "remainder"),
                *(rule(v, "fixed", 1) for v in (*shelf.vendors[1:], stranger)),
            ],
        )
    assert told(caught) == [("shares/3/vendor", "share_outside")]
    with pytest.raises(Invalid) as caught:
        change(
            shelf,
            made,
            duties=[duty(shelf.lead, None), *(duty(v, shelf.lead) for v in (*shelf.vendors[1:], stranger))],
        )
    assert told(caught) == [("duties/3/vendor", "duty_stranger")]


def test_a_bundle_is_no_part_of_a_bundle(shelf):
    inner = shelves.sold(shelf)
    made = drafted(shelf)
    with pytest.raises(Invalid) as caught:
        change(shelf, made, items=[item(inner.listing)])
    assert told(caught) == [("items/0/listing", "bundle_nested")]


def test_a_plan_whose_price_nobody_knows_is_no_part(session, shelf):
    quote = shelves.publish(session, shelf.store, shelf.vendors[1], shelf.validator, "wms", None,
                            plans=[factories.plan("wms", price=None, kind="project")])  # fmt: skip
    with pytest.raises(Invalid) as caught:
        change(shelf, drafted(shelf), items=[item(quote)])
    assert told(caught) == [("items/0/plan", "plan_unpriced")]


def test_a_vendor_outside_may_stand_in_a_draft_and_stands_in_its_way(session, shelf):
    outside = factories.company(session, "vendor")
    theirs = shelves.publish(session, shelf.store, outside, shelf.validator, "wms", 1_000_000)
    made = drafted(shelf)
    change(shelf, made, items=[*as_items(made), item(theirs)])
    assert conflicts(shelf, made) == ["not_member"]


def test_a_member_that_left_stands_in_its_way(session, shelf):
    made = drafted(shelf)
    last = membership.leave(session, alliances.member_of(shelf.alliance, shelf.vendors[2]), TODAY)
    assert conflicts(shelf, made) == []
    form = form_of(made)
    later = knowing.facts_of(session, form, shelf.alliance, last + timedelta(1))
    found = [
        (each.code, each.pointer) for each in checks.findings(form, later) if each.severity == "conflict"
    ]
    assert found == [("not_member", "items/2/vendor")]


def test_a_fix_of_the_present_findings_is_carried_out_and_no_other(session, shelf):
    made = drafted(shelf, items=shelf.items()[:2])
    form = form_of(made)
    facts = knowing.facts_of(session, form, shelf.alliance, TODAY)
    finding = next(each for each in checks.findings(form, facts) if each.code == "uncovered")
    assert [fix.difference_amount for fix in finding.fixes] == [20_000_000]
    with pytest.raises(Conflict) as caught:
        drafting.mend(session, made, Fix("remove", "i1", "", -1), made.draft_number, facts)
    assert caught.value.code == "bundle.fix_gone"
    mended = drafting.mend(session, made, finding.fixes[0], made.draft_number, facts)
    assert mended.price_amount == form.price_amount + 20_000_000
    assert conflicts(shelf, made) == []
    assert {rule.vendor for rule in mended.rules} == {vendor.public_id for vendor in shelf.vendors}


def test_a_preview_shows_the_won_and_keeps_nothing(shelf):
    made = drafted(shelf)
    before = form_of(made)
    form = drafting.preview(made, {"discount_amount": 1})
    assert (form.price_amount, sum(form.shares().values())) == (89_999_999, 89_999_999)
    with pytest.raises(Invalid) as caught:
        drafting.preview(made, {"shares": [rule(each, "fixed", 1) for each in shelf.vendors]})
    assert told(caught) == [("shares", "shares_sum")]
    assert form_of(made) == before


def test_a_whole_version_is_taken_over_with_shares_and_duties_offered(shelf):
    made, other = drafted(shelf), drafted(shelf)
    composed = form_of(other)
    taken = drafting.fill(shelf.session, made, replace(composed, rules=(), duties=()), made.draft_number)
    assert (taken.bundle, taken.items) == (made.public_id, composed.items)
    assert (taken.rules, taken.duties) == (composed.rules, composed.duties)


def test_facts_are_read_in_a_few_statements(session, shelf):
    made = drafted(shelf)
    form = form_of(made)
    assert len(shelf.alliance.members) == 3  # they are read already
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        knowing.facts_of(session, form, shelf.alliance, TODAY)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(sent) == 3
