"""Register organizations, confirm or refuse them, give them roles, note their competitors."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import regno, taxonomy
from catalog.errors import Conflict, Invalid, NotAllowed, Problem
from catalog.models import CompetitorDeclaration, Organization, OrganizationRole
from catalog.models.organization import CONFIRMED, MANUFACTURER, REFUSED, REGISTERED, VALIDATOR, VENDOR

#: Roles that a company gives itself at registration; the others are given by the operator.
OWN_ROLES = (VENDOR, MANUFACTURER)
#: What it may change about itself at any time.
OWN_FACTS = frozenset({"name_en", "region", "description", "description_en"})
#: What is read afresh under the lock.
LOCKED = ("state", "refusal", "name", "registration_number")
#: What the operator confirms; after that only the operator changes it.
CONFIRMED_FACTS = frozenset({"name", "registration_number"})


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
    number = _number(registration_number)
    _require_free(session, number)
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
        organization.state, organization.refusal = CONFIRMED, ""
        organization.confirmed_at = now


def refuse(session: Session, organization: Organization, reason: str) -> None:
    """The operator could not tell that the company is who it says; it sees the reason. A later reason replaces it.

    Raises:
        Conflict: it is confirmed already.
    """
    lock(session, organization)
    if organization.state == CONFIRMED:
        raise Conflict("organization.confirmed")
    organization.state, organization.refusal = REFUSED, reason


def ask_again(session: Session, organization: Organization, *, name: str, registration_number: str) -> None:
    """A refused company corrects what it is called and numbered, and waits for the operator again.

    Raises:
        Conflict: it is not refused. Invalid: malformed number, or one that another company has.
    """
    lock(session, organization)
    if organization.state != REFUSED:
        raise Conflict("organization.not_refused")
    number = _number(registration_number)
    if number != organization.registration_number:
        _require_free(session, number)
    organization.name, organization.registration_number = name, number
    organization.state, organization.refusal = REGISTERED, ""


def correct(session: Session, organization: Organization, **facts: str | None) -> None:
    """Change what a company says about itself, and while the operator has not confirmed it also its `name` and
    `registration_number`; what is left out stays. A refused company stays refused until it asks again.

    Raises:
        Invalid: name or number of a confirmed company, a malformed number, one that another company has, an unknown
            region.
    """
    checked = {name: facts.pop(name) for name in sorted(CONFIRMED_FACTS & set(facts))}
    if checked:
        lock(session, organization)
        if organization.state == CONFIRMED:
            raise Invalid([Problem(name, "confirmed_fact") for name in checked])
    wanted = checked.get("registration_number")
    if wanted is not None:
        number = _number(wanted)
        if number != organization.registration_number:
            _require_free(session, number)
        checked["registration_number"] = number
    describe(organization, **facts)
    for name, value in checked.items():
        setattr(organization, name, value)


def describe(organization: Organization, **facts: str | None) -> None:
    """Change what a company says about itself: `name_en`, `region`, `description`, `description_en`; others stay.

    Raises:
        Invalid: an unknown region. TypeError: another fact, such as the number.
    """
    if set(facts) - OWN_FACTS:
        raise TypeError(*sorted(set(facts) - OWN_FACTS))
    region = facts.get("region")
    if region is not None and taxonomy.find("region", region) is None:
        raise Invalid.at("region", "unknown_code", value=region)
    for name, value in facts.items():
        setattr(organization, name, value)


def take_role(session: Session, organization: Organization, role: str) -> None:
    """Let a company play a further role of OWN_ROLES; harmless if it plays it.

    Raises:
        Invalid: a role that only the operator gives.
    """
    if role not in OWN_ROLES:
        raise Invalid.at("role", "choice")
    lock(session, organization)
    session.refresh(organization, ["roles"])
    if not organization.plays(role):
        organization.roles.append(OrganizationRole(role=role))
        session.flush()  # read back in their order
        session.refresh(organization, ["roles"])


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


def lock(session: Session, organization: Organization) -> None:
    """Hold the organization's row until the commit and read its state, name and number afresh."""
    session.flush()  # a refresh would throw away what this transaction has changed so far
    session.refresh(organization, attribute_names=LOCKED, with_for_update=True)


def _number(text: str) -> str:
    """The ten digits. Raises Invalid: there is no such number."""
    if not regno.is_valid(text):
        raise Invalid.at("registration_number", "registration_number")
    return regno.normalise(text)


def _require_free(session: Session, number: str) -> None:
    if session.scalar(select(Organization.id).where(Organization.registration_number == number)) is not None:
        raise Invalid.at("registration_number", "registration_number_taken")


def _declared(session: Session, declaring_id: int, competitor_id: int) -> bool:
    found = select(CompetitorDeclaration.id).where(
        CompetitorDeclaration.declaring_id == declaring_id,
        CompetitorDeclaration.competitor_id == competitor_id,
    )
    return session.scalar(found) is not None
