"""Operations on demands: stated, revised, shown to others, closed; texts that are read; the board that vendors see."""

from typing import Any
from uuid import UUID

from flask_login import current_user

from marketplace import audit
from marketplace.accounts import access
from marketplace.api import answers, demand_answers
from marketplace.api.examples import demand
from marketplace.api.lists import PageQuery, listing_of, page, part
from marketplace.api.operation import ApiBlueprint, operation
from marketplace.extensions import db, now, today
from marketplace.journeys import alliances as acts
from marketplace.schemas import demands as schemas
from marketplace.schemas.fields import Line
from matching import board, demands
from matching.board import Filters
from matching.understanding import reading

bp = ApiBlueprint("demand_api", __name__, "Demands, for manufacturers; the board, for vendors")

WRITTEN = {
    "text": "용접 불량을 줄이고 싶고 MES는 있는데 ERP와 연결하고 싶어요. 예산 5천만 원, 내년 3월까지",
}


class BoardQuery(PageQuery):
    """Which demands of the board: by what is shown of them."""

    capability = Line(40, load_default="")
    sector = Line(40, load_default="")
    area = Line(40, load_default="")
    quarter = Line(6, load_default="")


@operation(
    bp,
    "POST",
    "/demand-texts",
    permission="demand.state",
    summary="Read what was written about a need",
    body=schemas.DemandTextIn,
    answer=schemas.DemandReadingOut,
    example=WRITTEN,
)
def read_demand_text(body: dict[str, Any]) -> dict[str, Any]:
    """By rules and the taxonomy's words; saves nothing. What is not understood is named, never guessed."""
    return demand_answers.reading(reading.read(body["text"], today()))


@operation(
    bp,
    "POST",
    "/demands",
    permission="demand.state",
    summary="State a demand",
    body=schemas.DemandByProgramIn,
    answer=schemas.DemandOut,
    status=201,
    example=demand(),
)
def create_demand(body: dict[str, Any]) -> dict[str, Any]:
    """Private to the organization until it is widened."""
    site = access.own_site_or_only(db, current_user, body["site_id"], "site_id")
    row = demands.state(db, site, schemas.domain_fields(body), today(), by=current_user.email)
    audit.record(db, "demand.state", row)
    return answers.demand(row)


@operation(
    bp,
    "GET",
    "/demands",
    permission="demand.read",
    summary="The own demands",
    query=PageQuery,
    answer=listing_of(schemas.DemandOut, "DemandList"),
)
def list_demands(query: dict[str, Any]) -> dict[str, Any]:
    """Newest first."""
    rows = access.own_demands(db, current_user)
    return page([answers.demand(row) for row in part(rows, query)], len(rows), query)


@operation(
    bp,
    "GET",
    "/demands/<uuid:demand_id>",
    permission="demand.read",
    summary="An own demand",
    answer=schemas.DemandOut,
)
def get_demand(demand_id: UUID) -> dict[str, Any]:
    """As it stands now."""
    return answers.demand(access.own_demand(db, current_user, demand_id))


@operation(
    bp,
    "PUT",
    "/demands/<uuid:demand_id>",
    permission="demand.state",
    summary="Replace an open demand",
    body=schemas.DemandRevisionIn,
    answer=schemas.DemandOut,
    conflicts=True,
    example=demand(),
)
def update_demand(body: dict[str, Any], demand_id: UUID) -> dict[str, Any]:
    """It stays at its site, or moves to another one of the same organization. A difference makes a version."""
    row = access.own_demand(db, current_user, demand_id)
    site = row.site
    if body["site_id"] is not None:
        site = access.own_site_at(db, current_user, body["site_id"], "site_id")
    fields, known = schemas.domain_fields(body), body["version"]
    demands.revise(db, row, fields, today(), site=site, by=current_user.email, expected=known)
    audit.record(db, "demand.revise", row, version=row.version)
    return answers.demand(row)


@operation(
    bp,
    "GET",
    "/demands/<uuid:demand_id>/versions",
    permission="demand.read",
    summary="What a demand said before",
    query=PageQuery,
    answer=listing_of(schemas.VersionOut, "DemandVersionList"),
)
def list_demand_versions(query: dict[str, Any], demand_id: UUID) -> dict[str, Any]:
    """Newest first, each with the fields that it changed."""
    rows = demand_answers.versions(demands.versions_of(db, access.own_demand(db, current_user, demand_id)))
    return page(part(rows, query), len(rows), query)


@operation(
    bp,
    "POST",
    "/demands/<uuid:demand_id>/audience",
    permission="demand.share",
    summary="Let more organizations see a demand",
    body=schemas.AudienceIn,
    answer=schemas.DemandOut,
    conflicts=True,
    example={"audience": "board"},
)
def widen_demand(body: dict[str, Any], demand_id: UUID) -> dict[str, Any]:
    """Named organizations see the firm's name; the board never does. Nobody who sees it loses sight of it."""
    row = access.own_demand(db, current_user, demand_id)
    named = access.vendors_named(db, body["organizations"], "organizations")
    alliance = access.alliance_at(db, body["alliance"], "alliance")
    before = row.audience
    demands.widen(db, row, body["audience"], named, now(), alliance=alliance)
    said = {} if alliance is None else {"alliance": alliance.public_id}
    audit.record(db, "demand.widen", row, before=before, after=row.audience, named=len(row.named), **said)
    if alliance is not None:
        acts.tell_of_demand(db, row)
    return answers.demand(row)


@operation(
    bp,
    "POST",
    "/demands/<uuid:demand_id>/audience/narrowing",
    permission="demand.share",
    summary="Take the audience of a demand back",
    body=schemas.NarrowingIn,
    answer=schemas.DemandOut,
    conflicts=True,
    example={"audience": "private"},
)
def narrow_demand(body: dict[str, Any], demand_id: UUID) -> dict[str, Any]:
    """It holds at once, also for those who had the demand before their eyes."""
    row = access.own_demand(db, current_user, demand_id)
    keep = body["organizations"]
    kept = None if keep is None else {one.id for one in access.vendors_named(db, keep, "organizations")}
    before = row.audience
    demands.narrow(db, row, body["audience"], kept)
    audit.record(db, "demand.narrow", row, before=before, after=row.audience, named=len(row.named))
    return answers.demand(row)


@operation(
    bp,
    "POST",
    "/demands/<uuid:demand_id>/closing",
    permission="demand.state",
    summary="Close a demand",
    body=schemas.ClosingIn,
    answer=schemas.DemandOut,
    conflicts=True,
    example={"reason": "not_now", "note": "내년 예산에 다시 올립니다."},
)
def close_demand(body: dict[str, Any], demand_id: UUID) -> dict[str, Any]:
    """It takes no new lists from then on, and nobody else sees it any more."""
    row = access.own_demand(db, current_user, demand_id)
    demands.close(db, row, body["reason"], body["note"])
    audit.record(db, "demand.close", row, reason=body["reason"])
    return answers.demand(row)


@operation(
    bp,
    "POST",
    "/demands/<uuid:demand_id>/reopening",
    permission="demand.state",
    summary="Take up a closed demand again",
    answer=schemas.DemandOut,
    conflicts=True,
)
def reopen_demand(demand_id: UUID) -> dict[str, Any]:
    """Private again, whatever its audience was."""
    row = access.own_demand(db, current_user, demand_id)
    demands.reopen(db, row)
    audit.record(db, "demand.reopen", row)
    return answers.demand(row)


@operation(
    bp,
    "GET",
    "/board",
    permission="board.read",
    summary="Demands of others that the organization may see",
    query=BoardQuery,
    answer=listing_of(schemas.AudienceViewOut, "Board"),
)
def list_board(query: dict[str, Any]) -> dict[str, Any]:
    """Latest widening first. What would describe fewer than five firms is coarser, or null."""
    vendor = access.acting_vendor(db, current_user)
    shown = board.views(db, access.demands_in_sight(db, vendor), vendor, today())
    names = ("capability", "sector", "area", "quarter")
    found = board.chosen(shown, Filters(**{name: query[name] for name in names}))
    return page([demand_answers.view(one) for one in part(found, query)], len(found), query)
