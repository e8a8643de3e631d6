"""The candidates that a demand's people keep in view: in, out, up, down, with notes, and what has changed since."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog.errors import Conflict, Invalid
from marketplace import audit
from marketplace.accounts import access
from marketplace.accounts.permission import is_allowed, requires
from marketplace.extensions import db, today
from marketplace.schemas.fields import parse
from marketplace.schemas.matches import ShortlistIn, ShortlistMoveIn, ShortlistNoteIn
from marketplace.web import forms
from marketplace.web.frame import safe_path
from marketplace.web.parameters import notice_unknown
from marketplace.wording import changes
from matching import shortlists
from matching.models import Demand

bp = Blueprint("shortlists", __name__, url_prefix="/demands/<uuid:demand_id>/shortlist")


@bp.get("")
@requires("demand.read")
def show(demand_id: UUID) -> str:
    """The shortlist of a demand."""
    notice_unknown()
    return _page(access.own_demand(db, current_user, demand_id))


@bp.post("")
@requires("demand.shortlist")
def add(demand_id: UUID) -> Response:
    """Put a public listing on it; one that is on it stays where it is."""
    demand = access.own_demand(db, current_user, demand_id)
    fields = {"listing": forms.chosen, "plan": forms.optional}
    data = parse(ShortlistIn(), forms.read(request.form, fields).data)
    release = access.public_release(db, data["listing"])
    item, fresh = shortlists.add(db, demand, release, data["plan"])
    back = safe_path(request.form.get("next", ""), url_for(".show", demand_id=demand_id))
    if fresh:
        audit.commit("demand.shortlist", item, demand=demand.public_id, listing=item.listing)
        flash(_("후보로 담았어요."), "success")
    else:
        db.rollback()
        flash(_("이미 담은 후보예요."), "warning")
    return redirect(back, 303)


@bp.post("/<uuid:item_id>/note")
@requires("demand.shortlist")
def write(demand_id: UUID, item_id: UUID) -> Response | tuple[str, int]:
    """Save a note; whoever read an older one is shown both."""
    item = access.own_shortlist_item(db, current_user, demand_id, item_id)
    name = f"note/{item.public_id}"
    form = forms.read(request.form, {name: forms.lines, "revision": forms.whole})
    typed = form.values.get(name, "")
    try:
        sent = {"note": form.data.get("note", {}).get(item.public_id), "revision": form.data.get("revision")}
        data = parse(ShortlistNoteIn(), sent)
        shortlists.write(db, item.demand, item, data["note"], data["revision"])
    except (Invalid, Conflict) as error:
        db.rollback()
        return _refused(access.own_demand(db, current_user, demand_id), name, typed, error)
    audit.commit("demand.note", item, demand=item.demand.public_id)
    flash(_("메모를 저장했어요."), "success")
    return _back(demand_id, item_id)


@bp.post("/<uuid:item_id>/move")
@requires("demand.shortlist")
def move(demand_id: UUID, item_id: UUID) -> Response:
    """One place up or down."""
    item = access.own_shortlist_item(db, current_user, demand_id, item_id)
    data = parse(ShortlistMoveIn(), forms.read(request.form, {"direction": forms.chosen}).data)
    shortlists.move(db, item.demand, item, up=data["direction"] == "up")
    audit.commit("demand.shortlist_order", item, demand=item.demand.public_id)
    return _back(demand_id, item_id)


@bp.post("/<uuid:item_id>/remove")
@requires("demand.shortlist")
def remove(demand_id: UUID, item_id: UUID) -> Response:
    """Take it off."""
    item = access.own_shortlist_item(db, current_user, demand_id, item_id)
    title = item.card["title"]
    audit.record(db, "demand.unlist", item, demand=item.demand.public_id, listing=item.listing)
    shortlists.remove(db, item.demand, item)
    db.commit()
    flash(_("‘%(title)s’ 후보를 뺐어요.", title=title), "success")
    return redirect(url_for(".show", demand_id=demand_id), 303)


def _back(demand_id: UUID, item_id: UUID) -> Response:
    return redirect(url_for(".show", demand_id=demand_id, _anchor=f"item-{item_id}"), 303)


def _refused(demand: Demand, name: str, typed: str | list[str], error: Invalid | Conflict) -> tuple[str, int]:
    """The page with what was typed; after a conflict the saved note stands beside it."""
    if isinstance(error, Conflict):
        return _page(demand, values={name: typed}, theirs=name), 409
    form = forms.Form({}, {name: typed}, {"note": name}, frozenset({"note/*"}))
    said = form.refused(error.problems, called={name: _("메모")})
    return _page(demand, refused=True, **said), 422


def _page(demand: Demand, *, theirs: str = "", **context: Any) -> str:
    items = shortlists.items(db, demand)
    releases = access.public_releases(db, [item.listing for item in items])
    found = access.list_of_demand(db, demand)
    places = (
        {}
        if found is None or not items
        else {
            place.match.listing: place
            for place in access.places_of(
                db, found[0], ranks=range(0), listings=[item.listing for item in items]
            )
        }
    )
    rows = []
    for item in items:
        release, place = releases.get(item.listing), places.get(item.listing)
        rows.append(
            {
                "item": item,
                "gone": release is None,
                "changes": [changes.change(one) for one in shortlists.changes(item, release, today())],
                "rank": None if place is None else place.rank,
                "fit": None if place is None else sum(p["shown_points"] for p in place.match.parts),
                "theirs": theirs == f"note/{item.public_id}",
            }
        )
    may = is_allowed("demand.shortlist")
    return render_template("matches/shortlist.html", demand=demand, items=rows, may=may, **context)
