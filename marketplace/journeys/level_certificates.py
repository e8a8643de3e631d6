"""A company hands in a 수준확인서, the operator decides it; whoever waits for the other is told."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import IO, Any, cast

from sqlalchemy.orm import Session

from catalog.files import FileStore
from catalog.models import Site
from marketplace import notices
from matching import level_certificates
from matching.models import LevelCertificate


def hand_in(
    session: Session,
    site: Site,
    store: FileStore,
    fields: Mapping[str, Any],
    *,
    name: str,
    stream: IO[bytes],
    today: date,
) -> LevelCertificate:
    """Keep the paper, and tell the operator's people that it waits. Raises: see `level_certificates.hand_in`."""
    paper = cast(level_certificates.PaperFields, dict(fields))
    row = level_certificates.hand_in(session, site, store, paper, name=name, stream=stream, today=today)
    notices.tell(
        session,
        "level_certificate.handed_in",
        key=row.public_id,
        link=f"/console/level-certificates/{row.public_id}",
        about=row,
        users=notices.operators(session),
        params={"organization": site.organization.name, "site": site.name},
    )
    return row


def confirm(session: Session, row: LevelCertificate, *, by: str, now: datetime) -> None:
    """The paper's level holds; its company is told. Raises: see `level_certificates.confirm`."""
    level_certificates.confirm(session, row, by=by, now=now)
    _tell(session, "level_certificate.confirmed", row)


def refuse(session: Session, row: LevelCertificate, *, reason: str, by: str, now: datetime) -> None:
    """The company reads why it cannot be confirmed. Raises: see `level_certificates.refuse`."""
    level_certificates.refuse(session, row, reason=reason, by=by, now=now)
    _tell(session, "level_certificate.refused", row)


def _tell(session: Session, event: str, row: LevelCertificate) -> None:
    notices.tell(
        session,
        event,
        key=row.public_id,
        link=f"/sites/{row.site.public_id}/certificates",
        about=row,
        organization=row.site.organization,
        params={"site": row.site.name, "number": row.number},
    )
