"""What stands in an archive of own data: everything about a person, or everything of an organization, as plain JSON.

Columns are taken as they are, so that a new one needs no line here; keys, hashes and secrets never leave the database.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from sqlalchemy import LargeBinary, inspect, or_, select
from sqlalchemy.orm import Session

from catalog import listings
from catalog.db import Base
from catalog.files import FileStore
from catalog.models import (
    Certificate,
    CompetitorDeclaration,
    Evidence,
    Listing,
    Organization,
    Release,
    Review,
    Site,
    StoredFile,
)
from marketplace.accounts.models import ApiToken, Membership, User
from marketplace.audit import AuditEntry
from marketplace.hooks.models import Hook
from matching import shortlists
from matching.models import Assessment, Demand, Lead, LevelCertificate, MatchList, SavedSearch, SelfCheck

#: Columns that are nobody's data: our own keys, and what opens doors.
SECRET = frozenset(
    {"id", "password_hash", "totp_secret", "totp_step", "storage_key", "source", "previous_hash", "hash"}
)
#: Columns written for the operator's people.
INTERNAL = frozenset({"note", "decided_by"})
_CHUNK = 1 << 16

README = """이음에서 내려받은 데이터입니다. data.json에 모든 기록이 있고, files/에 올린 파일이 있습니다.
파일의 원래 이름과 지문(SHA-256)은 data.json의 files에 적혀 있습니다.

This is your data from Ieum. data.json holds every record, files/ the uploaded files.
Their original names and fingerprints (SHA-256) stand under "files" in data.json.
"""


def plain(row: Any, *without: str) -> dict[str, Any]:
    """The row's columns by name, without keys, secrets and what `without` names."""
    return {
        column.key: getattr(row, column.key)
        for column in inspect(type(row)).column_attrs
        if column.key not in SECRET | INTERNAL | set(without)
        and not column.columns[0].foreign_keys
        and not isinstance(column.columns[0].type, LargeBinary)
    }


def of_person(session: Session, user: User) -> tuple[dict[str, Any], list[StoredFile]]:
    """Everything about the person, and the files that they uploaded for organizations that they still belong to."""
    seats = session.scalars(select(Membership).where(Membership.user_id == user.id)).all()
    acts = session.scalars(
        select(AuditEntry).where(AuditEntry.actor == user.email).order_by(AuditEntry.number)
    ).all()
    files = _uploaded(session, acts, [seat.organization_id for seat in seats])
    data = {
        "account": plain(user),
        "organizations": [
            {"name": seat.organization.name, "id": seat.organization.public_id, "rights": sorted(seat.rights)}
            for seat in seats
        ],
        **_rows_of(session, user),
        "acts": [plain(entry) for entry in acts],
        "files": [_file(stored) for stored in files],
    }
    return data, files


def of_organization(session: Session, own: Organization) -> tuple[dict[str, Any], list[StoredFile]]:
    """Everything of the organization; of reviews what a vendor sees, of the audit chain what it did and what was done
    to it, others' people without their addresses."""
    mine = Organization.id == own.id
    seats = session.scalars(select(Membership).join(Organization).where(mine).order_by(Membership.id))
    rivals = select(CompetitorDeclaration).where(CompetitorDeclaration.declaring_id == own.id)
    files = list(
        session.scalars(
            select(StoredFile).where(StoredFile.organization_id == own.id).order_by(StoredFile.id)
        )
    )
    shelf = list(
        session.scalars(select(Listing).where(Listing.organization_id == own.id).order_by(Listing.id))
    )
    data = {
        "organization": {**plain(own), "roles": [role.role for role in own.roles]},
        "people": [
            {"name": seat.user.name, "email": seat.user.email, "rights": sorted(seat.rights)}
            for seat in seats
        ],
        "competitors": [row.competitor.name for row in session.scalars(rivals)],
        "sites": [
            _site(session, row) for row in session.scalars(select(Site).where(Site.organization_id == own.id))
        ],
        "demands": [
            _demand(session, row)
            for row in session.scalars(select(Demand).where(Demand.organization_id == own.id))
        ],
        "listings": [_listing(session, row) for row in shelf],
        **_asked_for(session, own),
        "tokens": [
            plain(row) for row in session.scalars(select(ApiToken).where(ApiToken.organization_id == own.id))
        ],
        "webhooks": [
            plain(row) for row in session.scalars(select(Hook).where(Hook.organization_id == own.id))
        ],
        "audit": _audit(session, own, [own.public_id, *(listing.public_id for listing in shelf)]),
        "files": [_file(stored) for stored in files],
    }
    return data, files


def _asked_for(session: Session, own: Organization) -> dict[str, Any]:
    """What a vendor answered to demands, without what the other side keeps back, and the saved searches."""
    answered = select(Lead).where(Lead.organization_id == own.id).order_by(Lead.id)
    searches = select(SavedSearch).where(SavedSearch.organization_id == own.id).order_by(SavedSearch.id)
    kept_back = ("buyer_contact", "decided_by", "standings", "fit")
    return {
        "leads": [plain(row, *kept_back) for row in session.scalars(answered)],
        "saved_searches": [plain(row) for row in session.scalars(searches)],
    }


def write(target: IO[bytes], data: dict[str, Any], files: Iterable[StoredFile], store: FileStore) -> None:
    """The archive: README.txt, data.json, files/…; a file that was removed meanwhile is left out."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README)
        archive.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=1, default=_as_text))
        for stored in files:
            try:
                source = store.open(stored.storage_key)
            except FileNotFoundError:
                continue
            with source, archive.open(_place(stored), "w") as member:
                while chunk := source.read(_CHUNK):
                    member.write(chunk)


def measured(stream: IO[bytes]) -> tuple[int, str]:
    """Length in bytes and SHA-256 in hex of the stream from its beginning."""
    stream.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return size, digest.hexdigest()


def tables_about_people() -> list[tuple[Any, Any]]:
    """(model, its column that names a person) of every table that does, memberships apart."""
    found = []
    for mapper in sorted(Base.registry.mappers, key=lambda mapped: str(mapped.local_table)):
        for column in mapper.columns:
            points = any(key.column.table is User.__table__ for key in column.foreign_keys)
            if points and mapper.class_ is not Membership:
                found.append((mapper.class_, column))
    return found


def _rows_of(session: Session, user: User) -> dict[str, list[dict[str, Any]]]:
    return {
        f"{model.__tablename__}": [
            plain(row) for row in session.scalars(select(model).where(column == user.id))
        ]
        for model, column in tables_about_people()
    }


def _uploaded(session: Session, acts: Iterable[AuditEntry], organizations: list[int]) -> list[StoredFile]:
    """The audit chain knows who uploaded what: by the file itself (API), or by record and fingerprint (page)."""
    files, records = set(), set()
    for entry in acts:
        if entry.act == "file.upload":
            files.add(entry.object_id)
        elif entry.act in {"evidence.attach", "level_certificate.hand_in"}:
            records.add((entry.object_id, entry.detail.get("sha256")))
    held = (
        select(StoredFile, Evidence.public_id, LevelCertificate.public_id)
        .outerjoin(Evidence, Evidence.id == StoredFile.evidence_id)
        .outerjoin(LevelCertificate, LevelCertificate.file_id == StoredFile.id)
    )
    rows = session.execute(held.where(StoredFile.organization_id.in_(organizations)).order_by(StoredFile.id))
    return [s for s, record, paper in rows if s.public_id in files or (record or paper, s.sha256) in records]


def _site(session: Session, site: Site) -> dict[str, Any]:
    stated = select(Assessment).where(Assessment.site_id == site.id).order_by(Assessment.id)
    papers = select(LevelCertificate).where(LevelCertificate.site_id == site.id).order_by(LevelCertificate.id)
    return {
        **plain(site),
        "terms": [plain(term) for term in site.terms],
        "systems": [plain(system) for system in site.systems],
        "levels": [plain(row) for row in session.scalars(stated)],
        "level_certificates": [{**plain(row), "file": row.file.public_id} for row in session.scalars(papers)],
        "self_checks": [
            {**plain(run), "answers": [plain(answer) for answer in run.answers]}
            for run in session.scalars(
                select(SelfCheck).where(SelfCheck.site_id == site.id).order_by(SelfCheck.id)
            )
        ],
    }


def _demand(session: Session, demand: Demand) -> dict[str, Any]:
    lists = session.scalars(select(MatchList).where(MatchList.demand_id == demand.id).order_by(MatchList.id))
    return {
        **plain(demand),
        "site": demand.site.public_id,
        "requirements": [plain(row) for row in demand.requirements],
        "shortlist": [plain(row) for row in shortlists.items(session, demand)],
        "match_lists": [{**plain(row), "matches": [plain(match) for match in row.matches]} for row in lists],
    }


def _listing(session: Session, listing: Listing) -> dict[str, Any]:
    releases = session.scalars(
        select(Release).where(Release.listing_id == listing.id).order_by(Release.number)
    )
    reviews = session.scalars(select(Review).where(Review.listing_id == listing.id).order_by(Review.id))
    return {
        **plain(listing),
        "content": listings.snapshot(listing),
        "releases": [{**plain(row), "certificate": _certificate(row.certificate)} for row in releases],
        "reviews": [_review(row) for row in reviews],
    }


def _certificate(row: Certificate | None) -> dict[str, Any] | None:
    return None if row is None else {**plain(row), "validator": row.validator.name}


def _review(row: Review) -> dict[str, Any]:
    return {
        **plain(row, "validator_email", "rubric"),
        "findings": [plain(finding) for finding in row.findings],
        "notes": [plain(note) for note in row.notes if note.audience == "vendor"],
    }


def _audit(session: Session, own: Organization, things: list[str]) -> list[dict[str, Any]]:
    own_acts = AuditEntry.organization == own.public_id
    rows = select(AuditEntry).where(or_(own_acts, AuditEntry.object_id.in_(things)))
    return [
        plain(entry) if entry.organization == own.public_id else {**plain(entry, "detail"), "actor": ""}
        for entry in session.scalars(rows.order_by(AuditEntry.number))
    ]


def _file(stored: StoredFile) -> dict[str, Any]:
    return {**plain(stored), "place": _place(stored)}


def _place(stored: StoredFile) -> str:
    """Under our own name: the uploader's stands in data.json."""
    return f"files/{stored.public_id}.{stored.name.rpartition('.')[2].lower()}"


def _as_text(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(type(value).__name__)
