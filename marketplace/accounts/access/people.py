"""Fetching people, organizations and what they declared."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from catalog.errors import Invalid
from catalog.models import CompetitorDeclaration, Organization
from marketplace.accounts.access.fetching import Who, is_named, one
from marketplace.accounts.models import ApiToken, Membership, User
from marketplace.accounts.principal import Principal


def own_organization(session: Session, who: Who) -> Organization:
    """The organization that the person acts for."""
    return one(session, select(Organization).where(Organization.id == who.organization_key))


def user(session: Session, who: Who) -> User:
    """The person's own account."""
    return one(session, select(User).where(User.public_id == getattr(who, "public_id", "")))


def own_token(session: Session, who: Principal, token_id: UUID) -> ApiToken:
    """One of the person's own tokens."""
    return one(
        session, select(ApiToken).where(is_named(ApiToken, token_id), ApiToken.user_id == who.user_key)
    )


def own_seat(session: Session, who: Principal, organization_id: UUID) -> Organization:
    """An organization that the person belongs to."""
    keys = [seat.key for seat in who.seats]
    return one(
        session,
        select(Organization).where(is_named(Organization, organization_id), Organization.id.in_(keys)),
    )


def organization_of_user(session: Session, person: User, organization_id: UUID, pointer: str) -> Organization:
    """An organization that a person who has just proved their account belongs to; others are a problem at the field."""
    owned = select(Organization).join(Membership, Membership.organization_id == Organization.id)
    mine = owned.where(is_named(Organization, organization_id), Membership.user_id == person.id)
    row = session.scalars(mine).one_or_none()
    if row is None:
        raise Invalid.at(pointer, "unknown_code", value=str(organization_id))
    return row


def demo_users(session: Session, emails: Sequence[str]) -> list[User]:
    """Those of the demo logins that exist, in the given order, with organizations and roles, for the sign-in page."""
    rows = select(User).where(User.email.in_(emails))
    chain = selectinload(User.memberships).selectinload(Membership.organization)
    return sorted(session.scalars(rows.options(chain)), key=lambda user: emails.index(user.email))


def any_organization(session: Session, organization_id: UUID) -> Organization:
    """Any organization: for the operator's routes only."""
    return one(session, select(Organization).where(is_named(Organization, organization_id)))


def all_organizations(session: Session, *, state: str | None, offset: int, limit: int) -> list[Organization]:
    """Organizations oldest first, unconfirmed ones first: for the operator's routes only."""
    rows = select(Organization).where(Organization.registration_number.is_not(None))
    if state is not None:
        rows = rows.where(Organization.state == state)
    ordered = rows.order_by(Organization.state.desc(), Organization.created_at, Organization.id)
    return list(session.scalars(ordered.offset(offset).limit(limit)))


def count_organizations(session: Session, *, state: str | None) -> int:
    """How many `all_organizations` has in all: for the operator's routes only."""
    rows = select(func.count(Organization.id)).where(Organization.registration_number.is_not(None))
    if state is not None:
        rows = rows.where(Organization.state == state)
    return session.scalar(rows) or 0


def admins_of(session: Session, organizations: list[Organization]) -> dict[int, list[str]]:
    """E-mail addresses of the admins by organization key: for the operator's routes only."""
    keys = [organization.id for organization in organizations]
    rows = select(Membership.organization_id, User.email).join(User, User.id == Membership.user_id)
    found: dict[int, list[str]] = {}
    admin = rows.where(Membership.organization_id.in_(keys), Membership.is_admin)
    for key, email in session.execute(admin.order_by(Membership.id)):
        found.setdefault(key, []).append(email)
    return found


def own_competitors(session: Session, organization: Organization) -> list[CompetitorDeclaration]:
    """What an organization that was fetched by `own_organization` has declared, oldest first, with the other's name."""
    rows = select(CompetitorDeclaration).where(CompetitorDeclaration.declaring_id == organization.id)
    named = rows.options(selectinload(CompetitorDeclaration.competitor))
    return list(session.scalars(named.order_by(CompetitorDeclaration.id)))


def rivals(session: Session, organization: Organization) -> frozenset[int]:
    """Integer keys of the organizations that an own one has declared competitors, or that have declared it one."""
    declared = CompetitorDeclaration.declaring_id, CompetitorDeclaration.competitor_id
    rows = session.execute(select(*declared).where(or_(*(side == organization.id for side in declared))))
    return frozenset(key for pair in rows for key in pair) - {organization.id}


def organization_token(session: Session, who: Principal, token_id: UUID) -> ApiToken:
    """One of the tokens of the organization itself."""
    own = (ApiToken.user_id.is_(None), ApiToken.organization_id == who.organization_key)
    return one(session, select(ApiToken).where(is_named(ApiToken, token_id), *own))
