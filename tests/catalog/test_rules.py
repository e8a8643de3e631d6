"""The numbered rules and the rubric: for every rule a content that breaks only it."""

import copy

import pytest

from catalog.validation import rubric, rules
from catalog.validation.rules import ADVICE, REQUIRED, check, is_complete

RECORD = {
    "id": "e",
    "kind": "field",
    "kpi": "용접 불량률",
    "unit": "%",
    "direction": "lower",
    "baseline": "3.1",
    "after": "0.9",
    "site": {
        "industry": {"revision": "11", "code": "303"},
        "region": "gyeongnam",
        "headcount": 62,
        "level": None,
    },
    "baseline_from": "2025-06-02",
    "baseline_to": "2025-06-29",
    "after_from": "2025-09-01",
    "after_to": "2025-10-26",
    "method": "가" * 20,
    "sample": "비드 18,420장",
    "verified_by": "품질팀",
    "files": [{"id": "f"}],
}
CONTENT = {
    "kind": "solution",
    "title": "웰드아이",
    "title_en": "WeldEye",
    "summary": "가" * 10,
    "summary_en": "Inspects welds.",
    "description": "가" * 80,
    "description_en": "Cameras.",
    "capabilities": ["ai_vision"],
    "industries": [{"revision": "11", "code": "303"}],
    "processes": ["welding"],
    "interfaces": ["opcua"],
    "regions": ["busan"],
    "deployment": ["on_premise"],
    "level": {"scale": "company_level", "from": 2, "to": 4},
    "install_weeks": 6,
    "plans": [
        {
            "id": "p",
            "name": "표준",
            "kind": "one_off",
            "price_amount": 30_000_000,
            "setup_amount": 0,
            "trial_days": None,
            "quality": [{"capability": "ai_vision", "quality": 4, "basis": "field_proven"}],
        }
    ],
    "evidence": [RECORD],
}


def changed(path, value):
    """The complete content with one value replaced."""
    content = copy.deepcopy(CONTENT)
    *way, last = path.split("/")
    inner = content
    for step in way:
        inner = inner[int(step)] if isinstance(inner, list) else inner[step]
    inner[int(last) if isinstance(inner, list) else last] = value
    return content


def found(content, state="confirmed"):
    return [(finding.rule, finding.pointer) for finding in check(content, organization_state=state)]


CLAIM = {**RECORD, "kind": "claim", "sample": "", "verified_by": "", "files": [], "after_to": None}
MES = {"capability": "mes", "quality": 3, "basis": "claimed"}
QUALITY = "plans/0/quality/0"

#: rule → (what is changed, to what, where the finding points)
BREAKS = {
    "1.1": ("summary", " " + "가" * 9, "summary"),
    "1.2": ("description", "가" * 79 + "\n", "description"),
    "1.3": ("summary_en", " ", "title_en"),
    "2.2": ("industries", [], "industries"),
    "2.3": ("regions", [], "regions"),
    "2.4": ("deployment", [], "deployment"),
    "2.5": ("level", None, "level"),
    "2.6": ("interfaces", [], "interfaces"),
    "2.7": ("processes", [], "processes"),
    "2.8": ("install_weeks", None, "install_weeks"),
    "3.1": ("plans", [], "plans"),
    "3.2": ("plans/0/price_amount", None, "plans/0/price_amount"),
    "3.3": (f"{QUALITY}/quality", 0, "capabilities/0"),
    "3.4": ("plans/0/quality", [*CONTENT["plans"][0]["quality"], MES], "plans/0/quality/1/capability"),
    "3.5": ("evidence/0/kind", "test_report", f"{QUALITY}/basis"),
    "4.2": ("evidence/0/method", "가" * 19 + " ", "evidence/0/method"),
    "4.3": ("evidence/0/after_to", None, "evidence/0/after_to"),
    "4.4": ("evidence/0/sample", " ", "evidence/0/sample"),
    "4.5": ("evidence/0/site/headcount", None, "evidence/0/site"),
    "4.6": ("evidence/0/files", [], "evidence/0/files"),
    "4.7": ("evidence/0/verified_by", "\t", "evidence/0/verified_by"),
}


def test_a_complete_content_breaks_no_rule():
    assert found(CONTENT) == []


@pytest.mark.parametrize("rule", sorted(BREAKS))
def test_a_content_that_breaks_one_rule_gets_its_finding_alone(rule):
    path, value, pointer = BREAKS[rule]
    assert found(changed(path, value)) == [(rule, pointer)]


def test_without_a_capability_the_plan_has_one_too_many():
    """2.1 alone needs plans that name none; the basis of nothing needs no field proof."""
    content = {**changed("plans/0/quality", []), "capabilities": []}
    assert found(content) == [("2.1", "capabilities")]


def test_without_evidence_nothing_else_is_asked_of_it():
    content = {**changed(f"{QUALITY}/basis", "claimed"), "evidence": []}
    assert found(content) == [("4.1", "evidence")]


def test_a_company_that_is_not_confirmed():
    assert found(CONTENT, "registered") == [("5.1", "organization")]


def test_every_rule_of_the_table_is_tried_here():
    assert set(BREAKS) | {"2.1", "4.1", "5.1"} == set(rules.RULES)
    assert len(rules.RULES) == 24


def test_severities_stand_in_the_table_and_advice_stops_nothing():
    advice = {rule for rule, (_, severity) in rules.RULES.items() if severity == ADVICE}
    assert advice == {"1.3", "2.6", "2.7", "2.8"}
    for rule, (path, value, _) in BREAKS.items():
        (finding,) = check(changed(path, value), organization_state="confirmed")
        assert (finding.code, finding.severity) == rules.RULES[rule]
        assert is_complete([finding]) == (rule in advice)
    assert {severity for _, severity in rules.RULES.values()} == {ADVICE, REQUIRED}


@pytest.mark.parametrize("day", ["baseline_from", "baseline_to", "after_from", "after_to"])
def test_each_day_of_the_period_is_asked_for(day):
    assert found(changed(f"evidence/0/{day}", None)) == [("4.3", f"evidence/0/{day}")]


def test_a_claim_needs_a_method_and_nothing_more():
    plain = changed(f"{QUALITY}/basis", "claimed")
    assert found({**plain, "evidence": [CLAIM]}) == []
    assert found({**plain, "evidence": [{**CLAIM, "method": ""}]}) == [("4.2", "evidence/0/method")]


def test_only_a_project_may_be_priced_by_quote():
    by_quote = changed("plans/0/price_amount", None)
    kinds = {}
    for kind in ("one_off", "subscription", "project", "usage"):
        by_quote["plans"][0]["kind"] = kind
        kinds[kind] = found(by_quote)
    refused = [("3.2", "plans/0/price_amount")]
    assert kinds == {"one_off": refused, "subscription": refused, "project": [], "usage": refused}


def test_findings_come_in_the_order_of_their_numbers():
    empty = {
        **CONTENT,
        **dict.fromkeys(("title_en", "summary", "summary_en", "description", "description_en"), ""),
        **{name: [] for name in ("capabilities", "industries", "processes", "interfaces", "regions")},
        "deployment": [],
        "plans": [],
        "evidence": [],
        "level": None,
        "install_weeks": None,
    }
    assert [rule for rule, _ in found(empty, "registered")] == [
        "1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "3.1", "4.1", "5.1",
    ]  # fmt: skip


ALL_FOUR = {criterion.id: 4 for criterion in rubric.CRITERIA}


def test_the_weights_of_the_rubric_sum_to_a_hundred():
    assert sum(criterion.weight for criterion in rubric.CRITERIA) == 100
    assert rubric.total(dict.fromkeys(ALL_FOUR, 5)) == 100
    assert rubric.total(ALL_FOUR) == 80


def test_the_total_is_rounded_down_and_what_has_no_points_counts_nothing():
    # 25·4 + 20·3 + 20·4 + 15·3 + 10·3 + 10·4 = 355, a fifth of it is 71
    mixed = {"method": 4, "sample": 3, "effect": 4, "persistence": 3, "data_security": 3, "documents": 4}
    assert rubric.total(mixed) == 71
    assert rubric.total({"method": 3}) == 15
    assert rubric.total({"persistence": 1}) == 3
    assert rubric.total({}) == 0


def test_required_criteria_have_a_minimum_of_their_own():
    assert rubric.below_minimum(ALL_FOUR) == []
    assert rubric.below_minimum({**ALL_FOUR, "sample": 2, "effect": 0}) == ["sample"]
    assert rubric.below_minimum({}) == ["method", "sample", "data_security"]
    assert rubric.below_minimum({**ALL_FOUR, "method": 3}) == []


def test_missing_points_are_named_in_the_order_of_the_rubric():
    assert rubric.missing({"sample": 0, "documents": 5}) == [
        "method",
        "effect",
        "persistence",
        "data_security",
    ]
    assert rubric.missing(ALL_FOUR) == []
