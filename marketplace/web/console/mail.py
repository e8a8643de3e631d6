"""The mail log: who was written to, about what, when, with which outcome. Never the text."""

from flask import Blueprint, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalog.outbox import OutboxMessage
from marketplace import mail, redaction, wording
from marketplace.accounts import access
from marketplace.accounts.access.control import MessagesAsked
from marketplace.accounts.permission import requires
from marketplace.extensions import db, now
from marketplace.web.console import frame, outbox

bp = Blueprint("console_mail", __name__, url_prefix="/console/mail")


@bp.get("")
@requires("outbox.read")
def index() -> str | Response:
    """Mails, newest first."""
    asked = frame.filters(
        frame.Choice("state", _("상태"), outbox.states()), frame.Text("q", _("받는 주소나 오류"))
    )
    which = MessagesAsked(mail.TOPIC, asked.get("state"), asked.get("q"))
    page = frame.paged(access.count_messages(db, which), asked)
    rows = [line(row) for row in access.messages(db, which, offset=page.offset, limit=page.limit)]
    if asked.csv:
        return _csv(rows)
    counts = access.messages_by_state(db, mail.TOPIC)
    return render_template("console/mail.html", asked=asked, page=page, rows=rows, counts=counts, now=now())


def line(row: OutboxMessage) -> dict[str, object]:
    """What the log shows of a mail: its address only by its first letters."""
    return {
        "id": row.id,
        "to": redaction.address(str(row.payload.get("to", ""))),
        "subject": redaction.addresses(str(row.payload.get("subject", ""))),
        "at": row.done_at or row.created_at,
        "tries": row.tries,
        "state": row.state,
        "error": redaction.addresses(row.last_error or ""),
    }


def _csv(rows: list[dict[str, object]]) -> Response:
    header = [_("때"), _("받는 사람"), _("제목"), _("상태"), _("시도"), _("오류")]
    return frame.csv_answer(
        "mail",
        header,
        (
            [
                row["at"],
                row["to"],
                row["subject"],
                wording.name("outbox_state", row["state"]),
                row["tries"],
                row["error"],
            ]
            for row in rows
        ),
    )
