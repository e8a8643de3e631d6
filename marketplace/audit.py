"""Who did what, when: an append-only chain of entries, each carrying the hash of the one before.

The database itself refuses UPDATE and DELETE on the table (triggers of the first migration); the chain shows when
somebody got around that.
"""

import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from flask import g, has_request_context
from flask_login import current_user
from sqlalchemy import BigInteger, ColumnElement, String, func, select
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
    at: Mapped[datetime] = mapped_column(default=utcnow, index=True)
    #: E-mail of the person, or "system".
    actor: Mapped[str] = mapped_column(String(254), index=True)
    #: Public id of the organization acted for, if any.
    organization: Mapped[str | None] = mapped_column(String(36), index=True)
    #: Such as "listing.submit": a key of the role table, or a command.
    act: Mapped[str] = mapped_column(String(60), index=True)
    object_type: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(60), index=True)
    detail: Mapped[dict[str, Any]]
    request_id: Mapped[str | None] = mapped_column(String(36))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditCheck(Base):
    """One walk along the whole chain: how long it was, how many places did not hold."""

    __tablename__ = "audit_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=utcnow)
    entries: Mapped[int] = mapped_column(BigInteger)
    breaks: Mapped[int]
    #: Number and reason of the first break; empty if the chain holds.
    first_break: Mapped[str] = mapped_column(String(80), default="")

    @property
    def public_id(self) -> str:
        """How an audit entry names it."""
        return str(self.id)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries: every condition that is not None must hold. `act` and `actor` match from their beginning.

    Attributes:
        actors: addresses; one of them, or `actor`, is enough.
        acts: codes; one of them, or what begins as `act`, is enough.
        concerning: public ids of organizations: one of them was acted for, or was what it was done to.
    """

    actor: str | None = None
    actors: Collection[str] = ()
    acts: Collection[str] = ()
    concerning: Collection[str] | None = None
    organization: str | None = None
    about: str | None = None
    act: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class Named(Protocol):
    """Any row with a public name."""

    @property
    def public_id(self) -> Any:
        """The name."""


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold, and why."""

    number: int
    reason: str


def record(session: Session, act: str, about: Named, *, by: str | None = None, **detail: Any) -> None:
    """Append an entry in the caller's transaction. Entries queue on the chain's counter until the commit.

    `by`: email of the account that a visitor has just shown to be theirs, by a password or a link; nothing that
    somebody merely typed. Who is signed in stays the actor whatever it says.
    """
    session.flush()  # a new row needs its public id before it can be named
    actor, organization = _actor(by)
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


def commit(act: str, about: Named, *, by: str | None = None, **detail: Any) -> None:
    """Append the entry and commit the request's transaction: the act and its record stand or fall together."""
    record(db, act, about, by=by, **detail)
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


def verify(session: Session) -> tuple[AuditCheck, list[Break]]:
    """Walk the chain and keep the verdict, in the caller's transaction."""
    found = list(breaks(session))
    check = AuditCheck(
        at=utcnow(),
        entries=session.scalar(select(func.count(AuditEntry.number))) or 0,
        breaks=len(found),
        first_break="" if not found else f"{found[0].number}: {found[0].reason}",
    )
    session.add(check)
    session.flush()
    return check, found


def last_check(session: Session) -> AuditCheck | None:
    """The verdict of the last walk, None before the first."""
    return session.scalar(select(AuditCheck).order_by(AuditCheck.id.desc()).limit(1))


def search(session: Session, asked: Asked, *, offset: int, limit: int) -> list[AuditEntry]:
    """Entries, newest first: for the operator's routes only."""
    rows = select(AuditEntry).where(*_conditions(asked)).order_by(AuditEntry.number.desc())
    return list(session.scalars(rows.offset(offset).limit(limit)))


def count(session: Session, asked: Asked) -> int:
    """How many `search` has in all."""
    return session.scalar(select(func.count(AuditEntry.number)).where(*_conditions(asked))) or 0


def detail_text(entry: AuditEntry) -> str:
    """What the entry says besides, as one line of JSON; empty if it says nothing."""
    return json.dumps(entry.detail, ensure_ascii=False, sort_keys=True) if entry.detail else ""


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    exact = {AuditEntry.organization: asked.organization, AuditEntry.object_id: asked.about}
    found = [column == value for column, value in exact.items() if value is not None]
    if asked.act is not None:
        found.append(AuditEntry.act.startswith(asked.act, autoescape=True) | AuditEntry.act.in_(asked.acts))
    if asked.actor is not None:
        begins = AuditEntry.actor.startswith(asked.actor, autoescape=True)
        found.append(begins | AuditEntry.actor.in_(asked.actors))
    if asked.concerning is not None:
        for_one = AuditEntry.organization.in_(asked.concerning)
        found.append(for_one | AuditEntry.object_id.in_(asked.concerning))
    if asked.since is not None:
        found.append(AuditEntry.at >= asked.since)
    if asked.until is not None:
        found.append(AuditEntry.at < asked.until)
    return found


def _actor(by: str | None) -> tuple[str, str | None]:
    if not has_request_context():
        return "system", None
    if current_user.is_authenticated:
        return current_user.email, current_user.organization_id
    return by or "anonymous", None


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
