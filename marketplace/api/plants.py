"""Operations of manufacturers: matches."""

from typing import Any
from uuid import UUID

from flask_login import current_user

from marketplace import audit
from marketplace.accounts import access
from marketplace.api import answers
from marketplace.api.operation import ApiBlueprint, operation
from marketplace.extensions import db, search_engine, today
from marketplace.journeys import plants
from marketplace.schemas import plants as schemas
from matching import editions

bp = ApiBlueprint("plants", __name__, "Matches, for manufacturers")


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
