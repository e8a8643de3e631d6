"""What becomes of a demand: who may see it, what it said before, its end and its return."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog.errors import Invalid
from catalog.models.organization import CONFIRMED
from marketplace import audit
from marketplace.accounts import access
from marketplace.accounts.permission import requires
from marketplace.extensions import db, now, today
from marketplace.journeys import alliances as acts
from marketplace.schemas.demands import AudienceIn, ClosingIn, NarrowingIn
from marketplace.schemas.fields import parse
from marketplace.web import alliance_words, demand_words, forms, once
from marketplace.web.parameters import notice_unknown
from matching import audience, demands
from matching.models import Demand
from matching.models.demand import ALLIANCE, CLOSED, OPEN, REASONS

bp = Blueprint("demand_life", __name__)

AUDIENCE_FIELDS: Mapping[str, forms.Reader] = {
    "audience": forms.chosen,
    "organizations": forms.many,
    "alliance": forms.optional,
}
NARROWING_FIELDS: Mapping[str, forms.Reader] = {"audience": forms.chosen, "organizations": forms.many}
CLOSING_FIELDS: Mapping[str, forms.Reader] = {"reason": forms.chosen, "note": forms.lines}
MAX_WORDS = 40


@bp.get("/demands/<uuid:demand_id>/audience")
@requires("demand.read")
def show(demand_id: UUID) -> str:
    """Who sees the demand, and exactly what each of them sees."""
    notice_unknown("q", "alliance")
    return _page(access.own_demand_shown(db, current_user, demand_id))


@bp.post("/demands/<uuid:demand_id>/audience")
@requires("demand.share")
def widen(demand_id: UUID) -> Response | tuple[str, int]:
    """Let more organizations see it."""
    demand = access.own_demand_shown(db, current_user, demand_id)
    form = forms.read(request.form, AUDIENCE_FIELDS)
    before = demand.audience
    try:
        data = parse(AudienceIn(), form.data)
        named = access.vendors_named(db, data["organizations"], "organizations")
        alliance = access.alliance_at(db, _alliance_of(data), "alliance")
        demands.widen(db, demand, data["audience"], named, now(), alliance=alliance)
        if alliance is not None:
            acts.tell_of_demand(db, demand)
    except Invalid as error:
        db.rollback()
        return _page(demand, **form.refused(error.problems)), 422
    said = {} if alliance is None else {"alliance": alliance.public_id}
    audit.commit(
        "demand.widen", demand, before=before, after=demand.audience, named=len(demand.named), **said
    )
    flash(_("이제 고른 범위에 수요가 보여요. 언제든 거둘 수 있어요."), "success")
    return redirect(url_for(".show", demand_id=demand_id), 303)


@bp.post("/demands/<uuid:demand_id>/audience/narrowing")
@requires("demand.share")
def narrow(demand_id: UUID) -> Response | tuple[str, int]:
    """Take the audience back, or from one organization."""
    demand = access.own_demand_shown(db, current_user, demand_id)
    form = forms.read(request.form, NARROWING_FIELDS)
    before = demand.audience
    try:
        data = parse(NarrowingIn(), form.data)
        dropped = {str(one) for one in data["organizations"] or []}
        keep = {
            viewer.organization_id for viewer in demand.named if viewer.organization.public_id not in dropped
        }
        demands.narrow(db, demand, data["audience"], keep)
    except Invalid as error:
        db.rollback()
        return _page(demand, **form.refused(error.problems)), 422
    audit.commit("demand.narrow", demand, before=before, after=demand.audience, named=len(demand.named))
    flash(_("공개를 거뒀어요. 지금부터 보이지 않아요."), "success")
    return redirect(url_for(".show", demand_id=demand_id), 303)


@bp.get("/demands/<uuid:demand_id>/versions")
@requires("demand.read")
def versions(demand_id: UUID) -> str:
    """Every version with who wrote it, when, and what it changed."""
    notice_unknown()
    demand = access.own_demand(db, current_user, demand_id)
    rows = demand_words.changes(demands.versions_of(db, demand))
    return render_template("demands/versions.html", demand=demand, rows=rows, now=now())


@bp.get("/demands/<uuid:demand_id>/close")
@requires("demand.state")
def confirm_close(demand_id: UUID) -> str:
    """Ask why before ending a demand."""
    notice_unknown()
    demand = access.own_demand_in_full(db, current_user, demand_id)
    if demand.state == CLOSED:
        return render_template("demands/closed.html", demand=demand, pair=demand_words.pair)
    return _closing(demand)


@bp.post("/demands/<uuid:demand_id>/close")
@requires("demand.state")
def close(demand_id: UUID) -> Response | tuple[str, int]:
    """End a demand; sent twice, the second one ends where the first did."""
    if (known := once.seen()) is not None:
        return redirect(known, 303)
    demand = access.own_demand_in_full(db, current_user, demand_id)
    form = forms.read(request.form, CLOSING_FIELDS)
    try:
        data = parse(ClosingIn(), form.data)
        demands.close(db, demand, data["reason"], data["note"])
    except Invalid as error:
        db.rollback()
        return _closing(demand, **form.refused(error.problems)), 422
    target = once.remember(url_for("demands.index"))
    audit.commit("demand.close", demand, reason=data["reason"])
    flash(_("‘%(title)s’ 수요를 마감했어요.", title=demand.title), "success")
    return redirect(target, 303)


@bp.post("/demands/<uuid:demand_id>/reopening")
@requires("demand.state")
def reopen(demand_id: UUID) -> Response:
    """Take up a closed demand again."""
    demand = access.own_demand(db, current_user, demand_id)
    demands.reopen(db, demand)
    audit.commit("demand.reopen", demand)
    flash(_("‘%(title)s’ 수요를 다시 열었어요. 지금은 우리만 봐요.", title=demand.title), "success")
    return redirect(url_for("demands.edit", demand_id=demand_id), 303)


@bp.post("/demands/<uuid:demand_id>/discarding")
@requires("demand.state")
def discard(demand_id: UUID) -> Response:
    """Throw a draft away."""
    demand = access.own_demand(db, current_user, demand_id)
    demands.discard(db, demand)
    audit.commit("demand.discard", demand)
    flash(_("초안을 버렸어요."), "success")
    return redirect(url_for("demands.index"), 303)


def _closing(demand: Demand, **context: Any) -> str:
    return render_template("demands/close.html", demand=demand, reasons=REASONS, **context)


def _alliance_of(data: Mapping[str, Any]) -> UUID | None:
    """The alliance that was chosen, if one is to see it: the field stands beside every audience."""
    return data["alliance"] if data["audience"] == ALLIANCE else None


def _alliances(words: str) -> list[tuple[str, str]]:
    """Those that can be chosen."""
    found = access.alliances_to_choose(db, words)
    return [(row.public_id, alliance_words.title(row)) for row in found]


def _page(demand: Demand, **context: Any) -> str:
    words = request.args.get("q", "").strip()[:MAX_WORDS]
    named = audience.viewers_of(demand)
    offered = (
        access.vendors_to_name(db, current_user, demand, words)
        if demand.state == OPEN and not context
        else []
    )
    among = audience.crowd(db)
    level = audience.levels(db, [demand], today()).get(demand.site_id, (None, ""))
    return render_template(
        "demands/audience.html",
        demand=demand,
        named=named,
        offered=[one for one in offered if one not in named],
        words=words,
        alliances=_alliances(words),
        alliance_title=alliance_words.title,
        chosen=request.args.get("alliance", ""),
        anonymous=audience.shown(demand, None, among, level=level),
        open_view=audience.shown(demand, None, among, accepted=True, level=level),
        say=demand_words,
        confirmed=demand.organization.state == CONFIRMED,
        **context,
    )
