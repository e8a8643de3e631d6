"""The classifications: which schemes there are, how large, which revision; whether the official list is loaded."""

from flask import Blueprint, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalog import taxonomy
from marketplace import wording
from marketplace.accounts import access
from marketplace.accounts.permission import requires
from marketplace.extensions import db
from marketplace.web.console import frame

bp = Blueprint("console_taxonomies", __name__, url_prefix="/console/taxonomies")


@bp.get("")
@requires("taxonomy.watch")
def index() -> str | Response:
    """Every scheme and revision, or the terms of one."""
    asked = frame.filters(
        frame.Choice("scheme", _("분류"), [(s, wording.name("scheme", s)) for s in taxonomy.schemes()]),
        frame.Text("q", _("번호나 이름")),
    )
    scheme, words = asked.get("scheme"), (asked.get("q") or "").lower()
    chosen = [scheme] if scheme else taxonomy.schemes()
    found = [term for name in chosen for term in _terms(name) if words in _text(term)]
    page = frame.paged(len(found), asked)
    shown = found[page.offset : page.offset + page.limit]
    if asked.csv:
        header = [_("분류"), _("판"), _("번호"), _("이름"), _("영문 이름")]
        return frame.csv_answer(
            "taxonomies", header, ([t.scheme, t.revision, t.code, t.name_ko, t.name_en] for t in shown)
        )
    return render_template(
        "console/taxonomies.html",
        asked=asked,
        page=page,
        rows=shown,
        sizes=[
            (name, revision, len(taxonomy.terms(name, revision)), revision == taxonomy.current_revision(name))
            for name in taxonomy.schemes()
            for revision in taxonomy.revisions(name)
        ],
        official=access.official_industries_by_revision(db),
    )


def _terms(scheme: str) -> list[taxonomy.Term]:
    return [term for revision in taxonomy.revisions(scheme) for term in taxonomy.terms(scheme, revision)]


def _text(term: taxonomy.Term) -> str:
    return " ".join((term.code, term.name_ko, term.name_en, *term.aliases)).lower()
