"""What joining interfaces costs and which listings cannot stand together: see, note, end."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalog import interop, taxonomy
from catalog.errors import Invalid
from catalog.models import InterfaceConnector, ListingConflict
from marketplace import audit, wording
from marketplace.accounts.access import interop as facts
from marketplace.accounts.permission import requires
from marketplace.extensions import db, today
from marketplace.schemas.fields import parse
from marketplace.schemas.interop import ConflictIn, ConnectorIn
from marketplace.web import forms
from marketplace.web.console import confirming, frame
from marketplace.wording import own_words

bp = Blueprint("console_interop", __name__, url_prefix="/console/interop")

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def listing_id(texts: Sequence[str]) -> Any:
    """A listing's id out of the address of its page, or as it stands; else what was typed."""
    if not texts or not texts[-1].strip():
        return forms.MISSING
    found = _ID.search(texts[-1].lower())
    return found.group() if found else texts[-1].strip()


CONNECTOR_FIELDS: Mapping[str, forms.Reader] = {
    **dict.fromkeys(("one", "other", "source", "as_of"), forms.chosen),
    "price_amount": forms.whole,
}
CONFLICT_FIELDS: Mapping[str, forms.Reader] = {
    **dict.fromkeys(("one", "other"), listing_id),
    **dict.fromkeys(("source", "as_of"), forms.chosen),
    "reason": forms.lines,
}


@bp.get("")
@requires("interop.read")
def index() -> str | Response:
    """What joining two interfaces costs."""
    return _connectors({})


@bp.post("")
@requires("interop.note")
def note() -> Response | tuple[str | Response, int]:
    """Note what a pair costs; what was noted of it before has ended."""
    form = forms.read(request.form, CONNECTOR_FIELDS)
    try:
        row = interop.note_connector(db, **parse(ConnectorIn(), form.data), today=today())
    except Invalid as error:
        db.rollback()
        return _connectors(**form.refused(error.problems)), 422
    audit.commit("interop.note", row)
    flash(_("연결 비용을 적었어요. 같은 짝의 앞선 값은 끝났어요."), "success")
    return redirect(url_for(".index"), 303)


@bp.post("/<uuid:connector_id>/end")
@requires("interop.note")
def end(connector_id: UUID) -> Response | confirming.Answer:
    """Let a connector hold no more."""
    row = facts.connector(db, connector_id)
    step = _ending(
        _("이 연결 비용을 끝낼까요?"), _("새 번들에서는 이 짝을 이을 수 없어요."), url_for(".index")
    )
    interop.end(db, row, today())
    if (page := confirming.unsure(step)) is not None:
        return page
    audit.commit("interop.end", row)
    flash(_("연결 비용을 끝냈어요."), "success")
    return redirect(url_for(".index"), 303)


@bp.get("/conflicts")
@requires("interop.read")
def conflicts() -> str | Response:
    """Listings that cannot stand in one factory."""
    return _conflicts({})


@bp.post("/conflicts")
@requires("interop.note")
def note_conflict() -> Response | tuple[str | Response, int]:
    """Note two of them; what was noted of the pair before has ended."""
    form = forms.read(request.form, CONFLICT_FIELDS)
    try:
        data = parse(ConflictIn(), form.data)
        one, other = (facts.listing_at(db, data.pop(name), name) for name in ("one", "other"))
        row = interop.note_conflict(db, one, other, **data, today=today())
    except Invalid as error:
        db.rollback()
        return _conflicts(**form.refused(error.problems)), 422
    audit.commit("interop.note", row)
    flash(_("함께 쓸 수 없는 짝을 적었어요."), "success")
    return redirect(url_for(".conflicts"), 303)


@bp.post("/conflicts/<uuid:conflict_id>/end")
@requires("interop.note")
def end_conflict(conflict_id: UUID) -> Response | confirming.Answer:
    """Let a conflict hold no more."""
    row = facts.conflict(db, conflict_id)
    step = _ending(
        _("이 충돌을 끝낼까요?"), _("두 제품을 다시 한 번들에 넣을 수 있어요."), url_for(".conflicts")
    )
    interop.end(db, row, today())
    if (page := confirming.unsure(step)) is not None:
        return page
    audit.commit("interop.end", row)
    flash(_("충돌을 끝냈어요."), "success")
    return redirect(url_for(".conflicts"), 303)


def _ending(question: str, effect: str, back: str) -> confirming.Step:
    return confirming.Step(
        at="interop",
        question=question,
        happens=[effect, _("끝낸 기록은 남고, 다시 열 수 없어요. 다시 맞으면 새로 적어 주세요.")],
        button=_("끝내기"),
        back=back,
    )


def _connectors(values: dict[str, Any], **context: Any) -> str | Response:
    asked = _asked()
    page = frame.paged(facts.count_connectors(db, asked.get("state")), asked)
    rows = facts.connectors(db, asked.get("state"), offset=page.offset, limit=page.limit)
    if asked.csv:
        return _connector_csv(rows)
    return render_template(
        "console/interop.html",
        asked=asked,
        page=page,
        rows=rows,
        interfaces=[
            (one.code, wording.term_name("interface", one.code)) for one in taxonomy.terms("interface")
        ],
        pointers=tuple(CONNECTOR_FIELDS),
        values=values,
        **context,
    )


def _conflicts(values: dict[str, Any], **context: Any) -> str | Response:
    asked = _asked()
    page = frame.paged(facts.count_conflicts(db, asked.get("state")), asked)
    rows = facts.conflicts(db, asked.get("state"), offset=page.offset, limit=page.limit)
    if asked.csv:
        return _conflict_csv(rows)
    return render_template(
        "console/interop_conflicts.html",
        asked=asked,
        page=page,
        rows=rows,
        own_words=own_words,
        pointers=tuple(CONFLICT_FIELDS),
        values=values,
        **context,
    )


def _asked() -> frame.Filters:
    states = [(state, wording.name("interop_state", state)) for state in facts.STATES]
    return frame.filters(frame.Choice("state", _("상태"), states))


def _connector_csv(rows: list[InterfaceConnector]) -> Response:
    header = [_("규격"), _("규격"), _("금액(원)"), _("출처"), _("기준일"), _("끝난 날")]
    cells = ([row.one, row.other, row.price_amount, row.source, row.as_of, row.ended_on] for row in rows)
    return frame.csv_answer("connectors", header, cells)


def _conflict_csv(rows: list[ListingConflict]) -> Response:
    header = [_("솔루션"), _("솔루션"), _("이유"), _("출처"), _("기준일"), _("끝난 날")]
    cells = (
        [row.one.title, row.other.title, row.reason, row.source, row.as_of, row.ended_on] for row in rows
    )
    return frame.csv_answer("conflicts", header, cells)
