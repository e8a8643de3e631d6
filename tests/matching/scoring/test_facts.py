"""From a release's frozen content to the facts of an offer."""

from copy import deepcopy

import pytest

from catalog.content import first_year_amount
from matching.scoring.facts import (
    EvidenceFact,
    Need,
    Offer,
    PlanFact,
    Requirement,
    improved,
    offer_from_content,
)

CONTENT = {
    "kind": "solution",
    "title": "비전 검사",
    "title_en": "Vision inspection",
    "capabilities": ["ai_vision"],
    "industries": [{"revision": "11", "code": "303"}],
    "processes": ["welding"],
    "interfaces": ["rest", "opcua"],
    "regions": ["gyeongnam"],
    "deployment": ["cloud"],
    "level": {"scale": "company_level", "from": 1, "to": 3},
    "install_weeks": None,
    "plans": [
        {
            "id": "p1",
            "name": "월 구독",
            "kind": "subscription",
            "price_amount": 1_000_000,
            "setup_amount": 3_000_000,
            "trial_days": 30,
            "quality": [{"capability": "ai_vision", "quality": 4, "basis": "field_proven"}],
        }
    ],
    "evidence": [
        {
            "id": "e1",
            "kind": "field",
            "direction": "lower",
            "baseline": "3.1",
            "after": "0.9",
            "site": {
                "industry": {"revision": "11", "code": "303"},
                "region": "gyeongnam",
                "headcount": 62,
                "level": None,
            },
        }
    ],
}


def test_content_becomes_an_offer():
    assert offer_from_content(CONTENT, listing="x", certificate_valid=True) == Offer(
        listing="x",
        level_from=1,
        level_to=3,
        industries=(("11", "303"),),
        interfaces=frozenset({"rest", "opcua"}),
        regions=frozenset({"gyeongnam"}),
        plans=(PlanFact("p1", "월 구독", 15_000_000, {"ai_vision": 4}),),
        evidence=(EvidenceFact("field", ("11", "303"), True, "11:303|gyeongnam|62"),),
        install_weeks=None,
        certificate_valid=True,
    )


@pytest.mark.parametrize("missing", ["industry", "region", "headcount"])
def test_half_a_site_profile_names_no_site(missing):
    content = deepcopy(CONTENT)
    content["evidence"][0]["site"][missing] = None
    assert offer_from_content(content, listing="x", certificate_valid=True).evidence[0].site == ""


def test_a_level_on_another_scale_is_refused():
    content = {**CONTENT, "level": {"scale": "system_level", "from": 1, "to": 3}}
    with pytest.raises(ValueError, match="expected 'company_level'"):
        offer_from_content(content, listing="x", certificate_valid=True)


@pytest.mark.parametrize(
    ("kind", "price", "setup", "amount"),
    [
        ("one_off", 10, 2, 12),
        ("project", 10, 2, 12),
        ("project", None, 2, None),
        ("subscription", 10, 2, 122),
        ("subscription", 10, None, None),
        ("usage", 10, 2, None),
    ],
)
def test_first_year_amount(kind, price, setup, amount):
    plan = {"kind": kind, "price_amount": price, "setup_amount": setup}
    assert first_year_amount(plan) == amount


@pytest.mark.parametrize(
    ("direction", "baseline", "after", "expected"),
    [
        ("lower", "3.1", "0.9", True),
        ("lower", "0.9", "3.1", False),
        ("higher", "10", "9.5", False),
        ("higher", "9.50", "10", True),
        ("lower", "1.0", "1.00", False),
        ("higher", None, "1", None),
        ("higher", "1", None, None),
        ("higher", "many", "1", None),
        ("higher", "NaN", "1", None),
        ("higher", "1", "Infinity", None),
        ("sideways", "1", "2", None),
    ],
)
def test_improved(direction, baseline, after, expected):
    assert improved(direction, baseline, after) is expected


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Requirement("mes", True, 0), "min_quality is 0, expected 1 to 5"),
        (lambda: Requirement("mes", True, 6), "min_quality is 6, expected 1 to 5"),
        (lambda: PlanFact("p", "p", -1, {}), "first_year_amount is -1, expected 0 or more"),
        (lambda: PlanFact("p", "p", 1, {"mes": 6}), "quality is 6, expected 0 to 5"),
        (lambda: Need((), 6, None, None, None, (), None, None), "level is 6, expected 1 to 5"),
        (lambda: Need((), 1, 0, None, None, (), None, None), "target_level is 0, expected 1 to 5"),
        (lambda: Need((), 1, 2, None, None, (), -1, None), "budget_amount is -1, expected 0 or more"),
        (
            lambda: Offer("x", 0, 3, (), frozenset(), frozenset(), (), (), None, True),
            "level_from is 0, expected 1 to 5",
        ),
        (
            lambda: Offer("x", 1, 9, (), frozenset(), frozenset(), (), (), None, True),
            "level_to is 9, expected 1 to 5",
        ),
        (
            lambda: Offer("x", 1, 3, (), frozenset(), frozenset(), (), (), -1, True),
            "install_weeks is -1, expected 0 or",
        ),
    ],
)
def test_a_figure_out_of_its_range_is_refused(build, message):
    with pytest.raises(ValueError, match=message):
        build()
