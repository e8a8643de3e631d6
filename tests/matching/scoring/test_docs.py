"""docs/fit-score.md is true: every table and the worked example are read from the page and recomputed."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from matching.scoring import axes
from matching.scoring.facts import EvidenceFact, Need, PlanFact, Requirement, offer_from_content
from matching.scoring.score import EXCLUSION_CODES, exclusion, score
from matching.scoring.weights import AXES, BUILT_IN, HEADINGS
from tests.matching.scoring.cases import NEED, OFFER

PAGE = (Path(__file__).parents[3] / "docs" / "fit-score.md").read_text(encoding="utf-8")
WEIGHTS = BUILT_IN


def table(name):
    """The rows of a table of the page, as dictionaries; "–" is None."""
    section = re.split(r"\n#{3,4} Table: ", PAGE)
    body = next(part for part in section if part.startswith(f"{name}\n"))
    lines = re.search(r"(?:^\|.*\n)+", body, re.MULTILINE).group().splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    head, _, *rows = cells
    assert rows, name
    return [{key: None if cell == "–" else cell for key, cell in zip(head, row, strict=True)} for row in rows]


def number(cell):
    return None if cell is None else int(cell)


def key(cell):
    revision, code = cell.split(":")
    return revision, code


def check_value(cell, value):
    """`value` is what the page says to the digits it prints; halves go either way in floating point."""
    assert value == pytest.approx(float(cell), abs=0.5001 * 10 ** -len(cell.partition(".")[2]))


def example():
    facts = yaml.safe_load(re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL).group(1))
    stated = facts["need"]
    need = Need(
        **{
            **stated,
            "requirements": tuple(Requirement(**row) for row in stated["requirements"]),
            "industry": tuple(stated["industry"]),
            "connections": tuple(frozenset(system) for system in stated["connections"]),
        }
    )
    return need, offer_from_content(facts["listing"], listing="example", certificate_valid=True)


def test_weights():
    heading = {axis: each.id for each in HEADINGS for axis in each.axes}
    expected = [(axis, WEIGHTS.axis[axis], axis not in WEIGHTS.not_in_use, heading[axis]) for axis in AXES]
    rows = table("weights")
    assert [(r["axis"], int(r["weight"]), r["in use"] == "yes", r["heading"]) for r in rows] == expected
    assert f"## Weights, version {WEIGHTS.version}" in PAGE
    assert f"highest denominator is {sum(WEIGHTS.counted(axis) for axis in AXES)}" in PAGE


def test_exclusions():
    assert [row["code"] for row in table("exclusions")] == list(EXCLUSION_CODES)


def test_quality():
    for row in table("quality"):
        need = replace(NEED, requirements=(Requirement("mes", False, int(row["m"])),))
        plan = PlanFact("p", "p", None, {"mes": int(row["q"])})
        check_value(row["value"], axes.capability(need, OFFER, plan).value)


def test_maturity():
    for row in table("maturity"):
        need = replace(NEED, level=int(row["L"]), target_level=number(row["T"]))
        check_value(
            row["value"],
            axes.maturity(need, replace(OFFER, level_from=int(row["from"]), level_to=int(row["to"]))).value,
        )


def test_industry():
    for row in table("industry"):
        site, claimed = key(row["site"]), key(row["claimed"])
        assert axes.relation(site, claimed) == row["relation"]
        check_value(
            row["value"],
            axes.industry(replace(NEED, industry=site), replace(OFFER, industries=(claimed,))).value,
        )


def test_strength():
    rows = {
        row["kind"]: (float(row["one record"]), float(row["together at most"])) for row in table("strength")
    }
    assert rows == {kind: (axes.STRENGTH[kind], axes.STRENGTH_CAP[kind]) for kind in axes.STRENGTH}
    assert f"× {axes.OTHER_DIVISION} when it was not measured" in PAGE


def test_evidence():
    for row in table("evidence"):
        kinds = [(kind, True) for kind in (row["improved"] or "").split()]
        kinds += [(kind, False) for kind in (row["failed"] or "").split()]
        records = tuple(
            EvidenceFact(kind, NEED.industry, improved, f"site {n}")
            for n, (kind, improved) in enumerate(kinds)
        )
        check_value(row["value"], axes.evidence(NEED, replace(OFFER, evidence=records)).value)


def test_price():
    for row in table("price"):
        plan = PlanFact("p", "p", int(row["P"]), {})
        check_value(row["value"], axes.price(replace(NEED, budget_amount=int(row["B"])), plan).value)


def test_delivery():
    for row in table("delivery"):
        assert row["region"] == "covered"
        need = replace(NEED, weeks_left=number(row["weeks left"]))
        check_value(
            row["value"], axes.region(need, replace(OFFER, install_weeks=number(row["install weeks"]))).value
        )


def test_example():
    need, offer = example()
    result = score(need, offer, WEIGHTS)
    *rows, total = table("example")
    for row, part in zip(rows, result.parts, strict=True):
        assert (row["axis"], row["state"], int(row["weight"])) == (part.axis, part.state, part.weight)
        assert int(row["shown"]) == part.shown_points
        check_value(row["value"], part.value)
        check_value(row["weight × value"], part.weight * part.value)
        check_value(row["points"], part.points)
    assert (int(total["weight"]), int(total["shown"])) == (result.denominator, result.shown_fit)
    check_value(total["points"], result.fit)
    check_value(total["weight × value"], sum(part.weight * part.value for part in result.parts))
    assert (result.plan, exclusion(need, offer)) == ("plus", None)


def test_example_of_the_plan_not_considered():
    need, offer = example()
    basic = score(need, replace(offer, plans=offer.plans[:1]), WEIGHTS)
    points = [
        22 * each.part("capability").value + 10 * each.part("price").value
        for each in (basic, score(need, offer, WEIGHTS))
    ]
    assert [f"{value:.2f}" for value in points] == re.findall(
        r"together\s+(?:22 × [\d.]+ \+ 10 × 1 = )?([\d.]+)\. \*?\*?P", PAGE
    )


def changed(change, need, offer):
    return {
        "nothing": (need, offer),
        "the demand states no budget": (replace(need, budget_amount=None), offer),
        "the listing names no prices": (
            need,
            replace(offer, plans=tuple(replace(plan, first_year_amount=None) for plan in offer.plans)),
        ),
        "the failed record is not published yet": (
            need,
            replace(offer, evidence=tuple(record for record in offer.evidence if record.improved)),
        ),
        "the site stands at level 1": (replace(need, level=1), offer),
        "the budget is 13 million won": (replace(need, budget_amount=13_000_000), offer),
    }[change]


def test_variations():
    for row in table("variations"):
        need, offer = changed(row["change"], *example())
        result = score(need, offer, WEIGHTS)
        check_value(row["fit"], result.fit)
        found = exclusion(need, offer)
        assert (int(row["shown"]), int(row["denominator"])) == (result.shown_fit, result.denominator)
        assert row["excluded"] == (found.code if found else None)


def test_the_order_value_of_the_example():
    need, offer = example()
    fit, text, order = re.search(r"order value is ([\d.]+) \+ 0 \+ 15 × ([\d.]+) = ([\d.]+)\.", PAGE).groups()
    result = score(need, offer, WEIGHTS, text=float(text))
    check_value(fit, result.fit)
    check_value(order, result.order_value)
