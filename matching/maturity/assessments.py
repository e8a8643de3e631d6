"""Record levels, and find the one that holds."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.errors import Invalid
from catalog.models import Site
from matching.models import Assessment
from matching.models.assessment import (
    BASES,
    CERTIFIED,
    COMPANY_LEVEL,
    SCALES,
    SELF_CHECK,
    STATED_BASES,
    SYSTEM_LEVEL,
)

#: Highest value of each scale.
MAX_LEVEL = {COMPANY_LEVEL: 5, SYSTEM_LEVEL: 4}


def record(
    session: Session,
    site: Site,
    *,
    scale: str,
    level: int | None,
    basis: str,
    on: date,
    detail: dict[str, Any] | None = None,
) -> Assessment:
    """Add a statement about a site's level; `holding` says which one holds.

    What the company states again in the same words on the same day is one statement.

    Args:
        level: 1–5 on the company scale, 1–4 on the system scale, None = not known.
        on: day of the statement, of the self-check, or from which a certificate holds.
        detail: see `Assessment.detail`; a certified level names its last day there.

    Raises:
        Invalid: unknown scale or basis, level outside the scale, a certified level without level or last day.
    """
    if scale not in SCALES:
        raise Invalid.at("level/scale", "choice")
    if basis not in BASES:
        raise Invalid.at("level/basis", "choice")
    if level is not None and not 1 <= level <= MAX_LEVEL[scale]:
        raise Invalid.at("level/value", "range", min=1, max=MAX_LEVEL[scale])
    detail = detail or {}
    if basis == CERTIFIED and (level is None or "valid_until" not in detail):
        raise Invalid.at("level/basis", "required")
    session.flush()  # a new site needs its key before the statement can point at it
    latest = _newest(row for row in of_site(session, site, scale) if row.basis in STATED_BASES)
    if latest is not None and (latest.level, latest.basis, latest.assessed_on) == (level, basis, on):
        return latest
    row = Assessment(site_id=site.id, scale=scale, level=level, basis=basis, assessed_on=on, detail=detail)
    session.add(row)
    return row


def current(
    session: Session, site: Site, scale: str = COMPANY_LEVEL, *, today: date | None = None
) -> Assessment | None:
    """The statement that holds on that scale on a day, if there is any; see `holding`."""
    return holding(of_site(session, site, scale), today)


def holding(statements: Iterable[Assessment], today: date | None) -> Assessment | None:
    """Of the statements about one site on one scale, the one that holds.

    A certified level that is valid today beats the newest self-check that came to a level, and that beats what the
    company states; of several of one kind the newest. Without a day no certificate can be known to be valid.
    """
    rows = list(statements)
    certified = [row for row in rows if row.basis == CERTIFIED and _is_valid(row, today)]
    checked = [row for row in rows if row.basis == SELF_CHECK and row.level is not None]
    stated = [row for row in rows if row.basis in STATED_BASES]
    return _newest(certified or checked or stated)


def of_site(session: Session, site: Site, scale: str = COMPANY_LEVEL) -> list[Assessment]:
    """Every statement about a site on one scale, oldest first."""
    rows = select(Assessment).where(Assessment.site_id == site.id, Assessment.scale == scale)
    return list(session.scalars(rows.order_by(Assessment.assessed_on, Assessment.id)))


def _newest(rows: Iterable[Assessment]) -> Assessment | None:
    return max(rows, key=lambda row: (row.assessed_on, row.id), default=None)


def _is_valid(row: Assessment, today: date | None) -> bool:
    if today is None:
        return False
    return row.assessed_on <= today <= date.fromisoformat(row.detail["valid_until"])
