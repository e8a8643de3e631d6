"""Operations on drafts of demands: kept unfinished, continued here or on the pages, stated, thrown away."""

from typing import Any
from uuid import UUID

from flask_login import current_user

from catalog.models import Site
from marketplace import audit
from marketplace.accounts import access
from marketplace.api import answers
from marketplace.api.examples import demand
from marketplace.api.operation import ApiBlueprint, operation
from marketplace.extensions import db, today
from marketplace.schemas import demands as schemas
from matching import demands
from matching.models import Demand

bp = ApiBlueprint("demand_drafts", __name__, "Drafts of demands, for manufacturers")

UNFINISHED = {"description": "야간에 놓치는 용접 불량을 줄이고 싶습니다."}


@operation(
    bp,
    "POST",
    "/demands/drafts",
    permission="demand.state",
    summary="Keep an unfinished demand",
    body=schemas.DraftByProgramIn,
    answer=schemas.DemandOut,
    status=201,
    example=UNFINISHED,
)
def draft_demand(body: dict[str, Any]) -> dict[str, Any]:
    """Title and requirements may be missing. Nobody else sees it, and nothing is matched."""
    site = access.own_site_or_only(db, current_user, body["site_id"], "site_id")
    row = demands.draft(db, site, schemas.domain_fields(body), today())
    audit.record(db, "demand.draft", row)
    return answers.demand(row)


@operation(
    bp,
    "PUT",
    "/demands/<uuid:demand_id>/draft",
    permission="demand.state",
    summary="Replace an unfinished demand",
    body=schemas.DraftByProgramIn,
    answer=schemas.DemandOut,
    conflicts=True,
    example=UNFINISHED,
)
def update_demand_draft(body: dict[str, Any], demand_id: UUID) -> dict[str, Any]:
    """It stays a draft, at its site or at another one of the same organization."""
    row = access.own_demand(db, current_user, demand_id)
    demands.save_draft(db, row, _site(row, body), schemas.domain_fields(body), today())
    audit.record(db, "demand.draft", row)
    return answers.demand(row)


@operation(
    bp,
    "POST",
    "/demands/<uuid:demand_id>/statement",
    permission="demand.state",
    summary="State an unfinished demand",
    body=schemas.DemandByProgramIn,
    answer=schemas.DemandOut,
    conflicts=True,
    example=demand(),
)
def state_demand_draft(body: dict[str, Any], demand_id: UUID) -> dict[str, Any]:
    """The body is the whole demand; from then on it is open, and private until it is widened."""
    row = access.own_demand(db, current_user, demand_id)
    fields = schemas.domain_fields(body)
    demands.state_draft(db, row, _site(row, body), fields, today(), by=current_user.email)
    audit.record(db, "demand.state", row, version=row.version)
    return answers.demand(row)


@operation(
    bp,
    "DELETE",
    "/demands/<uuid:demand_id>/draft",
    permission="demand.state",
    summary="Throw an unfinished demand away",
    answer=schemas.DemandOut,
    conflicts=True,
)
def discard_demand_draft(demand_id: UUID) -> dict[str, Any]:
    """Answers what was there."""
    row = access.own_demand(db, current_user, demand_id)
    answered = answers.demand(row)
    demands.discard(db, row)
    audit.record(db, "demand.discard", row)
    return answered


def _site(row: Demand, body: dict[str, Any]) -> Site:
    if body["site_id"] is None:
        return row.site
    return access.own_site_at(db, current_user, body["site_id"], "site_id")
