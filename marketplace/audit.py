"""Who did what, when: an append-only chain of entries, each carrying the hash of the one before.

The database itself refuses UPDATE and DELETE on the table (triggers of the first migration); the chain shows when
somebody got around that.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from flask import g, has_request_context
from flask_login import current_user
from sqlalchemy import BigInteger, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from catalog import counters
from catalog.db import Base, utcnow
from marketplace.extensions import db

CHAIN = "audit"
GENESIS = "0" * 64


class AuditEntry(Base):
    """One act. `number` runs without gaps."""

    __tablename__ = "audit_entry"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(default=utcnow)
    #: E-mail of the person, or "system".
    actor: Mapped[str] = mapped_column(String(254), index=True)
    #: Public id of the organization acted for, if any.
    organization: Mapped[str | None] = mapped_column(String(36), index=True)
    #: Such as "listing.submit": a key of the role table, or a command.
    act: Mapped[str] = mapped_column(String(60))
    object_type: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(60), index=True)
    detail: Mapped[dict[str, Any]]
    request_id: Mapped[str | None] = mapped_column(String(36))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class Named(Protocol):
    """Any row with a public name."""

    public_id: Any


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold, and why."""

    number: int
    reason: str


def record(session: Session, act: str, about: Named, **detail: Any) -> None:
    """Append an entry in the caller's transaction. Entries queue on the chain's counter until the commit."""
    session.flush()  # a new row needs its public id before it can be named
    actor, organization = _actor()
    number = counters.following(session, CHAIN)
    before = session.scalar(select(AuditEntry.hash).where(AuditEntry.number == number - 1))
    entry = AuditEntry(
        number=number,
        at=utcnow().replace(microsecond=0),
        actor=actor,
        organization=organization,
        act=act,
        object_type=type(about).__name__,
        object_id=about.public_id,
        detail=detail,
        request_id=g.get("request_id") if has_request_context() else None,
        previous_hash=before or GENESIS,
    )
    entry.hash = _hash(entry)
    session.add(entry)


def commit(act: str, about: Named, **detail: Any) -> None:
    """Append the entry and commit the request's transaction: the act and its record stand or fall together."""
    record(db, act, about, **detail)
    db.commit()


def breaks(session: Session) -> Iterator[Break]:
    """Walk the whole chain, oldest first, and yield every place at which it does not hold."""
    expected, previous = 1, GENESIS
    for entry in session.scalars(
        select(AuditEntry).order_by(AuditEntry.number).execution_options(yield_per=500)
    ):
        if entry.number != expected:
            yield Break(expected, "missing")
        if entry.previous_hash != previous:
            yield Break(entry.number, "does not follow the entry before")
        if entry.hash != _hash(entry):
            yield Break(entry.number, "was changed")
        expected, previous = entry.number + 1, entry.hash
    if counters.current(session, CHAIN) != expected - 1:
        yield Break(expected, "missing at the end")


def _actor() -> tuple[str, str | None]:
    if not has_request_context() or not current_user.is_authenticated:
        return ("anonymous" if has_request_context() else "system"), None
    return current_user.email, current_user.organization_id


def _hash(entry: AuditEntry) -> str:
    fields = [
        entry.number,
        entry.at.isoformat(),
        entry.actor,
        entry.organization,
        entry.act,
        entry.object_type,
        entry.object_id,
        entry.detail,
        entry.request_id,
        entry.previous_hash,
    ]
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
