"""The audit chain: search it, see whether it holds."""

from datetime import date, datetime, time, timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace import audit
from marketplace.accounts.permission import requires
from marketplace.extensions import db
from marketplace.formats import KOREA
from marketplace.operations import traces
from marketplace.web.console import frame
from marketplace.wording import acts

#: An earlier day has no moment in every time zone.
EARLIEST = date(1970, 1, 2)

bp = Blueprint("console_audit", __name__, url_prefix="/console/audit")


@bp.get("")
@requires("audit.search")
def index() -> str | Response:
    """Entries, newest first."""
    asked = frame.filters(
        frame.Text("actor", _("누가 (이름, 이메일)")),
        frame.Text("act", _("무엇을")),
        frame.Text("organization", _("조직 (이름, 번호)")),
        frame.Text("about", _("대상 (식별자)")),
        frame.Day("since", _("이날부터")),
        frame.Day("until", _("이날까지")),
    )
    which = _asked(asked)
    page = frame.paged(audit.count(db, which), asked)
    rows = audit.search(db, which, offset=page.offset, limit=page.limit)
    if asked.csv:
        return _csv(rows)
    return render_template(
        "console/audit.html",
        asked=asked,
        page=page,
        rows=rows,
        check=audit.last_check(db),
        known=traces.names(db, rows),
    )


@bp.post("/verify")
@requires("audit.verify")
def verify() -> Response:
    """Walk the whole chain and keep the verdict."""
    check, _breaks = audit.verify(db)
    audit.commit("audit.verify", check, entries=check.entries, breaks=check.breaks)
    if check.breaks:
        flash(_("감사 기록의 사슬이 맞지 않아요. 아래에서 자리를 확인해 주세요."), "error")
    else:
        flash(_("감사 기록의 사슬이 모두 이어져요."), "success")
    return redirect(url_for(".index"), 303)


def _asked(asked: frame.Filters) -> audit.Asked:
    until, actor, organization = asked.day("until"), asked.get("actor"), asked.get("organization")
    return audit.Asked(
        actor=actor,
        actors=traces.people(db, actor) if actor else (),
        concerning=traces.organizations(db, organization) if organization else None,
        about=asked.get("about"),
        act=asked.get("act"),
        acts=acts.meant(asked.get("act") or ""),
        since=_midnight(asked.day("since")),
        until=_midnight(until + timedelta(days=1) if until and until < date.max else None),
    )


def _midnight(day: date | None) -> datetime | None:
    """The moment at which the day begins in Korea; nothing is older than EARLIEST."""
    return None if day is None else datetime.combine(max(day, EARLIEST), time.min, KOREA)


def _csv(rows: list[audit.AuditEntry]) -> Response:
    header = ["number", "at", "actor", "organization", "act", "object_type", "object_id", "detail", "hash"]
    return frame.csv_answer(
        "audit",
        header,
        (
            [
                row.number,
                row.at.isoformat(),
                row.actor,
                row.organization,
                row.act,
                row.object_type,
                row.object_id,
                audit.detail_text(row),
                row.hash,
            ]
            for row in rows
        ),
    )
