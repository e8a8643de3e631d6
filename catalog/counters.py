"""Numbers that are handed out once, in order: the catalogue's revision, review and certificate numbers."""

from collections.abc import Sequence

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from catalog.models import Counter

CATALOG = "catalog"


def following(session: Session, name: str) -> int:
    """Raise the counter `name` by one and return it; the row stays locked until the transaction ends."""
    session.execute(
        text("INSERT INTO counter (name, value) VALUES (:name, 0) ON CONFLICT (name) DO NOTHING"),
        {"name": name},
    )
    raised = (
        update(Counter).where(Counter.name == name).values(value=Counter.value + 1).returning(Counter.value)
    )
    return int(session.execute(raised).scalar_one())


def current(session: Session, name: str) -> int:
    """The last number handed out; 0 before the first."""
    return session.scalar(select(Counter.value).where(Counter.name == name)) or 0


def several(session: Session, names: Sequence[str]) -> dict[str, int]:
    """As `current`, for several names in one statement."""
    rows = session.execute(select(Counter.name, Counter.value).where(Counter.name.in_(names)))
    found = {row.name: row.value for row in rows}
    return {name: found.get(name, 0) for name in names}
