"""Record levels, and find the one that holds."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.errors import Invalid
from catalog.models import Site
from matching.models import Assessment
from matching.models.assessment import BASES, COMPANY_LEVEL, SCALES, SYSTEM_LEVEL

#: Highest value of each scale.
MAX_LEVEL = {COMPANY_LEVEL: 5, SYSTEM_LEVEL: 4}


def record(
    session: Session, site: Site, *, scale: str, level: int | None, basis: str, on: date
) -> Assessment:
    """Add a statement about a site's level; the newest of a scale holds.

    Args:
        level: 1–5 on the company scale, 1–4 on the system scale, None = the site says that it does not know.

    Raises:
        Invalid: unknown scale or basis, level outside the scale.
    """
    if scale not in SCALES:
        raise Invalid.at("level/scale", "choice")
    if basis not in BASES:
        raise Invalid.at("level/basis", "choice")
    if level is not None and not 1 <= level <= MAX_LEVEL[scale]:
        raise Invalid.at("level/value", "range", min=1, max=MAX_LEVEL[scale])
    latest = current(session, site, scale)
    if latest is not None and (latest.level, latest.basis, latest.assessed_on) == (level, basis, on):
        return latest
    session.flush()  # a new site needs its key before the statement can point at it
    assessment = Assessment(site_id=site.id, scale=scale, level=level, basis=basis, assessed_on=on)
    session.add(assessment)
    return assessment


def current(session: Session, site: Site, scale: str = COMPANY_LEVEL) -> Assessment | None:
    """The statement that holds now on that scale, if there is any."""
    newest = select(Assessment).where(Assessment.site_id == site.id, Assessment.scale == scale)
    return session.scalar(newest.order_by(Assessment.assessed_on.desc(), Assessment.id.desc()).limit(1))
