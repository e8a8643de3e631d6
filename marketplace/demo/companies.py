"""The organizations of the demo country: vendors, validators, manufacturers, the operator."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from catalog import organizations, regno
from catalog.models import Organization, OrganizationRole
from catalog.models.organization import CONFIRMED, MANUFACTURER, OPERATOR, VALIDATOR, VENDOR
from marketplace import audit
from marketplace.demo import naming
from marketplace.demo.rounds import TODAY
from marketplace.demo.source import Country, Entry

#: First day of each kind's registrations; one company a day.
_OPERATOR_SINCE = date(2025, 8, 1)
_VALIDATORS_FROM, _VENDORS_FROM, _MANUFACTURERS_FROM = date(2025, 8, 18), date(2025, 8, 25), date(2026, 3, 2)
_DAYS_TO_CONFIRM = 3

Directory = dict[str, Organization]


def found(session: Session, country: Country) -> Directory:
    """Make every organization; by name. Competitors are declared once all are there."""
    unconfirmed = country.desk["unconfirmed"]
    directory = {country.people["operator"]["name"]: _operator(session, country.people["operator"])}
    for kind, first, entries in (
        (VALIDATOR, _VALIDATORS_FROM, country.people["validators"]),
        (VENDOR, _VENDORS_FROM, country.vendors),
        (MANUFACTURER, _MANUFACTURERS_FROM, country.manufacturers),
    ):
        for nth, entry in enumerate(entries):
            late = entry["name"] in unconfirmed
            since = TODAY - timedelta(days=3) if late else first + timedelta(days=nth)
            roles = [MANUFACTURER if kind == MANUFACTURER else VENDOR]
            if entry["name"] in country.people["also_manufacturers"]:
                roles.append(MANUFACTURER)
            organization = _register(session, entry, roles, since)
            if not late:
                _confirm(session, organization, since)
            if kind == VALIDATOR:
                _appoint(session, organization)
            directory[entry["name"]] = organization
    _declare_competitors(session, country, directory)
    return directory


def validators(country: Country, directory: Directory) -> list[tuple[Organization, Entry]]:
    """(organization, the person who signs) of every validator."""
    return [(directory[entry["name"]], entry["judge"]) for entry in country.people["validators"]]


def _register(session: Session, entry: Entry, roles: list[str], since: date) -> Organization:
    organization = organizations.register(
        session,
        name=entry["name"],
        registration_number=regno.make(entry["first9"]),
        roles=roles,
        region=entry["region"],
        name_en=entry["name_en"],
        description=entry["description"],
        description_en=entry["description_en"],
        synthetic=True,
    )
    naming.give(organization, naming.moment(since), entry["name"])
    audit.record(session, "organization.register", organization)
    return organization


def _confirm(session: Session, organization: Organization, since: date) -> None:
    organizations.confirm(organization, naming.moment(since + timedelta(days=_DAYS_TO_CONFIRM)))
    audit.record(session, "organization.confirm", organization)


def _appoint(session: Session, organization: Organization) -> None:
    organizations.appoint_validator(organization)
    # No company registers as a validator, and these sell nothing: the role they had to begin with is ended.
    organization.roles[:] = [role for role in organization.roles if role.role == VALIDATOR]
    audit.record(session, "organization.appoint", organization)


def _operator(session: Session, entry: Entry) -> Organization:
    """The operator's own organization: the one that has no registration number, and that nobody confirms."""
    since = naming.moment(_OPERATOR_SINCE)
    operator = Organization(
        **entry, state=CONFIRMED, confirmed_at=since, synthetic=True, roles=[OrganizationRole(role=OPERATOR)]
    )
    naming.give(operator, since, entry["name"])
    session.add(operator)
    audit.record(session, "organization.register", operator)
    return operator


def _declare_competitors(session: Session, country: Country, directory: Directory) -> None:
    for entry in (*country.vendors, *country.people["validators"]):
        for name in entry.get("competitors") or []:
            number = directory[name].registration_number
            organizations.declare_competitor(session, directory[entry["name"]], number or "")
            audit.record(session, "competitor.declare", directory[entry["name"]], competitor=name)
