"""The numbered rules that a listing must meet before a validator sees it. Pure: content in, findings out.

Rules 1 texts · 2 applicability · 3 plans · 4 evidence · 5 the company. "required" findings stop a submission,
"advice" does not. The table `RULES` is the documentation; the page of the publish form and the API show it.

A bundle has the evidence of its parts: it is backed while their certificates hold and its signatures stand. What it
hands in of its own is of whole bundles, and held against the rules like any other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

REQUIRED, ADVICE = "required", "advice"

MIN_SUMMARY, MIN_DESCRIPTION, MIN_METHOD = 10, 80, 20
#: Evidence kinds that must carry a file and the name of who checked the value.
PROVED = frozenset({"test_report", "field"})

#: rule number → (code, severity); the code's sentence stands in the wording table.
RULES: Mapping[str, tuple[str, str]] = {
    "1.1": ("rule.summary", REQUIRED),
    "1.2": ("rule.description", REQUIRED),
    "1.3": ("rule.english", ADVICE),
    "2.1": ("rule.capability", REQUIRED),
    "2.2": ("rule.industry", REQUIRED),
    "2.3": ("rule.region", REQUIRED),
    "2.4": ("rule.deployment", REQUIRED),
    "2.5": ("rule.level", REQUIRED),
    "2.6": ("rule.interface", ADVICE),
    "2.7": ("rule.process", ADVICE),
    "2.8": ("rule.install_weeks", ADVICE),
    "3.1": ("rule.plan", REQUIRED),
    "3.2": ("rule.plan_price", REQUIRED),
    "3.3": ("rule.capability_in_plan", REQUIRED),
    "3.4": ("rule.quality_listed", REQUIRED),
    "3.5": ("rule.field_basis", REQUIRED),
    "4.1": ("rule.evidence", REQUIRED),
    "4.2": ("rule.method", REQUIRED),
    "4.3": ("rule.period", REQUIRED),
    "4.4": ("rule.sample", REQUIRED),
    "4.5": ("rule.site_profile", REQUIRED),
    "4.6": ("rule.file", REQUIRED),
    "4.7": ("rule.verified_by", REQUIRED),
    "5.1": ("rule.confirmed", REQUIRED),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that one field does not meet.

    Attributes:
        rule: its number in `RULES`.
        pointer: the field, as in `catalog.errors.Problem`.
        params: values for the sentence.
    """

    rule: str
    pointer: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """Key of the wording table."""
        return RULES[self.rule][0]

    @property
    def severity(self) -> str:
        """REQUIRED or ADVICE."""
        return RULES[self.rule][1]


def check(content: Mapping[str, Any], *, organization_state: str, backed: bool = False) -> list[Finding]:
    """Hold a listing's content (`listings.snapshot`) against every rule, in the order of their numbers.

    Args:
        backed: it is a bundle whose parts' certificates hold and whose signatures stand.
    """
    found = [
        *_texts(content),
        *_applicability(content),
        *_plans(content, backed=backed),
        *_evidence(content, backed=backed),
    ]
    if organization_state != "confirmed":
        found.append(Finding("5.1", "organization"))
    return found


def is_complete(findings: list[Finding]) -> bool:
    """Whether nothing required is missing."""
    return all(finding.severity != REQUIRED for finding in findings)


def _texts(content: Mapping[str, Any]) -> Iterator[Finding]:
    if len(content["summary"].strip()) < MIN_SUMMARY:
        yield Finding("1.1", "summary", {"min": MIN_SUMMARY})
    if len(content["description"].strip()) < MIN_DESCRIPTION:
        yield Finding("1.2", "description", {"min": MIN_DESCRIPTION})
    if not (
        content["title_en"].strip() and content["summary_en"].strip() and content["description_en"].strip()
    ):
        yield Finding("1.3", "title_en")


def _applicability(content: Mapping[str, Any]) -> Iterator[Finding]:
    for rule, name in (
        ("2.1", "capabilities"),
        ("2.2", "industries"),
        ("2.3", "regions"),
        ("2.4", "deployment"),
    ):
        if not content[name]:
            yield Finding(rule, name)
    if content["level"] is None:
        yield Finding("2.5", "level")
    for rule, name in (("2.6", "interfaces"), ("2.7", "processes")):
        if not content[name]:
            yield Finding(rule, name)
    if content["install_weeks"] is None:
        yield Finding("2.8", "install_weeks")


def _plans(content: Mapping[str, Any], *, backed: bool) -> Iterator[Finding]:
    plans = content["plans"]
    if not plans:
        yield Finding("3.1", "plans")
        return
    proven_in_field = backed or any(record["kind"] == "field" for record in content["evidence"])
    covered = {q["capability"] for plan in plans for q in plan["quality"] if q["quality"] >= 1}
    for i, plan in enumerate(plans):
        if plan["price_amount"] is None and plan["kind"] != "project":
            yield Finding("3.2", f"plans/{i}/price_amount", {"plan": plan["name"]})
    for i, code in enumerate(content["capabilities"]):
        if code not in covered:
            yield Finding("3.3", f"capabilities/{i}", {"capability": code})
    for i, plan in enumerate(plans):
        for j, quality in enumerate(plan["quality"]):
            if quality["capability"] not in content["capabilities"]:
                yield Finding(
                    "3.4", f"plans/{i}/quality/{j}/capability", {"capability": quality["capability"]}
                )
            if quality["basis"] == "field_proven" and not proven_in_field:
                yield Finding("3.5", f"plans/{i}/quality/{j}/basis", {"capability": quality["capability"]})


def _evidence(content: Mapping[str, Any], *, backed: bool) -> Iterator[Finding]:
    if not content["evidence"] and not backed:
        yield Finding("4.1", "evidence")
    for i, record in enumerate(content["evidence"]):
        at = f"evidence/{i}"
        name = {"kpi": record["kpi"]}
        if len(record["method"].strip()) < MIN_METHOD:
            yield Finding("4.2", f"{at}/method", {**name, "min": MIN_METHOD})
        if record["kind"] not in PROVED:
            continue
        for day in ("baseline_from", "baseline_to", "after_from", "after_to"):
            if record[day] is None:
                yield Finding("4.3", f"{at}/{day}", name)
        if not record["sample"].strip():
            yield Finding("4.4", f"{at}/sample", name)
        if record["site"]["industry"] is None or record["site"]["headcount"] is None:
            yield Finding("4.5", f"{at}/site", name)
        if not record["files"]:
            yield Finding("4.6", f"{at}/files", name)
        if not record["verified_by"].strip():
            yield Finding("4.7", f"{at}/verified_by", name)
