"""The independent checker accepts what is right, computes its figures, and names the rule that anything else breaks."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from matching.composer import checker, compose, read
from matching.composer.answers import CONNECTOR, INTERFACE, SAME_OFFER, Item, Joint
from matching.composer.checker import check
from tests.matching.composer import small

INSTANCE = read(
    {
        "demand": {
            "level": 1,
            "budget_amount": 170,
            "max_vendors": 3,
            "requirements": [
                {"capability": "aps", "min_quality": 3, "stage": 2, "must": False},
                {"capability": "erp", "min_quality": 3, "stage": 1, "must": True},
                {"capability": "mes", "min_quality": 3, "stage": 1, "must": True},
            ],
            "links": [["mes", "erp"], ["aps", "mes"]],
            "exclusive": ["erp"],
            "pool": "members",
            "members": ["v1", "v2", "v3"],
        },
        "offers": [
            {
                "id": "a",
                "vendor": "v1",
                "entry_level": 1,
                "interfaces": ["rest"],
                "plans": [
                    {"id": "big", "price_amount": 101, "quality": {"mes": 4, "aps": 3}},
                    {"id": "small", "price_amount": 10, "quality": {"mes": 2}},
                ],
                "fit": {"mes": 700, "aps": 50},
            },
            {
                "id": "b",
                "vendor": "v2",
                "entry_level": 1,
                "interfaces": ["opcua"],
                "plans": [{"id": "p", "price_amount": 100, "quality": {"erp": 3}}],
                "fit": {"erp": 300},
            },
            {
                "id": "c",
                "vendor": "v2",
                "entry_level": 2,
                "interfaces": ["rest"],
                "plans": [{"id": "p", "price_amount": 1, "quality": {"aps": 3, "erp": 3}}],
            },
            {
                "id": "d",
                "vendor": "v3",
                "entry_level": 1,
                "interfaces": ["rest"],
                "plans": [{"id": "p", "price_amount": 1, "quality": {"aps": 3}}],
            },
            {
                "id": "e",
                "vendor": "v4",
                "entry_level": 1,
                "interfaces": ["rest"],
                "plans": [{"id": "p", "price_amount": 1, "quality": {"aps": 3}}],
            },
        ],
        "connectors": [{"from": "rest", "to": "opcua", "price_amount": 7}],
        "conflicts": [["a", "d"]],
        "subsidies": [{"stage": 1, "rate_bp": 3_333, "cap_amount": 60}],
        "objective": {"cost": 2, "fit": 1, "vendors": 10},
    }
)
A = Item("a", "big", 1, ("aps", "mes"))
B = Item("b", "p", 1, ("erp",))
LINKS = (
    Joint("aps", "mes", SAME_OFFER),
    Joint("mes", "erp", CONNECTOR, ("rest", "opcua"), 7),
)


def _only_mes(item, *others):
    """`item` without its second capability, beside others."""
    return replace(item, capabilities=("mes",)), *others


def test_a_right_bundle_has_its_figures():
    verdict = check(INSTANCE, (A, B), LINKS)
    assert verdict.broken == ()
    # rule 5: ⌊3,333 × 201 ÷ 10,000⌋ = 66, but no more than 60; 201 + 7 - 60 = 148
    assert (verdict.money.subsidies, verdict.money.own_amount) == ({1: 60}, 148)
    # rule 6: 2 × 148 + 10 × 2 - (700 + 50 + 300)
    assert (verdict.fit, verdict.vendors, verdict.objective) == (1_050, 2, -734)


FREE = LINKS[1:]
BROKEN = {
    "unknown offer": (1, "unknown_plan", (replace(A, offer="nobody"), B), LINKS, {}),
    "unknown plan": (1, "unknown_plan", (replace(A, plan="none"), B), LINKS, {}),
    "bought twice": (1, "bought_twice", (*_only_mes(A), replace(A, capabilities=("aps",)), B), LINKS, {}),
    "too early": (1, "too_early", (*_only_mes(A, B), Item("c", "p", 1, ("aps",))), LINKS, {}),
    "stage 0": (1, "too_early", (replace(A, stage=0), B), LINKS, {}),
    "answers for nothing": (1, "answers_for_nothing", (A, B, Item("c", "p", 2, ())), LINKS, {}),
    "not asked for": (2, "not_asked_for", (replace(A, capabilities=("aps", "mes", "plm")), B), LINKS, {}),
    "poor quality": (2, "quality", (Item("a", "small", 1, ("mes",)), B), FREE, {}),
    "too late": (2, "too_late", (A, replace(B, stage=2)), LINKS, {}),
    "two providers": (2, "two_providers", (A, B, Item("c", "p", 2, ("erp",))), LINKS, {}),
    "no provider": (2, "no_provider", (A,), LINKS[:1], {}),
    "not joined": (3, "not_joined_once", (A, B), LINKS[:1], {}),
    "joined twice": (3, "not_joined_once", (A, B), (*LINKS, LINKS[1]), {}),
    "joined without need": (3, "joined_without_need", _only_mes(A, B), LINKS, {}),
    "no such link": (3, "no_such_link", (A, B), (*LINKS, Joint("aps", "erp", SAME_OFFER)), {}),
    "not the same offer": (3, "does_not_join", (A, B), (LINKS[0], Joint("mes", "erp", SAME_OFFER)), {}),
    "not shared": (3, "does_not_join", (A, B), (LINKS[0], Joint("mes", "erp", INTERFACE, ("rest",))), {}),
    "cheaper connector": (3, "does_not_join", (A, B), (LINKS[0], replace(LINKS[1], price_amount=6)), {}),
    "connector of others": (
        3,
        "does_not_join",
        (A, B),
        (LINKS[0], replace(LINKS[1], interfaces=("opcua", "rest"))),
        {},
    ),
    "exclusive": (4, "exclusive", (*_only_mes(A, B), Item("c", "p", 2, ("aps",))), FREE, {}),
    "conflict": (4, "conflict", (*_only_mes(A, B), Item("d", "p", 1, ("aps",))), FREE, {}),
    "vendors": (4, "too_many_vendors", (A, B), LINKS, {"max_vendors": 1}),
    "budget": (5, "over_budget", (A, B), LINKS, {"budget_amount": 147}),
    "not a member": (8, "not_a_member", (*_only_mes(A, B), Item("e", "p", 1, ("aps",))), FREE, {}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_every_broken_rule_is_named(name):
    rule, code, items, links, demand = BROKEN[name]
    instance = replace(INSTANCE, demand=replace(INSTANCE.demand, **demand))
    assert (rule, code) in {(one.rule, one.code) for one in check(instance, items, links).broken}


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"require": ("d",)}, "required"), ({"forbid": ("b",)}, "forbidden")],
)
def test_wishes_about_offers_are_rules(changes, code):
    verdict = check(replace(INSTANCE, **changes), (A, B), LINKS)
    assert [(one.rule, one.code) for one in verdict.broken] == [(8, code)]


def test_an_offer_without_room_cannot_be_bought():
    full = tuple(replace(offer, capacity=0) if offer.id == "b" else offer for offer in INSTANCE.offers)
    verdict = check(replace(INSTANCE, offers=full), (A, B), LINKS)
    assert [(one.rule, one.code, one.where) for one in verdict.broken] == [(8, "no_capacity", ("b",))]


def test_a_wish_may_stay_open_and_the_cheaper_connector_is_no_duty():
    assert check(INSTANCE, _only_mes(A, B), FREE).is_valid
    dear = replace(
        INSTANCE, connectors=(*INSTANCE.connectors, replace(INSTANCE.connectors[0], price_amount=9))
    )
    assert check(dear, (A, B), (LINKS[0], replace(LINKS[1], price_amount=9))).is_valid


@pytest.mark.parametrize("seed", range(30))
def test_every_answer_is_judged_with_the_same_figures(seed):
    instance = read(small.draw(seed) | {"alternatives": 1, "pareto": 2})
    answer = compose(instance)
    found = [bundle for bundle in (answer.best, *answer.alternatives, *answer.pareto) if bundle]
    assert bool(found) == (answer.status == "proven")
    for bundle in found:
        verdict = check(instance, bundle.items, bundle.links)
        assert verdict.broken == ()
        assert (verdict.money, verdict.fit, verdict.vendors, verdict.objective) == (
            bundle.money,
            bundle.fit,
            bundle.vendors,
            bundle.objective,
        )


def test_the_checker_knows_neither_model_nor_solver():
    source = ast.parse(Path(checker.__file__).read_text())
    imported = {node.module for node in ast.walk(source) if isinstance(node, ast.ImportFrom)}
    ours = {name for name in imported if name.startswith("matching")}
    assert ours == {"matching.composer.answers", "matching.composer.instance"}
    assert not [node for node in ast.walk(source) if isinstance(node, ast.Import)]
