"""The operator's reports of abuse: read them, decide them."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from catalog.errors import Invalid
from marketplace import audit, wording
from marketplace.accounts import access
from marketplace.accounts.access.console import ReportsAsked
from marketplace.accounts.oversight import OPEN, REASONS, REPORT_STATES, SUSPENDED, AbuseReport
from marketplace.accounts.permission import requires
from marketplace.extensions import db, now
from marketplace.inbox.oversight import DECIDE_DAYS
from marketplace.journeys import abuse
from marketplace.schemas.console import DecisionIn
from marketplace.schemas.fields import parse
from marketplace.web import forms
from marketplace.web.console import confirming, frame, waiting
from marketplace.wording import own_words

bp = Blueprint("console_reports", __name__, url_prefix="/console/reports")

DECISION = {"outcome": forms.chosen, "note": forms.lines}


@bp.get("")
@requires("report.read")
def index() -> str | Response:
    """Those that wait first, oldest first."""
    asked = frame.filters(
        frame.Choice("state", _("상태"), [(s, wording.name("report_state", s)) for s in REPORT_STATES]),
        frame.Choice("reason", _("이유"), [(r, wording.name("report_reason", r)) for r in REASONS]),
    )
    which = ReportsAsked(asked.get("state"), asked.get("reason"))
    page = frame.paged(access.count_reports(db, which), asked)
    rows = access.search_reports(db, which, offset=page.offset, limit=page.limit)
    if asked.csv:
        return _csv(rows)
    return render_template("console/reports.html", asked=asked, page=page, rows=rows)


def _csv(rows: list[AbuseReport]) -> Response:
    header = ["id", _("대상"), _("이유"), _("상태"), _("받은 때"), _("처리한 때")]
    return frame.csv_answer(
        "reports",
        header,
        (
            [
                row.public_id,
                _title(row),
                wording.name("report_reason", row.reason),
                wording.name("report_state", row.state),
                row.created_at.isoformat(),
                row.decided_at.isoformat() if row.decided_at else "",
            ]
            for row in rows
        ),
    )


@bp.get("/<uuid:report_id>")
@requires("report.read")
def show(report_id: UUID) -> str:
    """What was reported, by whom, and the decision."""
    return _page(access.any_report(db, report_id))


@bp.post("/<uuid:report_id>/decide")
@requires("report.decide")
def decide(report_id: UUID) -> Response | confirming.Answer:
    """Close it: no action, or take the solution down."""
    report = access.any_report(db, report_id)
    form = forms.read(request.form, DECISION)
    try:
        given = parse(DecisionIn(), form.data)
    except Invalid as error:
        return _page(
            report, **form.refused(error.problems, called={"outcome": _("결과"), "note": _("이유")})
        ), 422
    step = _deciding(report, given["outcome"])
    abuse.decide(db, report, current_user, **given, now=now())
    if (page := confirming.unsure(step)) is not None:
        return page
    audit.commit("report.decide", report, **given)
    flash(_("신고를 처리했어요."), "success")
    return redirect(url_for(".show", report_id=report_id), 303)


def _deciding(report: AbuseReport, outcome: str) -> confirming.Step:
    happens = _("공개한 것은 그대로 두고 신고만 닫아요.")
    if outcome == SUSPENDED:
        happens = (
            _("이 공급기업의 공개 솔루션이 모두 장터에서 바로 빠져요. 공급기업이 적은 이유를 봐요.")
            if report.listing is None
            else _("이 솔루션이 장터에서 바로 빠져요. 공급기업이 적은 이유를 봐요.")
        )
    return confirming.Step(
        at="reports",
        question=_("‘%(title)s’ 신고를 닫을까요?", title=_title(report)),
        happens=[happens, _("신고한 사람에게 결과를 알려요. 닫은 신고는 다시 열 수 없어요.")],
        button=_("처리"),
        back=url_for(".show", report_id=report.public_id),
    )


def _page(report: AbuseReport, **refused: Any) -> str:
    return render_template(
        "console/report.html",
        report=report,
        subject=_title(report),
        others=access.count_reports(db, ReportsAsked(organization=report.organization)) - 1,
        **refused,
    )


def _title(row: AbuseReport) -> str:
    if row.listing is None:
        return own_words(row.organization.name, row.organization.name_en)
    return own_words(row.listing.title, row.listing.title_en)


@waiting.kind("report.decide", _l("들어온 신고"), "/console/reports?state=open", DECIDE_DAYS)
def _open(session: Session) -> list[waiting.Waiting]:
    rows = access.search_reports(session, ReportsAsked(state=OPEN), offset=0, limit=waiting.MOST)
    return [waiting.Waiting(row.created_at, _title(row), f"/console/reports/{row.public_id}") for row in rows]
