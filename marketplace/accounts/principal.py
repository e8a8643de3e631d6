"""Who is asking: a person, the organization they act for, its roles. Loaded once a request."""

import hashlib
from dataclasses import dataclass, field

from flask import current_app, request
from flask_login import AnonymousUserMixin, UserMixin
from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from catalog.models import Organization
from marketplace import config
from marketplace.accounts.models import ApiToken, Membership, User, UserSession
from marketplace.extensions import database, db, login, now
from marketplace.security import is_api

SEEN_EVERY_SECONDS = 60


@dataclass(frozen=True)
class Seat:
    """One organization that the person belongs to."""

    key: int
    public_id: str
    name: str
    roles: frozenset[str]
    rights: frozenset[str]


@dataclass(frozen=True)
class Principal(UserMixin):
    """A signed-in person; `seat` is the organization acted for, None before one is registered."""

    user_key: int
    public_id: str
    email: str
    name: str
    seats: tuple[Seat, ...]
    seat: Seat | None
    #: Where idempotency keys of this principal live.
    scope: str
    roles: frozenset[str] = field(default=frozenset())
    rights: frozenset[str] = field(default=frozenset())

    @property
    def organization_key(self) -> int | None:
        """Integer key of the organization acted for."""
        return None if self.seat is None else self.seat.key

    @property
    def organization_id(self) -> str | None:
        """Public id of the organization acted for."""
        return None if self.seat is None else self.seat.public_id

    def get_id(self) -> str:
        """Flask-Login keeps the session key itself; nothing else identifies a sign-in."""
        raise TypeError("a sign-in is identified by its session key")


class Anonymous(AnonymousUserMixin):
    """Nobody in particular."""

    email = ""
    name = ""
    seats: tuple[Seat, ...] = ()
    seat = None
    scope = "anonymous"
    roles: frozenset[str] = frozenset()
    rights: frozenset[str] = frozenset()
    organization_key = None
    organization_id = None


def digest(secret: str) -> bytes:
    """SHA-256 of a random secret; long random words need no slow hash."""
    return hashlib.sha256(secret.encode()).digest()


def is_shut(user: User) -> bool:
    """Whether this is a demo account outside demo mode: a database that held the demo has no open back door."""
    return user.email in config.DEMO_EMAILS and not current_app.config["IEUM_DEMO"]


def load(session: Session, user: User, organization_key: int | None, scope: str) -> Principal:
    """Put the person together with all seats, in one statement; the chosen seat falls back to the first."""
    rows = session.scalars(
        select(Membership)
        .where(Membership.user_id == user.id)
        .options(joinedload(Membership.organization).selectinload(Organization.roles))
        .order_by(Membership.id)
    )
    seats = tuple(
        Seat(
            m.organization_id,
            m.organization.public_id,
            m.organization.name,
            frozenset(r.role for r in m.organization.roles),
            m.rights,
        )
        for m in rows
    )
    chosen = next((s for s in seats if s.key == organization_key), seats[0] if seats else None)
    roles, rights = (frozenset(), frozenset()) if chosen is None else (chosen.roles, chosen.rights)
    return Principal(user.id, user.public_id, user.email, user.name, seats, chosen, scope, roles, rights)


def _from_cookie(key: str) -> Principal | None:
    if is_api():
        return None
    row = db.scalar(
        select(UserSession).where(UserSession.key_hash == digest(key)).options(joinedload(UserSession.user))
    )
    moment = now()
    if row is None or is_shut(row.user) or moment - row.seen_at > config.SESSION_IDLE:
        return None
    if moment - row.created_at > config.SESSION_LIFETIME:
        return None
    if (moment - row.seen_at).total_seconds() > SEEN_EVERY_SECONDS:
        _mark_seen(row)
    return load(db, row.user, row.organization_id, f"session-{row.id}")


def _mark_seen(row: UserSession) -> None:
    """With the act itself; for a page view, which only reads, in a short transaction of its own."""
    if request.method not in ("GET", "HEAD"):
        row.seen_at = now()
        return
    with database().session() as writing, writing.begin():
        writing.execute(update(UserSession).where(UserSession.id == row.id).values(seen_at=now()))


def _from_bearer(_request: object) -> Principal | None:
    if not is_api():
        return None
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret:
        return None
    token = db.scalar(
        select(ApiToken)
        .where(ApiToken.token_hash == digest(secret.strip()), ApiToken.revoked_at.is_(None))
        .options(joinedload(ApiToken.user))
    )
    return (
        None
        if token is None or is_shut(token.user)
        else load(db, token.user, token.organization_id, token.public_id)
    )


def init_app() -> None:
    """Tell Flask-Login how to find out who is asking."""
    login.anonymous_user = Anonymous
    login.user_loader(_from_cookie)
    login.request_loader(_from_bearer)
