"""Operations of packages: look for a few that serve most demands of a segment, watch the search, cancel it, read it."""

from typing import Any
from uuid import UUID

from flask_login import current_user

from marketplace import audit
from marketplace.accounts import access
from marketplace.accounts.access import composing as fetching
from marketplace.api import composing_answers, packages_answers
from marketplace.api.lists import PageQuery, listing_of, offset_of, page
from marketplace.api.operation import ApiBlueprint, operation
from marketplace.extensions import db, now, today
from marketplace.journeys import composing as acts
from marketplace.schemas import composing
from marketplace.schemas import packages as schemas
from matching.composing import runs, segment_wishes, segments

bp = ApiBlueprint("package_runs", __name__, "Packages for the demands of an alliance")

_PATH = "/alliances/<uuid:alliance_id>/packages"
WISHES: dict[str, Any] = {
    "level": 2,
    "count": 3,
    "max_vendors": 5,
    "max_capabilities": 7,
    "pool": "all",
    "seconds": 20,
}
DRAFT: dict[str, Any] = {"place": 0, "title": "작은 공장 한 벌", "title_en": "A set for small plants"}


@operation(
    bp,
    "POST",
    _PATH,
    permission="bundle.compose",
    summary="Look for packages that serve most demands of a segment",
    body=schemas.PackagesIn,
    answer=schemas.PackagesRunOut,
    status=202,
    example=WISHES,
    conflicts=True,
)
def find_packages(body: dict[str, Any], alliance_id: UUID) -> dict[str, Any]:
    """The coordinator alone, for the demands that the alliance is shown; the worker searches.

    The same run that is still under way is answered again.
    """
    own = access.run_alliance(db, current_user, alliance_id, today())
    chosen = segment_wishes.read(body)
    row, is_new = acts.start_packages(db, own.alliance, chosen, by=current_user.email, today=today())
    if is_new:
        audit.record(db, "packages.start", row)
    return composing_answers.state(row)


@operation(
    bp,
    "GET",
    _PATH,
    permission="bundle.compose",
    summary="The runs for segments",
    query=PageQuery,
    answer=listing_of(schemas.PackagesRunOut, "PackagesRunList"),
)
def list_package_runs(query: dict[str, Any], alliance_id: UUID) -> dict[str, Any]:
    """The coordinator's, the newest first."""
    own = access.run_alliance(db, current_user, alliance_id, today())
    rows = fetching.package_runs_of(db, own, offset=offset_of(query), limit=query["limit"])
    return page(
        [composing_answers.state(row) for row in rows], fetching.count_package_runs_of(db, own), query
    )


@operation(
    bp,
    "GET",
    f"{_PATH}/<uuid:package_run_id>",
    permission="bundle.compose",
    summary="A run for a segment with its answer",
    answer=schemas.PackagesRunInFullOut,
)
def get_package_run(alliance_id: UUID, package_run_id: UUID) -> dict[str, Any]:
    """The independent checker has judged it for this answer; what the alliance is not shown any more is not in it."""
    own = access.run_alliance(db, current_user, alliance_id, today())
    row = fetching.package_run_of(db, own, package_run_id)
    entries = segments.shown_to(db, own.alliance, today()) if row.result else ()
    return packages_answers.in_full(row, {one.view.demand for one in entries})


@operation(
    bp,
    "POST",
    f"{_PATH}/<uuid:package_run_id>/cancellation",
    permission="bundle.compose",
    summary="End a run for a segment",
    answer=schemas.PackagesRunOut,
    conflicts=True,
)
def cancel_package_run(alliance_id: UUID, package_run_id: UUID) -> dict[str, Any]:
    """At once if the worker has not begun, else as soon as it listens: within a second of searching."""
    own = access.run_alliance(db, current_user, alliance_id, today())
    row = fetching.package_run_of(db, own, package_run_id)
    runs.cancel(db, row, now())
    audit.record(db, "packages.cancel", row)
    return composing_answers.state(row)


@operation(
    bp,
    "POST",
    f"{_PATH}/<uuid:package_run_id>/draft",
    permission="bundle.compose",
    summary="Make a package of an answer a draft of the alliance",
    body=schemas.PackageDraftIn,
    answer=composing.DraftedOut,
    status=201,
    example=DRAFT,
    conflicts=True,
)
def draft_package(body: dict[str, Any], alliance_id: UUID, package_run_id: UUID) -> dict[str, Any]:
    """At today's prices, for those of its demands that are still shown; vendors that are no members are invited."""
    own = access.run_alliance(db, current_user, alliance_id, today())
    row = fetching.package_run_of(db, own, package_run_id)
    texts = {name: body[name] for name in ("title", "title_en")}
    bundle, invited = acts.draft_package(db, row, body["place"], texts=texts, today=today())
    audit.record(db, "packages.draft", row, bundle=bundle.public_id)
    return {"bundle_id": bundle.public_id, "invited": [one.public_id for one in invited]}
