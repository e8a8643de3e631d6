"""An impossible demand: what is counted, what clashes, and repairs that work."""

import pytest

from matching.composer import compose, read
from matching.composer.answers import Change
from matching.composer.changing import changed
from matching.composer.instance import ordered
from tests.bench.composer import instances
from tests.matching.composer import brute, small


def _impossible(seeds):
    """Small instances without any bundle, by brute force."""
    return [drawn for seed in seeds if brute.best(drawn := small.draw(seed)) is None]


IMPOSSIBLE = _impossible(range(90))


def test_there_are_many_impossible_instances_here():
    assert len(IMPOSSIBLE) >= 30


@pytest.mark.parametrize("drawn", IMPOSSIBLE)
def test_every_repair_makes_the_demand_possible(drawn):
    instance = read(drawn)
    answer = compose(instance)
    assert answer.status == "infeasible"
    assert answer.repairs
    prices = [repair.price_amount for repair in answer.repairs]
    assert prices == sorted(prices)
    assert prices[0] > 0
    for repair in answer.repairs:
        assert compose(changed(instance, repair.steps)).status == "proven"
        for step in repair.steps:  # none of its steps is idle
            fewer = [one for one in repair.steps if one != step]
            assert not fewer or compose(changed(instance, fewer)).status == "infeasible"


@pytest.mark.parametrize("drawn", IMPOSSIBLE)
def test_no_single_change_that_is_cheaper_than_the_first_repair_is_enough(drawn):
    instance = read(drawn)
    first = compose(instance).repairs[0]
    for change in _single_changes(drawn):
        if change.price_amount < first.price_amount:
            assert compose(changed(instance, [change])).status == "infeasible", change


@pytest.mark.parametrize("drawn", IMPOSSIBLE)
def test_nothing_that_money_and_vendors_together_can_do_is_cheaper_than_the_first_repair(drawn):
    """Every bundle of the demand without these two limits, priced by what it passes them by."""
    demand = drawn["demand"]
    budget, vendors = demand["budget_amount"], demand["max_vendors"]
    free = drawn | {"demand": demand | {"budget_amount": None, "max_vendors": None}}
    prices = [
        (0 if budget is None else max(0, one["own"] - budget))
        + (0 if vendors is None else max(0, one["vendors"] - vendors) * 15_000_000)
        for one in brute.bundles(free)
    ]
    assert compose(read(drawn)).repairs[0].price_amount <= min(prices, default=10**12)


def test_impossible_instances_have_limits_subsidies_and_locks_together():
    def limits(drawn):
        demand = drawn["demand"]
        return [
            demand["budget_amount"] is not None,
            demand["max_vendors"] is not None,
            any(rule["rate_bp"] and rule["cap_amount"] for rule in drawn["subsidies"]),
            bool(drawn["require"] or drawn["forbid"]),
        ]

    had = [limits(drawn) for drawn in IMPOSSIBLE]
    assert all(sum(column) >= 10 for column in zip(*had, strict=True))
    assert sum(sum(one) >= 3 for one in had) >= 5
    assert any(all(one) for one in had)


def _single_changes(drawn):
    """A grade less, a stage later, a vendor more, one thing given up: at the prices of docs/composer.md."""
    demand = drawn["demand"]
    for one in demand["requirements"]:
        name = ("capability", one["capability"])
        for grade in range(1, one["min_quality"]):
            yield Change(name, "min_quality", grade, (min(one["min_quality"], 6) - grade) * 20_000_000)
        for later in range(1, 5):
            yield Change(name, "stage", one["stage"] + later, later * 10_000_000)
        yield Change(name, "", "", 100_000_000)
    yield from (Change(("link", *pair), "", "", 30_000_000) for pair in demand["links"])
    yield from (Change(("exclusive", code), "", "", 40_000_000) for code in demand["exclusive"])
    yield from (
        Change((kind, name), "", "", 40_000_000) for kind in ("require", "forbid") for name in drawn[kind]
    )
    if demand["pool"] == "members":
        yield Change(("pool",), "pool", "all", 40_000_000)
    if demand["max_vendors"]:
        yield Change(("max_vendors",), "max_vendors", demand["max_vendors"] + 1, 15_000_000)


def test_a_repair_that_only_asks_for_more_of_the_same_is_left_out(market):
    """Of two budgets the smaller one says it all; a change beside one that is enough alone is idle."""
    for drawn in IMPOSSIBLE:
        names = [frozenset(step.name for step in one.steps) for one in compose(read(drawn)).repairs]
        assert not [one for place, one in enumerate(names) if any(before <= one for before in names[:place])]


@pytest.mark.parametrize("drawn", IMPOSSIBLE)
def test_a_core_cannot_hold_together_and_without_any_of_it_the_rest_can(drawn):
    answer = compose(read(drawn))
    core = list(answer.core)
    assert answer.is_core_minimal
    assert brute.best(_only(drawn, core)) is None
    for name in core:
        assert brute.best(_only(drawn, [one for one in core if one != name])) is not None


def _only(drawn, names):
    """The instance in which only these requirements count; a capability of no interest is a wish."""
    demand = drawn["demand"]
    kept = {
        "requirements": [
            one | {"must": one["must"] and f"capability:{one['capability']}" in names}
            for one in demand["requirements"]
        ],
        "links": [link for link in demand["links"] if f"link:{link[0]}:{link[1]}" in names],
        "exclusive": [code for code in demand["exclusive"] if f"exclusive:{code}" in names],
        "budget_amount": demand["budget_amount"] if "budget_amount" in names else None,
        "max_vendors": demand["max_vendors"] if "max_vendors" in names else None,
        "pool": "members" if "pool" in names else "all",
    }
    rest = {
        kind: [name for name in drawn[kind] if f"{kind}:{name}" in names] for kind in ("require", "forbid")
    }
    return drawn | rest | {"demand": demand | kept}


@pytest.fixture(scope="module")
def market():
    return instances.draw(1, offers=300, capabilities=6)


def _answer(market, **demand):
    instance = read(market | {"demand": market["demand"] | demand})
    return ordered(instance), compose(instance)


def test_a_budget_that_is_too_small_is_priced_to_the_won(market):
    _, free = _answer(market | {"objective": {"cost": 1}}, budget_amount=None)
    least = free.best.money.own_amount
    _, answer = _answer(market, budget_amount=least - 1)
    money = [repair for repair in answer.repairs if repair.steps[0].requirement == "budget_amount"]
    assert [step.to_json() for step in money[0].steps] == [
        {"requirement": "budget_amount", "change": f"budget_amount={least}", "price_amount": 1}
    ]
    assert "budget_amount" in answer.core
    assert _answer(market, budget_amount=least)[1].status == "proven"


def test_quality_that_nobody_has_is_said_first_and_less_is_proposed(market):
    asked = market["demand"]["requirements"]
    raised = [asked[0] | {"min_quality": 6}, *asked[1:]]
    instance, answer = _answer(market, requirements=raised)
    code = asked[0]["capability"]
    counts = answer.funnel[code]
    assert counts.offers > 0
    assert (counts.available, counts.quality, counts.level, counts.affordable) == (counts.offers, 0, 0, 0)
    assert answer.core == (f"capability:{code}",)
    assert answer.repairs[0].to_json()["change"] == "min_quality=5"
    assert compose(changed(instance, answer.repairs[0].steps)).status == "proven"


def test_one_vendor_too_few_is_one_more():
    def offer(code, price):
        plan = {"id": "p", "price_amount": price, "quality": {code: 3}}
        return {"id": code, "vendor": f"maker of {code}", "entry_level": 1, "plans": [plan]}

    codes = ("aps", "erp", "mes")
    asked = [{"capability": code, "min_quality": 3, "stage": 1} for code in codes]
    demand = {"level": 1, "max_vendors": 2, "requirements": asked}
    answer = compose(read({"demand": demand, "offers": [offer(code, 10) for code in codes]}))
    assert answer.core == (*(f"capability:{code}" for code in codes), "max_vendors")
    assert [repair.to_json()["change"] for repair in answer.repairs] == ["max_vendors=3"]


def test_the_funnel_counts_each_filter():
    def offer(name, **facts):
        plan = {
            "id": "p",
            "price_amount": facts.pop("price", 10),
            "quality": {"mes": facts.pop("quality", 3)},
        }
        return {"id": name, "vendor": name, "entry_level": 1, "plans": [plan]} | facts

    offers = [
        offer("nothing", quality=0),
        offer("full", capacity=0),
        offer("poor", quality=2),
        offer("late", entry_level=3),
        offer("dear", price=50),
        offer("right"),
    ]
    demand = {
        "level": 1,
        "budget_amount": 20,
        "requirements": [{"capability": "mes", "min_quality": 3, "stage": 2}],
    }
    counts = compose(read({"demand": demand, "offers": offers})).funnel["mes"]
    assert counts.to_json() == {"offers": 5, "available": 4, "quality": 3, "level": 2, "affordable": 1}
