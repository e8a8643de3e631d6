"""The published rubric: what a validator weighs, and when a listing may be approved. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

MAX_POINTS = 5
#: A required criterion with fewer points than this stops an approval.
REQUIRED_POINTS = 3
#: Weighted total, out of 100, from which a listing may be approved.
PASS_SCORE = 70


@dataclass(frozen=True, slots=True)
class Criterion:
    """One row of the rubric; the weights of an edition sum to 100."""

    id: str
    weight: int
    required: bool


EDITION = "2026-1"
CRITERIA: tuple[Criterion, ...] = (
    Criterion("method", 25, True),
    Criterion("sample", 20, True),
    Criterion("effect", 20, False),
    Criterion("persistence", 15, False),
    Criterion("data_security", 10, True),
    Criterion("documents", 10, False),
)


def missing(points: Mapping[str, int]) -> list[str]:
    """Criteria that have no points yet."""
    return [c.id for c in CRITERIA if c.id not in points]


def total(points: Mapping[str, int]) -> int:
    """Weighted sum, 0–100, rounded down; criteria without points count 0."""
    return sum(c.weight * points.get(c.id, 0) for c in CRITERIA) // MAX_POINTS


def below_minimum(points: Mapping[str, int]) -> list[str]:
    """Required criteria with fewer than REQUIRED_POINTS."""
    return [c.id for c in CRITERIA if c.required and points.get(c.id, 0) < REQUIRED_POINTS]
