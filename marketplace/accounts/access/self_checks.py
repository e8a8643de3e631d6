"""Fetching a manufacturer's own self-checks."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.models import Site
from marketplace.accounts.access.fetching import Who, is_named, one
from matching.maturity import assessments, self_checks
from matching.models import Assessment, SelfCheck, SelfCheckAnswer
from matching.models.assessment import COMPANY_LEVEL
from matching.models.self_check import OPEN


@dataclass(frozen=True, slots=True)
class CheckStanding:
    """How far a factory is: the company level that holds, its open run (public id) with the answers given so far."""

    site: Site
    level: int | None
    open_run: str | None
    answered: int


def own_self_check(session: Session, who: Who, check_id: UUID) -> SelfCheck:
    """A run of a site of the acting organization, with its answers."""
    owned = select(SelfCheck).join(SelfCheck.site).where(Site.organization_id == who.organization_key)
    everything = owned.options(joinedload(SelfCheck.site), selectinload(SelfCheck.answers))
    return one(session, everything.where(is_named(SelfCheck, check_id)))


def self_checks_of(session: Session, sites: list[Site]) -> dict[int, SelfCheck]:
    """By site key, the run started last, of sites that were fetched by `own_site` or `own_sites`; with its answers."""
    return self_checks.newest_runs(session, sites) if sites else {}


def own_check_standings(session: Session, who: Who, today: date) -> list[CheckStanding]:
    """Every factory of the acting organization, oldest first, in one statement."""
    answered = (
        select(func.count(SelfCheckAnswer.id))
        .where(SelfCheckAnswer.check_id == SelfCheck.id)
        .correlate(SelfCheck)
        .scalar_subquery()
    )
    rows = (
        select(Site, Assessment, SelfCheck.public_id, answered)
        .outerjoin(Assessment, (Assessment.site_id == Site.id) & (Assessment.scale == COMPANY_LEVEL))
        .outerjoin(SelfCheck, (SelfCheck.site_id == Site.id) & (SelfCheck.state == OPEN))
        .where(Site.organization_id == who.organization_key)
        .order_by(Site.id)
    )
    found: dict[int, tuple[Site, list[Assessment], str | None, int]] = {}
    for site, assessment, run, count in session.execute(rows):
        _site, said, _run, _count = found.setdefault(site.id, (site, [], run, count))
        said.extend(() if assessment is None else (assessment,))
    return [
        CheckStanding(site, None if held is None else held.level, run, count)
        for site, said, run, count in found.values()
        for held in (assessments.holding(said, today),)
    ]
