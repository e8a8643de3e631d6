"""The manufacturer's side of leads: vendors that ask for contact, and the answer that lets names show."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog.errors import Invalid
from marketplace import audit
from marketplace.accounts import access
from marketplace.accounts.permission import requires
from marketplace.extensions import db, now
from marketplace.journeys import leads as acts
from marketplace.schemas import lead_cards
from marketplace.schemas.fields import parse
from marketplace.schemas.leads import ContactIn, RefusalIn
from marketplace.web import forms, once
from marketplace.web.parameters import notice_unknown
from matching import leads
from matching.models.lead import DECLINED

bp = Blueprint("offers", __name__)

CONTACT = {"contact": forms.text}
REFUSAL = {"text": forms.lines}


@bp.get("/demands/<uuid:demand_id>/offers")
@requires("demand.read")
def index(demand_id: UUID) -> str:
    """Every offer of contact on a demand, and why others declined."""
    notice_unknown()
    demand = access.own_demand_in_full(db, current_user, demand_id)
    return _page(demand)


@bp.post("/offers/<uuid:lead_id>/accept")
@requires("contact.answer")
def accept(lead_id: UUID) -> Response | tuple[str, int]:
    """Accept contact: from now on both sides read names and how to reach each other."""
    if (known := once.seen()) is not None:
        return redirect(known, 303)
    lead = access.offer(db, current_user, lead_id)
    demand_id = UUID(lead.demand.public_id)
    form = forms.read(request.form, CONTACT)
    try:
        acts.accept_contact(db, lead, current_user.name, contact=parse(ContactIn(), form.data)["contact"])
    except Invalid as error:
        return _refused(demand_id, lead_id, form, error)
    target = once.remember(url_for(".index", demand_id=demand_id))
    audit.commit("contact.accept", lead, demand=str(demand_id))
    flash(_("연락을 받아들였어요. 이제 서로의 이름과 연락처가 보여요."), "success")
    return redirect(target, 303)


@bp.post("/offers/<uuid:lead_id>/refuse")
@requires("contact.answer")
def refuse(lead_id: UUID) -> Response | tuple[str, int]:
    """Refuse contact: nobody's name shows."""
    if (known := once.seen()) is not None:
        return redirect(known, 303)
    lead = access.offer(db, current_user, lead_id)
    demand_id = UUID(lead.demand.public_id)
    form = forms.read(request.form, REFUSAL)
    try:
        acts.refuse_contact(db, lead, current_user.name, text=parse(RefusalIn(), form.data)["text"])
    except Invalid as error:
        return _refused(demand_id, lead_id, form, error)
    target = once.remember(url_for(".index", demand_id=demand_id))
    audit.commit("contact.refuse", lead, demand=str(demand_id))
    flash(_("이번 연락은 받지 않기로 했어요. 이름은 서로 보이지 않아요."), "success")
    return redirect(target, 303)


def _page(demand: Any, **context: Any) -> str:
    answered = access.offers_of(db, demand)
    return render_template(
        "leads/offers.html",
        demand=demand,
        offers=[lead_cards.offer(lead) for lead in answered if lead.state != DECLINED],
        declined=leads.declined_by_reason(answered),
        least=leads.LEAST_SHOWN,
        current_email=current_user.email,
        now=now(),
        **context,
    )


def _refused(demand_id: UUID, lead_id: UUID, form: forms.Form, error: Invalid) -> tuple[str, int]:
    db.rollback()
    demand = access.own_demand_in_full(db, current_user, demand_id)
    return _page(demand, refused=str(lead_id), **form.refused(error.problems)), 422
