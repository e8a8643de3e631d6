"""Who sees a demand besides its own organization, and what of it (docs/audience.md).

Named organizations see the name; an alliance and the board see what describes at least GROUP firms, and never a name
or the free text. Everything here reads; `matching.demands` widens and narrows.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session, object_session

from catalog import clock
from catalog.alliance_states import ACTIVE
from catalog.alliances import standing
from catalog.db import utcnow
from catalog.models import Alliance, AllianceMember, Organization, Site
from catalog.models.organization import CONFIRMED, MANUFACTURER, VENDOR, OrganizationRole
from matching import crowds
from matching.crowds import Crowd, Firm, Masked
from matching.maturity import assessments
from matching.models import AllianceLead, Assessment, Demand, DemandViewer
from matching.models.assessment import COMPANY_LEVEL
from matching.models.demand import ALLIANCE, BOARD, OPEN, ORGANIZATIONS


@dataclass(frozen=True, slots=True)
class Asked:
    """One capability asked for; `min_quality` 1–5 is shown to named organizations only."""

    capability: str
    must: bool
    min_quality: int | None


@dataclass(frozen=True, slots=True)
class AudienceView:
    """What one organization sees of one demand.

    Attributes:
        demand: public id.
        named: whether the firm's name is shown; then `organization`, `site`, `title`, `description`, `systems` and
            `deadline` are filled, and for everybody else they are None.
        industry: KSIC division (two digits), or None. `sector`: a code of `crowds.SECTORS`, or None.
        region: province, or None. `area`: a code of `crowds.AREAS`, or None.
        size: a band of `crowds.SIZES` as (low, high or None), or None.
        group: how many firms share what is shown of industry, region and size; at least GROUP unless all are None.
        level, target_level: company levels 1–5; `level_basis` says how the first is known.
        budget: a band of `crowds.BUDGETS` in won as (low, high or None), or None.
        quarter: (year, 1–4) in which it is wanted, or None.
    """

    demand: str
    named: bool
    organization: str | None
    site: str | None
    title: str | None
    description: str | None
    systems: tuple[str, ...] | None
    deadline: str | None
    industry: str | None
    sector: str | None
    region: str | None
    area: str | None
    size: tuple[int, int | None] | None
    group: int
    level: int | None
    level_basis: str | None
    target_level: int | None
    asked: tuple[Asked, ...]
    links: tuple[tuple[str, str], ...]
    budget: tuple[int, int | None] | None
    quarter: tuple[int, int] | None

    @property
    def capabilities(self) -> tuple[str, ...]:
        """The codes asked for, needs before wishes."""
        return tuple(one.capability for one in sorted(self.asked, key=lambda one: not one.must))


def visible_to(organization: Organization, today: date | None = None) -> Select[Demand]:
    """The open demands of others that `organization` may see on that day (None: now): none, unless it is a confirmed
    vendor.

    Newest widening first; a narrowed or closed demand is gone from here with the commit that narrowed it.
    """
    rows = select(Demand).order_by(Demand.shared_at.desc(), Demand.id.desc())
    if organization.state != CONFIRMED or not organization.plays(VENDOR):
        return rows.where(false())
    return rows.where(
        Demand.state == OPEN,
        Demand.organization_id != organization.id,
        or_(Demand.audience == BOARD, _names(organization), _shares(organization, today)),
    )


def may_see(demand: Demand, viewer: Organization, today: date | None = None) -> bool:
    """The same question for one demand that is at hand."""
    if demand.state != OPEN or viewer.state != CONFIRMED or not viewer.plays(VENDOR):
        return False
    if demand.organization_id == viewer.id:
        return False
    return demand.audience == BOARD or is_named(demand, viewer) or _is_shared(demand, viewer, today)


def is_named(demand: Demand, viewer: Organization) -> bool:
    """Whether the manufacturer named that organization itself, and its audience still says so."""
    if demand.audience not in (ORGANIZATIONS, ALLIANCE, BOARD):
        return False
    return any(row.organization_id == viewer.id for row in demand.named)


def crowd(session: Session) -> Crowd:
    """Every confirmed manufacturer's sites, from which groups are counted; one statement."""
    rows = (
        select(Organization.id, Site.industry_code, Site.region, Site.headcount)
        .join(Site, Site.organization_id == Organization.id)
        .join(OrganizationRole, OrganizationRole.organization_id == Organization.id)
        .where(Organization.state == CONFIRMED, OrganizationRole.role == MANUFACTURER)
    )
    return Crowd(Firm(*row) for row in session.execute(rows))


def shown(
    demand: Demand,
    viewer: Organization | None,
    among: Crowd | None = None,
    *,
    accepted: bool = False,
    level: tuple[int | None, str] | None = None,
    today: date | None = None,
) -> AudienceView:
    """What `viewer` sees of a demand that `visible_to` selects for it.

    Args:
        viewer: None shows what anybody on the board sees, for the manufacturer's preview.
        among: the firms of the country, from `crowd`; None reads them, so a list hands them in.
        accepted: the manufacturer has accepted this viewer's contact: it sees what a named organization sees.
        level: (company level, basis) that holds at the site, from `levels`; None reads what holds on `today`.
    """
    session = object_session(demand)
    if session is None:
        raise ValueError("the demand belongs to no session")
    site = demand.site
    masked = (crowd(session) if among is None else among).mask(
        site.industry_code, site.region, site.headcount
    )
    holding = levels(session, [demand], today).get(demand.site_id) if level is None else level
    view = _anonymous(demand, masked, holding or (None, None))
    if accepted or (viewer is not None and is_named(demand, viewer)):
        return _with_name(demand, view)
    return view


def levels(
    session: Session, demands: Iterable[Demand], today: date | None = None
) -> dict[int, tuple[int | None, str]]:
    """By site key, the company level that holds on that day and its basis; one statement."""
    rows = select(Assessment).where(
        Assessment.site_id.in_({demand.site_id for demand in demands}), Assessment.scale == COMPANY_LEVEL
    )
    stated: dict[int, list[Assessment]] = defaultdict(list)
    for row in session.scalars(rows):
        stated[row.site_id].append(row)
    holding = {site: assessments.holding(of_site, today) for site, of_site in stated.items()}
    return {site: (row.level, row.basis) for site, row in holding.items() if row is not None}


def viewers_of(demand: Demand) -> Sequence[Organization]:
    """The organizations that were named, in the order of naming."""
    return [viewer.organization for viewer in demand.named]


def _anonymous(demand: Demand, masked: Masked, level: tuple[int | None, str | None]) -> AudienceView:
    """What the board shows."""
    return AudienceView(
        demand=demand.public_id,
        named=False,
        organization=None,
        site=None,
        title=None,
        description=None,
        systems=None,
        deadline=None,
        industry=masked.industry,
        sector=masked.sector,
        region=masked.region,
        area=masked.area,
        size=masked.size,
        group=masked.group,
        level=level[0],
        level_basis=level[1],
        target_level=demand.target_level,
        asked=tuple(Asked(row.capability, row.must, None) for row in demand.requirements),
        links=tuple((pair[0], pair[1]) for pair in demand.links),
        budget=crowds.budget_of(demand.budget_amount),
        quarter=crowds.quarter_of(demand.deadline),
    )


def _with_name(demand: Demand, view: AudienceView) -> AudienceView:
    """What those see who know the firm; its name says more than any group could hide."""
    site = demand.site
    return replace(
        view,
        named=True,
        organization=demand.organization.name,
        site=site.name,
        title=demand.title,
        description=demand.description,
        systems=tuple(system.name for system in site.systems),
        deadline=demand.deadline.isoformat() if demand.deadline else None,
        industry=site.industry_code[:2],
        sector=None,
        region=site.region,
        area=None,
        size=crowds.size_of(site.headcount),
        asked=tuple(Asked(row.capability, row.must, row.min_quality) for row in demand.requirements),
    )


def _names(organization: Organization) -> ColumnElement[bool]:
    named = select(DemandViewer.id).where(
        DemandViewer.demand_id == Demand.id, DemandViewer.organization_id == organization.id
    )
    return and_(Demand.audience.in_((ORGANIZATIONS, ALLIANCE)), named.exists())


def _shares(organization: Organization, today: date | None) -> ColumnElement[bool]:
    """The demand is shown to an active alliance that the organization belongs to, or runs."""
    member = select(AllianceMember.id).where(
        AllianceMember.alliance_id == Alliance.id,
        AllianceMember.organization_id == organization.id,
        standing.is_standing(today or _now()),
    )
    shared = (
        select(AllianceLead.id)
        .join(Alliance, Alliance.id == AllianceLead.alliance_id)
        .where(AllianceLead.demand_id == Demand.id, Alliance.state == ACTIVE)
        .where(or_(Alliance.coordinator_id == organization.id, member.exists()))
    )
    return and_(Demand.audience == ALLIANCE, shared.exists())


def _is_shared(demand: Demand, viewer: Organization, today: date | None) -> bool:
    if demand.audience != ALLIANCE or demand.alliance_lead is None:
        return False
    return standing.sees_demands(demand.alliance_lead.alliance, viewer.id, today or _now())


def _now() -> date:
    return clock.day_of(utcnow())
