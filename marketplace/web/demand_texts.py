"""What was written about a need, read into the fields of the form: typed fields stay, empty ones are filled."""

from datetime import date
from typing import Any

from catalog.errors import Problem
from marketplace import wording
from marketplace.web import demand_words, forms
from matching.demand_content import MAX_DESCRIPTION, MAX_LINKS
from matching.demands import MAX_REQUIREMENTS
from matching.understanding import reading
from matching.understanding.found import BUDGET, DEADLINE, TARGET_LEVEL
from matching.understanding.reading import Reading

USUAL_QUALITY = 3
#: Empty rows for capabilities under the filled ones.
EMPTY_ROWS = 3
TEXT = "description"


def read_into(values: dict[str, Any], today: date) -> dict[str, Any]:
    """Fill the empty fields of `values` from its text and answer what the page says about it.

    Answers {"reading", "understood", "left"}; a text that is too long or empty answers "errors" at its field instead.
    """
    text = str(values.get(TEXT, ""))
    problem = _refused(text)
    if problem is not None:
        return {"errors": {TEXT: [wording.problem(problem)]}, "labels": forms.labels([TEXT])}
    found = reading.read(text, today)
    _fill(values, found)
    return {
        "reading": found,
        "understood": demand_words.understood(found),
        "left": demand_words.not_understood(found),
    }


def requirement_values(i: int, capability: str, must: bool, min_quality: int) -> dict[str, str | list[str]]:
    """One row of the form."""
    at = f"requirements/{i}"
    return {
        f"{at}/capability": capability,
        f"{at}/must": "must" if must else "nice",
        f"{at}/min_quality": str(min_quality),
    }


def _refused(text: str) -> Problem | None:
    if not text.strip():
        return Problem(TEXT, "required")
    if len(text) > MAX_DESCRIPTION:
        return Problem(TEXT, "too_long", {"max": MAX_DESCRIPTION})
    return None


def _fill(values: dict[str, Any], found: Reading) -> None:
    """Rows that are there already are left as they are; new ones stand behind them."""
    typed = [values.get(f"requirements/{i}/capability") for i in range(MAX_REQUIREMENTS)]
    free = [i for i, code in enumerate(typed) if not code]
    new = [row for row in found.requirements if row["capability"] not in typed]
    for i, row in zip(free, new, strict=False):
        values |= requirement_values(i, row["capability"], row["must"], row["min_quality"])
    linked = [{values.get(f"links/{i}/0"), values.get(f"links/{i}/1")} for i in range(MAX_LINKS)]
    places = [i for i, ends in enumerate(linked) if not any(ends)]
    for i, pair in zip(places, [pair for pair in found.links if set(pair) not in linked], strict=False):
        values |= {f"links/{i}/{side}": code for side, code in enumerate(pair)}
    budget, deadline, target = (found.one(field) for field in (BUDGET, DEADLINE, TARGET_LEVEL))
    for name, said in (
        ("budget_amount", None if budget is None else f"{budget:,}"),
        ("deadline", None if deadline is None else deadline.isoformat()),
        ("target_level/value", target),
    ):
        if said is not None and not str(values.get(name) or "").strip():
            values[name] = str(said)
