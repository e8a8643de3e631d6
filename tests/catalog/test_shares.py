"""Shares of one price: every won has one owner, and what does not add up is refused."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from catalog.errors import Invalid
from catalog.money import MAX_AMOUNT
from catalog.shares import Rule, divide

won = st.integers(0, MAX_AMOUNT)


@st.composite
def with_remainder(draw):
    """(price, rules) of which one vendor takes what the others leave."""
    price = draw(won)
    points = draw(st.lists(st.integers(1, 3_000), max_size=3))
    left = price - sum(price * each // 10_000 for each in points)
    fixed = draw(st.lists(st.integers(0, max(left, 0) // 4), max_size=3))
    rules = [Rule(f"p{nth}", "percent", each) for nth, each in enumerate(points)]
    rules += [Rule(f"f{nth}", "fixed", each) for nth, each in enumerate(fixed)]
    return price, draw(st.permutations([*rules, Rule("r", "remainder")]))


@st.composite
def percentages(draw):
    """(price, rules) of percentages that are all of it."""
    cuts = sorted(draw(st.sets(st.integers(1, 9_999), max_size=6)))
    points = [end - start for start, end in zip([0, *cuts], [*cuts, 10_000], strict=True)]
    return draw(won), [Rule(f"v{nth}", "percent", each) for nth, each in enumerate(points)]


def refused(price, *rules):
    with pytest.raises(Invalid) as caught:
        divide(price, rules)
    [problem] = caught.value.problems
    return problem.pointer, problem.code, dict(problem.params)


def test_the_worked_example():
    rules = [Rule("vision", "fixed", 38_310_000), Rule("plan", "percent", 1_557), Rule("lead", "remainder")]
    assert divide(142_000_000, rules) == {
        "vision": 38_310_000, "plan": 22_109_400, "lead": 81_580_600
    }  # fmt: skip


def test_odd_won_go_to_the_largest_fractions_and_then_to_the_lower_id():
    thirds = [Rule("b", "percent", 3_333), Rule("a", "percent", 3_333), Rule("c", "percent", 3_334)]
    assert divide(100, thirds) == {"a": 33, "b": 33, "c": 34}
    assert divide(101, [Rule("b", "percent", 5_000), Rule("a", "percent", 5_000)]) == {"a": 51, "b": 50}


@given(with_remainder())
def test_with_a_remainder_everything_adds_up(case):
    price, rules = case
    found = divide(price, rules)
    assert sum(found.values()) == price
    assert min(found.values()) >= 0
    for rule in rules:
        if rule.kind == "percent":
            assert found[rule.vendor] == price * rule.value // 10_000
        if rule.kind == "fixed":
            assert found[rule.vendor] == rule.value


@given(percentages(), st.randoms())
def test_percentages_of_all_add_up_within_a_won_in_any_order(case, draw):
    price, rules = case
    found = divide(price, rules)
    assert sum(found.values()) == price
    for rule in rules:
        assert 0 <= found[rule.vendor] * 10_000 - price * rule.value + 10_000 <= 20_000
        assert abs(found[rule.vendor] * 10_000 - price * rule.value) < 10_000
    draw.shuffle(rules)
    assert divide(price, rules) == found


@given(percentages(), st.integers(1, 10**6))
def test_what_is_missing_is_told_in_won(case, fixed):
    price, rules = case
    assume(fixed + price <= MAX_AMOUNT)
    over = [*rules, Rule("more", "fixed", fixed)]
    assert refused(price, *over) == ("shares", "shares_sum", {"missing": -fixed})


def test_a_fraction_of_a_won_that_is_missing_is_refused_too():
    assert refused(101, Rule("a", "percent", 5_000), Rule("b", "fixed", 50)) == (
        "shares", "shares_sum", {"missing": 1}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("price", "rules", "expected"),
    [
        (-1, [Rule("a", "remainder")], ("price_amount", "range")),
        (MAX_AMOUNT + 1, [Rule("a", "remainder")], ("price_amount", "range")),
        (100, [], ("shares", "required")),
        (100, [Rule("a", "percent", 0), Rule("b", "remainder")], ("shares/0/value", "range")),
        (100, [Rule("a", "percent", 10_001), Rule("b", "remainder")], ("shares/0/value", "range")),
        (100, [Rule("a", "fixed", -1), Rule("b", "remainder")], ("shares/0/value", "range")),
        (100, [Rule("a", "fixed", MAX_AMOUNT + 1), Rule("b", "remainder")], ("shares/0/value", "range")),
        (100, [Rule("a", "remainder", 5)], ("shares/0/value", "range")),
        (100, [Rule("a", "fixed", 50), Rule("a", "remainder")], ("shares/1/vendor", "repeated")),
        (100, [Rule("a", "remainder"), Rule("b", "remainder")], ("shares/1/kind", "two_remainders")),
        (100, [Rule("a", "fixed", 101), Rule("b", "remainder")], ("shares", "shares_exceed")),
        (100, [Rule("a", "fixed", 60)], ("shares", "shares_sum")),
    ],
)
def test_bad_shares_are_refused_at_their_place(price, rules, expected):
    assert refused(price, *rules)[:2] == expected
