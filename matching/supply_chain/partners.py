"""What trade links tell the fit score: partners with what they let count, and the industries' statistic as a prior."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, case, select
from sqlalchemy.orm import Session

from catalog.models import Organization, Site, SiteSystem
from catalog.models.organization import CONFIRMED as CONFIRMED_COMPANY
from matching.models.trade_link import CONFIRMED, CUSTOMER, LIVE, IndustryFlow, TradeLink
from matching.scoring import facts
from matching.supply_chain import flows, links


def of(session: Session, organization_key: int, today: date | None = None) -> tuple[facts.Partner, ...]:
    """The partners of a company, without names, in an order that does not tell them apart.

    Confirmed links count whoever declared them, others only if the company declared them itself. What a partner uses is
    in it only if the link is confirmed and the partner said that it may count (default no); else its sets are empty.

    Args:
        today: leaves out trades that ended before it; None looks at the states alone.
    """
    own = session.get(Organization, organization_key)
    if own is None or own.state != CONFIRMED_COMPANY or own.registration_number is None:
        return ()
    number = own.registration_number
    found = session.execute(_links(number, today)).all()
    sharing = {row[1] for row in found if row[1] and _shares(row[0], number)}
    systems = _systems(session, sharing)
    partners = [
        _partner(link, number, systems.get(key, ()) if _shares(link, number) else ())
        for link, key in found
        if link.state == CONFIRMED or link.side_of(number) == link.declared_by
    ]
    return tuple(sorted(partners, key=_order))


def prior(session: Session, industry: facts.Industry | None) -> Mapping[str, float] | None:
    """KSIC division → 0–1: how strongly it trades with that industry, by the statistic of 2020 (`flows.strength`).

    None: the statistic is not loaded. Empty: it says nothing of this industry, or the industry is not known. It is
    about industries and never proof that two companies trade.
    """
    division = None if industry is None else flows.division_of(*industry)
    rows = _flows(session, division)
    if not rows and not _is_loaded(session, division):
        return None
    return flows.strengths(rows, division or "")


def purchases(session: Session, industry: facts.Industry) -> list[IndustryFlow] | None:
    """What that industry buys, largest share first, for the page; None: the statistic is not loaded."""
    division = flows.division_of(*industry)
    rows = _flows(session, division)
    if not rows and not _is_loaded(session, division):
        return None
    bought = [
        row for row in rows if division in flows.divisions(row.buyer) and not flows.is_left_out(row.supplier)
    ]
    return sorted(bought, key=lambda row: (-row.purchase_share, row.supplier))


def _is_loaded(session: Session, division: str | None) -> bool:
    """Whether there is a statistic, for an industry of which nothing was found: a sector of it is always found."""
    if division is not None and not flows.is_left_out(division):
        return False
    return session.scalar(select(IndustryFlow.supplier).limit(1)) is not None


def _flows(session: Session, division: str | None) -> list[IndustryFlow]:
    """Every flow from or to the sector of the division."""
    if division is None or flows.is_left_out(division):
        return []
    sector = flows.sector_of(division)
    rows = select(IndustryFlow).where((IndustryFlow.supplier == sector) | (IndustryFlow.buyer == sector))
    return list(session.scalars(rows))


def _links(number: str, today: date | None) -> Select[TradeLink, int]:
    """Live links of that number, each with the key of the partner if it is a confirmed organization."""
    theirs = case(
        (TradeLink.supplier_number == number, TradeLink.customer_number), else_=TradeLink.supplier_number
    )
    partner = (Organization.registration_number == theirs) & (Organization.state == CONFIRMED_COMPANY)
    rows = select(TradeLink, Organization.id).outerjoin(Organization, partner)
    holds: ColumnElement[bool] = TradeLink.state.in_(LIVE) if today is None else links.holds_on(today)
    return rows.where(links.touches(number), holds).order_by(TradeLink.id)


def _systems(session: Session, keys: set[int]) -> dict[int, list[SiteSystem]]:
    """By organization, every system of its sites."""
    if not keys:
        return {}
    rows = select(Site.organization_id, SiteSystem).join(SiteSystem, SiteSystem.site_id == Site.id)
    found: dict[int, list[SiteSystem]] = {}
    for key, system in session.execute(rows.where(Site.organization_id.in_(keys)).order_by(SiteSystem.id)):
        found.setdefault(key, []).append(system)
    return found


def _shares(link: TradeLink, number: str) -> bool:
    """Whether the partner of that firm lets its systems count."""
    theirs = link.supplier_shares if link.side_of(number) == CUSTOMER else link.customer_shares
    return link.state == CONFIRMED and theirs


def _partner(link: TradeLink, number: str, systems: Sequence[SiteSystem]) -> facts.Partner:
    used = {getattr(system, "listing_id", None) for system in systems}
    return facts.Partner(
        direction="supplier" if link.side_of(number) == CUSTOMER else "customer",
        basis="confirmed" if link.state == CONFIRMED else "declared",
        listings=frozenset(listing for listing in used if listing),
        systems=tuple(frozenset(system.interfaces) for system in systems if system.interfaces),
        kinds=tuple(system.capability or "" for system in systems if system.interfaces),
    )


def _order(partner: facts.Partner) -> tuple[str, str, list[str], list[list[str]]]:
    return (
        partner.direction,
        partner.basis,
        sorted(partner.listings),
        [sorted(system) for system in partner.systems],
    )
