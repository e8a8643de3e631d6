"""What a factory needs: state it, revise it, close it. Stating and revising rank the store at once."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog import taxonomy
from catalog.errors import Invalid
from catalog.models import Site
from marketplace import audit
from marketplace.accounts import access
from marketplace.accounts.permission import requires
from marketplace.extensions import db, search_engine, today
from marketplace.journeys import plants
from marketplace.schemas.fields import parse
from marketplace.schemas.plants import DemandIn, domain_fields
from marketplace.web import forms, once
from marketplace.web.parameters import notice_unknown
from marketplace.web.sites import options, rows_of
from matching import demands, matchmaking
from matching.demands import MAX_REQUIREMENTS, DemandFields
from matching.models import Demand
from matching.models.assessment import COMPANY_LEVEL
from matching.models.demand import OPEN

bp = Blueprint("demands", __name__)

MUST, NICE = "must", "nice"
USUAL_QUALITY = 3
EMPTY_ROWS = 3


def _must(texts: Sequence[str]) -> Any:
    """The two words of the form as true or false; another word stays text."""
    word = forms.chosen(texts)
    return {MUST: True, NICE: False}.get(word, word) if isinstance(word, str) else word


FIELDS: Mapping[str, forms.Reader] = {
    "site_id": forms.chosen,
    "title": forms.text,
    "description": forms.text,
    "requirements/*/capability": forms.chosen,
    "requirements/*/must": _must,
    "requirements/*/min_quality": forms.whole,
    "target_level/value": forms.whole,
    "budget_amount": forms.whole,
    "deadline": forms.optional,
}


@bp.get("/demands")
@requires("demand.read")
def index() -> str:
    """Every demand of the acting company with how many listings its newest list ranked."""
    notice_unknown()
    own = access.own_demands(db, current_user)
    counts = matchmaking.counts_by_demand(db, [demand.id for demand in own])
    return render_template("demands/index.html", demands=own, counts=counts)


@bp.get("/demands/new")
@requires("demand.state")
def new() -> str:
    """The empty form, with the capabilities that the store's link names."""
    notice_unknown("capability")
    named = [code for code in request.args.getlist("capability") if taxonomy.find("capability", code)]
    values: dict[str, Any] = {}
    for i, code in enumerate(dict.fromkeys(named[:MAX_REQUIREMENTS])):
        values |= _requirement_values(i, code, True, USUAL_QUALITY)
    return _page(None, values)


@bp.post("/demands/new")
@requires("demand.state")
def state() -> Response | tuple[str, int]:
    """Add a demand, rank the store for it and show the list."""
    if (known := once.seen()) is not None:
        return redirect(known, 303)
    form = _read()
    try:
        found = plants.state_and_match(db, search_engine(), *_parsed(form, None), today=today())
    except Invalid as error:
        return _refused(None, form, error)
    db.flush()  # the new demand needs its public id before its address can be noted
    target = once.remember(url_for("matches.show", demand_id=found.demand.public_id))
    audit.commit("demand.state", found.demand, list=found.public_id)
    flash(_("수요를 등록하고 후보를 찾았어요."), "success")
    return redirect(target, 303)


@bp.get("/demands/<uuid:demand_id>")
@requires("demand.read")
def edit(demand_id: UUID) -> str:
    """The form with what is stored; a closed demand can only be read."""
    notice_unknown()
    demand = access.own_demand_in_full(db, current_user, demand_id)
    if demand.state != OPEN:
        return render_template("demands/closed.html", demand=demand)
    return _page(demand, _stored(demand))


@bp.post("/demands/<uuid:demand_id>")
@requires("demand.state")
def revise(demand_id: UUID) -> Response | tuple[str, int]:
    """Replace an open demand, rank the store anew and show the list."""
    if (known := once.seen()) is not None:
        return redirect(known, 303)
    demand = access.own_demand_in_full(db, current_user, demand_id)
    form = _read()
    try:
        found = plants.state_and_match(db, search_engine(), *_parsed(form, demand), today=today())
    except Invalid as error:
        return _refused(demand, form, error)
    db.flush()  # the new list needs its public id before the record can name it
    target = once.remember(url_for("matches.show", demand_id=demand_id))
    audit.commit("demand.state", demand, list=found.public_id)
    flash(_("수요를 고치고 후보를 다시 찾았어요."), "success")
    return redirect(target, 303)


@bp.get("/demands/<uuid:demand_id>/close")
@requires("demand.state")
def confirm_close(demand_id: UUID) -> str:
    """Ask before ending a demand: it cannot be opened again."""
    notice_unknown()
    demand = access.own_demand_in_full(db, current_user, demand_id)
    return render_template(
        "demands/close.html" if demand.state == OPEN else "demands/closed.html", demand=demand
    )


@bp.post("/demands/<uuid:demand_id>/close")
@requires("demand.state")
def close(demand_id: UUID) -> Response:
    """End a demand; sent twice, the second one ends where the first did."""
    if (known := once.seen()) is not None:
        return redirect(known, 303)
    demand = access.own_demand(db, current_user, demand_id)
    demands.close(demand)
    target = once.remember(url_for(".index"))
    audit.commit("demand.close", demand)
    flash(_("‘%(title)s’ 수요를 마감했어요.", title=demand.title), "success")
    return redirect(target, 303)


def _read() -> forms.Form:
    form = forms.read(request.form, FIELDS, {"requirements": lambda row: not row.get("capability")})
    target = form.data.get("target_level")
    if not isinstance(target, dict) or target.get("value") is None:
        form.data["target_level"] = None
    else:
        target["scale"] = COMPANY_LEVEL
    return form


def _parsed(form: forms.Form, demand: Demand | None) -> tuple[Site, Demand | None, DemandFields]:
    data = parse(DemandIn(), form.data)
    site = access.own_site_at(db, current_user, data["site_id"], "site_id")
    return site, demand, domain_fields(data)


def _refused(demand: Demand | None, form: forms.Form, error: Invalid) -> tuple[str, int]:
    db.rollback()
    return _page(demand, **form.refused(error.problems)), 422


def _page(demand: Demand | None, values: dict[str, Any], **context: Any) -> str:
    own = access.own_sites(db, current_user)
    if not own:
        back = url_for(".new", capability=request.args.getlist("capability") or None)
        return render_template("demands/site_first.html", back=back)
    if len(own) == 1:
        values.setdefault("site_id", own[0].public_id)
    return render_template(
        "demands/form.html",
        demand=demand,
        values=values,
        sites=[(site.public_id, site.name) for site in own],
        capabilities=options("capability"),
        rows=rows_of(values, "requirements", ("capability",), empty=EMPTY_ROWS, most=MAX_REQUIREMENTS),
        usual_quality=USUAL_QUALITY,
        **context,
    )


def _stored(demand: Demand) -> dict[str, Any]:
    stored: dict[str, Any] = {
        "site_id": demand.site.public_id,
        "title": demand.title,
        "description": demand.description,
        "target_level": {"value": demand.target_level},
        "budget_amount": None if demand.budget_amount is None else f"{demand.budget_amount:,}",
        "deadline": _day(demand.deadline),
    }
    values = forms.flat(stored)
    for i, row in enumerate(demand.requirements):
        values |= _requirement_values(i, row.capability, row.must, row.min_quality)
    return dict(values)


def _requirement_values(i: int, capability: str, must: bool, min_quality: int) -> dict[str, str | list[str]]:
    at = f"requirements/{i}"
    return {
        f"{at}/capability": capability,
        f"{at}/must": MUST if must else NICE,
        f"{at}/min_quality": str(min_quality),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
