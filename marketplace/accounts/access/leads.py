"""Fetching leads: a vendor its own, a manufacturer the offers of contact on its demands; and saved searches."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from catalog.models import Organization, Site
from marketplace.accounts.access.fetching import Who, is_named, one
from matching import audience
from matching.models import Demand, Lead, SavedSearch
from matching.models.demand import OPEN
from matching.models.lead import ACCEPTED, CONTACT, DECLINED, OFFERED, REFUSED

#: A vendor's page looks at no more leads than this, the best and the newest.
MOST_LEADS = 200


def own_lead(session: Session, who: Who, lead_id: UUID) -> Lead:
    """A lead of the acting vendor, whatever became of it; what of its demand shows is `audience`'s to say."""
    owned = select(Lead).where(is_named(Lead, lead_id), Lead.organization_id == who.organization_key)
    return one(session, owned.where(_told()).options(*_in_full()))


def own_leads(session: Session, vendor: Organization, since: datetime) -> list[Lead]:
    """The acting vendor's leads that are to be seen now, best first, and those it answered since; at most MOST_LEADS.

    Those in which none of its listings fits are among them: they say why.
    """
    seen = audience.visible_to(vendor).with_only_columns(Demand.id)
    answered = (Lead.state != OFFERED) & (Lead.answered_at >= since)
    rows = select(Lead).where(
        Lead.organization_id == vendor.id, or_(answered, Lead.demand_id.in_(seen.order_by(None)))
    )
    ordered = rows.order_by(Lead.fit.desc().nulls_last(), Lead.id.desc()).limit(MOST_LEADS)
    return list(session.scalars(ordered.options(*_in_full())))


def leads_to_answer(session: Session, vendor: Organization) -> list[Lead]:
    """The acting vendor's leads that wait for its answer, the oldest first; without what hangs on them."""
    seen = audience.visible_to(vendor).with_only_columns(Demand.id).order_by(None)
    rows = select(Lead).where(
        Lead.organization_id == vendor.id,
        Lead.state == OFFERED,
        _told(),
        Lead.demand_id.in_(seen),
    )
    return list(session.scalars(rows.order_by(Lead.offered_at, Lead.id).limit(MOST_LEADS)))


def visible_keys(session: Session, vendor: Organization, leads: Sequence[Lead]) -> set[int]:
    """Keys of the demands of those leads that the acting vendor may see now."""
    seen = audience.visible_to(vendor).with_only_columns(Demand.id).order_by(None)
    return set(session.scalars(seen.where(Demand.id.in_([lead.demand_id for lead in leads]))))


def offers_of(session: Session, demand: Demand) -> list[Lead]:
    """What vendors answered to a demand that was fetched as the acting manufacturer's own, newest first."""
    rows = select(Lead).where(
        Lead.demand_id == demand.id, Lead.state.in_((ACCEPTED, CONTACT, REFUSED, DECLINED))
    )
    return list(session.scalars(_by_demand(rows).order_by(Lead.answered_at.desc(), Lead.id.desc())))


def offer(session: Session, who: Who, lead_id: UUID) -> Lead:
    """An offer of contact on a demand of the acting manufacturer; leads that no vendor took up are not there."""
    rows = select(Lead).join(Lead.demand).where(Demand.organization_id == who.organization_key)
    answered = rows.where(is_named(Lead, lead_id), Lead.state.in_((ACCEPTED, CONTACT, REFUSED)))
    return one(session, answered.options(contains_eager(Lead.demand), joinedload(Lead.organization)))


def offers_waiting(session: Session, who: Who) -> list[Lead]:
    """Offers of contact that wait on open demands of the acting manufacturer, each with its demand, oldest first."""
    rows = select(Lead).join(Lead.demand).where(Demand.organization_id == who.organization_key)
    waiting = rows.where(Demand.state == OPEN, Lead.state == ACCEPTED).options(contains_eager(Lead.demand))
    return list(session.scalars(waiting.order_by(Lead.answered_at, Lead.id).limit(MOST_LEADS)))


def saved_search(session: Session, who: Who, search_id: UUID) -> SavedSearch:
    """A saved search of the acting organization."""
    owned = select(SavedSearch).where(SavedSearch.organization_id == who.organization_key)
    return one(session, owned.where(is_named(SavedSearch, search_id)))


def saved_searches(session: Session, who: Who) -> list[SavedSearch]:
    """Every saved search of the acting organization, newest first."""
    rows = select(SavedSearch).where(SavedSearch.organization_id == who.organization_key)
    return list(session.scalars(rows.order_by(SavedSearch.id.desc())))


def _told() -> ColumnElement[bool]:
    """The vendor has been told of it, or would be: there is something to answer."""
    return Lead.offered_at.is_not(None)


def _by_demand(rows: Select[Lead]) -> Select[Lead]:
    return rows.options(joinedload(Lead.organization).lazyload(Organization.roles))


def _in_full() -> tuple[ORMOption, ...]:
    demand = joinedload(Lead.demand)
    return (
        demand.selectinload(Demand.requirements),
        demand.selectinload(Demand.named),
        demand.joinedload(Demand.organization).lazyload(Organization.roles),
        demand.joinedload(Demand.site).selectinload(Site.systems),
    )
