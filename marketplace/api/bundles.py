"""Operations of bundles: begin, list, read, change, check, mend, price; what is sold, to everybody."""

from typing import Any, cast
from uuid import UUID

from flask_login import current_user

from catalog.bundles import checks, drafting, knowing
from catalog.bundles.reading import Changes
from catalog.errors import Conflict, Invalid, NotFound
from marketplace import audit
from marketplace.accounts import access
from marketplace.accounts.access import OwnAlliance, OwnBundle
from marketplace.api import bundle_answers as answers
from marketplace.api.lists import PageQuery, listing_of, page, part
from marketplace.api.operation import ApiBlueprint, operation
from marketplace.extensions import db, today
from marketplace.schemas import bundles as schemas

bp = ApiBlueprint("bundle", __name__, "Bundles: several vendors' listings sold as one")

BUNDLE: dict[str, Any] = {
    "texts": {
        "title": "현장 한 묶음",
        "title_en": "Plant bundle",
        "summary": "생산과 설계와 회계를 한 번에 들여옵니다.",
        "summary_en": "Production, design and accounting from one hand.",
    },
    "level_from": 1,
    "level_to": 2,
}
CHANGE: dict[str, Any] = {
    "draft_number": 1,
    "wanted": [{"capability": "mes", "min_quality": 3, "must": True, "stage": 1}],
}
FIX: dict[str, Any] = {"draft_number": 1, "act": "move", "item": "i1", "value": "2"}
PRICE: dict[str, Any] = {"draft_number": 1, "discount_amount": 0, "save": False}


@operation(
    bp,
    "POST",
    "/alliances/<uuid:alliance_id>/bundles",
    permission="bundle.draft",
    summary="Begin a bundle",
    body=schemas.BundleIn,
    answer=schemas.BundleOut,
    status=201,
    conflicts=True,
    example=BUNDLE,
)
def create_bundle(body: dict[str, Any], alliance_id: UUID) -> dict[str, Any]:
    """The coordinator of an active alliance; parts are put in by `changeBundle`."""
    own = access.run_alliance(db, current_user, alliance_id, today())
    levels = {name: body[name] for name in ("level_from", "level_to")}
    demand = _demand(own, body["demand_id"])
    made = drafting.begin(db, own.alliance, body["texts"], **levels, demand=demand)
    audit.record(db, "bundle.begin", made)
    return answers.bundle(_own(made.public_id))


@operation(
    bp,
    "GET",
    "/organization/bundles",
    permission="bundle.work",
    summary="Bundles that the own organization runs, or was asked to sign",
    query=PageQuery,
    answer=listing_of(schemas.BundleOut, "BundleList"),
)
def list_bundles(query: dict[str, Any]) -> dict[str, Any]:
    """The newest first."""
    found = access.own_bundles(db, current_user)
    return page([answers.bundle(own) for own in part(found, query)], len(found), query)


@operation(
    bp,
    "GET",
    "/alliances/<uuid:alliance_id>/bundles",
    permission="bundle.read",
    summary="What an alliance sells",
    query=PageQuery,
    answer=listing_of(schemas.PublicBundleOut, "PublicBundleList"),
)
def list_public_bundles(query: dict[str, Any], alliance_id: UUID) -> dict[str, Any]:
    """The oldest first; a bundle that is broken at the moment too."""
    found = access.public_bundles_of(db, access.public_alliance(db, alliance_id))
    return page([answers.public(answers.sold(row)) for row in part(found, query)], len(found), query)


@operation(
    bp,
    "GET",
    "/bundles/<uuid:bundle_id>",
    permission="bundle.read",
    summary="A bundle that is sold",
    answer=schemas.PublicBundleDetailOut,
)
def get_public_bundle(bundle_id: UUID) -> dict[str, Any]:
    """The version that every vendor in it signed, without what they are paid."""
    bundle = access.public_bundle(db, bundle_id)
    version = answers.sold(bundle)
    return answers.public_in_full(version, bundle.sold_before, access.references(db, version))


@operation(
    bp,
    "GET",
    "/bundles/<uuid:bundle_id>/sold/<int:number>",
    permission="bundle.read",
    summary="A version of a bundle that is sold, or was",
    answer=schemas.PublicBundleDetailOut,
)
def get_sold_bundle(bundle_id: UUID, number: int) -> dict[str, Any]:
    """For who bought it: its price and promises stay what they were."""
    version = access.sold_once(access.public_bundle(db, bundle_id), number)
    return answers.public_in_full(version, None, access.references(db, version))


@operation(
    bp,
    "GET",
    "/bundles/<uuid:bundle_id>/inside",
    permission="bundle.work",
    summary="A bundle that the own organization has to do with",
    answer=schemas.BundleOut,
)
def get_bundle(bundle_id: UUID) -> dict[str, Any]:
    """With the working copy for its coordinator."""
    return answers.bundle(access.own_bundle(db, current_user, bundle_id))


@operation(
    bp,
    "PATCH",
    "/bundles/<uuid:bundle_id>",
    permission="bundle.draft",
    summary="Change parts of a bundle's working copy",
    body=schemas.BundleChangeIn,
    answer=schemas.BundleOut,
    conflicts=True,
    example=CHANGE,
)
def change_bundle(body: dict[str, Any], bundle_id: UUID) -> dict[str, Any]:
    """Links and offered shares follow; 409 when somebody else has changed it since `draft_number`."""
    own = access.run_bundle(db, current_user, bundle_id)
    number = body.pop("draft_number")
    drafting.change(db, own.bundle, cast(Changes, body), number, today())
    audit.record(db, "bundle.change", own.bundle, parts=sorted(body))
    return answers.bundle(own)


@operation(
    bp,
    "GET",
    "/bundles/<uuid:bundle_id>/check",
    permission="bundle.draft",
    summary="What stands in the way of a bundle's working copy",
    answer=schemas.BundleCheckOut,
)
def check_bundle(bundle_id: UUID) -> dict[str, Any]:
    """Each finding with its code, its line, and what would mend it at what price."""
    row = access.run_bundle(db, current_user, bundle_id).bundle
    form = drafting.working_copy(row)
    return answers.check(row, knowing.facts_of(db, form, row.alliance, today()), form)


@operation(
    bp,
    "POST",
    "/bundles/<uuid:bundle_id>/fixes",
    permission="bundle.draft",
    summary="Carry out a fix that the checks offer",
    body=schemas.BundleMendIn,
    answer=schemas.BundleOut,
    conflicts=True,
    example=FIX,
)
def mend_bundle(body: dict[str, Any], bundle_id: UUID) -> dict[str, Any]:
    """Only one of those that `checkBundle` offers now."""
    own = access.run_bundle(db, current_user, bundle_id)
    form = drafting.working_copy(own.bundle)
    facts = knowing.facts_of(db, form, own.bundle.alliance, today())
    wanted = tuple(body[name] for name in ("act", "item", "value"))
    offered = (fix for finding in checks.findings(form, facts) for fix in finding.fixes)
    fix = next((each for each in offered if (each.act, each.item, each.value) == wanted), None)
    if fix is None:
        raise Conflict("bundle.fix_gone")
    drafting.mend(db, own.bundle, fix, body["draft_number"], facts)
    audit.record(db, "bundle.mend", own.bundle, fix=fix.act)
    return answers.bundle(own)


@operation(
    bp,
    "POST",
    "/bundles/<uuid:bundle_id>/price",
    permission="bundle.draft",
    summary="Calculate or save a bundle's price and shares",
    body=schemas.BundlePriceIn,
    answer=schemas.BundlePriceOut,
    conflicts=True,
    example=PRICE,
)
def price_bundle(body: dict[str, Any], bundle_id: UUID) -> dict[str, Any]:
    """Every won of the price has one owner, or 422 says by how many won the shares miss it."""
    own = access.run_bundle(db, current_user, bundle_id)
    number, save = body.pop("draft_number"), body.pop("save")
    if not save:
        drafting.require_number(own.bundle, number)
        form = drafting.preview(own.bundle, cast(Changes, body))
        return answers.price(own.bundle, form, saved=False)
    # with an empty discount the money is looked at as well
    given = {"discount_amount": own.bundle.draft["discount_amount"], **body}
    form = drafting.change(db, own.bundle, cast(Changes, given), number, today())
    audit.record(db, "bundle.price", own.bundle, price_amount=form.price_amount)
    return answers.price(own.bundle, form, saved=True)


def _demand(own: OwnAlliance, demand_id: UUID | None) -> str | None:
    if demand_id is None:
        return None
    try:
        return access.own_alliance_lead(db, own, demand_id).demand.public_id
    except NotFound:
        raise Invalid.at("demand_id", "demand_unseen") from None


def _own(bundle_id: str) -> OwnBundle:
    db.flush()  # it is read back with everything that is answered
    return access.own_bundle(db, current_user, UUID(bundle_id))
