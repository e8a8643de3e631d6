"""Field-proof records of a listing: add, mend while unpublished, attach files. Failures are kept like successes."""

from datetime import date
from decimal import Decimal
from typing import IO, TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import codes, taxonomy
from catalog.db import uuid7
from catalog.errors import Conflict, Invalid, Problem
from catalog.files import FileStore, content, keeping
from catalog.listings import require_editable
from catalog.models import Evidence, Listing, Release, StoredFile

MAX_FILES = 5
MAX_RECORDS = 30


class EvidenceFields(TypedDict):
    """One record as its vendor writes it; `level` is the site's company level."""

    kind: str
    kpi: str
    unit: str
    direction: str
    baseline: Decimal
    after: Decimal
    industry: codes.IndustryKey | None
    region: str | None
    headcount: int | None
    level: int | None
    baseline_from: date | None
    baseline_to: date | None
    after_from: date | None
    after_to: date | None
    method: str
    sample: str
    verified_by: str


def add(session: Session, listing: Listing, fields: EvidenceFields, today: date) -> Evidence:
    """Add a record to a draft.

    Raises:
        Conflict: the listing is locked. Invalid: unknown codes, a period that ends before it begins or in the future.
    """
    require_editable(listing)
    if len(listing.evidence) >= MAX_RECORDS:
        raise Invalid.at("", "too_many", max=MAX_RECORDS)
    _check(session, fields, today)
    record = Evidence(listing=listing)
    _fill(record, fields)
    session.add(record)
    return record


def revise(session: Session, record: Evidence, fields: EvidenceFields, today: date) -> None:
    """Replace a record that no release has published yet.

    Raises:
        Conflict: it is public already (add a correcting record instead), or the listing is locked.
    """
    require_editable(record.listing)
    _require_unpublished(session, record)
    _check(session, fields, today)
    _fill(record, fields)


def remove(session: Session, record: Evidence) -> None:
    """Take a record out of a draft.

    Raises:
        Conflict: it has been published: published evidence cannot be withdrawn by its vendor.
    """
    require_editable(record.listing)
    _require_unpublished(session, record)
    record.listing.evidence.remove(record)


def attach(session: Session, record: Evidence, store: FileStore, name: str, stream: IO[bytes]) -> StoredFile:
    """Keep a file with a record; its type is found from its content, pictures are drawn anew.

    Raises:
        Conflict: the record is public or its listing is locked.
        Invalid: too many files, or whatever `content.admit` refuses.
    """
    require_editable(record.listing)
    _require_unpublished(session, record)
    if len(record.files) >= MAX_FILES:
        raise Invalid.at("file", "too_many", max=MAX_FILES)
    shown_name = content.shown_name(name)
    checked, kept = content.admit(shown_name, stream)
    key = uuid7().hex
    keeping.put(session, store, key, kept)
    stored = StoredFile(
        organization_id=record.listing.organization_id,
        evidence_id=record.id,
        name=shown_name,
        content_type=checked.content_type,
        size=checked.size,
        sha256=checked.sha256,
        storage_key=key,
    )
    record.files.append(stored)
    return stored


def _require_unpublished(session: Session, record: Evidence) -> None:
    released = session.scalars(select(Release.content).where(Release.listing_id == record.listing_id))
    if any(e["id"] == record.public_id for published in released for e in published["evidence"]):
        raise Conflict("evidence.published")


def _fill(record: Evidence, fields: EvidenceFields) -> None:
    industry = fields["industry"]
    record.industry_revision = None if industry is None else industry["revision"]
    record.industry_code = None if industry is None else industry["code"]
    for name in EvidenceFields.__annotations__:
        if name != "industry":
            setattr(record, name, fields[name])  # type: ignore[literal-required]  # the names are the TypedDict's own


def _check(session: Session, fields: EvidenceFields, today: date) -> None:
    problems: list[Problem] = []
    if fields["industry"] is not None:
        found = codes.unknown_industries(session, "industry", [fields["industry"]])
        problems += [Problem("industry/code", p.code, p.params) for p in found]
    if fields["region"] is not None and taxonomy.find("region", fields["region"]) is None:
        problems.append(Problem("region", "unknown_code", {"value": fields["region"]}))
    periods = (
        ("baseline_to", fields["baseline_from"], fields["baseline_to"]),
        ("after_to", fields["after_from"], fields["after_to"]),
        ("after_from", fields["baseline_to"], fields["after_from"]),
    )
    problems += [Problem(at, "period_order") for at, start, end in periods if start and end and end < start]
    days = (
        ("baseline_from", fields["baseline_from"]),
        ("baseline_to", fields["baseline_to"]),
        ("after_from", fields["after_from"]),
        ("after_to", fields["after_to"]),
    )
    problems += [Problem(at, "future") for at, day in days if day and day > today]
    if problems:
        raise Invalid(problems)
