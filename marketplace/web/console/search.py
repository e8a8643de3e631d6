"""The search index: how far it is, and building it anew."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog import counters, outbox
from marketplace import audit
from marketplace.accounts import access
from marketplace.accounts.permission import requires
from marketplace.extensions import db, now, search_index, today
from marketplace.operations import index_keeping
from matching import editions
from matching.search import sync
from matching.search.query import SearchQuery

bp = Blueprint("console_search", __name__, url_prefix="/console/search")


@bp.get("")
@requires("search.watch")
def index() -> str:
    """The index of this process and how far the worker has brought each engine."""
    engine = search_index().current(db)
    return render_template(
        "console/search.html",
        engine=search_index().name,
        reached=engine.revision,
        listings=engine.search(SearchQuery(today(), limit=0)).everything_total,
        trouble=search_index().trouble(),
        revision=search_index().seen,
        rebuilds=counters.current(db, sync.REBUILD),
        states=access.index_states(db),
        weights=editions.in_force(db, today()).version,
        now=now(),
    )


@bp.post("/rebuild")
@requires("search.rebuild")
def rebuild() -> Response:
    """Let every process build its index anew."""
    count = sync.ask_rebuild(db)
    outbox.record(db, index_keeping.REBUILD, str(count), {})
    audit.commit("search.rebuild", access.own_organization(db, current_user), count=count)
    flash(_("색인을 데이터베이스에서 다시 만들어요. 그동안에도 검색은 그대로 돼요."), "success")
    return redirect(url_for(".index"), 303)
