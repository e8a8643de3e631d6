"""Operations of composing: start a run for a demand that the alliance is shown, watch it, cancel it, take a bundle."""

from typing import Any
from uuid import UUID

from flask_login import current_user

from marketplace import audit
from marketplace.accounts import access
from marketplace.accounts.access import composing as fetching
from marketplace.api import composing_answers as answers
from marketplace.api.lists import PageQuery, listing_of, offset_of, page
from marketplace.api.operation import ApiBlueprint, operation
from marketplace.extensions import db, now, today
from marketplace.journeys import composing as acts
from marketplace.schemas import composing as schemas
from matching.composing import runs
from matching.models import ComposeRun

bp = ApiBlueprint("compositions", __name__, "Composing bundles for a demand")

_PATH = "/alliances/<uuid:alliance_id>/pipeline/<uuid:demand_id>/compositions"
WISHES: dict[str, Any] = {
    "pool": "members-first",
    "weighing": "lexicographic",
    "seconds": 20,
    "alternatives": 2,
}
DRAFT: dict[str, Any] = {
    "list": "best",
    "place": 0,
    "title": "MES와 ERP 한 묶음",
    "title_en": "MES and ERP as one",
}


@operation(
    bp,
    "POST",
    _PATH,
    permission="bundle.compose",
    summary="Compose bundles for a demand that the alliance is shown",
    body=schemas.ComposeIn,
    answer=schemas.RunOut,
    status=202,
    example=WISHES,
    conflicts=True,
)
def compose_bundle(body: dict[str, Any], alliance_id: UUID, demand_id: UUID) -> dict[str, Any]:
    """The coordinator alone; the worker searches. The same run that is still under way is answered again."""
    own = access.run_alliance(db, current_user, alliance_id, today())
    line = fetching.line_of(db, own, demand_id)
    chosen = schemas.wishes_of(body)
    row, is_new = runs.start(db, line.demand, own.alliance, chosen, by=current_user.email)
    if is_new:
        audit.record(db, "compose.start", row, demand=line.demand.public_id)
    return answers.run(row)


@operation(
    bp,
    "GET",
    _PATH,
    permission="bundle.compose",
    summary="Runs for a demand",
    query=PageQuery,
    answer=listing_of(schemas.RunOut, "ComposeRunList"),
)
def list_compose_runs(query: dict[str, Any], alliance_id: UUID, demand_id: UUID) -> dict[str, Any]:
    """The coordinator's, the newest first."""
    own = access.run_alliance(db, current_user, alliance_id, today())
    fetching.line_of(db, own, demand_id)
    rows = fetching.runs_of(db, own, demand_id, offset=offset_of(query), limit=query["limit"])
    return page([answers.run(row) for row in rows], fetching.count_runs_of(db, own, demand_id), query)


@operation(
    bp,
    "GET",
    f"{_PATH}/<uuid:run_id>",
    permission="bundle.compose",
    summary="A run with its answer",
    answer=schemas.RunInFullOut,
)
def get_compose_run(alliance_id: UUID, demand_id: UUID, run_id: UUID) -> dict[str, Any]:
    """Every bundle in it has been judged by the independent checker for this answer."""
    return answers.in_full(_run(alliance_id, demand_id, run_id))


@operation(
    bp,
    "POST",
    f"{_PATH}/<uuid:run_id>/cancellation",
    permission="bundle.compose",
    summary="End a run",
    answer=schemas.RunOut,
    conflicts=True,
)
def cancel_compose_run(alliance_id: UUID, demand_id: UUID, run_id: UUID) -> dict[str, Any]:
    """At once if the worker has not begun, else as soon as it listens: within a second of searching."""
    row = _run(alliance_id, demand_id, run_id)
    runs.cancel(db, row, now())
    audit.record(db, "compose.cancel", row)
    return answers.run(row)


@operation(
    bp,
    "POST",
    f"{_PATH}/<uuid:run_id>/draft",
    permission="bundle.compose",
    summary="Make a bundle of an answer a draft of the alliance",
    body=schemas.DraftIn,
    answer=schemas.DraftedOut,
    status=201,
    example=DRAFT,
    conflicts=True,
)
def draft_composition(
    body: dict[str, Any], alliance_id: UUID, demand_id: UUID, run_id: UUID
) -> dict[str, Any]:
    """At today's prices; vendors in it that are no members are invited: nothing is signed until they have joined."""
    row = _run(alliance_id, demand_id, run_id)
    texts = {name: body[name] for name in ("title", "title_en")}
    bundle, invited = acts.draft(db, row, body["list"], body["place"], texts=texts, today=today())
    audit.record(db, "compose.draft", row, bundle=bundle.public_id)
    return {"bundle_id": bundle.public_id, "invited": [one.public_id for one in invited]}


def _run(alliance_id: UUID, demand_id: UUID, run_id: UUID) -> ComposeRun:
    own = access.run_alliance(db, current_user, alliance_id, today())
    return fetching.run_of(db, own, demand_id, run_id)
