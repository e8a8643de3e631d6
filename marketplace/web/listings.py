"""The vendor's listings: draft, fill in, hand in, take back, open anew, withdraw."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog import listings, publishing, taxonomy
from catalog.bundle_states import BUNDLE
from catalog.errors import Invalid
from catalog.listings import COMPANY_LEVEL
from catalog.models import Certificate, Listing
from catalog.publishing_states import EDITABLE
from catalog.validation import certificates, rules
from marketplace import audit, extensions
from marketplace.accounts import access
from marketplace.accounts.permission import requires
from marketplace.extensions import db
from marketplace.schemas.fields import parse
from marketplace.schemas.listings import ListingIn, ListingPatch
from marketplace.web import forms, once, workshop

bp = Blueprint("listings", __name__, url_prefix="/listings")

Answer = Response | tuple[str, int]


@bp.get("")
@requires("listing.read_own")
def index() -> str:
    """Every listing of the acting organization, with what it needs next."""
    rows = access.own_listings_in_full(db, current_user)
    certified = {listing.id: certificate for listing, certificate in access.own_shelf(db, current_user)}
    return render_template(
        "listings/index.html", rows=[_row(listing, certified.get(listing.id)) for listing in rows]
    )


@bp.get("/new")
@requires("listing.draft")
def new() -> str:
    """The form for a new listing."""
    return render_template("listings/new.html")


@bp.post("/new")
@requires("listing.draft")
def create() -> Answer:
    """Draft a listing and go on to its page."""
    known = once.seen()
    if known is not None:
        return redirect(known, 303)
    form = forms.read(request.form, workshop.BASICS)
    try:
        listing = listings.draft(db, access.own_organization(db, current_user), parse(ListingIn(), form.data))
    except Invalid as error:
        return render_template("listings/new.html", **form.refused(error.problems)), 422
    db.flush()  # its address needs the public id
    target = once.remember(workshop.address(listing))
    audit.commit("listing.draft", listing)
    flash(_("새 솔루션을 만들었어요. 남은 항목을 채우면 심사를 요청할 수 있어요."), "success")
    return redirect(target, 303)


@bp.get("/<uuid:listing_id>")
@requires("listing.read_own")
def edit(listing_id: UUID) -> str:
    """The page on which the vendor works on one listing."""
    listing = access.own_listing_in_full(db, current_user, listing_id)
    if listing.kind == BUNDLE:
        return render_template("bundles/listing.html", listing=listing, bundle_id=_bundle(listing))
    return workshop.page(listing)


@bp.post("/<uuid:listing_id>/basics")
@requires("listing.draft")
def basics(listing_id: UUID) -> Answer:
    """Save the texts."""
    form = forms.read(request.form, workshop.BASICS)
    return _save(listing_id, "basics", form, form.data)


@bp.post("/<uuid:listing_id>/scope")
@requires("listing.draft")
def scope(listing_id: UUID) -> Answer:
    """Save where and for whom it works."""
    form = forms.read(request.form, workshop.SCOPE)
    data = {name: value for name, value in form.data.items() if name != "nationwide"}
    if form.data["nationwide"]:
        data["regions"] = [term.code for term in taxonomy.terms("region")]
    data["level"] = _level(data.get("level", {}))
    return _save(listing_id, "scope", form, data)


@bp.post("/<uuid:listing_id>/plans")
@requires("listing.draft")
def plans(listing_id: UUID) -> Answer:
    """Save the plans; those left empty or marked for removal go."""
    form = forms.read(request.form, workshop.PLANS, {"plans": _is_unwanted, "plans/*/quality": _is_unrated})
    rows = [{"quality": [], **row} for row in form.data.get("plans", [])]
    return _save(listing_id, "plans", form, {"plans": rows})


@bp.post("/<uuid:listing_id>/submit")
@requires("listing.submit")
def submit(listing_id: UUID) -> Answer:
    """Hand the listing in, or show what is missing."""
    listing = access.own_listing(db, current_user, listing_id)
    if once.seen() is None:
        findings = publishing.submit(db, listing, extensions.now())
        if not rules.is_complete(findings):
            return workshop.page(listing, blocked=True), 422
        _done("listing.submit", listing)
        flash(
            _("심사 목록에 올랐어요. 검증기관이 심사를 시작하기 전까지는 접수를 취소할 수 있어요."), "success"
        )
    return redirect(workshop.address(listing), 303)


@bp.post("/<uuid:listing_id>/recall")
@requires("listing.submit")
def recall(listing_id: UUID) -> Response:
    """Take a request for review back."""
    listing = access.own_listing(db, current_user, listing_id)
    if once.seen() is None:
        publishing.recall(db, listing)
        _done("listing.recall", listing)
        flash(_("접수를 취소했어요. 고친 뒤 다시 요청해 주세요."), "success")
    return redirect(workshop.address(listing), 303)


@bp.post("/<uuid:listing_id>/reopen")
@requires("listing.draft")
def reopen(listing_id: UUID) -> Response:
    """Open a new edition."""
    listing = access.own_listing(db, current_user, listing_id)
    if once.seen() is None:
        publishing.reopen(db, listing)
        _done("listing.reopen", listing)
        flash(_("새 판을 열었어요. 승인될 때까지 지금 공개된 판은 그대로예요."), "success")
    return redirect(workshop.address(listing), 303)


@bp.get("/<uuid:listing_id>/withdraw")
@requires("listing.withdraw")
def confirm_withdrawal(listing_id: UUID) -> str:
    """Ask before a listing leaves the store."""
    return render_template("listings/withdraw.html", listing=access.own_listing(db, current_user, listing_id))


@bp.post("/<uuid:listing_id>/withdraw")
@requires("listing.withdraw")
def withdraw(listing_id: UUID) -> Response:
    """Take a listing out of the store."""
    listing = access.own_listing(db, current_user, listing_id)
    if once.seen() is None:
        publishing.withdraw(db, listing)
        _done("listing.withdraw", listing)
        flash(_("판매를 멈췄어요. 구매자에게는 더 보이지 않아요."), "success")
    return redirect(workshop.address(listing), 303)


def _bundle(listing: Listing) -> str | None:
    """The bundle that is sold by it, if the organization was asked to sign it or runs it."""
    return access.own_bundle_id_of(db, current_user, listing)


def _save(listing_id: UUID, section: str, form: forms.Form, data: Mapping[str, Any]) -> Answer:
    """Change the parts of a section, or draw it again with what is wrong."""
    listing = access.own_listing(db, current_user, listing_id)
    try:
        listings.revise(db, listing, parse(ListingPatch(), data))
    except Invalid as error:
        return workshop.page(listing, at=section, form=form, problems=error.problems), 422
    audit.commit("listing.draft", listing, section=section)
    flash(_("저장했어요."), "success")
    return redirect(workshop.address(listing, section), 303)


def _done(act: str, listing: Listing) -> None:
    once.remember(workshop.address(listing))
    audit.commit(act, listing)


def _level(ends: Mapping[str, Any]) -> dict[str, Any] | None:
    if all(end is None for end in ends.values()):
        return None
    return {"scale": COMPANY_LEVEL, **ends}


def _is_unwanted(plan: Mapping[str, Any]) -> bool:
    """Whether a plan is marked for removal, or nobody has written anything into it."""
    rated = any(not _is_unrated(row) for row in plan.get("quality", {}).values())
    written = plan.get("name", "").strip() or plan.get("price_amount") is not None or plan.get("setup_amount")
    return bool(plan.get("remove")) or not (written or plan.get("trial_days") is not None or rated)


def _is_unrated(row: Mapping[str, Any]) -> bool:
    return row.get("quality") is None


def _row(listing: Listing, certificate: Certificate | None) -> dict[str, Any]:
    """One line of the list."""
    findings = []
    if listing.state in EDITABLE:
        findings = rules.check(listings.snapshot(listing), organization_state=listing.organization.state)
    expires_on = None if certificate is None else certificate.expires_on
    return {
        "listing": listing,
        "certificate": certificate,
        "standing": None if expires_on is None else certificates.standing(expires_on, extensions.today()),
        "required": sum(finding.severity == rules.REQUIRED for finding in findings),
        "advice": sum(finding.severity == rules.ADVICE for finding in findings),
    }
