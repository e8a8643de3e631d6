"""The outbox: what waits, what was done, what was put aside; try again what was put aside."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from catalog import outbox
from catalog.models import Organization
from catalog.outbox import OutboxMessage
from marketplace import audit, redaction, wording
from marketplace.accounts import access
from marketplace.accounts.access.control import MessagesAsked
from marketplace.accounts.permission import requires
from marketplace.extensions import db, now
from marketplace.web.console import frame, waiting
from marketplace.web.frame import safe_path

bp = Blueprint("console_outbox", __name__, url_prefix="/console/outbox")


@bp.get("")
@requires("outbox.read")
def index() -> str | Response:
    """Messages by topic and state, newest first."""
    topics = access.topics(db)
    asked = frame.filters(
        frame.Choice("state", _("상태"), states()),
        frame.Choice("topic", _("주제"), [(topic, topic) for topic in topics]),
        frame.Text("q", _("열쇠나 오류")),
    )
    which = MessagesAsked(asked.get("topic"), asked.get("state"), asked.get("q"))
    page = frame.paged(access.count_messages(db, which), asked)
    rows = access.messages(db, which, offset=page.offset, limit=page.limit)
    if asked.csv:
        return _csv(rows)
    return render_template(
        "console/outbox.html",
        asked=asked,
        page=page,
        rows=[(row, redaction.addresses(row.key), redaction.addresses(row.last_error or "")) for row in rows],
        counts=access.messages_by_state(db),
        now=now(),
    )


@bp.get("/<int:message_key>")
@requires("outbox.read")
def show(message_key: int) -> str:
    """One message: its tries, its last error, an outline of what it carries."""
    row = access.message(db, message_key)
    return render_template(
        "console/outbox_message.html",
        row=row,
        key=redaction.addresses(row.key),
        error=redaction.addresses(row.last_error or ""),
        outline=redaction.outline(row.payload),
        now=now(),
    )


@bp.post("/<int:message_key>/retry")
@requires("outbox.retry")
def retry(message_key: int) -> Response:
    """Let the worker try a message again. Harmless if repeated."""
    row = access.message(db, message_key)
    if outbox.retry(db, row, now()):
        audit.commit("outbox.retry", own(), message=row.id, topic=row.topic)
        flash(_("다시 보낼 차례에 넣었어요."), "success")
    else:
        flash(_("멈춘 작업이 아니어서 그대로 두었어요."), "warning")
    return redirect(safe_path(request.form.get("next"), url_for(".show", message_key=message_key)), 303)


@bp.post("/retry")
@requires("outbox.retry")
def retry_all() -> Response:
    """Let the worker try everything again that was put aside. Harmless if repeated."""
    count = outbox.retry_all(db, now())
    if count:
        audit.commit("outbox.retry", own(), messages=count)
    flash(
        ngettext(
            "작업 %(num)s건을 다시 보낼 차례에 넣었어요.",
            "작업 %(num)s건을 다시 보낼 차례에 넣었어요.",
            count,
        ),
        "success",
    )
    return redirect(url_for(".index"), 303)


def states() -> list[tuple[str, str]]:
    """The states of a message with their words, for filters."""
    return [(state, wording.name("outbox_state", state)) for state in outbox.STATES]


def own() -> Organization:
    """The operator's organization: messages have no public name, so the audit names who acted on them."""
    return access.own_organization(db, current_user)


def _csv(rows: list[OutboxMessage]) -> Response:
    header = ["id", _("주제"), _("열쇠"), _("상태"), _("시도"), _("기록한 때"), _("끝난 때"), _("오류")]
    return frame.csv_answer(
        "outbox",
        header,
        (
            [
                *(row.id, row.topic, redaction.addresses(row.key), wording.name("outbox_state", row.state)),
                *(row.tries, row.created_at.isoformat(), row.done_at and row.done_at.isoformat()),
                redaction.addresses(row.last_error or ""),
            ]
            for row in rows
        ),
    )


@waiting.kind("outbox.retry", _l("멈춘 작업"), "/console/outbox?state=dead", 1)
def _dead(session: Session) -> list[waiting.Waiting]:
    rows = access.messages(session, MessagesAsked(state=outbox.DEAD), offset=0, limit=waiting.MOST)
    oldest_first = sorted(rows, key=lambda row: row.created_at)
    return [waiting.Waiting(row.created_at, row.topic, f"/console/outbox/{row.id}") for row in oldest_first]
