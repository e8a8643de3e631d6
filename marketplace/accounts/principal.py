"""Who is asking: a person, the organization they act for, its roles. Loaded once a request."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from flask import current_app, request
from flask_login import AnonymousUserMixin, UserMixin
from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from catalog.errors import NotFound
from catalog.models import Organization
from catalog.models.organization import MANUFACTURER, OPERATOR, VALIDATOR, VENDOR
from marketplace import config
from marketplace.accounts import scopes
from marketplace.accounts.models import ADMIN, MEMBER, ApiToken, Membership, User, UserSession
from marketplace.accounts.oversight import SupportAccess
from marketplace.extensions import database, db, login, now
from marketplace.security import is_api

SEEN_EVERY_SECONDS = 60
#: Stands where a person's key would, for a token of an organization: no account has it.
NO_USER = 0


@dataclass(frozen=True)
class Seat:
    """One organization that the person belongs to."""

    key: int
    public_id: str
    name: str
    name_en: str
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
    #: What a token is limited to (`accounts/scopes.py`); None = a person at a page, or a token that is not limited.
    scopes: frozenset[str] | None = None
    #: Whether mail to the address is known to reach the person.
    email_proved: bool = False
    #: Whether sign-in asks for a second factor.
    second_factor: bool = False

    #: The one of several roles whose screens are shown, chosen with the switcher; None: there is nothing to choose.
    acting_role: str | None = None

    #: The support access by which an operator's person sits here, only to read.
    support: SupportAccess | None = None

    @property
    def is_person(self) -> bool:
        """Whether somebody's own account is behind this; False: a token of the organization itself."""
        return self.user_key != NO_USER

    @property
    def organization_key(self) -> int | None:
        """Integer key of the organization acted for."""
        return None if self.seat is None else self.seat.key

    @property
    def organization_id(self) -> str | None:
        """Public id of the organization acted for."""
        return None if self.seat is None else self.seat.public_id

    @property
    def working_roles(self) -> frozenset[str]:
        """The roles whose screens are shown."""
        return self.roles if self.acting_role is None else frozenset({self.acting_role})

    def seated(self, organization_id: str, role: str | None) -> "Principal":
        """The person in another of their seats, working in `role`; None: in its first.

        Raises:
            NotFound: the person has no seat there, or the organization not that role.
        """
        seat = next((s for s in self.seats if s.public_id == organization_id), None)
        if seat is None or (role is not None and role not in seat.roles):
            raise NotFound
        moved = replace(self, seat=seat, roles=seat.roles, rights=seat.rights, acting_role=None)
        return working(moved, role)

    def get_id(self) -> str:
        """Flask-Login keeps the session key itself; nothing else identifies a sign-in."""
        raise TypeError("a sign-in is identified by its session key")


class Anonymous(AnonymousUserMixin):
    """Nobody in particular."""

    email = ""
    name = ""
    seats: tuple[Seat, ...] = ()
    seat = None
    acting_role = None
    scope = "anonymous"
    roles: frozenset[str] = frozenset()
    rights: frozenset[str] = frozenset()
    scopes: frozenset[str] | None = None
    support = None
    is_person = False
    organization_key = None
    organization_id = None


#: The role that somebody was appointed to comes before those that a company takes itself.
_ORDER = (OPERATOR, VALIDATOR, VENDOR, MANUFACTURER)


def in_order(roles: Collection[str]) -> list[str]:
    """Roles in the order in which screens name them; the first is worked in until another one is chosen."""
    return sorted(roles, key=_ORDER.index)


def digest(secret: str) -> bytes:
    """SHA-256 of a random secret; long random words need no slow hash."""
    return hashlib.sha256(secret.encode()).digest()


def is_shut(user: User) -> bool:
    """Whether the operator suspended the account, or it is a demo account outside demo mode: a database that held the
    demo has no open back door."""
    if user.suspended_at is not None:
        return True
    return user.email in config.DEMO_EMAILS and not current_app.config["IEUM_DEMO"]


def load(session: Session, user: User, organization_key: int | None, scope: str) -> Principal:
    """Put the person together with all seats, in one statement; the chosen seat falls back to the first."""
    rows = session.scalars(
        select(Membership)
        .where(Membership.user_id == user.id)
        .options(joinedload(Membership.organization).joinedload(Organization.roles))
        .order_by(Membership.id)
    ).unique()
    return _put_together(user, rows, organization_key, scope)


def _put_together(
    user: User, memberships: Iterable[Membership], organization_key: int | None, scope: str
) -> Principal:
    seats = tuple(
        Seat(
            m.organization_id,
            m.organization.public_id,
            m.organization.name,
            m.organization.name_en,
            frozenset(r.role for r in m.organization.roles),
            m.rights,
        )
        for m in memberships
    )
    chosen = next((s for s in seats if s.key == organization_key), seats[0] if seats else None)
    roles, rights = (frozenset(), frozenset()) if chosen is None else (chosen.roles, chosen.rights)
    return Principal(
        user.id,
        user.public_id,
        user.email,
        user.name,
        seats,
        chosen,
        scope,
        roles,
        rights,
        email_proved=user.email_proved_at is not None,
        second_factor=user.totp_on_at is not None,
    )


def _from_cookie(key: str) -> Principal | None:
    if is_api():
        return None
    moment = now()
    running = (SupportAccess.ended_at.is_(None)) & (SupportAccess.ends_at > moment)
    person = joinedload(UserSession.user)
    rows = db.execute(
        select(UserSession, SupportAccess)
        .outerjoin(SupportAccess, (SupportAccess.session_id == UserSession.id) & running)
        .where(UserSession.key_hash == digest(key))
        .options(
            person.joinedload(User.memberships)
            .joinedload(Membership.organization)
            .joinedload(Organization.roles)
        )
        .order_by(SupportAccess.id.desc())
        .limit(1)
    )
    found = rows.unique().one_or_none()
    if found is None:
        return None
    row: UserSession = found[0]
    support: SupportAccess | None = found[1]
    if is_shut(row.user) or moment - row.seen_at > config.SESSION_IDLE:
        return None
    if moment - row.created_at > config.SESSION_LIFETIME:
        return None
    if (moment - row.seen_at).total_seconds() > SEEN_EVERY_SECONDS:
        _mark_seen(row)
    seated = _put_together(row.user, row.user.memberships, row.organization_id, f"session-{row.id}")
    who = working(seated, row.acting_role)
    return who if support is None else _looking(who, support)


def working(who: Principal, chosen: str | None) -> Principal:
    """With the role that was chosen, while the organization still has it; with its first one otherwise."""
    if len(who.roles) < 2:
        return who
    return replace(who, acting_role=chosen if chosen in who.roles else in_order(who.roles)[0])


def _looking(who: Principal, support: SupportAccess) -> Principal:
    """As `who`, in the customer's seat while the support access runs; not without the operator's role."""
    if not any(OPERATOR in seat.roles for seat in who.seats):
        return who
    customer = support.organization
    roles = frozenset(r.role for r in customer.roles)
    seat = Seat(customer.id, customer.public_id, customer.name, customer.name_en, roles, frozenset({MEMBER}))
    return replace(
        who, seats=(seat,), seat=seat, roles=roles, rights=seat.rights, acting_role=None, support=support
    )


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
        .options(
            joinedload(ApiToken.user), joinedload(ApiToken.organization).selectinload(Organization.roles)
        )
    )
    if token is None or token.expires_at <= now():
        return None
    found = _of_organization(token) if token.user is None else _of_person(token, token.user)
    if found is not None:
        _mark_used(token)
    return found


def _of_person(token: ApiToken, user: User) -> Principal | None:
    """None: the account is shut, or the person has left the organization that the token acts for."""
    if is_shut(user):
        return None
    who = load(db, user, token.organization_id, token.public_id)
    if token.organization_id is not None and who.organization_key != token.organization_id:
        return None
    return replace(who, scopes=scopes.read(token.scopes))


def _of_organization(token: ApiToken) -> Principal | None:
    """The organization itself: its roles, and of the rights all but those that need a person's word."""
    organization = token.organization
    if organization is None:
        return None
    roles = frozenset(row.role for row in organization.roles)
    rights = frozenset({MEMBER, ADMIN})
    seat = Seat(
        organization.id, organization.public_id, organization.name, organization.name_en, roles, rights
    )
    return Principal(
        NO_USER,
        token.public_id,
        f"token:{token.name}",
        token.name,
        (seat,),
        seat,
        token.public_id,
        roles,
        rights,
        scopes.read(token.scopes),
    )


def _mark_used(token: ApiToken) -> None:
    """At most once a minute: with the act itself; for a reading request in a short transaction of its own."""
    moment = now()
    if token.last_used_at is not None and (moment - token.last_used_at).total_seconds() < SEEN_EVERY_SECONDS:
        return
    mark = update(ApiToken).where(ApiToken.id == token.id).values(last_used_at=moment)
    if request.method not in ("GET", "HEAD"):
        db.execute(mark)
        return
    with database().session() as writing, writing.begin():
        writing.execute(mark)


def init_app() -> None:
    """Tell Flask-Login how to find out who is asking."""
    login.anonymous_user = Anonymous
    login.user_loader(_from_cookie)
    login.request_loader(_from_bearer)
