"""One thing that was understood, and where it stands in the text."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

#: Fields of a reading.
MUST, NICE, NOT_WANTED, SYSTEM, LINK = "must", "nice", "not_wanted", "system", "link"
PROCESS, INDUSTRY, REGION = "process", "industry", "region"
BUDGET, DEADLINE, LEVEL, TARGET_LEVEL = "budget_amount", "deadline", "level", "target_level"


@dataclass(frozen=True, slots=True)
class Found:
    """One reading of some words.

    Attributes:
        field: one of the words above.
        value: a code; a pair of codes (link); won; a date; a level 1–5.
        start, end: where its words stand in the text, end exclusive.
        sure: False asks the writer to confirm: it follows from a purpose, a custom or a guess at the year.
    """

    field: str
    value: Any
    start: int
    end: int
    sure: bool = True


def overlaps(one: Found | tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    """Whether its words share a character with any of the other spans."""
    start, end = (one.start, one.end) if isinstance(one, Found) else one
    return any(start < other_end and other_start < end for other_start, other_end in others)
