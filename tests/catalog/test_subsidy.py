"""Who pays what: sums are exact, caps hold, and nothing is rounded in favour of a funder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.subsidy import Funder, Line, Net, allocate, net, split

won = st.integers(0, 10**12)
lines = st.lists(st.builds(Line, won, st.booleans()), max_size=5)
funders = st.lists(
    st.builds(
        Funder,
        payer=st.sampled_from(["national", "local"]),
        rule=st.just("r"),
        rate_bp=st.none() | st.integers(0, 10_000),
        cap_amount=st.none() | won,
    ),
    max_size=3,
)
minimum = st.integers(0, 10_000)


def test_the_worked_example():
    half, tenth = Funder("national", "n", 5000, 70_000_000), Funder("local", "l", 1000, 5_000_000)
    assert net(99_999_999, [half, tenth]) == Net(99_999_999, 49_999_999, 5_000_000, 45_000_000, 9_999_999)


def test_the_company_keeps_its_least_share_and_ineligible_lines_are_its_own():
    found = split(
        [Line(60), Line(40, eligible=False)], [Funder("national", "n", 9000, None)], minimum_own_bp=2500
    )
    assert found.funders == ((45, 0),)
    assert (found.company, found.vat) == ((15, 40), (6, 4))


def test_a_rule_without_a_rate_pays_nothing():
    assert net(100, [Funder("national", "n", None, 50)]).own_amount == 100


@given(lines, funders, minimum)
def test_every_line_and_every_funder_adds_up(lines, funders, least):
    found = split(lines, funders, minimum_own_bp=least)
    eligible = sum(line.amount for line in lines if line.eligible)
    for nth, line in enumerate(lines):
        paid = [part[nth] for part in found.funders]
        assert sum(paid) + found.company[nth] == line.amount
        assert min([*paid, found.company[nth]]) >= 0
        assert line.eligible or sum(paid) == 0
    for funder, part in zip(funders, found.funders, strict=True):
        assert sum(part) <= eligible * (funder.rate_bp or 0) // 10_000
        assert funder.cap_amount is None or sum(part) <= funder.cap_amount
    public = sum(sum(part) for part in found.funders)
    assert (eligible - public) * 10_000 >= eligible * least


@given(won, won, funders)
def test_a_higher_price_never_gets_less_support(amount, more, funders):
    low, high = net(amount, funders), net(amount + more, funders)
    assert high.national_amount + high.local_amount >= low.national_amount + low.local_amount
    assert high.national_amount + high.local_amount + high.own_amount == amount + more


@given(won, funders)
def test_the_same_rules_twice_say_the_same(amount, funders):
    assert net(amount, funders) == net(amount, list(funders))


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), min_size=1, max_size=6), st.data())
def test_what_is_shared_out_adds_up_under_the_caps(pairs, data):
    weights, caps = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    total = data.draw(st.integers(0, sum(caps)))
    given_ = allocate(total, weights, caps)
    assert sum(given_) == total
    assert all(0 <= part <= cap for part, cap in zip(given_, caps, strict=True))


@pytest.mark.parametrize(("amount", "rate", "cap"), [(-1, 0, 0), (0, 10_001, 0), (0, 0, -1)])
def test_figures_out_of_range_are_refused(amount, rate, cap):
    with pytest.raises(ValueError, match="expected"):
        net(amount, [Funder("national", "n", rate, cap)])


def test_more_than_the_caps_hold_is_refused():
    with pytest.raises(ValueError, match="do not fit"):
        allocate(3, [1, 1], [1, 1])
