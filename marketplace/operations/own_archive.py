"""What stands in an archive of own data: everything about a person, or (`organization_archive`) of an organization, as
plain JSON.

Columns are taken as they are, so that a new one needs no line here; keys, hashes and secrets never leave the database.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from sqlalchemy import LargeBinary, inspect, select
from sqlalchemy.orm import Session

from catalog.db import Base
from catalog.files import FileStore
from catalog.models import Evidence, StoredFile
from marketplace.accounts.models import Membership, User
from marketplace.audit import AuditEntry
from matching.models import LevelCertificate

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
        "files": [file_entry(stored) for stored in files],
    }
    return data, files


def write(target: IO[bytes], data: dict[str, Any], files: Iterable[StoredFile], store: FileStore) -> None:
    """The archive: README.txt, data.json, files/…; a file that was removed meanwhile is left out."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README)
        archive.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=1, default=as_text))
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


def file_entry(stored: StoredFile) -> dict[str, Any]:
    """The file's row, and where in the archive its bytes lie."""
    return {**plain(stored), "place": _place(stored)}


def _place(stored: StoredFile) -> str:
    """Under our own name: the uploader's stands in data.json."""
    return f"files/{stored.public_id}.{stored.name.rpartition('.')[2].lower()}"


def as_text(value: object) -> str:
    """How JSON writes what it has no type for."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(type(value).__name__)
