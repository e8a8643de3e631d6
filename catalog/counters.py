"""Numbers that are handed out once, in order: the catalogue's revision, review and certificate numbers."""

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
