"""Draft the listings with their evidence and files, as their vendors would."""

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from catalog import evidence, listings, taxonomy
from catalog.codes import IndustryKey
from catalog.files import FileStore
from catalog.models import Listing, Organization
from catalog.validation.rules import PROVED
from marketplace import audit
from marketplace.demo import measurements, naming
from marketplace.demo.source import Entry

_KSIC = "11"
#: Fields that the domain takes as the files write them.
_SAME = ("capabilities", "processes", "interfaces", "deployment", "install_weeks", *listings.TEXT_FIELDS)
_RECORD = (
    "kind",
    "kpi",
    "unit",
    "direction",
    "region",
    "headcount",
    "level",
    "method",
    "sample",
    "verified_by",
)
_DAYS = ("baseline_from", "baseline_to", "after_from", "after_to")


def draft(session: Session, store: FileStore, vendor: Organization, entry: Entry, at: datetime) -> Listing:
    """Make the draft of a listing with all its records and their files."""
    listing = listings.draft(session, vendor, changes_from(entry))
    naming.give(listing, at, entry["title"])
    for place, plan in enumerate(listing.plans):
        plan.public_id = naming.public_id(at, "Plan", entry["title"], str(place))
    audit.record(session, "listing.draft", listing)
    for record in entry["evidence"]:
        _prove(session, store, listing, record, at)
    return listing


def changes_from(entry: Entry) -> listings.ListingChanges:
    """The parts of a listing that `entry` names, as the domain takes them."""
    changes: dict[str, Any] = {name: entry[name] for name in _SAME if name in entry}
    if "regions" in entry:
        changes["regions"] = _regions(entry["regions"])
    if "industries" in entry:
        changes["industries"] = [IndustryKey(revision=_KSIC, code=code) for code in entry["industries"]]
    if "level" in entry:
        changes["level"] = {"scale": listings.COMPANY_LEVEL, **entry["level"]}
    if "plans" in entry:
        changes["plans"] = [_plan(plan) for plan in entry["plans"]]
    return changes


def _regions(given: str | list[str]) -> list[str]:
    return [term.code for term in taxonomy.terms("region")] if given == "all" else list(given)


def _plan(plan: Entry) -> listings.PlanFields:
    return listings.PlanFields(
        name=plan["name"],
        kind=plan["kind"],
        price_amount=plan["price_amount"],
        setup_amount=plan["setup_amount"],
        trial_days=plan["trial_days"],
        quality=[
            listings.QualityFields(capability=code, quality=quality, basis=basis)
            for code, (quality, basis) in plan["quality"].items()
        ],
    )


def _prove(session: Session, store: FileStore, listing: Listing, record: Entry, at: datetime) -> None:
    place = len(listing.evidence)
    words = (listing.title, str(place))
    row = evidence.add(session, listing, _fields(record), at.date())
    naming.give(row, at, *words)
    audit.record(session, "listing.draft", listing, evidence=row.public_id)
    if record["kind"] in PROVED:
        content = io.BytesIO(measurements.table(record, *words))
        stored = evidence.attach(session, row, store, f"측정기록-{place + 1}.csv", content)
        naming.give(stored, at, *words)
        audit.record(session, "listing.draft", listing, file=stored.public_id)


def _fields(record: Entry) -> evidence.EvidenceFields:
    days: dict[str, date | None] = {name: record[name] for name in _DAYS}
    industry = record["industry"]
    fields: dict[str, Any] = {
        **{name: record[name] for name in _RECORD},
        **days,
        "baseline": Decimal(record["baseline"]),
        "after": Decimal(record["after"]),
        "industry": None if industry is None else IndustryKey(revision=_KSIC, code=industry),
    }
    return evidence.EvidenceFields(**fields)  # type: ignore[typeddict-item]  # the names are the TypedDict's own
