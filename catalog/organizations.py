"""Register organizations, confirm them, give them roles, note their competitors."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import regno, taxonomy
from catalog.errors import Conflict, Invalid, NotAllowed
from catalog.models import CompetitorDeclaration, Organization, OrganizationRole
from catalog.models.organization import CONFIRMED, MANUFACTURER, VALIDATOR, VENDOR

#: Roles that a company gives itself at registration; the others are given by the operator.
OWN_ROLES = (VENDOR, MANUFACTURER)


def register(
    session: Session,
    *,
    name: str,
    registration_number: str,
    roles: list[str],
    region: str | None = None,
    name_en: str = "",
    description: str = "",
    description_en: str = "",
    synthetic: bool = False,
) -> Organization:
    """Add a company in the state "registered": it may draft, not publish.

    Raises:
        Invalid: malformed or already registered number, a role that is not for self-service, an unknown region.
    """
    if not regno.is_valid(registration_number):
        raise Invalid.at("registration_number", "registration_number")
    number = regno.normalise(registration_number)
    if session.scalar(select(Organization.id).where(Organization.registration_number == number)) is not None:
        raise Invalid.at("registration_number", "registration_number_taken")
    if not roles or any(role not in OWN_ROLES for role in roles):
        raise Invalid.at("roles", "choice")
    if region is not None and taxonomy.find("region", region) is None:
        raise Invalid.at("region", "unknown_code", value=region)
    organization = Organization(
        name=name,
        name_en=name_en,
        registration_number=number,
        region=region,
        description=description,
        description_en=description_en,
        synthetic=synthetic,
        roles=[OrganizationRole(role=role) for role in sorted(set(roles))],
    )
    session.add(organization)
    session.flush()  # the caller links its user to the new key
    return organization


def confirm(organization: Organization, now: datetime) -> None:
    """The operator has checked that the company is who it says; from now on it may publish. Harmless if repeated."""
    if organization.state != CONFIRMED:
        organization.state = CONFIRMED
        organization.confirmed_at = now


def appoint_validator(organization: Organization) -> None:
    """Let a confirmed organization judge evidence.

    Raises:
        Conflict: it is not confirmed yet.
    """
    if organization.state != CONFIRMED:
        raise Conflict("organization.unconfirmed")
    if not organization.plays(VALIDATOR):
        organization.roles.append(OrganizationRole(role=VALIDATOR))


def declare_competitor(session: Session, declaring: Organization, registration_number: str) -> Organization:
    """Note that `declaring` competes with the organization of that number; harmless if repeated.

    Raises:
        Invalid: no such organization, or itself.
    """
    number = regno.normalise(registration_number) if regno.is_valid(registration_number) else ""
    competitor = session.scalar(select(Organization).where(Organization.registration_number == number))
    if competitor is None or competitor.id == declaring.id:
        raise Invalid.at("registration_number", "unknown_organization")
    if not _declared(session, declaring.id, competitor.id):
        session.add(CompetitorDeclaration(declaring_id=declaring.id, competitor_id=competitor.id))
    return competitor


def competitors_of(session: Session, organization_id: int) -> list[CompetitorDeclaration]:
    """What the organization has declared, oldest first."""
    rows = select(CompetitorDeclaration).where(CompetitorDeclaration.declaring_id == organization_id)
    return list(session.scalars(rows.order_by(CompetitorDeclaration.id)))


def are_competitors(session: Session, one_id: int, other_id: int) -> bool:
    """Whether either side has declared the other."""
    return _declared(session, one_id, other_id) or _declared(session, other_id, one_id)


def require_confirmed(organization: Organization) -> None:
    """Refuse what only a confirmed company may do.

    Raises:
        NotAllowed: the operator has not confirmed it.
    """
    if organization.state != CONFIRMED:
        raise NotAllowed("organization.unconfirmed")


def _declared(session: Session, declaring_id: int, competitor_id: int) -> bool:
    found = select(CompetitorDeclaration.id).where(
        CompetitorDeclaration.declaring_id == declaring_id,
        CompetitorDeclaration.competitor_id == competitor_id,
    )
    return session.scalar(found) is not None
