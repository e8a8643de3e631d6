"""The judged pairs: what they are, how they are measured, that the score beats the portal's rates on the held-out."""

from dataclasses import replace
from math import log2

import pytest

from catalog import taxonomy
from catalog.taxonomy.cases import published_cases
from matching.judged import data, measure, portal
from matching.scoring.weights import AXES, BUILT_IN

DEMANDS = data.demands()


def test_there_are_enough_pairs_of_enough_demands_half_of_them_held_out():
    assert len(DEMANDS) >= 12
    assert sum(len(demand.grades) for demand in DEMANDS) >= 60
    assert len({demand.id for demand in DEMANDS}) == len(DEMANDS)
    assert sum(demand.held_out for demand in DEMANDS) * 2 == len(DEMANDS)


def test_every_pair_names_a_listing_a_grade_and_a_reason():
    cases = {case.code for case in published_cases()}
    for demand in DEMANDS:
        assert demand.source == "demo" or demand.source in cases
        assert set(demand.grades) == set(demand.reasons) <= set(data.listings())
        assert all(0 <= grade <= data.MAX_GRADE for grade in demand.grades.values())
        assert all(len(reason) > 5 for reason in demand.reasons.values())
        assert {0} < set(demand.grades.values()), demand.id


def test_codes_of_the_judged_facts_are_in_the_taxonomy():
    for demand in DEMANDS:
        wanted = [row.capability for row in demand.need.requirements]
        assert all(taxonomy.find("capability", code) for code in wanted)
        assert demand.need.region is None or taxonomy.find("region", demand.need.region)
    for judged in data.listings().values():
        assert all(taxonomy.find("capability", code) for code in judged.capabilities)
        assert all(taxonomy.find("interface", code) for code in judged.offer.interfaces)


def test_ndcg_by_hand():
    grades = {"a": 3, "b": 2, "c": 0}
    best = 7 + 3 / log2(3)
    assert measure.ndcg(["a", "b", "c"], grades) == pytest.approx(1)
    assert measure.ndcg(["b", "a", "c"], grades) == pytest.approx((3 + 7 / log2(3)) / best)
    assert measure.ndcg(["c", "x", "a"], grades) == pytest.approx((7 / 2) / best)
    assert measure.ndcg(["b"], grades) == pytest.approx(3 / best)
    assert measure.ndcg([], grades) == 0
    assert measure.ndcg(["c"], {"c": 0}) == 1
    eleventh = {**{str(n): 0 for n in range(10)}, "last": 1}
    assert measure.ndcg([*map(str, range(10)), "last"], eleventh) == 0


def test_the_rates_by_hand():
    demand = next(demand for demand in DEMANDS if demand.id == "saegyeol-press-mes")
    found = portal.rates(demand, data.listings()["결마루 MES"])
    # three installations: 303, 302 and 25; levels 2, 2, 1; 62, 118 and 29 people; two improved
    assert found == {
        "solution": 1.0,
        "level": pytest.approx(2 / 3),
        "industry": pytest.approx(2 / 3),
        "programme": None,
        "result": pytest.approx(2 / 3),
        "headcount": pytest.approx(1 / 3),
        "revenue": None,
    }
    assert [portal.band(people) for people in (1, 9, 10, 99, 100, 300)] == [0, 0, 1, 2, 3, 4]


def test_on_held_out_demands_the_score_is_above_the_rates():
    verdict = measure.judge()
    assert verdict.fit.held_out > verdict.portal.held_out
    assert verdict.fit.train > verdict.portal.train
    assert verdict.fit_shown.held_out > verdict.portal_shown.held_out
    assert set(verdict.without) == set(AXES)


def test_an_order_does_not_depend_on_how_the_listings_stand_in_the_file():
    demand = DEMANDS[0]
    turned = replace(demand, grades=dict(reversed(demand.grades.items())))
    assert measure.fit_order(BUILT_IN)(turned) == measure.fit_order(BUILT_IN)(demand)
    assert measure.portal_order(turned) == measure.portal_order(demand)
