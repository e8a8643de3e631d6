"""Operations of vendors: listings, evidence, files, submission."""

from typing import Any
from uuid import UUID

from flask_login import current_user
from marshmallow import fields

from catalog import evidence, listings, publishing
from catalog.errors import Invalid
from catalog.validation.rules import is_complete
from marketplace import audit
from marketplace.accounts import access
from marketplace.api import answers
from marketplace.api.examples import EVIDENCE, LISTING
from marketplace.api.lists import PageQuery, listing_of, page, part
from marketplace.api.operation import ApiBlueprint, operation
from marketplace.extensions import db, file_store, now, today
from marketplace.schemas import listings as schemas
from marketplace.schemas.fields import FilePart, Strict

bp = ApiBlueprint("workshop", __name__, "Listings and their evidence, for vendors")


class FileIn(Strict):
    """A multipart form with one file."""

    file = FilePart(required=True)


class EvidenceRecordOut(Strict):
    """A record by its id, and the listing as it stands now."""

    id = fields.UUID(required=True)
    listing = fields.Nested(schemas.ListingOut, required=True)


@operation(
    bp,
    "POST",
    "/listings",
    permission="listing.draft",
    summary="Draft a listing",
    body=schemas.ListingIn,
    answer=schemas.ListingOut,
    status=201,
    example=LISTING,
)
def create_listing(body: dict[str, Any]) -> dict[str, Any]:
    """Only the title is needed; the findings say what is missing before it can be submitted."""
    listing = listings.draft(db, access.own_organization(db, current_user), body)
    audit.record(db, "listing.draft", listing)
    return answers.listing(listing)


@operation(
    bp,
    "GET",
    "/listings",
    permission="listing.read_own",
    summary="The own listings",
    query=PageQuery,
    answer=listing_of(schemas.ListingOut, "ListingList"),
)
def list_listings(query: dict[str, Any]) -> dict[str, Any]:
    """Last changed first."""
    rows = access.own_listings(db, current_user)
    return page([answers.listing(row) for row in part(rows, query)], len(rows), query)


@operation(
    bp,
    "GET",
    "/listings/<uuid:listing_id>",
    permission="listing.read_own",
    summary="An own listing",
    answer=schemas.ListingOut,
)
def get_listing(listing_id: UUID) -> dict[str, Any]:
    """In full, with findings."""
    return answers.listing(access.own_listing(db, current_user, listing_id))


@operation(
    bp,
    "PATCH",
    "/listings/<uuid:listing_id>",
    permission="listing.draft",
    summary="Change parts of a draft",
    body=schemas.ListingPatch,
    answer=schemas.ListingOut,
    conflicts=True,
    example={"install_weeks": 6},
)
def update_listing(body: dict[str, Any], listing_id: UUID) -> dict[str, Any]:
    """Parts that are not named stay."""
    listing = access.own_listing(db, current_user, listing_id)
    listings.revise(db, listing, body)
    audit.record(db, "listing.revise", listing, parts=sorted(body))
    return answers.listing(listing)


@operation(
    bp,
    "POST",
    "/listings/<uuid:listing_id>/evidence",
    permission="listing.draft",
    summary="Add an evidence record",
    body=schemas.EvidenceIn,
    answer=EvidenceRecordOut,
    status=201,
    conflicts=True,
    example=EVIDENCE,
)
def add_evidence(body: dict[str, Any], listing_id: UUID) -> dict[str, Any]:
    """Worse results are evidence too."""
    listing = access.own_listing(db, current_user, listing_id)
    record = evidence.add(db, listing, schemas.evidence_fields(body), today())
    audit.record(db, "evidence.add", record)
    return {"id": record.public_id, "listing": answers.listing(listing)}


@operation(
    bp,
    "PUT",
    "/evidence/<uuid:evidence_id>",
    permission="listing.draft",
    summary="Replace an unpublished record",
    body=schemas.EvidenceIn,
    answer=EvidenceRecordOut,
    conflicts=True,
    example=EVIDENCE,
)
def update_evidence(body: dict[str, Any], evidence_id: UUID) -> dict[str, Any]:
    """A published record stays: add a correcting one."""
    record = access.own_evidence(db, current_user, evidence_id)
    evidence.revise(db, record, schemas.evidence_fields(body), today())
    audit.record(db, "evidence.revise", record)
    return {"id": record.public_id, "listing": answers.listing(record.listing)}


@operation(
    bp,
    "POST",
    "/evidence/<uuid:evidence_id>/files",
    permission="listing.draft",
    summary="Upload a file",
    answer=schemas.FileOut,
    files=FileIn,
    status=201,
    conflicts=True,
)
def upload_file(files: dict[str, Any], evidence_id: UUID) -> Any:
    """Multipart, one part named "file": pdf, png, jpg, csv, xlsx or aasx, at most 20 MB; pictures are redrawn."""
    record = access.own_evidence(db, current_user, evidence_id)
    sent = files["file"]
    stored = evidence.attach(db, record, file_store(), sent.filename or "", sent.stream)
    audit.record(db, "file.upload", stored, sha256=stored.sha256)
    return {
        "id": stored.public_id,
        **{name: getattr(stored, name) for name in ("name", "size", "sha256", "content_type")},
    }


@operation(
    bp,
    "POST",
    "/listings/<uuid:listing_id>/submission",
    permission="listing.submit",
    summary="Hand a draft to the review desk",
    answer=schemas.ListingOut,
    conflicts=True,
)
def submit_listing(listing_id: UUID) -> dict[str, Any]:
    """422 with a numbered rule at each field until it is complete; then it is locked and waits in the queue."""
    listing = access.own_listing(db, current_user, listing_id)
    findings = publishing.submit(db, listing, now())
    if not is_complete(findings):
        raise Invalid([answers.as_problem(f) for f in findings if f.severity == "required"])
    audit.record(db, "listing.submit", listing)
    return answers.listing(listing)


@operation(
    bp,
    "POST",
    "/listings/<uuid:listing_id>/recall",
    permission="listing.submit",
    summary="Take a submission back that nobody has begun to judge",
    answer=schemas.ListingOut,
    conflicts=True,
)
def recall_listing(listing_id: UUID) -> dict[str, Any]:
    """It becomes a draft again."""
    listing = access.own_listing(db, current_user, listing_id)
    publishing.recall(db, listing)
    audit.record(db, "listing.recall", listing)
    return answers.listing(listing)


@operation(
    bp,
    "POST",
    "/listings/<uuid:listing_id>/edition",
    permission="listing.draft",
    summary="Open a new edition of a published listing",
    answer=schemas.ListingOut,
    conflicts=True,
)
def reopen_listing(listing_id: UUID) -> dict[str, Any]:
    """What is public stays so until the new edition is approved."""
    listing = access.own_listing(db, current_user, listing_id)
    publishing.reopen(db, listing)
    audit.record(db, "listing.reopen", listing)
    return answers.listing(listing)


@operation(
    bp,
    "POST",
    "/listings/<uuid:listing_id>/withdrawal",
    permission="listing.withdraw",
    summary="Take a listing out of the catalogue",
    answer=schemas.ListingOut,
    conflicts=True,
)
def withdraw_listing(listing_id: UUID) -> dict[str, Any]:
    """Releases and certificates stay on record."""
    listing = access.own_listing(db, current_user, listing_id)
    publishing.withdraw(db, listing)
    audit.record(db, "listing.withdraw", listing)
    return answers.listing(listing)
