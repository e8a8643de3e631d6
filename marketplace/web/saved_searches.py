"""Searches of the store that the organization has named: kept from the store's page, asked again each day."""

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
from marketplace.journeys import alerts as acts
from marketplace.schemas.fields import parse
from marketplace.schemas.leads import SavedSearchIn
from marketplace.web import forms, once
from marketplace.web.parameters import notice_unknown
from matching import alerts

bp = Blueprint("saved_searches", __name__)

FIELDS = {"name": forms.text, "query": forms.text}


@bp.get("/saved-searches")
@requires("search.save")
def index() -> str:
    """Every saved search with what was new in it; with an address of the store, the form that keeps it."""
    notice_unknown("query")
    return _page(request.args.get("query", ""))


@bp.post("/saved-searches")
@requires("search.save")
def save() -> Response | tuple[str, int]:
    """Keep a search under a name."""
    if (known := once.seen()) is not None:
        return redirect(known, 303)
    form = forms.read(request.form, FIELDS)
    try:
        given = parse(SavedSearchIn(), form.data)
        row = acts.keep(db, access.own_organization(db, current_user), given, now())
    except Invalid as error:
        db.rollback()
        typed = str(form.values.get("query") or "")
        return _page(typed, **form.refused(error.problems)), 422
    target = once.remember(url_for(".index"))
    audit.commit("search.save", row)
    flash(_("검색을 저장했어요. 새로 공개된 솔루션이 있으면 하루에 한 번 알려 드려요."), "success")
    return redirect(target, 303)


@bp.post("/saved-searches/<uuid:search_id>/forget")
@requires("search.save")
def forget(search_id: UUID) -> Response:
    """Forget one."""
    if (known := once.seen()) is not None:
        return redirect(known, 303)
    row = access.saved_search(db, current_user, search_id)
    target = once.remember(url_for(".index"))
    audit.record(db, "search.forget", row)
    db.delete(row)
    db.commit()
    flash(_("저장한 검색을 지웠어요."), "success")
    return redirect(target, 303)


def _page(query: str, **context: Any) -> str:
    rows = access.saved_searches(db, current_user)
    shown = [(row, alerts.address(row)) for row in rows]
    return render_template("leads/saved_searches.html", rows=shown, query=query, **context)
