"""A list shown to somebody without an account: links that are made, counted, taken back, and what they show."""

import secrets
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from catalog.errors import Invalid
from marketplace import audit, limits
from marketplace.accounts import access, shares, tokens
from marketplace.accounts.permission import is_allowed, requires
from marketplace.errors import LinkGone
from marketplace.extensions import database, db, now
from marketplace.schemas.fields import parse
from marketplace.schemas.matches import ShareIn
from marketplace.web import forms, once, places
from marketplace.web.parameters import notice_unknown
from matching import shortlists
from matching.models import Demand, MatchList, WhatIf

bp = Blueprint("sharing", __name__)

FIELDS = {"days": forms.whole, "named": forms.flag, "with_notes": forms.flag, "list": forms.optional}


@bp.after_request
def _kept_by_nobody(response: Response) -> Response:
    """Addresses with secrets stay out of caches, search engines and the addresses that other sites are told."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@bp.get("/demands/<uuid:demand_id>/shares")
@requires("demand.read")
def index(demand_id: UUID) -> str | AnyResponse:
    """The links of a demand, and the form for a new one."""
    notice_unknown("list")
    return _page(access.own_demand(db, current_user, demand_id), request.args.get("list", ""))


@bp.post("/demands/<uuid:demand_id>/shares")
@requires("demand.share")
def make(demand_id: UUID) -> str | AnyResponse | tuple[str | AnyResponse, int]:
    """Make a link and show its address, this once. The same form sent twice makes one link and shows the same one."""
    demand = access.own_demand(db, current_user, demand_id)
    form = forms.read(request.form, FIELDS)
    listed = request.form.get("list", "")
    sent = request.form.get(once.FIELD, "") or secrets.token_urlsafe(16)
    word = tokens.derived("share", current_user.scope, sent)
    try:
        data = parse(ShareIn(), {("list_id" if k == "list" else k): v for k, v in form.data.items()})
        found = access.list_of_demand(db, demand, data.pop("list_id"))
        if found is None:
            raise Invalid.at("list", "required")
        if once.seen() is None:
            person = current_user.user_key if current_user.is_person else None
            row, _secret = shares.make(db, found[0], person, now=now(), secret=word, **data)
            once.remember(url_for(".index", demand_id=demand_id))
            audit.commit("demand.share", row, demand=demand.public_id, list=found[0].public_id)
    except Invalid as error:
        db.rollback()
        said = form.refused(error.problems, called={"days": _("며칠 동안 볼 수 있나요?")})
        return _page(access.own_demand(db, current_user, demand_id), listed, **said), 422
    return _page(access.own_demand(db, current_user, demand_id), listed, fresh=address(word))


@bp.post("/demands/<uuid:demand_id>/shares/<uuid:share_id>/revoke")
@requires("demand.share")
def revoke(demand_id: UUID, share_id: UUID) -> AnyResponse:
    """End a link at once."""
    row = access.own_share(db, current_user, demand_id, share_id)
    shares.revoke(row, now())
    audit.commit("demand.unshare", row, demand=str(demand_id))
    flash(_("링크를 거뒀어요. 이제 아무도 열 수 없어요."), "success")
    return redirect(url_for(".index", demand_id=demand_id), 303)


@bp.get("/shared/<secret>")
@requires("share.read")
def shared(secret: str) -> AnyResponse:
    """What the link shows; one that is unknown, taken back or out of date looks like any other of these."""
    limits.require("shared", limits.network_of(request.remote_addr or ""))
    notice_unknown()
    try:
        link = access.shared(db, secret, now())
    except LinkGone:
        return make_response(render_template("matches/gone.html"), 404)
    found, tried = _list_of(link.match_list)
    rows = [places.shown(place, found.weights) for place in access.places_of(db, found)]
    items = shortlists.items(db, link.demand)
    page = render_template(
        "matches/shared.html",
        link=link,
        demand=link.demand,
        found=found,
        what_if=tried,
        rows=rows,
        items=items,
        now=now(),
    )
    db.rollback()  # reading is over: counting is a transaction of its own, so that no reader has to write
    if request.method == "GET":
        with database().session() as writing, writing.begin():
            shares.note_opening(writing, link.id, now())
    return make_response(page)


def address(secret: str) -> str:
    """Where a list is read by whoever knows the secret."""
    return f"{current_app.config['SITE_URL']}/shared/{secret}"


def _list_of(found: MatchList) -> tuple[MatchList, WhatIf | None]:
    listed = access.list_of_demand(db, found.demand, UUID(found.public_id))
    return (found, None) if listed is None else listed


def _page(demand: Demand, word: str, **context: Any) -> str:
    try:
        named = UUID(word) if word else None
    except ValueError:
        named = None
    found = access.list_of_demand(db, demand, named)
    if found is None:
        return render_template("matches/none.html", demand=demand)
    return render_template(
        "matches/shares.html",
        demand=demand,
        found=found[0],
        what_if=found[1],
        links=access.shares_of(db, demand),
        usual_days=shares.USUAL_DAYS,
        may=is_allowed("demand.share"),
        now=now(),
        **context,
    )
