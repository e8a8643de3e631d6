"""Where the marks of the picture of levels stand: what was measured to the left of today, what is planned to its right.

Shares of the width in percent, heights in the picture's own units. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from matching.maturity import scoring
from matching.maturity.roadmap import Step
from matching.models import Assessment
from matching.models.assessment import CERTIFIED, SELF_CHECK

TOP, BOTTOM = 18.0, 208.0
FIRST_X, TODAY_X, LAST_X = 10.0, 60.0, 97.0
#: Older self-checks than this many are in the table alone.
DRAWN = 6
LEVELS = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark with its words: `x` in percent of the width, `y` from the top."""

    x: float
    y: float
    text: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Band:
    """The heights between which a level lies."""

    level: int
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is drawn."""

    bands: tuple[Band, ...]
    checks: tuple[Mark, ...]
    certificates: tuple[Mark, ...]
    planned: tuple[Mark, ...]
    goal_y: float | None
    today_x: float = TODAY_X


def draw(history: Sequence[Assessment], steps: Sequence[Step], goal: int | None, today: date) -> Picture:
    """Place the self-checks and certificates by their days, the steps by their order alone."""
    told = [row for row in history if row.level is not None]  # a run without a level says nothing
    checks = [row for row in told if row.basis == SELF_CHECK and row.detail.get("mean")][-DRAWN:]
    certificates = [row for row in told if row.basis == CERTIFIED]
    first = min((row.assessed_on for row in [*checks, *certificates]), default=today)
    planned = [step for step in steps if step.mean_after is not None]
    apart = (LAST_X - TODAY_X) / (len(planned) or 1)
    return Picture(
        bands=tuple(_band(level) for level in range(1, LEVELS + 1)),
        checks=tuple(
            Mark(
                _x(row.assessed_on, first, today),
                _y(Fraction(row.detail["mean"])),
                row.detail["mean"],
                row.assessed_on,
            )
            for row in checks
        ),
        certificates=tuple(
            Mark(
                _x(row.assessed_on, first, today),
                _y(Fraction(row.level or 1)),
                str(row.level),
                row.assessed_on,
            )
            for row in certificates
        ),
        planned=tuple(
            Mark(round(TODAY_X + apart * nth, 2), _y(step.mean_after), f"{float(step.mean_after):.2f}", None)
            for nth, step in enumerate(planned, start=1)
            if step.mean_after is not None
        ),
        goal_y=None if goal is None else _y(scoring.begins_at(goal)),
    )


def share(mean: Fraction | float) -> float:
    """How far along a bar from 1 to 5 a mean lies, in percent."""
    return round(float(mean - 1) / (LEVELS - 1) * 100, 2)


def _x(day: date, first: date, today: date) -> float:
    days = (today - first).days
    return TODAY_X if not days else round(FIRST_X + (TODAY_X - FIRST_X) * (day - first).days / days, 2)


def _y(mean: Fraction) -> float:
    return round(BOTTOM - float(mean - 1) / (LEVELS - 1) * (BOTTOM - TOP), 1)


def _band(level: int) -> Band:
    top = TOP if level == LEVELS else _y(scoring.begins_at(level + 1))
    return Band(level, top, _y(scoring.begins_at(level)))
