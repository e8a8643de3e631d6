"""Organizations that ask to be deleted: the operator carries it out, or says why not."""

from collections.abc import Sequence
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
from marketplace.accounts.data_requests import DELETION_STATES, DeletionRequest
from marketplace.accounts.permission import requires
from marketplace.extensions import db, file_store, now
from marketplace.inbox.oversight import DELETE_DAYS
from marketplace.operations import closing
from marketplace.schemas.fields import parse
from marketplace.schemas.own_data import AnswerIn
from marketplace.web import forms
from marketplace.web.console import confirming, frame, waiting

bp = Blueprint("console_deletions", __name__, url_prefix="/console/deletions")

ANSWER = {"answer": forms.lines}


@waiting.kind("deletion.read", _l("삭제 요청"), "/console/deletions?state=waiting", DELETE_DAYS)
def _waiting(session: Session) -> Sequence[waiting.Waiting]:
    rows = access.waiting_deletion_requests(session, waiting.MOST)
    return [
        waiting.Waiting(row.created_at, row.organization.name, f"/console/deletions/{row.public_id}")
        for row in rows
    ]


@bp.get("")
@requires("deletion.read")
def index() -> str | Response:
    """Every request, oldest first."""
    asked = frame.filters(
        frame.Choice("state", _("상태"), [(s, wording.name("deletion_state", s)) for s in DELETION_STATES])
    )
    page = frame.paged(access.deletion_requests(db, state=asked.get("state"), offset=0, limit=0)[1], asked)
    rows, _total = access.deletion_requests(
        db, state=asked.get("state"), offset=page.offset, limit=page.limit
    )
    if asked.csv:
        return frame.csv_answer(
            "deletions",
            ["id", _("조직"), _("상태"), _("요청한 날"), _("이유")],
            [
                (
                    r.public_id,
                    r.organization.name,
                    wording.name("deletion_state", r.state),
                    r.created_at.isoformat(),
                    r.reason,
                )
                for r in rows
            ],
        )
    return render_template("console/deletions.html", asked=asked, page=page, rows=rows)


@bp.get("/<uuid:deletion_id>")
@requires("deletion.read")
def show(deletion_id: UUID) -> str:
    """One request, with what would go and what would stay."""
    return render_template("console/deletion.html", row=access.any_deletion_request(db, deletion_id))


@bp.post("/<uuid:deletion_id>/refuse")
@requires("deletion.answer")
def refuse(deletion_id: UUID) -> Response | confirming.Answer:
    """Say why not."""
    row = access.any_deletion_request(db, deletion_id)
    step = _refusing(row)
    form = forms.read(request.form, ANSWER)
    try:
        answer = parse(AnswerIn(), form.data)["answer"]
    except Invalid as error:
        return render_template("console/deletion.html", row=row, **form.refused(error.problems)), 422
    closing.refuse(db, row, answer, now())
    if (page := confirming.unsure(step)) is not None:
        return page
    audit.commit("deletion.refuse", row)
    flash(_("요청을 거절했어요. 관리자에게 알려요."), "success")
    return redirect(url_for(".show", deletion_id=deletion_id), 303)


@bp.post("/<uuid:deletion_id>/carry-out")
@requires("deletion.answer")
def carry_out(deletion_id: UUID) -> Response | confirming.Answer:
    """Delete the organization, once its name was typed."""
    row = access.any_deletion_request(db, deletion_id)
    step = _carrying_out(row)
    closing.carry_out(db, row, current_user.email, file_store(), now())
    if (page := confirming.unsure(step)) is not None:
        return page
    audit.commit("deletion.carry_out", row, organization=row.organization.public_id)
    flash(_("조직을 지웠어요."), "success")
    return redirect(url_for(".show", deletion_id=deletion_id), 303)


def _refusing(row: DeletionRequest) -> confirming.Step:
    return confirming.Step(
        at="deletions",
        question=_("‘%(name)s’의 삭제 요청을 거절할까요?", name=row.organization.name),
        happens=[
            _("조직은 그대로 남고, 관리자가 적은 이유를 읽어요."),
            _("답은 고치거나 거둘 수 없어요. 조직은 다시 요청할 수 있어요."),
        ],
        button=_("거절하기"),
        back=url_for(".show", deletion_id=row.public_id),
    )


def _carrying_out(row: DeletionRequest) -> confirming.Step:
    return confirming.Step(
        at="deletions",
        question=_("‘%(name)s’의 데이터를 지울까요?", name=row.organization.name),
        happens=[
            _("공장, 수준과 확인서, 수요와 추천 목록, 주고받은 연락이 바로 지워져요."),
            _(
                "혼자 신고한 거래 관계가 지워져요. 거래처도 신고했거나 확인한 관계는 이름 없이 거래처에 남아요."
            ),
            _("심사받은 적이 없는 솔루션과 그 근거, 파일이 지워져요. 공개한 솔루션은 장터에서 내려가요."),
            _("구성원 자리, 초대, API 토큰, 웹훅이 없어져 아무도 이 조직으로 일할 수 없어요."),
            _("되돌릴 수 없어요. 먼저 백업이 있는지 확인해 주세요."),
        ],
        button=_("조직 지우기"),
        back=url_for(".show", deletion_id=row.public_id),
        name=row.organization.name,
    )
