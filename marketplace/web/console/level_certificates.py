"""The operator's 수준확인서: read what companies handed in, confirm it or say why not."""

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
from marketplace.accounts.access.sites import LevelCertificatesAsked
from marketplace.accounts.permission import requires
from marketplace.extensions import db, now, today
from marketplace.inbox.levels import DECIDE_DAYS
from marketplace.journeys import level_certificates as papers
from marketplace.schemas.console import ReasonIn
from marketplace.schemas.fields import parse
from marketplace.web import forms
from marketplace.web.console import confirming, frame, waiting
from marketplace.web.level_certificates import level_words, sent_file
from marketplace.wording import own_words
from matching import level_certificates
from matching.models import LevelCertificate
from matching.models.assessment import SCALES
from matching.models.level_certificate import STATES, WAITING

bp = Blueprint("console_level_certificates", __name__, url_prefix="/console/level-certificates")

REASON = {"reason": forms.lines}


@waiting.kind(
    "level_certificate.decide", _l("수준확인서"), "/console/level-certificates?state=waiting", DECIDE_DAYS
)
def _waiting(session: Session) -> list[waiting.Waiting]:
    asked = LevelCertificatesAsked(state=WAITING)
    rows = access.search_level_certificates(session, asked, offset=0, limit=waiting.MOST)
    return [
        waiting.Waiting(row.created_at, _company(row), f"/console/level-certificates/{row.public_id}")
        for row in rows
    ]


@bp.get("")
@requires("level_certificate.read")
def index() -> str | Response:
    """Those that wait first, oldest first."""
    asked = frame.filters(
        frame.Text("q", _("기업, 공장, 번호, 발급기관")),
        frame.Choice("state", _("상태"), [(s, wording.name("level_certificate_state", s)) for s in STATES]),
        frame.Choice("scale", _("수준의 종류"), [(s, wording.name("level_scale", s)) for s in SCALES]),
    )
    which = LevelCertificatesAsked(asked.get("state"), asked.get("scale"), asked.get("q"))
    page = frame.paged(access.count_level_certificates(db, which), asked)
    rows = access.search_level_certificates(db, which, offset=page.offset, limit=page.limit)
    if asked.csv:
        return _csv(rows)
    return render_template(
        "console/level_certificates.html",
        asked=asked,
        page=page,
        rows=rows,
        level_words=level_words,
        standing_of=_standing,
    )


def _csv(rows: list[LevelCertificate]) -> Response:
    header = [
        "id", _("기업"), _("사업자등록번호"), _("공장"), _("수준"), _("번호"), _("발급기관"),
        _("발급일"), _("유효기간 마지막 날"), _("상태"), _("올린 때"), _("답한 때"),
    ]  # fmt: skip
    return frame.csv_answer(
        "level-certificates",
        header,
        (
            [
                row.public_id,
                row.site.organization.name,
                row.site.organization.registration_number,
                row.site.name,
                level_words(row),
                row.number,
                row.body,
                row.issued_on.isoformat(),
                row.valid_until.isoformat(),
                wording.name("level_certificate_standing", _standing(row)),
                row.created_at.isoformat(),
                row.decided_at.isoformat() if row.decided_at else "",
            ]
            for row in rows
        ),
    )


@bp.get("/<uuid:certificate_id>")
@requires("level_certificate.read")
def show(certificate_id: UUID) -> str:
    """One paper: what the company says that it says, its file, others like it."""
    return _page(access.any_level_certificate(db, certificate_id))


@bp.get("/<uuid:certificate_id>/file")
@requires("level_certificate.read")
def file(certificate_id: UUID) -> Response:
    """Stream the paper, always as something to save."""
    return sent_file(access.any_level_certificate(db, certificate_id))


@bp.post("/<uuid:certificate_id>/confirm")
@requires("level_certificate.decide")
def confirm(certificate_id: UUID) -> Response | confirming.Answer:
    """Its level holds from now on."""
    row = access.any_level_certificate(db, certificate_id)
    step = _confirming(row)
    papers.confirm(db, row, by=current_user.email, now=now())
    if (page := confirming.unsure(step)) is not None:
        return page
    audit.commit("level_certificate.confirm", row)
    flash(_("수준확인서를 확인했어요. 기업에 알려요."), "success")
    return redirect(url_for(".show", certificate_id=certificate_id), 303)


@bp.post("/<uuid:certificate_id>/refuse")
@requires("level_certificate.decide")
def refuse(certificate_id: UUID) -> Response | confirming.Answer:
    """Say why it cannot be confirmed."""
    row = access.any_level_certificate(db, certificate_id)
    step = _refusing(row)
    form = forms.read(request.form, REASON)
    try:
        reason = parse(ReasonIn(), form.data)["reason"]
    except Invalid as error:
        return _page(row, **form.refused(error.problems)), 422
    papers.refuse(db, row, reason=reason, by=current_user.email, now=now())
    if (page := confirming.unsure(step)) is not None:
        return page
    audit.commit("level_certificate.refuse", row, reason=reason)
    flash(_("수준확인서를 거절했어요. 기업이 이유를 읽어요."), "success")
    return redirect(url_for(".show", certificate_id=certificate_id), 303)


def _confirming(row: LevelCertificate) -> confirming.Step:
    return confirming.Step(
        at="level_certificates",
        question=_("‘%(name)s’의 수준확인서를 확인할까요?", name=_company(row)),
        happens=[
            _("이 공장의 %(level)s이(가) ‘확인됨’으로 보이고 매칭에 먼저 쓰여요.", level=level_words(row)),
            _("유효기간 마지막 날이 지나면 저절로 쓰이지 않아요. 답은 되돌릴 수 없어요."),
        ],
        button=_("확인하기"),
        back=url_for(".show", certificate_id=row.public_id),
    )


def _refusing(row: LevelCertificate) -> confirming.Step:
    return confirming.Step(
        at="level_certificates",
        question=_("‘%(name)s’의 수준확인서를 거절할까요?", name=_company(row)),
        happens=[
            _("기업이 적은 이유를 읽고 다시 올릴 수 있어요."),
            _("답은 되돌릴 수 없어요."),
        ],
        button=_("거절하기"),
        back=url_for(".show", certificate_id=row.public_id),
    )


def _page(row: LevelCertificate, **refused: Any) -> str:
    return render_template(
        "console/level_certificate.html",
        row=row,
        company=_company(row),
        standing=_standing(row),
        twins=level_certificates.twins(db, row),
        level_words=level_words,
        **refused,
    )


def _standing(row: LevelCertificate) -> str:
    return level_certificates.standing(row, today())


def _company(row: LevelCertificate) -> str:
    return own_words(row.site.organization.name, row.site.organization.name_en)
