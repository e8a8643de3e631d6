"""Fetching for the operator's console: any row, for routes that only the operator has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, lazyload, selectinload

from catalog.models import Certificate, Listing, Organization, OrganizationRole, Release
from catalog.models.organization import REGISTERED
from marketplace.accounts.access.fetching import Who, is_named, one
from marketplace.accounts.models import Membership, User, UserSession
from marketplace.accounts.oversight import OPEN, AbuseReport, SupportAccess

LIKE_ESCAPE = "\\"


@dataclass(frozen=True, slots=True)
class OrganizationsAsked:
    """Which organizations: every condition that is not None must hold."""

    state: str | None = None
    role: str | None = None
    words: str | None = None


def search_organizations(
    session: Session, asked: OrganizationsAsked, *, offset: int, limit: int
) -> list[Organization]:
    """Those that wait for a confirmation first, oldest first."""
    waits = (Organization.state != REGISTERED).asc()
    rows = select(Organization).where(*_organizations(asked))
    ordered = rows.order_by(waits, Organization.created_at, Organization.id)
    return list(session.scalars(ordered.offset(offset).limit(limit)))


def waiting_organizations(session: Session, limit: int) -> list[Organization]:
    """Those that wait for a confirmation, oldest first, without their roles."""
    rows = select(Organization).where(*_organizations(OrganizationsAsked(state=REGISTERED)))
    oldest = rows.order_by(Organization.created_at, Organization.id).limit(limit)
    return list(session.scalars(oldest.options(lazyload(Organization.roles))))


def count_organizations_by_state(session: Session, asked: OrganizationsAsked) -> dict[str, int]:
    """How many `search_organizations` has in each state."""
    rows = select(Organization.state, func.count(Organization.id).label("number")).where(
        *_organizations(asked)
    )
    return {row.state: row.number for row in session.execute(rows.group_by(Organization.state))}


def people_of(session: Session, organization: Organization) -> list[Membership]:
    """The people of any organization, in the order in which they came."""
    rows = (
        select(Membership)
        .where(Membership.organization_id == organization.id)
        .options(joinedload(Membership.user))
    )
    return list(session.scalars(rows.order_by(Membership.id)))


@dataclass(frozen=True, slots=True)
class UsersAsked:
    """Which people. `state`: "active" or "suspended"; `role`: one that an organization of theirs plays."""

    state: str | None = None
    role: str | None = None
    words: str | None = None


def search_users(session: Session, asked: UsersAsked, *, offset: int, limit: int) -> list[User]:
    """People with their organizations, newest first."""
    seats = selectinload(User.memberships).joinedload(Membership.organization).lazyload(Organization.roles)
    rows = _users(select(User), asked).options(seats).order_by(User.id.desc())
    return list(session.scalars(rows.offset(offset).limit(limit)))


def count_users(session: Session, asked: UsersAsked) -> int:
    """How many `search_users` has in all."""
    return session.scalar(_users(select(func.count(User.id)), asked)) or 0


def last_seen(session: Session, users: Sequence[User]) -> dict[int, datetime]:
    """By key, when each of the people was last seen in a sign-in that still stands."""
    rows = select(UserSession.user_id, func.max(UserSession.seen_at).label("at"))
    theirs = rows.where(UserSession.user_id.in_([user.id for user in users]))
    return {row.user_id: row.at for row in session.execute(theirs.group_by(UserSession.user_id))}


def any_user(session: Session, user_id: UUID) -> User:
    """Any person, with their organizations."""
    seats = selectinload(User.memberships).joinedload(Membership.organization)
    return one(session, select(User).where(is_named(User, user_id)).options(seats))


def sessions_of(session: Session, user: User) -> list[UserSession]:
    """The standing sign-ins of a person fetched by `any_user`, last seen first."""
    rows = select(UserSession).where(UserSession.user_id == user.id)
    return list(session.scalars(rows.order_by(UserSession.seen_at.desc(), UserSession.id.desc())))


@dataclass(frozen=True, slots=True)
class ListingsAsked:
    """Which listings. `standing`: of the certificate of what is public, "valid" or "lapsed"; "none" = not public."""

    today: date
    state: str | None = None
    standing: str | None = None
    words: str | None = None


def search_listings(session: Session, asked: ListingsAsked, *, offset: int, limit: int) -> list[Listing]:
    """Listings of all vendors, last changed first."""
    vendor = joinedload(Listing.organization).lazyload(Organization.roles)
    rows = _listings(select(Listing), asked).options(vendor)
    ordered = rows.order_by(Listing.updated_at.desc(), Listing.id.desc())
    return list(session.scalars(ordered.offset(offset).limit(limit)))


def count_listings(session: Session, asked: ListingsAsked) -> int:
    """How many `search_listings` has in all."""
    return session.scalar(_listings(select(func.count(Listing.id)), asked)) or 0


def listings_of(session: Session, organization: Organization) -> list[Listing]:
    """Everything that any organization offers or drafts."""
    rows = select(Listing).where(Listing.organization_id == organization.id)
    return list(session.scalars(rows.order_by(Listing.id)))


def any_listing(session: Session, listing_id: UUID) -> Listing:
    """Any listing, with its vendor."""
    row = select(Listing).where(is_named(Listing, listing_id))
    return one(session, row.options(joinedload(Listing.organization)))


def certificates_of(session: Session, listings: Sequence[Listing]) -> dict[int, Certificate]:
    """By listing key, the certificate of what is public of it."""
    rows = select(Release.listing_id, Certificate).join(Certificate, Certificate.release_id == Release.id)
    public = rows.join(Listing, _live()).where(Listing.id.in_([listing.id for listing in listings]))
    plain = public.options(joinedload(Certificate.validator).lazyload(Organization.roles))
    return {row.listing_id: row.Certificate for row in session.execute(plain)}


@dataclass(frozen=True, slots=True)
class ReportsAsked:
    """Which reports of abuse: every condition that is not None must hold."""

    state: str | None = None
    reason: str | None = None
    organization: Organization | None = None


def search_reports(session: Session, asked: ReportsAsked, *, offset: int, limit: int) -> list[AbuseReport]:
    """Reports, those that wait first, the oldest of them first; then the decided ones, newest first."""
    waits = (AbuseReport.state != OPEN).asc()
    rows = _reports(select(AbuseReport), asked).options(
        joinedload(AbuseReport.organization).lazyload(Organization.roles), joinedload(AbuseReport.listing)
    )
    ordered = rows.order_by(waits, AbuseReport.decided_at.desc(), AbuseReport.created_at, AbuseReport.id)
    return list(session.scalars(ordered.offset(offset).limit(limit)))


def count_reports(session: Session, asked: ReportsAsked) -> int:
    """How many `search_reports` has in all."""
    return session.scalar(_reports(select(func.count(AbuseReport.id)), asked)) or 0


def any_report(session: Session, report_id: UUID) -> AbuseReport:
    """Any report of abuse."""
    return one(session, select(AbuseReport).where(is_named(AbuseReport, report_id)))


def own_report(session: Session, who: Who, report_id: UUID) -> AbuseReport:
    """A report that the person made while signed in."""
    mine = (
        select(AbuseReport).join(AbuseReport.reporter).where(User.public_id == getattr(who, "public_id", ""))
    )
    return one(session, mine.where(is_named(AbuseReport, report_id)))


def support_accesses(
    session: Session, organization: Organization | None, *, offset: int = 0, limit: int = 50
) -> list[SupportAccess]:
    """When the operator's people looked at an organization (None: at any), newest first."""
    rows = _accesses(select(SupportAccess), organization)
    named = rows.options(joinedload(SupportAccess.organization).lazyload(Organization.roles))
    return list(session.scalars(named.order_by(SupportAccess.id.desc()).offset(offset).limit(limit)))


def count_support_accesses(session: Session, organization: Organization | None) -> int:
    """How many `support_accesses` has in all."""
    return session.scalar(_accesses(select(func.count(SupportAccess.id)), organization)) or 0


def like(column: Any, words: str) -> ColumnElement[bool]:
    """Whether the text holds the words, whatever their case; what a pattern would read is taken as it stands."""
    plain = words.lower()
    for letter in (LIKE_ESCAPE, "%", "_"):
        plain = plain.replace(letter, LIKE_ESCAPE + letter)
    condition: ColumnElement[bool] = func.lower(column).like(f"%{plain}%", escape=LIKE_ESCAPE)
    return condition


def any_like(columns: Sequence[Any], words: str) -> ColumnElement[bool]:
    """Whether one of the texts holds the words."""
    return or_(*(like(column, words) for column in columns))


def _organizations(asked: OrganizationsAsked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Organization.registration_number.is_not(None)]
    if asked.state is not None:
        found.append(Organization.state == asked.state)
    if asked.role is not None:
        plays = select(OrganizationRole.role).where(
            OrganizationRole.organization_id == Organization.id, OrganizationRole.role == asked.role
        )
        found.append(plays.exists())
    if asked.words:
        found.append(_about(asked.words))
    return found


def _about(words: str) -> ColumnElement[bool]:
    """The name, the number or the address of one of its people."""
    people = select(User.id).join(Membership, Membership.user_id == User.id)
    theirs = people.where(Membership.organization_id == Organization.id, like(User.email, words))
    found = any_like([Organization.name, Organization.name_en], words) | theirs.exists()
    digits = words.replace("-", "")
    if digits.isascii() and digits.isdigit():
        found |= like(Organization.registration_number, digits)
    return found


def _users(statement: Select[Any], asked: UsersAsked) -> Select[Any]:
    if asked.state is not None:
        suspended = User.suspended_at.is_not(None)
        statement = statement.where(suspended if asked.state == "suspended" else ~suspended)
    seats = select(Membership.id).where(Membership.user_id == User.id)
    if asked.role is not None:
        plays = OrganizationRole.organization_id == Membership.organization_id
        in_role = seats.join(OrganizationRole, plays).where(OrganizationRole.role == asked.role)
        statement = statement.where(in_role.exists())
    if asked.words:
        named = any_like([Organization.name, Organization.name_en], asked.words)
        at = seats.join(Organization, Organization.id == Membership.organization_id).where(named)
        statement = statement.where(any_like([User.email, User.name], asked.words) | at.exists())
    return statement


def _listings(statement: Select[Any], asked: ListingsAsked) -> Select[Any]:
    if asked.state is not None:
        statement = statement.where(Listing.state == asked.state)
    if asked.standing == "none":
        statement = statement.where(Listing.live_release.is_(None))
    elif asked.standing is not None:
        holds = Certificate.expires_on >= asked.today
        proved = (
            select(Certificate.id).join(Release, Release.id == Certificate.release_id).where(_live(), holds)
        )
        here = proved.exists()
        statement = statement.where(
            Listing.live_release.is_not(None), here if asked.standing == "valid" else ~here
        )
    if asked.words:
        vendor = select(Organization.id).where(
            Organization.id == Listing.organization_id,
            any_like([Organization.name, Organization.name_en], asked.words),
        )
        statement = statement.where(
            any_like([Listing.title, Listing.title_en], asked.words) | vendor.exists()
        )
    return statement


def _live() -> ColumnElement[bool]:
    return and_(Release.listing_id == Listing.id, Release.number == Listing.live_release)


def _reports(statement: Select[Any], asked: ReportsAsked) -> Select[Any]:
    if asked.state is not None:
        statement = statement.where(AbuseReport.state == asked.state)
    if asked.reason is not None:
        statement = statement.where(AbuseReport.reason == asked.reason)
    if asked.organization is not None:
        statement = statement.where(AbuseReport.organization_id == asked.organization.id)
    return statement


def _accesses(statement: Select[Any], organization: Organization | None) -> Select[Any]:
    if organization is None:
        return statement
    return statement.where(SupportAccess.organization_id == organization.id)
