"""Further bundles, the front between money and fit, pools, and what may only help."""

import pytest

from matching.composer import compose, read
from matching.composer.checker import check
from tests.bench.composer import instances
from tests.matching.composer import brute, small


@pytest.fixture(scope="module")
def market():
    """A demand of five capabilities among 120 offers."""
    return instances.draw(3, offers=120, capabilities=5)


def _items(bundle):
    return [(item.offer, item.plan, item.stage, item.capabilities) for item in bundle.items]


def test_alternatives_differ_and_are_no_better(market):
    instance = read(market | {"alternatives": 4})
    answer = compose(instance)
    found = [answer.best, *answer.alternatives]
    assert len(found) == 5
    values = [bundle.objective for bundle in found]
    assert values == sorted(values)
    for one, other in brute.pairs(found):
        assert brute.difference(_items(one), _items(other)) >= 0.4
    for bundle in found:
        assert check(instance, bundle.items, bundle.links).is_valid
        assert (bundle.status, bundle.bound) == ("proven", bundle.objective)


@pytest.mark.parametrize("seed", range(40))
def test_alternatives_are_the_best_that_differ(seed):
    """Against brute force: the first alternative is worth as much as the best bundle that differs enough."""
    drawn = small.draw(seed) | {"alternatives": 1}
    drawn["demand"]["pool"] = "all"
    answer = compose(read(drawn))
    best = brute.best(drawn)
    others = [] if best is None else _differing(drawn, best)
    assert len(answer.alternatives) == min(1, len(others))
    if others:
        assert answer.alternatives[0].objective == min(brute.score(drawn, one) for one in others)


def _differing(drawn, best):
    first = {item[0] for item in best["items"]}
    found = []
    for one in brute.bundles(drawn):
        offers = {item[0] for item in one["items"]}
        if 5 * len(first & offers) <= 3 * min(len(first), len(offers)):
            found.append(one)
    return found


@pytest.mark.parametrize("seed", range(40))
def test_an_offer_is_there_because_the_best_bundle_without_it_is_no_better(seed):
    """Against brute force: what is said about each offer is the best bundle of the same demand that refuses it."""
    drawn = small.draw(seed, lexicographic=seed % 5 == 0) | {"reasons": True}
    instance = read(drawn)
    answer = compose(instance)
    offers = [item.offer for item in answer.best.items] if answer.best else []
    assert [one.offer for one in answer.without] == [one for one in offers if one not in instance.require]
    for one in answer.without:
        best = brute.best(drawn | {"forbid": [*drawn.get("forbid", []), one.offer]})
        assert one.status == ("infeasible" if best is None else "proven")
        if best is not None:
            assert check(instance, one.bundle.items, one.bundle.links).is_valid
            assert one.offer not in {item.offer for item in one.bundle.items}
            assert _value(drawn, one.bundle) == _best_value(drawn, best)


def _value(drawn, bundle):
    is_weighted = drawn["objective"] != "lexicographic"
    return bundle.objective if is_weighted else (bundle.money.own_amount, bundle.vendors)


def _best_value(drawn, best):
    is_weighted = drawn["objective"] != "lexicographic"
    return brute.score(drawn, best) if is_weighted else (best["own"], best["vendors"])


def test_reasons_are_given_only_when_asked_and_not_of_a_required_offer(market):
    assert compose(read(market)).without == ()
    best = compose(read(market)).best
    held = best.items[0].offer
    answer = compose(read(market | {"reasons": True, "require": [held]}))
    assert [one.offer for one in answer.without] == [item.offer for item in best.items[1:]]
    assert all(one.bundle.objective >= best.objective for one in answer.without if one.bundle)


def test_no_point_of_the_front_is_dominated_and_its_ends_are_optima(market):
    answer = compose(read(market | {"pareto": 6}))
    points = [(bundle.money.own_amount, bundle.fit) for bundle in answer.pareto]
    assert len(points) >= 3
    assert points == sorted(points)
    assert [fit for _, fit in points] == sorted({fit for _, fit in points})
    cheapest = compose(read(market | {"objective": {"cost": 1}})).best
    fittest = compose(read(market | {"objective": {"fit": 1}})).best
    assert (points[0][0], points[-1][1]) == (cheapest.money.own_amount, fittest.fit)


@pytest.mark.parametrize("seed", range(30))
def test_every_point_is_on_the_true_front(seed):
    drawn = small.draw(seed) | {"pareto": 3}
    drawn["demand"]["pool"] = "all"
    every = [(one["own"], one["fit"]) for one in brute.bundles(drawn)]
    answer = compose(read(drawn))
    assert bool(answer.pareto) == bool(every)
    for bundle in answer.pareto:
        point = bundle.money.own_amount, bundle.fit
        assert point in every
        assert not [one for one in every if one != point and one[0] <= point[0] and one[1] >= point[1]]


def test_members_first_takes_a_non_member_only_where_no_member_can():
    def offer(name, vendor, code, price):
        plan = {"id": "p", "price_amount": price, "quality": {code: 3}}
        return {"id": name, "vendor": vendor, "entry_level": 1, "interfaces": [], "plans": [plan]}

    asked = [{"capability": code, "min_quality": 3, "stage": 1} for code in ("erp", "mes")]
    offers = [
        offer("dear", "member", "mes", 90),
        offer("cheap", "stranger", "mes", 10),
        offer("only", "stranger", "erp", 20),
    ]

    def bought(pool):
        demand = {"level": 1, "requirements": asked, "pool": pool, "members": ["member"]}
        answer = compose(read({"demand": demand, "offers": offers}))
        return [item.offer for item in answer.best.items] if answer.best else answer.core

    assert bought("all") == ["cheap", "only"]
    assert bought("members-first") == ["dear", "only"]
    assert bought("members") == ("capability:erp", "pool")


def _worth(drawn):
    """The objective; no bundle is worse than any."""
    best = compose(read(drawn)).best
    return float("inf") if best is None else best.objective


@pytest.mark.parametrize("seed", range(25))
def test_more_of_anything_never_makes_it_worse(seed):
    drawn = small.draw(seed)
    drawn["demand"]["pool"] = "all"
    worth, demand = _worth(drawn), drawn["demand"]
    added = small.draw(seed + 5_000)["offers"][0] | {"id": "added"}
    assert _worth(drawn | {"offers": [*drawn["offers"], added]}) <= worth
    if demand["budget_amount"] is not None:
        more = demand | {"budget_amount": 2 * demand["budget_amount"]}
        assert _worth(drawn | {"demand": more}) <= worth
    if demand["max_vendors"] is not None:
        assert _worth(drawn | {"demand": demand | {"max_vendors": demand["max_vendors"] + 1}}) <= worth
    paid = [rule | {"cap_amount": 2 * rule["cap_amount"] + 1} for rule in drawn["subsidies"]]
    assert _worth(drawn | {"subsidies": paid}) <= worth
    less = [one | {"min_quality": 1} for one in demand["requirements"]]
    assert _worth(drawn | {"demand": demand | {"requirements": less}}) <= worth
