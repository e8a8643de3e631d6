"""The vendor's side: demands that its listings may answer, why others are not among them, how much it can take on."""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog import capacity
from catalog.errors import Invalid
from catalog.models import Organization
from marketplace import audit
from marketplace.accounts import access
from marketplace.accounts.permission import requires
from marketplace.extensions import db, now, search_engine, today
from marketplace.journeys import leads as acts
from marketplace.schemas import lead_cards
from marketplace.schemas.fields import parse
from marketplace.schemas.leads import AcceptIn, CapacityIn, DeclineIn
from marketplace.web import forms, once
from marketplace.web.parameters import notice_unknown, page_number
from marketplace.wording import leads as words
from matching import leads
from matching.models import Lead
from matching.models.lead import DECLINE_CODES, OFFERED

bp = Blueprint("leads", __name__)

PAGE_SIZE = 20

ACCEPT = {"listing_id": forms.chosen, "message": forms.lines, "contact": forms.text}
DECLINE = {"reason": forms.chosen, "text": forms.lines}
CAPACITY = {"projects_per_quarter": forms.whole}


@bp.get("/leads")
@requires("lead.read")
def index() -> str:
    """What waits for an answer, best first; what is under way; why the others are not here."""
    notice_unknown("page", "listing")
    vendor = access.own_organization(db, current_user)
    deck = _deck(vendor)
    waiting = [card for card in deck if card.lead.state == OFFERED and card.view and card.is_told]
    pages = max(1, -(-len(waiting) // PAGE_SIZE))
    page = page_number(pages)
    return render_template(
        "leads/index.html",
        waiting=waiting[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        total=len(waiting),
        page=page,
        pages=pages,
        running=sorted(
            (card for card in deck if card.lead.state != OFFERED),
            key=lambda card: card.lead.answered_at or card.lead.created_at,
            reverse=True,
        ),
        outs=lead_cards.left_out([card.lead for card in deck if card.view], request.args.get("listing")),
        decline_codes=DECLINE_CODES,
        vendor=vendor,
        hours=current_app.config["LEAD_HOURS"],
        lead_words=words,
        now=now(),
    )


@bp.get("/leads/left-out")
@requires("lead.read")
def left_out() -> str:
    """Every demand of the last thirty days for which a listing of one's own is left out, with the reason and a way."""
    notice_unknown("listing")
    deck = _deck(access.own_organization(db, current_user))
    outs = lead_cards.left_out([card.lead for card in deck if card.view], request.args.get("listing"))
    cards = {card.lead.id: card for card in deck}
    return render_template("leads/left_out.html", outs=outs, cards=cards, lead_words=words)


@bp.get("/leads/<uuid:lead_id>")
@requires("lead.read")
def show(lead_id: UUID) -> str:
    """One lead with all its points, and the form of the answer."""
    notice_unknown()
    return _page(access.own_lead(db, current_user, lead_id))


@bp.post("/leads/<uuid:lead_id>/accept")
@requires("lead.answer")
def accept(lead_id: UUID) -> Response | tuple[str, int]:
    """Ask for contact with one of the listings."""
    if (known := once.seen()) is not None:
        return redirect(known, 303)
    lead = access.own_lead(db, current_user, lead_id)
    form = forms.read(request.form, ACCEPT)
    try:
        given = parse(AcceptIn(), form.data)
        said = {"message": given["message"], "contact": given["contact"]}
        acts.accept(db, search_engine(), lead, current_user.name, listing=str(given["listing_id"]), **said)
    except Invalid as error:
        return _refused(lead_id, form, error)
    target = once.remember(url_for(".show", lead_id=lead_id))
    audit.commit("lead.accept", lead, listing=lead.listing)
    flash(_("연락을 청했어요. 수요기업이 받아들이면 서로의 이름과 연락처가 보여요."), "success")
    return redirect(target, 303)


@bp.post("/leads/<uuid:lead_id>/decline")
@requires("lead.answer")
def decline(lead_id: UUID) -> Response | tuple[str, int]:
    """Say no, with a reason."""
    if (known := once.seen()) is not None:
        return redirect(known, 303)
    lead = access.own_lead(db, current_user, lead_id)
    form = forms.read(request.form, DECLINE)
    try:
        given = parse(DeclineIn(), form.data)
        leads.decline(db, lead, code=given["reason"], text=given["text"], by=current_user.name, now=now())
    except Invalid as error:
        return _refused(lead_id, form, error)
    target = once.remember(url_for(".index"))
    audit.commit("lead.decline", lead, reason=lead.decline_code)
    flash(_("거절했어요. 수요기업에는 회사 이름 없이 까닭만 모아 보여 줘요."), "success")
    return redirect(target, 303)


@bp.post("/leads/<uuid:lead_id>/withdraw")
@requires("lead.answer")
def withdraw(lead_id: UUID) -> Response:
    """Take the wish for contact back."""
    if (known := once.seen()) is not None:
        return redirect(known, 303)
    lead = access.own_lead(db, current_user, lead_id)
    leads.withdraw(db, lead, now())
    target = once.remember(url_for(".index"))
    audit.commit("lead.withdraw", lead)
    flash(_("수락을 거두었어요. 적은 연락처는 지웠어요."), "success")
    return redirect(target, 303)


@bp.get("/organization/capacity")
@requires("capacity.state")
def edit_capacity() -> str:
    """How many projects a quarter the vendor says it can start."""
    notice_unknown()
    return render_template("leads/capacity.html", organization=access.own_organization(db, current_user))


@bp.post("/organization/capacity")
@requires("capacity.state")
def state_capacity() -> Response | tuple[str, int]:
    """State it; scores follow with the index."""
    vendor = access.own_organization(db, current_user)
    form = forms.read(request.form, CAPACITY)
    form.data.setdefault("projects_per_quarter", None)
    try:
        capacity.state(db, vendor, parse(CapacityIn(), form.data)["projects_per_quarter"], today())
    except Invalid as error:
        db.rollback()
        shown = form.refused(error.problems)
        own = access.own_organization(db, current_user)
        return render_template("leads/capacity.html", organization=own, **shown), 422
    audit.commit("capacity.state", vendor, projects_per_quarter=vendor.capacity_per_quarter)
    flash(_("공급 여력을 고쳤어요. 점수에는 곧 반영돼요."), "success")
    return redirect(url_for("organizations.own"), 303)


def _deck(vendor: Organization) -> list[lead_cards.Card]:
    found = access.own_leads(db, vendor, now() - lead_cards.SHOWN)
    return lead_cards.cards(db, vendor, found, current_app.config["LEAD_HOURS"], now())


def _page(lead: Lead, **context: Any) -> str:
    vendor = access.own_organization(db, current_user)
    card = lead_cards.cards(db, vendor, [lead], current_app.config["LEAD_HOURS"], now())[0]
    return render_template(
        "leads/show.html",
        card=card,
        lead=lead,
        vendor=vendor,
        options=lead_cards.choices(lead),
        decline_codes=DECLINE_CODES,
        lead_words=words,
        current_email=current_user.email,
        now=now(),
        **context,
    )


def _refused(lead_id: UUID, form: forms.Form, error: Invalid) -> tuple[str, int]:
    db.rollback()
    return _page(access.own_lead(db, current_user, lead_id), **form.refused(error.problems)), 422
