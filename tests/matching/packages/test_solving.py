"""Packages beside brute force, beside greedy, in any order, without time, and of nothing at all."""

from collections import Counter

import pytest

from matching.composer.solver import Clock
from matching.packages import listing, read, solve
from matching.packages.answers import CODES
from matching.packages.catalogue import Catalogue
from matching.packages.checker import check
from matching.packages.searching import Search
from tests.bench.composer import segments
from tests.matching.packages import brute, small


@pytest.mark.parametrize("seed", range(60))
def test_of_a_tiny_segment_the_most_weight_is_proven(seed):
    drawn, count = small.draw(seed), 1 + seed % 3
    answer = solve(read(drawn), count)
    assert answer.status == "proven"
    assert answer.weight == brute.most(drawn, count)
    assert check(read(drawn), count, answer) == ()


def test_the_search_alone_finds_the_best_of_nearly_all_tiny_segments(monkeypatch):
    """Of it only that is promised: valid, and no worse than greedy with swaps. It is better than that."""
    monkeypatch.setattr(listing, "MOST", 0)
    found = [(solve(read(small.draw(seed)), 2), brute.most(small.draw(seed), 2)) for seed in range(25)]
    assert all(answer.status == "good" and answer.weight <= best for answer, best in found)
    assert sum(answer.weight == best for answer, best in found) >= 23


@pytest.fixture(scope="module")
def market():
    return read(segments.draw(3, demands=80, offers=300))


@pytest.fixture(scope="module")
def answer(market):
    return solve(market, 3)


def test_it_is_no_worse_than_greedy_with_swaps(market, answer):
    search = Search(Catalogue(market), Clock())
    plain = search.swapped(search.greedy(3))
    assert answer.weight >= search.worth(plain) > 0
    assert check(market, 3, answer) == ()


def test_the_same_segment_gives_the_same_answer_in_any_order(market, answer):
    drawn = segments.draw(3, demands=80, offers=300)
    again = solve(read(small.shuffled(drawn, 1)), 3)
    assert again.to_json() == answer.to_json()


def test_more_packages_serve_no_less(market, answer):
    assert solve(market, 1).weight <= answer.weight
    assert len(answer.packages) == 3


def test_every_demand_is_served_or_left_out_with_a_known_reason(market, answer):
    named = Counter([*(one.demand for one in answer.served), *(one.demand for one in answer.left_out)])
    assert named == Counter({demand.id: 1 for demand in market.demands})
    assert {one.code for one in answer.left_out} <= set(CODES)


def test_without_time_the_answer_is_still_valid(market):
    answer = solve(market, 3, seconds=1e-6)
    assert answer.status == "good"
    assert check(market, 3, answer) == ()


def test_it_ends_when_somebody_wants_it_to_and_tells_how_far_it_is(market):
    told, asked = [], []

    def stop():
        asked.append(True)
        return len(asked) > 5

    answer = solve(market, 3, stop=stop, progress=lambda step, part: told.append((step, part)))
    assert check(market, 3, answer) == ()
    assert [part for _, part in told] == sorted(part for _, part in told)
    assert told[-1] == ("done", 1.0)


@pytest.mark.parametrize("emptied", ["demands", "offers"])
def test_nothing_gives_nothing(emptied):
    drawn = small.draw(1) | {emptied: [], "conflicts": []}
    answer = solve(read(drawn), 2)
    assert (answer.packages, answer.served, answer.weight, answer.status) == ((), (), 0, "proven")
    assert len(answer.left_out) == len(drawn["demands"])


def _offer(name, **facts):
    plan = {"id": "p", "price_amount": facts.pop("price", 10), "quality": facts.pop("quality", {"mes": 3})}
    return {"id": name, "vendor": name, "entry_level": 1, "interfaces": ["rest"], "plans": [plan]} | facts


def _demand(name="d", codes=("mes",), **facts):
    asked = [{"capability": code, "min_quality": 3, "stage": 1} for code in codes]
    return {"id": name, "level": 1, "requirements": asked} | facts


@pytest.mark.parametrize(
    ("code", "demand", "offers"),
    [
        ("nothing_required", _demand(codes=()), [_offer("o")]),
        ("too_many_capabilities", _demand(codes=("mes", "erp", "aps")), [_offer("o")]),
        ("no_offer", _demand(), []),
        ("no_offer", _demand(), [_offer("o", quality={"mes": 0, "erp": 3})]),
        ("no_offer", _demand(), [_offer("o", capacity=0)]),
        ("quality", _demand(), [_offer("o", quality={"mes": 2})]),
        ("industry", _demand(industry="food"), [_offer("o", industries=["metals"])]),
        ("industry", _demand(industry="food"), [_offer("o", industries=[])]),
        ("level", _demand(), [_offer("o", entry_level=2)]),
        ("over_budget", _demand(budget_amount=9), [_offer("o")]),
        (
            "over_budget",
            _demand(codes=("mes", "erp"), budget_amount=19),
            [_offer("o"), _offer("q", quality={"erp": 3})],
        ),
        (
            "no_package",
            _demand(codes=("mes", "erp")),
            [_offer("o"), _offer("q", quality={"erp": 3}, interfaces=["mqtt"])],
        ),
    ],
)
@pytest.mark.parametrize("most", [5_000, 0])
def test_who_is_left_out_is_told_why(code, demand, offers, most, monkeypatch):
    monkeypatch.setattr(listing, "MOST", most)
    answer = solve(read({"demands": [demand], "offers": offers, "max_capabilities": 2}), 1)
    assert [one.code for one in answer.left_out] == [code]


@pytest.mark.parametrize("most", [5_000, 0])
def test_who_could_be_served_but_is_worth_less_is_not_chosen(most, monkeypatch):
    monkeypatch.setattr(listing, "MOST", most)
    demands = [_demand("big", weight=5), _demand("little", ("erp",), weight=1)]
    offers = [_offer("o", interfaces=["rest"]), _offer("q", quality={"erp": 3}, interfaces=["mqtt"])]
    answer = solve(read({"demands": demands, "offers": offers}), 1)
    assert [(one.demand, one.own_amount) for one in answer.served] == [("big", 10)]
    assert [(one.demand, one.code) for one in answer.left_out] == [("little", "not_chosen")]


def test_a_member_is_paid_once_and_connectors_only_between_members():
    demands = [
        _demand("both", ("mes", "erp"), budget_amount=23),
        _demand("one", ("mes",), budget_amount=10),
        _demand("poor", ("mes", "erp"), budget_amount=22),
    ]
    offers = [_offer("o"), _offer("q", quality={"erp": 3}, interfaces=["mqtt"])]
    connectors = [{"from": "rest", "to": "mqtt", "price_amount": price} for price in (7, 3)]
    answer = solve(read({"demands": demands, "offers": offers, "connectors": connectors}), 1)
    assert [(one.demand, one.own_amount) for one in answer.served] == [("both", 23), ("one", 10)]
    assert [one.code for one in answer.left_out] == ["no_package"]
