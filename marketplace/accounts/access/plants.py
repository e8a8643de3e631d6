"""Fetching a manufacturer's own sites, demands and match lists."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.errors import Invalid, NotFound
from catalog.models import OfficialIndustry, Site
from marketplace.accounts.access.fetching import Who, is_named, one
from matching import matchmaking
from matching.maturity import assessments
from matching.models import AllianceLead, Assessment, Demand, MatchList
from matching.models.demand import DRAFT, OPEN


def own_site(session: Session, who: Who, site_id: UUID) -> Site:
    """A site of the acting organization."""
    return one(
        session, select(Site).where(is_named(Site, site_id), Site.organization_id == who.organization_key)
    )


def own_site_at(session: Session, who: Who, site_id: UUID, pointer: str) -> Site:
    """A site that a form or a body names: a foreign one is a problem at its field."""
    try:
        return own_site(session, who, site_id)
    except NotFound:
        raise Invalid.at(pointer, "unknown_code", value=str(site_id)) from None


def own_site_or_only(session: Session, who: Who, site_id: UUID | None, pointer: str) -> Site:
    """The site that a body names, or the organization's only one; with several, or none, it must be named."""
    if site_id is not None:
        return own_site_at(session, who, site_id, pointer)
    sites = own_sites(session, who)
    if len(sites) != 1:
        raise Invalid.at(pointer, "required")
    return sites[0]


def own_sites(session: Session, who: Who) -> list[Site]:
    """Every site of the acting organization, oldest first."""
    return list(
        session.scalars(select(Site).where(Site.organization_id == who.organization_key).order_by(Site.id))
    )


def levels_of(
    session: Session, sites: list[Site], today: date | None = None
) -> dict[int, dict[str, Assessment]]:
    """By site key and scale, the statement that holds, of sites that were fetched by `own_site` or `own_sites`."""
    rows = (
        select(Assessment).where(Assessment.site_id.in_([site.id for site in sites])).order_by(Assessment.id)
    )
    said: dict[tuple[int, str], list[Assessment]] = {}
    for row in session.scalars(rows):
        said.setdefault((row.site_id, row.scale), []).append(row)
    held: dict[int, dict[str, Assessment]] = {}
    for (site_key, scale), statements in said.items():
        holding = assessments.holding(statements, today)
        if holding is not None:
            held.setdefault(site_key, {})[scale] = holding
    return held


def own_demand(session: Session, who: Who, demand_id: UUID) -> Demand:
    """A demand of the acting organization."""
    return one(
        session,
        select(Demand).where(is_named(Demand, demand_id), Demand.organization_id == who.organization_key),
    )


def own_demand_in_full(session: Session, who: Who, demand_id: UUID) -> Demand:
    """A demand of the acting organization with all that its score is computed from, in three statements."""
    owned = select(Demand).where(is_named(Demand, demand_id), Demand.organization_id == who.organization_key)
    site = joinedload(Demand.site)
    everything = owned.options(
        joinedload(Demand.requirements), site.selectinload(Site.terms), site.selectinload(Site.systems)
    )
    row = session.scalars(everything).unique().one_or_none()
    if row is None:
        raise NotFound
    return row


def own_demands(session: Session, who: Who) -> list[Demand]:
    """Every demand of the acting organization, newest first."""
    rows = select(Demand).where(Demand.organization_id == who.organization_key)
    shown = selectinload(Demand.alliance_lead).joinedload(AllianceLead.alliance)
    ordered = rows.options(selectinload(Demand.site), selectinload(Demand.requirements), shown).order_by(
        Demand.id.desc()
    )
    return list(session.scalars(ordered))


def own_match_list(session: Session, who: Who, list_id: UUID) -> MatchList:
    """A computed list of one of the acting organization's demands."""
    owned = select(MatchList).join(MatchList.demand).where(Demand.organization_id == who.organization_key)
    return one(session, owned.where(is_named(MatchList, list_id)))


def official_industries(session: Session, revision: str) -> list[OfficialIndustry]:
    """Classes and subclasses (four and five digits) of the official list, empty until the operator has loaded it."""
    rows = select(OfficialIndustry).where(
        OfficialIndustry.revision == revision, func.length(OfficialIndustry.code) > 3
    )
    return list(session.scalars(rows.order_by(OfficialIndustry.code)))


def own_demands_at_work(session: Session, who: Who) -> list[tuple[Demand, int | None]]:
    """Drafts and open demands of the acting organization, newest first, without what hangs on them; each with how many
    listings its newest list ranked, None without a list."""
    mine = Demand.organization_id == who.organization_key
    counts = matchmaking.ranked_counts(MatchList.demand_id.in_(select(Demand.id).where(mine))).subquery()
    rows = select(Demand, counts.c.ranked).outerjoin(counts, counts.c.demand_id == Demand.id)
    at_work = rows.where(mine, Demand.state.in_((DRAFT, OPEN))).order_by(Demand.id.desc())
    return [(row[0], row[1]) for row in session.execute(at_work)]
