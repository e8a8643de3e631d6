"""Fetching demands by their audience: vendors what they may see, manufacturers whom they may name."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload, lazyload, selectinload

from catalog.errors import Invalid, NotFound, Problem
from catalog.models import Listing, Organization, OrganizationRole, ProgrammeRule, Site
from catalog.models.organization import CONFIRMED, VENDOR
from catalog.models.programme import DRAFT as UNPUBLISHED
from marketplace.accounts.access.fetching import Who, is_named
from matching import audience
from matching.models import AllianceLead, Demand, DemandViewer, Match, MatchList

#: The board looks at no more demands than this, the newest.
MOST_ON_BOARD = 500
#: Vendors among whom a manufacturer chooses whom to name.
MOST_CANDIDATES = 30


def acting_vendor(session: Session, who: Who) -> Organization:
    """The acting organization with its roles, in one statement."""
    rows = select(Organization).where(Organization.id == who.organization_key)
    vendor = session.scalars(rows.options(joinedload(Organization.roles))).unique().one_or_none()
    if vendor is None:
        raise NotFound
    return vendor


def demands_in_sight(session: Session, vendor: Organization) -> list[Demand]:
    """Every demand of others that a vendor fetched by `acting_vendor` may see now, the newest first, with what is
    shown of it."""
    site = joinedload(Demand.site)
    rows = audience.visible_to(vendor).options(
        joinedload(Demand.organization),
        site.selectinload(Site.systems),
        joinedload(Demand.requirements),
        selectinload(Demand.named),
    )
    return list(session.scalars(rows.limit(MOST_ON_BOARD)).unique())


def own_demand_shown(session: Session, who: Who, demand_id: UUID) -> Demand:
    """A demand of the acting organization with everything that an audience may see, in three statements."""
    owned = select(Demand).where(is_named(Demand, demand_id), Demand.organization_id == who.organization_key)
    everything = owned.options(
        joinedload(Demand.organization),
        joinedload(Demand.requirements),
        joinedload(Demand.site).selectinload(Site.systems),
        selectinload(Demand.named).joinedload(DemandViewer.organization),
        joinedload(Demand.alliance_lead).joinedload(AllianceLead.alliance),
    )
    row = session.scalars(everything).unique().one_or_none()
    if row is None:
        raise NotFound
    return row


def vendors_named(session: Session, ids: Sequence[UUID], pointer: str) -> list[Organization]:
    """Confirmed vendors by their public ids, in that order. Raises Invalid: a problem at each that is none."""
    rows = select(Organization).where(
        is_confirmed_vendor(), Organization.public_id.in_([str(one) for one in ids])
    )
    found = {row.public_id: row for row in session.scalars(rows.options(selectinload(Organization.roles)))}
    wrong = [Problem(f"{pointer}/{i}", "not_a_vendor") for i, one in enumerate(ids) if str(one) not in found]
    if wrong:
        raise Invalid(wrong)
    return [found[str(one)] for one in ids]


def vendors_to_name(session: Session, who: Who, demand: Demand, words: str) -> list[Organization]:
    """Confirmed vendors that may be named for a demand fetched by `own_demand`: by a part of their name, or, without
    one, those of the demand's newest list, best first."""
    others = select(Organization).where(is_confirmed_vendor(), Organization.id != who.organization_key)
    rows = others.options(lazyload(Organization.roles))  # nobody asks for them here
    if words:
        return list(
            session.scalars(
                rows.where(is_named_like(words)).order_by(Organization.name).limit(MOST_CANDIDATES)
            )
        )
    newest = select(func.max(MatchList.id)).where(MatchList.demand_id == demand.id).scalar_subquery()
    ranked = (
        rows.join(Listing, Listing.organization_id == Organization.id)
        .join(Match, Match.listing == Listing.public_id)
        .where(Match.list_id == newest)
        .order_by(Match.rank)
    )
    return list(dict.fromkeys(session.scalars(ranked.limit(3 * MOST_CANDIDATES))))[:MOST_CANDIDATES]


def programmes_to_choose(session: Session) -> list[ProgrammeRule]:
    """Every published rule, the latest first; past ones are among them and say so."""
    rows = select(ProgrammeRule).where(ProgrammeRule.state != UNPUBLISHED)
    return list(session.scalars(rows.order_by(ProgrammeRule.valid_to.desc(), ProgrammeRule.name)))


def is_confirmed_vendor() -> ColumnElement[bool]:
    """The condition that a row is a confirmed organization that sells."""
    sells = select(OrganizationRole.organization_id).where(
        OrganizationRole.organization_id == Organization.id, OrganizationRole.role == VENDOR
    )
    return (Organization.state == CONFIRMED) & sells.exists()


def is_named_like(words: str) -> ColumnElement[bool]:
    """The condition that an organization's Korean or English name holds those words, in either case of letters."""
    like = f"%{words.casefold().replace('%', '').replace('_', '')}%"
    return or_(func.lower(Organization.name).like(like), func.lower(Organization.name_en).like(like))
