"""What waits for the operator: each area of the console adds its kind, the overview shows them by age."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from catalog import clock
from marketplace.accounts.permission import is_allowed
from marketplace.inbox import workdays

#: Days waited, both ends included; the last band has no end.
BANDS = ((0, 0), (1, 2), (3, 6), (7, None))
#: A kind answers at most this many rows, the oldest.
MOST = 500


class Waiting(NamedTuple):
    """One thing that waits: since when, how it is called, where it is dealt with."""

    since: datetime
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One line of the overview. `goal_days`: working days after which nothing of it should still wait."""

    permission: str
    label: Any
    href: str
    goal_days: int
    read: Callable[[Session], Sequence[Waiting]]


@dataclass(frozen=True, slots=True)
class Line:
    """What the overview shows of one kind: how many in each of BANDS, the oldest, days beyond the goal."""

    kind: Kind
    counts: tuple[int, ...]
    oldest: Waiting | None
    days: int
    late: int

    @property
    def total(self) -> int:
        """How many wait in all."""
        return sum(self.counts)


KINDS: list[Kind] = []

Reader = Callable[[Session], Sequence[Waiting]]


def kind(permission: str, label: Any, href: str, goal_days: int) -> Callable[[Reader], Reader]:
    """Register a function that answers what waits, oldest first, at most MOST. `label` is lazily translated."""

    def register(read: Reader) -> Reader:
        KINDS.append(Kind(permission, label, href, goal_days, read))
        return read

    return register


def lines(session: Session, today: date) -> list[Line]:
    """Every kind that the reader may deal with; what has waited longest beyond its goal first."""
    found = [_line(k, k.read(session), today) for k in KINDS if is_allowed(k.permission)]
    return sorted(found, key=lambda line: (not line.total, -line.late, -line.days))


def _line(k: Kind, rows: Sequence[Waiting], today: date) -> Line:
    days = [(today - clock.day_of(row.since)).days for row in rows]
    counts = tuple(sum(1 for n in days if n >= low and (high is None or n <= high)) for low, high in BANDS)
    if not rows:
        return Line(k, counts, None, 0, 0)
    due = workdays.after(clock.day_of(rows[0].since), k.goal_days)
    return Line(k, counts, rows[0], max(days), max(0, (today - due).days))
