"""docs/self-check.md is true: every table is read from the page and recomputed."""

import re
from fractions import Fraction
from pathlib import Path

import pytest

from matching.maturity import items, roadmap, scoring

PAGE = (Path(__file__).parents[3] / "docs" / "self-check.md").read_text(encoding="utf-8")
INSTRUMENT = items.instrument()


def table(name):
    """The rows of a table of the page, as dictionaries; "–" is None."""
    section = next(part for part in re.split(r"\n### Table: ", PAGE) if part.startswith(f"{name}\n"))
    lines = re.search(r"(?:^\|.*\n)+", section, re.MULTILINE).group().splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    head, _, *rows = cells
    return [{key: None if cell == "–" else cell for key, cell in zip(head, row, strict=True)} for row in rows]


def answers(written):
    assert len(written) == len(INSTRUMENT.questions)
    return {
        question.id: None if digit == "?" else int(digit)
        for question, digit in zip(INSTRUMENT.questions, written, strict=True)
    }


def listed(cell):
    return [] if cell is None else cell.split(", ")


def shown(mean):
    return None if mean is None else f"{float(mean):.2f}"


def test_cut_offs():
    rows = table("cut-offs")
    assert [int(row["level"]) for row in rows] == [1, 2, 3, 4, 5]
    for row in rows:
        level, begins = int(row["level"]), Fraction(row["begins at"])
        assert scoring.begins_at(level) == begins
        assert scoring.level_of(begins) == level
        if level > 1:
            assert scoring.level_of(begins - Fraction(1, 1000)) == level - 1


@pytest.mark.parametrize("row", table("worked levels"), ids=lambda row: row["answers"])
def test_levels(row):
    found = scoring.result(INSTRUMENT, answers(row["answers"]))
    assert str(found.answered) == row["answered"]
    assert shown(found.mean) == row["mean"]
    assert found.level == (None if row["level"] is None else int(row["level"]))
    assert list(found.weakest) == listed(row["weakest areas"])
    assert found.answered + found.unknown == len(INSTRUMENT.questions)


def test_areas_and_what_builds_on_what():
    assert {row["area"]: listed(row["capabilities in order"]) for row in table("areas")} == {
        area.id: list(area.capabilities) for area in INSTRUMENT.areas
    }
    assert {row["capability"]: listed(row["before it"]) for row in table("builds on")} == {
        code: list(before) for code, before in INSTRUMENT.builds_on.items()
    }


@pytest.mark.parametrize("row", table("worked roadmaps"), ids=lambda row: f"{row['answers']}-{row['step']}")
def test_roadmaps(row):
    given = answers(row["answers"])
    steps = roadmap.steps(
        INSTRUMENT,
        level=scoring.result(INSTRUMENT, given).level,
        goal=int(row["goal"]),
        answers=given,
        in_use=listed(row["in use"]),
    )
    step = steps[int(row["step"]) - 1]
    assert f"{step.from_level} → {step.to_level}" == row["from → to"]
    assert f"{shown(step.mean_before)} → {shown(step.mean_after)}" == row["mean"]
    assert [lift.area for lift in step.lifts] == listed(row["areas"])
    assert list(step.to_get) == listed(row["to get"])
    nice = [need.capability for need in step.needs if not need.must]
    assert nice == listed(row["nice"])
    standing = [need.capability for need in step.needs if need.standing != "needed"]
    assert standing == listed(row["standing"])
    assert step.later == (step.from_level >= int(row["goal"]))
