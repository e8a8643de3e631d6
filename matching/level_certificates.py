"""수준확인서: a company hands one in for a site, the operator confirms or refuses it; a confirmed one is a level.

waiting ──> confirmed    becomes a statement with the basis "certified", which holds until its last day
   └──────> refused      with a reason that the company reads; the paper may be handed in anew
"""

import re
import unicodedata
from datetime import date, datetime
from typing import IO, TypedDict

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from catalog.clock import day_of
from catalog.db import uuid7
from catalog.errors import Conflict, Invalid, Problem
from catalog.files import FileStore, content, keeping
from catalog.models import Site, StoredFile
from matching.maturity import assessments
from matching.models import LevelCertificate
from matching.models.assessment import CERTIFIED, COMPANY_LEVEL
from matching.models.level_certificate import CONFIRMED, REFUSED, WAITING

#: What may be handed in: papers and pictures of them, no tables.
ENDINGS = ("pdf", "png", "jpg", "jpeg")
#: From so many days before the last one on, the company is reminded.
REMIND_DAYS = 60
#: A paper that is said to hold for longer than this many years is a slip of the keyboard.
MAX_YEARS = 10
#: Waiting papers of one site; more are no work for anybody.
MAX_WAITING = 5
#: Highest level of each scale.
_HIGHEST = {COMPANY_LEVEL: 5}
_HIGHEST_OTHERWISE = 4


class PaperFields(TypedDict):
    """What stands on the paper."""

    number: str
    body: str
    scale: str
    level: int
    issued_on: date
    valid_until: date


def number_key(number: str) -> str:
    """The number without what people write differently: width of letters, case, spaces, hyphens and dots."""
    plain = unicodedata.normalize("NFKC", number).casefold()
    return re.sub(r"[\W_]+", "", plain)[:40]


def hand_in(
    session: Session,
    site: Site,
    store: FileStore,
    fields: PaperFields,
    *,
    name: str,
    stream: IO[bytes],
    today: date,
) -> LevelCertificate:
    """Keep the paper with its file; it waits for the operator.

    Args:
        name: what the uploader's machine called the file.
        today: a paper issued later, or that has ended, is refused.

    Raises:
        Invalid: each at its field; at "file" whatever `content.admit` refuses.
        Conflict: too many papers of the site wait.
    """
    problems = _problems(fields, today)
    if problems:
        raise Invalid(problems)
    # two at once would not see each other
    session.refresh(site, attribute_names=["name"], with_for_update=True)
    _require_new(session, site, number_key(fields["number"]))
    stored = _kept(session, site, store, name, stream)
    row = LevelCertificate(site=site, file=stored, number_key=number_key(fields["number"]), **fields)
    session.add(row)
    session.flush()  # notices and the audit entry name it
    return row


def confirm(session: Session, row: LevelCertificate, *, by: str, now: datetime) -> None:
    """The operator has held the paper against its issuer: its level holds until its last day.

    Raises:
        Conflict: it was decided before, it has ended, or another paper with its number was confirmed.
    """
    _require_waiting(session, row)
    if row.valid_until < day_of(now):
        raise Conflict("level_certificate.ended")
    if _confirmed_elsewhere(session, row):
        raise Conflict("level_certificate.number_taken")
    row.assessment = assessments.record(
        session,
        row.site,
        scale=row.scale,
        level=row.level,
        basis=CERTIFIED,
        on=row.issued_on,
        detail={
            "number": row.number,
            "body": row.body,
            "valid_from": row.issued_on.isoformat(),
            "valid_until": row.valid_until.isoformat(),
        },
    )
    row.state, row.decided_at, row.decided_by = CONFIRMED, now, by


def refuse(session: Session, row: LevelCertificate, *, reason: str, by: str, now: datetime) -> None:
    """The operator cannot confirm it. Raises Conflict: it was decided before."""
    _require_waiting(session, row)
    row.state, row.reason, row.decided_at, row.decided_by = REFUSED, reason, now, by


def standing(row: LevelCertificate, today: date) -> str:
    """What it comes to on a day: "waiting", "refused", of a confirmed one "holds", "ending" (REMIND_DAYS), "ended"."""
    if row.state != CONFIRMED:
        return row.state
    if row.valid_until < today:
        return "ended"
    return "ending" if (row.valid_until - today).days <= REMIND_DAYS else "holds"


def twins(session: Session, row: LevelCertificate) -> list[LevelCertificate]:
    """Papers of any company with the same number or the very same file, for the operator's eyes; oldest first."""
    same = or_(LevelCertificate.number_key == row.number_key, StoredFile.sha256 == row.file.sha256)
    rows = select(LevelCertificate).join(StoredFile, StoredFile.id == LevelCertificate.file_id)
    return list(
        session.scalars(rows.where(same, LevelCertificate.id != row.id).order_by(LevelCertificate.id))
    )


def _kept(session: Session, site: Site, store: FileStore, name: str, stream: IO[bytes]) -> StoredFile:
    shown = content.shown_name(name)
    if shown.rpartition(".")[2].lower() not in ENDINGS:
        raise Invalid.at("file", "file_type", allowed="pdf, png, jpg")
    checked, kept = content.admit(shown, stream)
    key = uuid7().hex
    keeping.put(session, store, key, kept)
    return StoredFile(
        organization_id=site.organization_id,
        evidence_id=None,
        name=shown,
        content_type=checked.content_type,
        size=checked.size,
        sha256=checked.sha256,
        storage_key=key,
    )


def _problems(fields: PaperFields, today: date) -> list[Problem]:
    highest = _HIGHEST.get(fields["scale"], _HIGHEST_OTHERWISE)
    issued, ends = fields["issued_on"], fields["valid_until"]
    found = []
    if not number_key(fields["number"]):
        found.append(Problem("number", "required"))
    if not 1 <= fields["level"] <= highest:
        found.append(Problem("level", "range", {"min": 1, "max": highest}))
    if issued > today:
        found.append(Problem("issued_on", "future"))
    if ends < issued:
        found.append(Problem("valid_until", "period_order"))
    elif ends < today:
        found.append(Problem("valid_until", "past"))
    elif (ends - issued).days > MAX_YEARS * 366:
        found.append(Problem("valid_until", "certificate_long", {"years": MAX_YEARS}))
    return found


def _require_new(session: Session, site: Site, key: str) -> None:
    """The company's own papers with that number: one that waits or was confirmed is enough."""
    own = select(LevelCertificate).join(Site, Site.id == LevelCertificate.site_id)
    mine = list(session.scalars(own.where(Site.organization_id == site.organization_id)))
    if any(row.number_key == key and row.state != REFUSED for row in mine):
        raise Invalid.at("number", "certificate_known")
    if sum(row.state == WAITING and row.site_id == site.id for row in mine) >= MAX_WAITING:
        raise Conflict("level_certificate.too_many", max=MAX_WAITING)


def _require_waiting(session: Session, row: LevelCertificate) -> None:
    session.flush()  # a refresh would throw away what this transaction has changed so far
    session.refresh(row, attribute_names=["state"], with_for_update=True)
    if row.state != WAITING:
        raise Conflict("level_certificate.decided")


def _confirmed_elsewhere(session: Session, row: LevelCertificate) -> bool:
    same: ColumnElement[bool] = and_(
        LevelCertificate.number_key == row.number_key,
        LevelCertificate.state == CONFIRMED,
        LevelCertificate.id != row.id,
    )
    return session.scalar(select(LevelCertificate.id).where(same).limit(1)) is not None
