"""Operations of manufacturers: sites, demands, matches."""

from typing import Any
from uuid import UUID

from flask_login import current_user

from marketplace import audit
from marketplace.accounts import access
from marketplace.api import answers
from marketplace.api.examples import SITE, demand
from marketplace.api.lists import PageQuery, listing_of, page, part
from marketplace.api.operation import ApiBlueprint, operation
from marketplace.extensions import db, search_engine, today
from marketplace.journeys import plants
from marketplace.schemas import plants as schemas
from matching import demands, editions

bp = ApiBlueprint("plants", __name__, "Sites, demands and matches, for manufacturers")


@operation(
    bp,
    "POST",
    "/sites",
    permission="site.describe",
    summary="Describe a factory",
    body=schemas.SiteIn,
    answer=schemas.SiteOut,
    status=201,
    example=SITE,
)
def create_site(body: dict[str, Any]) -> dict[str, Any]:
    """Industry, region, people, systems in use, level with its scale and basis."""
    site = plants.describe(db, access.own_organization(db, current_user), None, body, today())
    audit.record(db, "site.describe", site)
    return answers.site(site)


@operation(
    bp,
    "GET",
    "/sites",
    permission="site.read",
    summary="The own factories",
    query=PageQuery,
    answer=listing_of(schemas.SiteOut, "SiteList"),
)
def list_sites(query: dict[str, Any]) -> dict[str, Any]:
    """Oldest first."""
    rows = access.own_sites(db, current_user)
    return page([answers.site(row) for row in part(rows, query)], len(rows), query)


@operation(
    bp,
    "GET",
    "/sites/<uuid:site_id>",
    permission="site.read",
    summary="An own factory",
    answer=schemas.SiteOut,
)
def get_site(site_id: UUID) -> dict[str, Any]:
    """With the level that holds now."""
    return answers.site(access.own_site(db, current_user, site_id))


@operation(
    bp,
    "PUT",
    "/sites/<uuid:site_id>",
    permission="site.describe",
    summary="Describe a factory anew",
    body=schemas.SiteIn,
    answer=schemas.SiteOut,
    example=SITE,
)
def update_site(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Lists computed earlier keep what they saw."""
    site = access.own_site(db, current_user, site_id)
    plants.describe(db, site.organization, site, body, today())
    audit.record(db, "site.describe", site)
    return answers.site(site)


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
    """Private to the organization."""
    site = access.own_site_or_only(db, current_user, body["site_id"], "site_id")
    row = demands.state(db, site, schemas.domain_fields(body), today())
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
    body=schemas.DemandByProgramIn,
    answer=schemas.DemandOut,
    conflicts=True,
    example=demand(),
)
def update_demand(body: dict[str, Any], demand_id: UUID) -> dict[str, Any]:
    """It stays at its site, or moves to another one of the same organization."""
    row = access.own_demand(db, current_user, demand_id)
    if body["site_id"] is not None:
        row.site = access.own_site_at(db, current_user, body["site_id"], "site_id")
    demands.revise(db, row, schemas.domain_fields(body), today())
    audit.record(db, "demand.revise", row)
    return answers.demand(row)


@operation(
    bp,
    "POST",
    "/demands/<uuid:demand_id>/closing",
    permission="demand.state",
    summary="Close a demand",
    answer=schemas.DemandOut,
    conflicts=True,
)
def close_demand(demand_id: UUID) -> dict[str, Any]:
    """It takes no new lists from then on."""
    row = access.own_demand(db, current_user, demand_id)
    demands.close(row)
    audit.record(db, "demand.close", row)
    return answers.demand(row)


@operation(
    bp,
    "POST",
    "/demands/<uuid:demand_id>/matches",
    permission="demand.match",
    summary="Match a demand",
    answer=schemas.MatchListOut,
    status=201,
)
def match_demand(demand_id: UUID) -> dict[str, Any]:
    """Ranks every public listing, says why the others are left out, and keeps the list."""
    row = access.own_demand(db, current_user, demand_id)
    found = plants.match_again(db, search_engine(), row, today())
    audit.record(db, "demand.match", found)
    return answers.match_list(found, editions.by_version(db, found.weights))


@operation(
    bp,
    "GET",
    "/match-lists/<uuid:list_id>",
    permission="demand.read",
    summary="A list as it was computed",
    answer=schemas.MatchListOut,
)
def get_match_list(list_id: UUID) -> dict[str, Any]:
    """Kept as it was shown."""
    kept = access.own_match_list(db, current_user, list_id)
    return answers.match_list(kept, editions.by_version(db, kept.weights))
