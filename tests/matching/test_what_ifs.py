"""Trying something out: weights brought to a hundred, the least weight that changes the first place, kept lists."""

from dataclasses import dataclass, field, replace
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from catalog.errors import Conflict, Invalid
from matching import demands, matchmaking, what_ifs
from matching.models import MatchList, WhatIf
from matching.scoring.weights import AXES, BUILT_IN
from matching.what_ifs import Changes, Flip
from tests import factories

ALL = replace(BUILT_IN, not_in_use=())


@dataclass
class Place:
    """A place as the domain needs it."""

    listing: str
    values: dict
    policy: float = 0.0
    text: float = 0.0
    states: dict = field(default_factory=dict)

    @property
    def parts(self):
        return [
            {
                "axis": axis,
                "state": self.states.get(axis, "known"),
                "weight": BUILT_IN.axis[axis],
                "value": self.values.get(axis, 0.0),
            }
            for axis in AXES
        ]


def test_weights_are_brought_to_a_hundred_by_largest_remainders():
    assert dict(what_ifs.tried(ALL, {"price": 1, "evidence": 2}).axis) == {
        **dict.fromkeys(AXES, 0),
        "price": 33,
        "evidence": 67,
    }
    assert what_ifs.tried(ALL, dict(ALL.axis)) == ALL


@given(
    st.dictionaries(st.sampled_from(AXES), st.integers(0, 100)).filter(lambda typed: sum(typed.values()) > 0)
)
def test_any_weights_add_up_to_a_hundred_and_keep_their_order(typed):
    axis = what_ifs.tried(ALL, typed).axis
    assert sum(axis.values()) == 100
    assert set(axis) == set(AXES)
    for one in typed:
        for other in typed:
            assert typed[one] <= typed[other] or axis[one] >= axis[other]


def test_what_the_edition_does_not_use_stays_unused():
    edition = replace(BUILT_IN, not_in_use=("supply_chain", "capacity"))
    axis = what_ifs.tried(edition, {"supply_chain": 50, "price": 50}).axis
    assert (axis["supply_chain"], axis["price"]) == (0, 100)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"price": -1}, [("weights/price", "range")]),
        ({"price": 101}, [("weights/price", "range")]),
        ({"luck": 5}, [("weights/luck", "unknown_field")]),
        ({"price": 0, "evidence": 0}, [("weights", "weights_nothing")]),
        ({}, [("weights", "weights_nothing")]),
        ({"price": 10}, []),
    ],
)
def test_weights_that_do_not_fit_are_refused_at_their_field(typed, found):
    assert [(p.pointer, p.code) for p in what_ifs.weight_problems(typed, ALL)] == found


def test_the_least_weight_that_changes_the_first_place_is_found():
    """A: capability 1.0; B: capability 0.5, price 1.0. With 2026-1 A has 22 and B 11 + 10 = 21. Price 11 makes 101,
    brought to 100 as 21 for capability (its remainder is the least) and 11 for price: A 21, B 10.5 + 11 = 21.5."""
    first, second = Place("a", {"capability": 1.0}), Place("b", {"capability": 0.5, "price": 1.0})
    assert what_ifs.nearest_flip([first, second], ALL) == Flip("price", 11, "b")


def test_an_advantage_of_the_policy_term_has_to_be_made_up_for():
    first = Place("a", {"capability": 1.0}, policy=3.0)
    second = Place("b", {"capability": 0.5, "price": 1.0})
    assert what_ifs.nearest_flip([first, second], ALL).weight > 11


def test_no_single_weight_helps_a_listing_that_is_nowhere_better():
    places = [Place("a", dict.fromkeys(AXES, 1.0)), Place("b", dict.fromkeys(AXES, 0.5))]
    assert what_ifs.nearest_flip(places, ALL) is None
    assert what_ifs.nearest_flip(places[:1], ALL) is None


values = st.fixed_dictionaries({axis: st.integers(0, 10).map(lambda n: n / 10) for axis in AXES})


@given(st.lists(values, min_size=2, max_size=5))
def test_the_named_weight_makes_the_named_listing_the_first(drawn):
    places = [Place(f"{n}", row) for n, row in enumerate(drawn)]
    places.sort(key=lambda place: _order(place, ALL))
    flip = what_ifs.nearest_flip(places, ALL)
    if flip is None:
        for axis in AXES:
            assert _leader(places, axis, what_ifs.MAX_WEIGHT) is places[0]
    else:
        assert flip.weight > ALL.axis[flip.axis]
        assert _leader(places, flip.axis, flip.weight).listing == flip.listing != places[0].listing


def _leader(places, axis, weight):
    weights = what_ifs.tried(ALL, {**ALL.axis, axis: weight})
    return min(places, key=lambda place: _order(place, weights))


def _order(place, weights):
    fit = 100 * fsum(weights.axis[part["axis"]] * part["value"] for part in place.parts)
    return -fsum((fit / sum(weights.axis.values()), place.policy, place.text)), place.listing


def test_a_list_that_tries_something_out_is_kept_and_marked_and_the_demand_stays(market):
    market.publish("싼 비전")
    market.publish("비싼 비전", plans=[factories.plan(price=80_000_000)])
    demand = market.demand()
    before = market.match(demand)
    assert [match.card["title"] for match in before.matches] == ["싼 비전"]
    found = look(market, demand, Changes(budget_amount=60_000_000))
    assert {match.card["title"] for match in found.matches} == {"싼 비전", "비싼 비전"}
    assert found.need["budget_amount"] == 60_000_000
    assert demand.budget_amount == 50_000_000
    kept = market.session.scalars(select(WhatIf)).one()
    assert (kept.list_id, kept.changes) == (
        found.id,
        {"weights": None, "policy": True, "budget_amount": 60_000_000, "nice": []},
    )
    assert matchmaking.counts_by_demand(market.session, [demand.id]) == {demand.id: 1}


def test_a_must_made_nice_lets_listings_in(market):
    market.publish("비전")
    needs = [
        {"capability": "ai_vision", "must": True, "min_quality": 3},
        {"capability": "mes", "must": True, "min_quality": 3},
    ]
    demand = market.demand(requirements=needs)
    assert market.match(demand).matches == []
    assert len(look(market, demand, Changes(nice=("mes",))).matches) == 1
    assert [row.must for row in demand.requirements] == [True, True]


def test_tried_weights_are_kept_with_the_list(market):
    market.publish("비전")
    found = look(market, market.demand(), Changes(weights={"price": 1, "evidence": 1}))
    assert found.what_if["axis"]["price"] == 50
    assert what_ifs.edition_of(market.session, found).axis["evidence"] == 50
    assert market.session.scalars(select(WhatIf)).one().changes["weights"]["price"] == 50
    assert found.matches[0].parts[AXES.index("price")]["weight"] == 50


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        (Changes(), ""),
        (Changes(budget_amount=-1), "budget_amount"),
        (Changes(budget_amount=10**12 + 1), "budget_amount"),
        (Changes(nice=("erp",)), "nice/0"),
        (Changes(weights={"price": 0}), "weights"),
    ],
)
def test_what_cannot_be_tried_is_refused_and_nothing_is_kept(market, changes, pointer):
    demand = market.demand()
    with pytest.raises(Invalid) as refused:
        look(market, demand, changes)
    assert [problem.pointer for problem in refused.value.problems] == [pointer]
    assert market.session.scalar(select(func.count(MatchList.id))) == 0


def test_a_closed_demand_takes_no_list(market):
    demand = market.demand()
    market.session.commit()
    _close(market, demand)
    with pytest.raises(Conflict, match=r"demand\.closed"):
        look(market, demand, Changes(policy=False))


def look(market, demand, changes):
    """Try it over the catalogue as it stands."""
    market.session.flush()
    market.follower.catch_up(market.session)
    found = what_ifs.look(market.session, market.follower.engine, demand, factories.TODAY, changes)
    market.session.flush()
    return found


def _close(market, demand):
    demand.state = demands.CLOSED
    market.session.flush()
