"""Fetching trade links, lists of partners that wait to be declared, and chains that an anchor has opened.

A firm sees the links that have it on one side and no others; only a confirmed company is known to have its number.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session, lazyload

from catalog.errors import Invalid, NotFound
from catalog.models import Organization
from catalog.models.organization import CONFIRMED as CONFIRMED_COMPANY
from marketplace.accounts.access.fetching import Who, is_named, one
from matching.models.trade_link import (
    CONFIRMED,
    CUSTOMER,
    DECLARED,
    DENIED,
    SUPPLIER,
    ChainViewer,
    LinkImport,
    TradeLink,
)
from matching.supply_chain import chain, links

#: What a list of links can be narrowed to.
FILTERS = ("all", "waiting", CONFIRMED, DECLARED, DENIED)


@dataclass(frozen=True, slots=True)
class OwnLink:
    """A link as one of its firms sees it.

    Attributes:
        partner: the confirmed organization on the other side; None: there is none, and `partner_name` is as declared.
        direction: what the partner is to us, "supplier" or "customer".
        waits_for_us: whether it is ours to answer.
    """

    link: TradeLink
    partner: Organization | None
    direction: str
    partner_name: str
    partner_number: str
    waits_for_us: bool


def own_firm(session: Session, who: Who) -> Organization:
    """The acting organization, without its roles."""
    mine = select(Organization).where(Organization.id == who.organization_key)
    return one(session, mine.options(lazyload(Organization.roles)))


def own_link(session: Session, who: Who, link_id: UUID) -> OwnLink:
    """One of the links of the acting organization."""
    own = own_firm(session, who)
    if not _is_known(own):
        raise NotFound
    row = session.execute(_links(own).where(is_named(TradeLink, link_id))).one_or_none()
    if row is None:
        raise NotFound
    return _own(own, row[0], row[1])


def own_links(
    session: Session, own: Organization, *, only: str = "all", offset: int = 0, limit: int = 100
) -> list[OwnLink]:
    """Links of an organization that was fetched by `own_firm`: what waits for it first, then declared, confirmed and
    denied ones; newest first."""
    if not _is_known(own):
        return []
    order = case(
        (_waits(own), 0), (TradeLink.state == DECLARED, 1), (TradeLink.state == CONFIRMED, 2), else_=3
    )
    rows = _narrowed(_links(own), own, only).order_by(order, TradeLink.id.desc())
    return [_own(own, row[0], row[1]) for row in session.execute(rows.offset(offset).limit(limit))]


def count_own_links(session: Session, own: Organization) -> dict[str, int]:
    """How many links of an organization that was fetched by `own_firm` each of FILTERS has."""
    if not _is_known(own):
        return dict.fromkeys(FILTERS, 0)
    waits_here = _waits(own).label("waits_here")
    counted = select(TradeLink.state, waits_here, func.count(TradeLink.id)).where(_mine(own))
    counted = counted.group_by(TradeLink.state, waits_here)
    found = dict.fromkeys(FILTERS, 0)
    for state, waits, number in session.execute(counted):
        found["all"] += number
        found["waiting"] += number if waits else 0
        if state in found:
            found[state] += number
    return found


def own_waiting_links(session: Session, own: Organization) -> list[OwnLink]:
    """Links that the acting organization, fetched before, is asked to confirm, oldest first."""
    if not _is_known(own):
        return []
    rows = _links(own).where(_waits(own)).order_by(TradeLink.id).limit(20)
    return [_own(own, row[0], row[1]) for row in session.execute(rows)]


def own_link_import(session: Session, who: Who, import_id: UUID) -> LinkImport:
    """A list of partners that the acting organization has sent."""
    rows = select(LinkImport).where(LinkImport.organization_id == who.organization_key)
    return one(session, rows.where(is_named(LinkImport, import_id)))


def own_chain(session: Session, own: Organization, today: date) -> chain.Chain:
    """The chain below an organization that was fetched by `own_firm`; an unconfirmed one has none yet."""
    return chain.below(session, own, today) if _is_known(own) else chain.nothing(own)


def opened_chain(session: Session, who: Who, anchor_id: UUID, today: date) -> chain.Chain:
    """The chain of an anchor that is the acting organization, or has let it see."""
    let = select(ChainViewer.anchor_id).where(ChainViewer.viewer_id == who.organization_key)
    mine = or_(Organization.id == who.organization_key, Organization.id.in_(let))
    rows = select(Organization).where(is_named(Organization, anchor_id), mine)
    row = one(session, rows.options(lazyload(Organization.roles)))
    return own_chain(session, row, today)


def opened_anchors(session: Session, who: Who) -> list[Organization]:
    """Anchors that let the acting organization see their chain, by name."""
    rows = select(Organization).join(ChainViewer, ChainViewer.anchor_id == Organization.id)
    return list(
        session.scalars(rows.where(ChainViewer.viewer_id == who.organization_key).order_by(Organization.name))
    )


def own_chain_viewers(session: Session, who: Who) -> list[tuple[ChainViewer, Organization]]:
    """Whom the acting organization lets see its chain, oldest first."""
    rows = select(ChainViewer, Organization).join(Organization, Organization.id == ChainViewer.viewer_id)
    mine = rows.where(ChainViewer.anchor_id == who.organization_key).order_by(ChainViewer.id)
    return [(row[0], row[1]) for row in session.execute(mine)]


def own_chain_viewer(session: Session, who: Who, viewer_id: UUID) -> ChainViewer:
    """One of the permissions that the acting organization has given."""
    rows = select(ChainViewer).where(ChainViewer.anchor_id == who.organization_key)
    return one(session, rows.where(is_named(ChainViewer, viewer_id)))


def organization_numbered(session: Session, number: str, pointer: str) -> Organization:
    """The confirmed organization of that number, which a form or a body names; none is a problem at its field."""
    rows = select(Organization).where(Organization.registration_number == number)
    row = session.scalar(rows.where(Organization.state == CONFIRMED_COMPANY))
    if row is None:
        raise Invalid.at(pointer, "unknown_organization")
    return row


def _is_known(own: Organization) -> bool:
    """Whether the number is known to be its own."""
    return own.state == CONFIRMED_COMPANY and own.registration_number is not None


def _mine(own: Organization) -> ColumnElement[bool]:
    return links.touches(own.registration_number or "")


def _waits(own: Organization) -> ColumnElement[bool]:
    theirs = or_(
        (TradeLink.supplier_number == own.registration_number) & (TradeLink.declared_by == CUSTOMER),
        (TradeLink.customer_number == own.registration_number) & (TradeLink.declared_by == SUPPLIER),
    )
    return (TradeLink.state == DECLARED) & theirs


def _narrowed(
    rows: Select[TradeLink, Organization], own: Organization, only: str
) -> Select[TradeLink, Organization]:
    if only == "waiting":
        return rows.where(_waits(own))
    return rows if only == "all" else rows.where(TradeLink.state == only)


def _links(own: Organization) -> Select[TradeLink, Organization]:
    """Our links, each with the confirmed organization on the other side, if there is one."""
    other = case(
        (TradeLink.supplier_number == own.registration_number, TradeLink.customer_number),
        else_=TradeLink.supplier_number,
    )
    partner = (Organization.registration_number == other) & (Organization.state == CONFIRMED_COMPANY)
    rows = select(TradeLink, Organization).outerjoin(Organization, partner).where(_mine(own))
    return rows.options(lazyload(Organization.roles))  # nobody asks for them here


def _own(own: Organization, link: TradeLink, partner: Organization | None) -> OwnLink:
    we = link.side_of(own.registration_number)
    they = SUPPLIER if we == CUSTOMER else CUSTOMER
    return OwnLink(
        link=link,
        partner=partner,
        direction=they,
        partner_name=link.name_of(they) if partner is None else partner.name,
        partner_number=link.number_of(they),
        waits_for_us=link.state == DECLARED and link.answering == we,
    )
