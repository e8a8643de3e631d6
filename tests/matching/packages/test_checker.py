"""The checker refuses what the rules refuse, by hand."""

from dataclasses import replace

import pytest

from matching.packages import read
from matching.packages.answers import Answer, LeftOut, Member, Package, Served
from matching.packages.checker import check

SEGMENT = {
    "demands": [
        {
            "id": "d1",
            "weight": 3,
            "industry": "food",
            "level": 1,
            "budget_amount": 25,
            "requirements": [{"capability": code, "min_quality": 3, "stage": 1} for code in ("mes", "erp")],
        },
        {
            "id": "d2",
            "level": 1,
            "requirements": [{"capability": "aps", "min_quality": 1, "stage": 1}],
        },
    ],
    "offers": [
        {
            "id": name,
            "vendor": vendor,
            "entry_level": 1,
            "interfaces": [interface],
            "plans": [{"id": "p", "price_amount": 10, "quality": quality}],
        }
        | more
        for name, vendor, interface, quality, more in (
            ("a", "v1", "rest", {"mes": 3}, {"industries": ["food"]}),
            ("b", "v2", "mqtt", {"erp": 3, "mes": 4}, {}),
            ("c", "v3", "csv", {"erp": 3}, {}),
            ("full", "v3", "rest", {"erp": 3}, {"capacity": 0}),
            ("weak", "v3", "rest", {"erp": 2}, {}),
            ("late", "v3", "rest", {"erp": 3}, {"entry_level": 2}),
            ("metal", "v3", "rest", {"erp": 3}, {"industries": ["metals"]}),
        )
    ],
    "connectors": [{"from": "rest", "to": "mqtt", "price_amount": 5}],
    "max_vendors": 2,
    "max_capabilities": 2,
}
A, B = Member("a", "p", ("mes",)), Member("b", "p", ("erp",))
RIGHT = Answer(
    "good", (Package("rest", (A, B)),), (Served("d1", 0, 25),), (LeftOut("d2", "no_offer"),), weight=3
)


def _codes(answer, **limits):
    return {one.code for one in check(read(SEGMENT | limits), 1, answer)}


def _with(*members, hub="rest"):
    return replace(RIGHT, packages=(Package(hub, members),))


def test_a_right_answer_breaks_nothing():
    assert _codes(RIGHT) == set()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (replace(RIGHT, packages=RIGHT.packages * 2), "too_many_packages"),
        (_with(A, replace(B, plan="q")), "unknown_plan"),
        (_with(A, replace(B, offer="nobody")), "unknown_plan"),
        (_with(A, B, replace(B, capabilities=("mes",))), "offer_twice"),
        (_with(A, B, Member("c", "p", ())), "answers_for_nothing"),
        (_with(A, Member("full", "p", ("erp",))), "no_capacity"),
        (_with(A, Member("c", "p", ("aps",))), "not_brought"),
        (_with(A, Member("c", "p", ("erp",))), "not_joined"),
        (_with(A, B, hub=None), "not_joined"),
        (_with(A, replace(B, capabilities=("erp", "mes"))), "two_providers"),
        (_with(A), "not_served"),
        (_with(A, Member("weak", "p", ("erp",))), "not_served"),
        (_with(A, Member("late", "p", ("erp",))), "not_served"),
        (_with(A, Member("metal", "p", ("erp",))), "not_served"),
        (replace(RIGHT, served=(Served("d1", 0, 20),)), "own_amount"),
        (replace(RIGHT, served=(Served("d1", 1, 25),)), "unknown_package"),
        (replace(RIGHT, weight=4), "weight"),
        (replace(RIGHT, left_out=()), "not_each_once"),
        (replace(RIGHT, left_out=(*RIGHT.left_out, LeftOut("d1", "quality"))), "not_each_once"),
        (
            replace(RIGHT, served=(), weight=0, left_out=(*RIGHT.left_out, LeftOut("d1", "quality"))),
            "left_out_though_served",
        ),
    ],
)
def test_what_breaks_a_rule_is_named(answer, code):
    assert code in _codes(answer)


def test_offers_that_cannot_stand_together_do_not():
    assert _codes(RIGHT, conflicts=[["b", "a"]]) == {"conflict"}
    assert _codes(RIGHT, conflicts=[["a", "c"]]) == set()


def test_limits_and_budgets_are_limits():
    assert _codes(RIGHT, max_vendors=1) == {"too_many_vendors"}
    assert _codes(RIGHT, max_capabilities=1) == {"too_many_capabilities"}
    poor = SEGMENT["demands"][0] | {"budget_amount": 24}
    assert _codes(RIGHT, demands=[poor, SEGMENT["demands"][1]]) == {"not_served"}
