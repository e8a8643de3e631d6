"""Readings, versions and what an audience sees, as the API answers them."""

from collections.abc import Sequence
from typing import Any

from matching.audience import AudienceView
from matching.crowds import Band
from matching.demand_content import differences
from matching.models import DemandVersion
from matching.understanding.found import BUDGET, DEADLINE, TARGET_LEVEL, Found
from matching.understanding.reading import Reading


def reading(found: Reading) -> dict[str, Any]:
    """A text with what was understood."""
    return {
        "text": found.text,
        "found": [{**_found(one), "words": found.words(one)} for one in found.found],
        "not_understood": [
            {"words": found.text[start:end], "start": start, "end": end} for start, end in found.left
        ],
        "contradictions": list(found.contradictions),
        "requirements": found.requirements,
        "links": found.links,
        "target_level": found.one(TARGET_LEVEL),
        "budget_amount": found.one(BUDGET),
        "deadline": found.one(DEADLINE),
    }


def versions(rows: Sequence[DemandVersion]) -> list[dict[str, Any]]:
    """Versions, newest first as given, each with the names of the fields in which it differs from the one before.

    A draft has none.
    """
    older = [*rows[1:], None] if rows else []
    return [
        {
            "number": row.number,
            "by": row.by,
            "at": row.at,
            "content": row.content,
            "changed": []
            if before is None
            else [name for name, _old, _new in differences(before.content, row.content)],
        }
        for row, before in zip(rows, older, strict=True)
    ]


def view(one: AudienceView) -> dict[str, Any]:
    """What one organization sees of a demand."""
    plain = (
        "named",
        "organization",
        "site",
        "title",
        "description",
        "deadline",
        "industry",
        "sector",
        "region",
        "area",
        "level",
        "level_basis",
        "target_level",
    )
    return {
        "id": one.demand,
        **{name: getattr(one, name) for name in plain},
        "level_basis": one.level_basis or None,
        "size": _band(one.size),
        "requirements": [
            {"capability": row.capability, "must": row.must, "min_quality": row.min_quality}
            for row in one.asked
        ],
        "links": [list(pair) for pair in one.links],
        "budget": _band(one.budget),
        "quarter": None if one.quarter is None else f"{one.quarter[0]}-Q{one.quarter[1]}",
    }


def _band(band: Band | None) -> dict[str, int | None] | None:
    return None if band is None else {"low": band[0], "high": band[1]}


def _found(one: Found) -> dict[str, Any]:
    value = one.value
    if hasattr(value, "isoformat"):
        value = value.isoformat()
    elif isinstance(value, tuple):
        value = list(value)
    return {"field": one.field, "value": value, "start": one.start, "end": one.end, "sure": one.sure}
