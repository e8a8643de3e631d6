"""What the operator looks at in the demo country: a refused company, reports of abuse."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import organizations, regno
from catalog.models import Listing
from catalog.models.organization import VENDOR
from marketplace import audit
from marketplace.accounts.oversight import AbuseReport
from marketplace.demo import naming
from marketplace.demo.source import Country, Entry

_FACTS = ("name", "name_en", "region", "description", "description_en")


def look(session: Session, country: Country) -> None:
    """Make the refused companies and the reports. The listings are there."""
    for entry in country.oversight["refused"]:
        _refuse(session, entry)
    for entry in country.oversight["reports"]:
        _report(session, entry)


def _refuse(session: Session, entry: Entry) -> None:
    facts = {name: entry[name] for name in _FACTS}
    number = regno.make(entry["first9"])
    company = organizations.register(
        session, registration_number=number, roles=[VENDOR], synthetic=True, **facts
    )
    naming.give(company, naming.moment(entry["registered"]), entry["name"])
    audit.record(session, "organization.register", company)
    organizations.refuse(session, company, entry["reason"])
    audit.record(session, "organization.refuse", company, reason=entry["reason"])


def _report(session: Session, entry: Entry) -> None:
    listing = session.scalars(select(Listing).where(Listing.title == entry["listing"])).one()
    decided: date | None = entry.get("decided")
    report = AbuseReport(
        organization_id=listing.organization_id,
        listing_id=listing.id,
        reason=entry["reason"],
        text=entry["text"],
        source="",
    )
    naming.give(report, naming.moment(entry["made"]), entry["listing"])
    if decided is not None:
        report.state, report.note = entry["outcome"], entry["note"]
        report.decided_at, report.decided_by = naming.moment(decided), "system"
    session.add(report)
    audit.record(session, "report.make", report)
