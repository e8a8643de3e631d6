"""The operator's view of every listing: find them, take a public one down, put it back."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog.errors import Invalid
from catalog.models import Certificate, Listing
from catalog.publishing_states import STATES
from marketplace import audit, wording
from marketplace.accounts import access
from marketplace.accounts.access.console import ListingsAsked
from marketplace.accounts.permission import requires
from marketplace.extensions import db, now, today
from marketplace.journeys import standing
from marketplace.schemas.console import ReasonIn
from marketplace.schemas.fields import parse
from marketplace.web import forms
from marketplace.web.console import confirming, frame
from marketplace.web.console.organizations import ENTRIES, REASON
from marketplace.wording.particles import settled

bp = Blueprint("console_listings", __name__, url_prefix="/console/listings")


@bp.get("")
@requires("listing.oversee")
def index() -> str | Response:
    """Listings of all vendors, last changed first."""
    asked = frame.filters(
        frame.Choice("state", _("상태"), [(s, wording.name("listing_state", s)) for s in STATES]),
        frame.Choice(
            "standing",
            _("인증"),
            [("valid", _("유효한 인증")), ("lapsed", _("끝난 인증")), ("none", _("공개 안 함"))],
        ),
        frame.Text("q", _("솔루션, 공급기업")),
    )
    which = ListingsAsked(today(), asked.get("state"), asked.get("standing"), asked.get("q"))
    page = frame.paged(access.count_listings(db, which), asked)
    rows = access.search_listings(db, which, offset=page.offset, limit=page.limit)
    certificates = access.certificates_of(db, rows)
    if asked.csv:
        return _csv(rows, certificates)
    return render_template(
        "console/listings.html", asked=asked, page=page, rows=rows, certificates=certificates
    )


def _csv(rows: list[Listing], certificates: dict[int, Certificate]) -> Response:
    header = ["id", _("솔루션"), _("공급기업"), _("상태"), _("공개 판"), _("인증서"), _("만료일")]
    return frame.csv_answer("listings", header, (_csv_row(row, certificates.get(row.id)) for row in rows))


def _csv_row(row: Listing, proof: Certificate | None) -> list[object]:
    state = wording.name("listing_state", row.state)
    end = ["", ""] if proof is None else [proof.number, proof.expires_on.isoformat()]
    return [row.public_id, row.title, row.organization.name, state, row.live_release, *end]


@bp.get("/<uuid:listing_id>")
@requires("listing.oversee")
def show(listing_id: UUID) -> str:
    """One listing as the operator sees it: where it stands, its certificate, what was done."""
    return _page(access.any_listing(db, listing_id))


@bp.post("/<uuid:listing_id>/suspend")
@requires("listing.suspend")
def suspend(listing_id: UUID) -> Response | tuple[str, int]:
    """Take a public listing down, with the reason that its vendor reads."""
    listing = access.any_listing(db, listing_id)
    form = forms.read(request.form, REASON)
    try:
        reason = parse(ReasonIn(), form.data)["reason"]
    except Invalid as error:
        return _page(listing, **form.refused(error.problems)), 422
    standing.take_down(db, listing, current_user, reason, now())
    audit.commit("listing.suspend", listing, reason=reason)
    flash(settled(_("‘%(title)s’을(를) 장터에서 내렸어요.", title=listing.title)), "success")
    return redirect(url_for(".show", listing_id=listing_id), 303)


@bp.post("/<uuid:listing_id>/lift")
@requires("listing.suspend")
def lift(listing_id: UUID) -> Response | confirming.Answer:
    """Put a suspended listing back."""
    listing = access.any_listing(db, listing_id)
    step = _lifting(listing)
    standing.put_back(db, listing, now())
    if (page := confirming.unsure(step)) is not None:
        return page
    audit.commit("listing.lift", listing)
    flash(settled(_("‘%(title)s’을(를) 다시 공개했어요.", title=listing.title)), "success")
    return redirect(url_for(".show", listing_id=listing_id), 303)


def _lifting(listing: Listing) -> confirming.Step:
    return confirming.Step(
        at="listings",
        question=_("‘%(title)s’ 다시 공개", title=listing.title),
        happens=[
            _("내리기 전의 판이 바로 검색과 매칭에 다시 나와요."),
            _("내린 이유는 지워지고, 공급기업에 알려요."),
        ],
        button=_("다시 공개"),
        back=url_for(".show", listing_id=listing.public_id),
    )


def _page(listing: Listing, **refused: Any) -> str:
    about = audit.Asked(about=listing.public_id)
    return render_template(
        "console/listing.html",
        listing=listing,
        certificate=access.certificates_of(db, [listing]).get(listing.id),
        entries=audit.search(db, about, offset=0, limit=ENTRIES),
        **refused,
    )
