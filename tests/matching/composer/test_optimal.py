"""The answer is the best bundle, by brute force over the rules; and no other, whatever the order of the input."""

import json

import pytest

from matching.composer import compose, read
from matching.composer.columns import Facts
from matching.composer.instance import ordered
from matching.composer.minimising import minimise
from matching.composer.model import dense
from matching.composer.objectives import objective
from matching.composer.rows import build
from matching.composer.solver import Clock, solve
from tests.matching.composer import brute, small

WEIGHTED, LEXICOGRAPHIC = 200, 80


def _compared(instance):
    """Compose, hold the answer against brute force, and return whether there was a bundle."""
    answer, best = compose(read(instance)), brute.best(instance)
    if best is None:
        assert (answer.status, answer.best) == ("infeasible", None)
        return False
    assert answer.status == "proven"
    assert [(i.offer, i.plan, i.stage, i.capabilities) for i in answer.best.items] == best["items"]
    links = [(j.one, j.other, j.how, j.interfaces, j.price_amount) for j in answer.best.links]
    assert links == best["links"]
    assert (answer.best.money.own_amount, answer.best.fit, answer.best.vendors) == (
        best["own"],
        best["fit"],
        best["vendors"],
    )
    if instance["objective"] == "lexicographic":
        assert answer.best.objective == (best["fit"], best["own"], best["vendors"])
        assert answer.bound[1:] == answer.best.objective[1:]
    else:
        assert answer.best.objective == answer.bound == brute.score(instance, best)
    return True


def test_weighted_answers_equal_brute_force():
    found = [_compared(small.draw(seed)) for seed in range(WEIGHTED)]
    assert found.count(False) >= 50
    assert found.count(True) >= 50


def test_lexicographic_answers_equal_brute_force():
    found = [_compared(small.draw(seed, lexicographic=True)) for seed in range(1_000, 1_000 + LEXICOGRAPHIC)]
    assert found.count(False) >= 20
    assert found.count(True) >= 20


def _asking_less(seed):
    """An instance whose links, exclusive capabilities and conflicts also name what nobody asks for or sells."""
    drawn = small.draw(seed, lexicographic=seed % 3 == 0)
    left = drawn["demand"]["requirements"][1:]
    codes = [one["capability"] for one in drawn["demand"]["requirements"]]
    demand = drawn["demand"] | {"requirements": left, "exclusive": codes[:1], "links": [codes[:2]]}
    return drawn | {
        "demand": demand,
        "conflicts": [*drawn["conflicts"], [drawn["offers"][0]["id"], "nobody"]],
    }


def test_what_is_named_and_not_there_says_nothing_but_of_a_second_copy():
    """A capability may be exclusive though nobody asks for it: two products that bring it are still one too many."""
    found, matters = [], 0
    for seed in range(120):
        instance = _asking_less(seed)
        found.append(_compared(instance))
        free = instance | {"demand": instance["demand"] | {"exclusive": []}}
        matters += brute.best(free) != brute.best(instance)
    assert found.count(False) >= 20
    assert found.count(True) >= 20
    assert matters >= 5


def test_the_random_instances_hold_everything_that_an_instance_can_have():
    drawn = [small.draw(seed) for seed in range(WEIGHTED)]
    solved = [one for one in drawn if brute.best(one)]
    for name in ("connectors", "conflicts", "subsidies", "require", "forbid"):
        assert sum(bool(one[name]) for one in solved) >= 10, name
    for name in ("links", "exclusive", "max_vendors", "budget_amount"):
        assert sum(bool(one["demand"][name]) for one in solved) >= 10, name
    assert sum(any(offer.get("capacity") == 0 for offer in one["offers"]) for one in solved) >= 10
    assert sum(any(not each["must"] for each in one["demand"]["requirements"]) for one in solved) >= 10
    assert {one["demand"]["pool"] for one in solved} == {"all", "members", "members-first"}


def _bytes(instance):
    return json.dumps(compose(read(instance)).to_json(), ensure_ascii=False)


@pytest.mark.parametrize("seed", range(40))
def test_the_order_of_the_input_decides_nothing(seed):
    instance = small.draw(seed, lexicographic=seed % 5 == 0) | {"alternatives": 2, "pareto": 3}
    instance["reasons"] = True
    first = _bytes(instance)
    assert [_bytes(small.shuffled(instance, order)) for order in range(2)] == [first, first]


@pytest.mark.parametrize("seed", range(30))
def test_the_model_without_the_filter_has_the_same_value(seed):
    bundling = build(Facts(ordered(read(small.draw(seed)))))
    goal = objective(bundling).goals[-1]
    terms = dense(goal.terms, len(bundling.model.most))
    whole = bundling.model.restricted(range(len(terms)))
    plain = solve(whole, terms, Clock()) if whole else None
    filtered = minimise(bundling.model, terms, Clock())
    if plain is None or plain.status == "infeasible":
        assert filtered.status == "infeasible"
    else:
        assert (filtered.status, filtered.value) == ("proven", plain.value)


def test_nothing_asked_for_is_nothing_bought():
    answer = compose(read({"demand": {"level": 1, "requirements": []}, "offers": []}))
    assert (answer.status, answer.best.items, answer.best.objective) == ("proven", (), 0)


def test_without_offers_a_must_is_impossible_and_a_wish_is_left_out():
    asked = {"capability": "mes", "min_quality": 1, "stage": 1}
    must, wish = ({"level": 1, "requirements": [asked | {"must": value}]} for value in (True, False))
    assert compose(read({"demand": must, "offers": []})).status == "infeasible"
    assert compose(read({"demand": wish, "offers": []})).status == "proven"
