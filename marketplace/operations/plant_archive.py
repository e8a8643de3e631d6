"""What stands in a manufacturer's archive: its factories, its demands with what came of them, its trade links."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Organization, Site
from marketplace.accounts import access
from marketplace.accounts.shares import ShareLink
from marketplace.operations.own_archive import plain
from matching import audience, demands, leads, shortlists
from matching.models import (
    Assessment,
    ChainViewer,
    Demand,
    Lead,
    LevelCertificate,
    LinkImport,
    MatchList,
    SelfCheck,
    WhatIf,
)
from matching.models.lead import CONTACT, DECLINED
from matching.models.trade_link import SUPPLIER

#: Links read at once.
_BATCH = 2_000
#: What both sides of a link read of it.
_OF_A_LINK = (
    "public_id",
    "created_at",
    "item",
    "since",
    "until",
    "state",
    "declared_on",
    "answered_on",
    "denial",
)


def plants(session: Session, own: Organization) -> dict[str, Any]:
    """The factories and the demands."""
    sites = select(Site).where(Site.organization_id == own.id).order_by(Site.id)
    wanted = select(Demand).where(Demand.organization_id == own.id).order_by(Demand.id)
    return {
        "sites": [_site(session, row) for row in session.scalars(sites)],
        "demands": [_demand(session, row) for row in session.scalars(wanted)],
    }


def trade(session: Session, own: Organization) -> dict[str, Any]:
    """Its own edges of the supply chain as its page shows them, its lists of partners, who sees whose chain."""
    imports = select(LinkImport).where(LinkImport.organization_id == own.id).order_by(LinkImport.id)
    let, see = ChainViewer.anchor_id == own.id, ChainViewer.viewer_id == own.id
    viewers = select(Organization).join(ChainViewer, ChainViewer.viewer_id == Organization.id).where(let)
    anchors = select(Organization).join(ChainViewer, ChainViewer.anchor_id == Organization.id).where(see)
    places = dict(
        session.execute(select(Site.id, Site.public_id).where(Site.organization_id == own.id)).all()
    )
    return {
        "trade_links": [_link(row, places) for row in _links(session, own)],
        "link_imports": [plain(row) for row in session.scalars(imports)],
        "chain_viewers": [row.name for row in session.scalars(viewers.order_by(ChainViewer.id))],
        "opened_chains": [row.name for row in session.scalars(anchors.order_by(ChainViewer.id))],
    }


def _links(session: Session, own: Organization) -> Iterator[access.OwnLink]:
    found, offset = access.own_links(session, own, limit=_BATCH), 0
    while found:
        yield from found
        offset += _BATCH
        found = access.own_links(session, own, offset=offset, limit=_BATCH)


def _link(row: access.OwnLink, places: dict[int, str]) -> dict[str, Any]:
    """A link without what the partner consented to, where it delivers, and when it was invited by whom."""
    link = row.link
    supplying = row.direction != SUPPLIER
    site = link.supplier_site_id if supplying else link.customer_site_id
    return {
        **{name: getattr(link, name) for name in _OF_A_LINK},
        "partner": row.partner_name,
        "partner_number": row.partner_number,
        "direction": row.direction,
        "declared_by_us": link.declared_by != row.direction,
        "site": None if site is None else places.get(site),
        "share_systems": link.supplier_shares if supplying else link.customer_shares,
        "share_chain": supplying and link.shows_below,
        "invited_on": link.invited_on if link.declared_by != row.direction else None,
    }


def _site(session: Session, site: Site) -> dict[str, Any]:
    stated = select(Assessment).where(Assessment.site_id == site.id).order_by(Assessment.id)
    papers = select(LevelCertificate).where(LevelCertificate.site_id == site.id).order_by(LevelCertificate.id)
    runs = select(SelfCheck).where(SelfCheck.site_id == site.id).order_by(SelfCheck.id)
    return {
        **plain(site),
        "terms": [plain(term) for term in site.terms],
        "systems": [plain(system) for system in site.systems],
        "levels": [plain(row) for row in session.scalars(stated)],
        "level_certificates": [{**plain(row), "file": row.file.public_id} for row in session.scalars(papers)],
        "self_checks": [
            {**plain(run), "answers": [plain(answer) for answer in run.answers]}
            for run in session.scalars(runs)
        ],
    }


def _demand(session: Session, demand: Demand) -> dict[str, Any]:
    lists = select(MatchList).where(MatchList.demand_id == demand.id).order_by(MatchList.id)
    shared = select(ShareLink).where(ShareLink.demand_id == demand.id).order_by(ShareLink.id)
    answered = access.offers_of(session, demand)
    return {
        **plain(demand),
        "site": demand.site.public_id,
        "requirements": [plain(row) for row in demand.requirements],
        "versions": [plain(row) for row in demands.versions_of(session, demand)],
        "alliance": _seen_by(demand),
        "named": [viewer.name for viewer in audience.viewers_of(demand)],
        "offers": [_offer(lead) for lead in answered if lead.state != DECLINED],
        "declined": leads.declined_by_reason(answered),
        "shortlist": [plain(row) for row in shortlists.items(session, demand)],
        "match_lists": [_list(session, row) for row in session.scalars(lists)],
        "share_links": [plain(row) for row in session.scalars(shared)],
    }


def _seen_by(demand: Demand) -> dict[str, Any] | None:
    """The alliance that sees it; who takes care of it there is the alliance's business."""
    line = demand.alliance_lead
    return None if line is None else {"name": line.alliance.name, "shared_at": line.shared_at}


def _list(session: Session, found: MatchList) -> dict[str, Any]:
    return {
        **plain(found),
        "matches": [plain(match) for match in found.matches],
        "tried": session.scalar(select(WhatIf.changes).where(WhatIf.list_id == found.id)),
    }


def _offer(lead: Lead) -> dict[str, Any]:
    """What a vendor answered as the manufacturer reads it: names once they show, people once contact is accepted."""
    named, met = leads.names_show(lead), lead.state == CONTACT
    return {
        "public_id": lead.public_id,
        "state": lead.state,
        "vendor": lead.organization.name if named else None,
        "listing": lead.listing if named else None,
        "message": lead.message,
        "answered_at": lead.answered_at,
        "answered_by": lead.answered_by if met else None,
        "vendor_contact": lead.vendor_contact if met else None,
        "decided_at": lead.decided_at,
        "decided_by": lead.decided_by,
        "buyer_contact": lead.buyer_contact,
        "refusal": lead.refusal,
    }
