"""Numbers that are handed out once, in order: the catalogue's revision, review and certificate numbers."""

from collections.abc import Sequence

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from catalog.models import Counter

CATALOG = "catalog"

# Plain SQL: an update through the models would look at every object of the session for one that it has changed.
_RAISE = text(
    "INSERT INTO counter (name, value) VALUES (:name, 1)"
    " ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value"
)


def following(session: Session, name: str) -> int:
    """Raise the counter `name` by one and return it; the row stays locked until the transaction ends."""
    return int(session.execute(_RAISE, {"name": name}).scalar_one())


def current(session: Session, name: str) -> int:
    """The last number handed out; 0 before the first."""
    return session.scalar(select(Counter.value).where(Counter.name == name)) or 0


def several(session: Session, names: Sequence[str]) -> dict[str, int]:
    """As `current`, for several names in one statement."""
    rows = session.execute(select(Counter.name, Counter.value).where(Counter.name.in_(names)))
    found = {row.name: row.value for row in rows}
    return {name: found.get(name, 0) for name in names}
