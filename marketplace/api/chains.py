"""Operations of supply chains: see one as far as it is shown, and let a coordinator see the own one."""

from typing import Any
from uuid import UUID

from flask_login import current_user
from marshmallow import fields

from catalog import regno
from catalog.errors import Invalid
from marketplace import audit
from marketplace.accounts import access
from marketplace.api.lists import PageQuery, listing_of, offset_of, page
from marketplace.api.operation import ApiBlueprint, operation
from marketplace.extensions import db, today
from marketplace.journeys import trade_links
from marketplace.schemas import supply_chain as schemas
from marketplace.schemas.fields import Strict
from marketplace.wording.chain import bottleneck_text
from matching.models.assessment import COMPANY_LEVEL
from matching.supply_chain.chain import Chain

bp = ApiBlueprint("supply-chains", __name__, "Supply chains, for manufacturers and coordinators")

#: The invented firm of `TRADE_LINK`.
VIEWER = {"registration_number": "999-88-77769"}


class ChainQuery(Strict):
    """Whose chain: an anchor that has let us see it; without it the own one."""

    anchor_id = fields.UUID(load_default=None, error_messages={"invalid_uuid": "uuid"})


@operation(
    bp,
    "GET",
    "/supply-chain",
    permission="chain.read",
    summary="A supply chain as far as it is shown",
    query=ChainQuery,
    answer=schemas.SupplyChainOut,
)
def get_supply_chain(query: dict[str, Any]) -> dict[str, Any]:
    """Tiers are derived. Firms that do not show what is below them are named, and what is below is counted."""
    anchor = query["anchor_id"]
    if anchor is None:
        return chain_out(access.own_chain(db, access.own_firm(db, current_user), today()))
    return chain_out(access.opened_chain(db, current_user, anchor, today()))


@operation(
    bp,
    "GET",
    "/supply-chain/anchors",
    permission="chain.read",
    summary="Anchors that let us see their chain",
    query=PageQuery,
    answer=listing_of(schemas.AnchorOut, "AnchorList"),
)
def list_chain_anchors(query: dict[str, Any]) -> dict[str, Any]:
    """By name; each `id` is an `anchor_id` of `getSupplyChain`."""
    anchors = access.opened_anchors(db, current_user)
    start = offset_of(query)
    items = [{"id": row.public_id, "name": row.name} for row in anchors[start : start + query["limit"]]]
    return page(items, len(anchors), query)


@operation(
    bp,
    "GET",
    "/supply-chain/viewers",
    permission="chain.open",
    summary="Who may see the own chain",
    query=PageQuery,
    answer=listing_of(schemas.ChainViewerOut, "ChainViewerList"),
)
def list_chain_viewers(query: dict[str, Any]) -> dict[str, Any]:
    """Oldest first."""
    rows = access.own_chain_viewers(db, current_user)
    start = offset_of(query)
    items = [{"id": row.public_id, "name": viewer.name} for row, viewer in rows]
    return page(items[start : start + query["limit"]], len(rows), query)


@operation(
    bp,
    "POST",
    "/supply-chain/viewers",
    permission="chain.open",
    summary="Let a coordinator see the own chain",
    body=schemas.ChainViewerIn,
    answer=schemas.ChainViewerOut,
    status=201,
    example=VIEWER,
)
def create_chain_viewer(body: dict[str, Any]) -> dict[str, Any]:
    """It sees what we see, until we take it back."""
    own = access.own_organization(db, current_user)
    if not regno.is_valid(body["registration_number"]):
        raise Invalid.at("registration_number", "registration_number")
    number = regno.normalise(body["registration_number"])
    viewer = access.organization_numbered(db, number, "registration_number")
    made = trade_links.open_chain(db, own, viewer)
    audit.record(db, "chain.open", made, viewer=viewer.public_id)
    return {"id": made.public_id, "name": viewer.name}


@operation(
    bp,
    "POST",
    "/supply-chain/viewers/<uuid:chain_viewer_id>/end",
    permission="chain.open",
    summary="Take the sight of the own chain back",
    answer=schemas.ChainViewerOut,
)
def end_chain_viewer(chain_viewer_id: UUID) -> dict[str, Any]:
    """From now on it finds nothing there."""
    row = access.own_chain_viewer(db, current_user, chain_viewer_id)
    named = next(viewer.name for held, viewer in access.own_chain_viewers(db, current_user) if held is row)
    audit.record(db, "chain.close", row)
    db.delete(row)
    return {"id": row.public_id, "name": named}


def chain_out(chain: Chain) -> dict[str, Any]:
    """A chain with keys that mean nothing outside this answer: numbers of firms stay here."""
    keys = {number: key for key, number in enumerate(chain.firms)}
    return {
        "anchor_id": chain.anchor.public_id,
        "firms": [
            {
                "key": keys[number],
                "name": firm.name,
                "tier": firm.tier,
                "division": firm.kind,
                "level": firm.level,
                "level_scale": COMPANY_LEVEL,
                "level_basis": firm.basis,
                "registered": firm.registered,
                "shows_below": firm.shows,
            }
            for number, firm in chain.firms.items()
        ],
        "links": [
            {
                "supplier": keys[link.supplier_number],
                "customer": keys[link.customer_number],
                "item": link.item,
                "basis": link.state,
            }
            for link in chain.links
        ],
        "hidden": {str(tier): count for tier, count in chain.hidden.items()},
        "loops": [[keys[number] for number in loop] for loop in chain.loops],
        "bottleneck": _bottleneck(chain),
    }


def _bottleneck(chain: Chain) -> dict[str, Any] | None:
    found = chain.bottleneck
    if found is None:
        return None
    return {
        "tier": found.group.tier,
        "division": found.group.kind,
        "firms": len(found.group.firms),
        "known": len(found.group.known),
        "mean_level": round(float(found.group.mean or 0), 2),
        "links": found.links,
        "text": " ".join(bottleneck_text(chain)),
    }
