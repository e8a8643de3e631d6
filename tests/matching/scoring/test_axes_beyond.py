"""The axes that look beyond site and listing: trade partners, the vendor's capacity, and own money."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.subsidy import Funder
from matching.scoring import axes
from matching.scoring.explain import explain
from matching.scoring.facts import EvidenceFact, Partner
from matching.scoring.score import exclusion, score
from matching.scoring.weights import BUILT_IN
from tests.matching.scoring.cases import NEED, OFFER, PLAN, needs, offers

REST, EDI = frozenset({"rest"}), frozenset({"edi"})
#: OFFER has the interface rest and the id b.
USES = Partner("supplier", "confirmed", frozenset({"b"}), ())
CONNECTS = Partner("supplier", "confirmed", frozenset(), (EDI, REST), ("erp", "mes"))
APART = Partner("customer", "confirmed", frozenset(), (EDI,))
SILENT = Partner("supplier", "confirmed", frozenset(), (frozenset(),))
PRIOR = {"30": 0.8, "29": 0.5}


def declared(partner):
    return replace(partner, basis="declared")


def reasons(need, offer, axis):
    found = explain(need, offer, score(need, offer, BUILT_IN))
    return [(reason.sign, reason.code, dict(reason.params)) for reason in found if reason.axis == axis]


@pytest.mark.parametrize(
    ("partners", "value"),
    [
        ((USES,), 1.0),
        ((CONNECTS,), 0.7),
        ((APART,), 0.0),
        ((USES, APART), 0.5),
        ((USES, declared(APART)), 1 / 1.5),
        ((declared(USES), APART), 0.5 / 1.5),
        ((CONNECTS, SILENT), 0.7),
        ((declared(CONNECTS), declared(APART)), 0.35),
    ],
)
def test_partners_count_by_what_they_use_and_how_sure_the_trade_is(partners, value):
    found = axes.supply_chain(replace(NEED, partners=partners), OFFER)
    assert (found.state, found.value) == ("known", pytest.approx(value))


def test_partners_are_told_as_counts_and_kinds_and_never_by_name():
    need = replace(NEED, partners=(USES, CONNECTS, CONNECTS, declared(APART)))
    assert reasons(need, OFFER, "supply_chain") == [
        ("for", "supply_chain.suppliers_use", {"partners": 1}),
        ("for", "supply_chain.suppliers_connect", {"partners": 2, "capabilities": ["mes"]}),
        ("against", "supply_chain.apart", {"partners": 1}),
        ("unknown", "supply_chain.declared", {"partners": 1}),
    ]


def test_without_partners_the_statistics_count_at_most_a_third_and_say_so():
    need = replace(NEED, industry_prior=PRIOR)
    proven = axes.supply_chain(need, OFFER)  # measured and improved in division 30
    assert (proven.state, proven.value) == ("known", pytest.approx(0.3 * 0.8))
    claimed = replace(OFFER, evidence=(EvidenceFact("field", ("11", "303"), False, "s1"),))
    assert axes.supply_chain(need, claimed).value == pytest.approx(0.3 * 0.8 / 2)
    assert reasons(need, OFFER, "supply_chain") == [
        ("unknown", "supply_chain.prior", {"claimed_revision": "11", "claimed_code": "30"})
    ]
    elsewhere = replace(OFFER, industries=(("11", "26"),), evidence=())
    assert reasons(need, elsewhere, "supply_chain") == [("unknown", "supply_chain.no_relation", {})]


def test_a_partner_whose_systems_are_known_replaces_the_statistics():
    need = replace(NEED, industry_prior=PRIOR, partners=(APART,))
    assert axes.supply_chain(need, OFFER).value == 0


@pytest.mark.parametrize("prior", [None, {}])
def test_without_partners_and_statistics_the_axis_leaves_the_denominator(prior):
    need = replace(NEED, industry_prior=prior, partners=(SILENT,))
    assert score(need, OFFER, BUILT_IN).part("supply_chain").state == "unknown_need"
    assert reasons(need, OFFER, "supply_chain") == [("unknown", "supply_chain.unstated", {})]


def test_what_the_listing_does_not_say_counts_zero():
    bare = replace(OFFER, interfaces=frozenset())
    assert axes.supply_chain(replace(NEED, partners=(CONNECTS,)), bare) == axes.UNKNOWN_OFFER
    assert axes.supply_chain(replace(NEED, partners=(USES,)), bare).value == 1
    nowhere = replace(OFFER, industries=(("11", "C"),), evidence=())
    assert axes.supply_chain(replace(NEED, industry_prior=PRIOR), nowhere) == axes.UNKNOWN_OFFER


@pytest.mark.parametrize(
    ("weeks_left", "capacity", "value", "code"),
    [
        (26, 1, 1.0, "enough"),  # 26 − 14 + 1 = 13 weeks: one a quarter is enough
        (19, 1, 6 / 13, "tight"),
        (19, 3, 1.0, "enough"),
        (14, 1, 1 / 13, "tight"),
        (13, 99, 0.0, "too_late"),
        (26, 0, 0.0, "tight"),
    ],
)
def test_capacity_is_what_can_begin_before_it_is_too_late(weeks_left, capacity, value, code):
    need, offer = replace(NEED, weeks_left=weeks_left), replace(OFFER, capacity_per_quarter=capacity)
    assert axes.capacity(need, offer).value == pytest.approx(value)
    assert [found[1] for found in reasons(need, offer, "capacity")] == [f"capacity.{code}"]


def test_capacity_that_nobody_states_is_unknown_on_the_right_side():
    stated = replace(OFFER, capacity_per_quarter=4)
    assert axes.capacity(replace(NEED, weeks_left=None), stated) == axes.UNKNOWN_NEED
    assert axes.capacity(NEED, OFFER) == axes.UNKNOWN_OFFER
    assert axes.capacity(NEED, replace(stated, install_weeks=None)) == axes.UNKNOWN_OFFER
    assert reasons(NEED, OFFER, "capacity") == [("unknown", "capacity.not_given", {})]


HALF = Funder("national", "p", 5000, 12_000_000)
TENTH = Funder("local", "l", 1000, None)


def test_with_a_programme_the_own_part_stands_against_the_budget_and_the_list_price_still_excludes():
    need = replace(NEED, budget_amount=20_000_000, programme="p", funders=(HALF, TENTH))
    assert axes.price(need, PLAN).value == pytest.approx(0.75)  # 30 − 12 − 3 = 15 of 20 million
    assert axes.price(replace(need, programme=None), PLAN).value == 0
    assert [row[1] for row in reasons(need, OFFER, "price")] == ["price.own_under_budget"]
    assert exclusion(replace(need, budget_amount=19_000_000), OFFER).codes == ("price_over_budget",)


def test_a_rule_that_is_over_and_a_share_that_is_not_stated_are_said():
    need = replace(NEED, programme="p", funders=(replace(HALF, time="past"), replace(TENTH, rate_bp=None)))
    codes = [row[:2] for row in reasons(need, OFFER, "price")]
    assert codes[1:] == [("unknown", "price.rule_not_current"), ("unknown", "price.rate_unknown")]


@given(needs, offers, st.integers(0, 20))
def test_more_capacity_and_more_partners_in_use_never_lower_their_axis(need, offer, more):
    stated = replace(offer, capacity_per_quarter=more)
    roomier = replace(offer, capacity_per_quarter=more + 1)
    assert axes.capacity(need, roomier).value >= axes.capacity(need, stated).value
    used = Partner("customer", "confirmed", frozenset({offer.listing}), ())
    before = axes.supply_chain(need, offer).value
    assert axes.supply_chain(replace(need, partners=(*need.partners, used)), offer).value >= before - 1e-9
