"""What must follow a commit: recorded in the same transaction, done by the worker afterwards.

The relay (`marketplace/worker.py`) delivers every message at least once; each consumer makes a repeat harmless by the
message's key.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Index, String, Text, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from catalog.db import Base, utcnow

WAITING, DONE, DEAD = "waiting", "done", "dead"
STATES = (WAITING, DONE, DEAD)


class OutboxMessage(Base):
    """One thing to do after a commit."""

    __tablename__ = "outbox_message"
    __table_args__ = (Index("ix_outbox_message_due", "state", "next_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Names the effect; the same key is recorded, and has its effect, once.
    key: Mapped[str] = mapped_column(String(200), unique=True)
    topic: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    #: Not before this time: the end of a lease or of a back-off.
    next_at: Mapped[datetime] = mapped_column(default=utcnow)
    tries: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    done_at: Mapped[datetime | None]


def record(
    session: Session, topic: str, key: str, payload: dict[str, Any], *, not_before: datetime | None = None
) -> None:
    """Ask for `topic` to be done once this transaction commits; a key that is known already is left alone."""
    full_key = f"{topic}:{key}"
    if session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == full_key)) is None:
        due = not_before or utcnow()
        session.add(OutboxMessage(topic=topic, key=full_key, payload=payload, next_at=due))


def retry(session: Session, message: OutboxMessage, now: datetime) -> bool:
    """Let the worker try a message again that was put aside; False if it is not put aside (any more)."""
    return _revive(session, OutboxMessage.id == message.id, now) == 1


def retry_all(session: Session, now: datetime, topic: str | None = None) -> int:
    """Let the worker try everything again that was put aside (of one topic); returns how many messages."""
    wanted = OutboxMessage.topic == topic if topic is not None else OutboxMessage.id.is_not(None)
    return _revive(session, wanted, now)


def _revive(session: Session, wanted: ColumnElement[bool], now: datetime) -> int:
    """One statement: a second press, or another operator's, finds nothing put aside."""
    aside = update(OutboxMessage).where(wanted, OutboxMessage.state == DEAD)
    done = session.execute(aside.values(state=WAITING, tries=0, next_at=now).returning(OutboxMessage.id))
    return len(done.all())
