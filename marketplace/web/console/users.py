"""The operator's people: find them, keep one out and let in again, end sign-ins, revoke tokens."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog.errors import Invalid
from catalog.models.organization import ROLES
from marketplace import audit, wording
from marketplace.accounts import access, suspension, tokens
from marketplace.accounts.access.console import UsersAsked
from marketplace.accounts.models import User
from marketplace.accounts.permission import requires
from marketplace.extensions import db, now
from marketplace.journeys import standing
from marketplace.schemas.console import ReasonIn
from marketplace.schemas.fields import parse
from marketplace.web import forms
from marketplace.web.console import confirming, frame
from marketplace.web.console.organizations import ENTRIES, REASON

bp = Blueprint("console_users", __name__, url_prefix="/console/users")


@bp.get("")
@requires("user.list")
def index() -> str | Response:
    """Everybody with an account, newest first."""
    asked = frame.filters(
        frame.Choice("state", _("상태"), [("active", _("쓰는 중")), ("suspended", _("정지됨"))]),
        frame.Choice("role", _("조직의 역할"), [(r, wording.name("role", r)) for r in ROLES]),
        frame.Text("q", _("이름, 이메일, 조직")),
    )
    which = UsersAsked(asked.get("state"), asked.get("role"), asked.get("q"))
    page = frame.paged(access.count_users(db, which), asked)
    rows = access.search_users(db, which, offset=page.offset, limit=page.limit)
    seen = access.last_seen(db, rows) if not asked.csv else {}
    if asked.csv:
        return _csv(rows)
    return render_template("console/users.html", asked=asked, page=page, rows=rows, seen=seen)


def _csv(rows: list[User]) -> Response:
    header = ["id", _("이메일"), _("이름"), _("조직"), _("가입한 날"), _("정지된 때")]
    return frame.csv_answer(
        "users",
        header,
        (
            [
                row.public_id,
                row.email,
                row.name,
                " / ".join(seat.organization.name for seat in row.memberships),
                row.created_at.isoformat(),
                row.suspended_at.isoformat() if row.suspended_at else "",
            ]
            for row in rows
        ),
    )


@bp.get("/<uuid:user_id>")
@requires("user.list")
def show(user_id: UUID) -> str:
    """A person: organizations, sign-ins, tokens, what was done to the account."""
    return _page(access.any_user(db, user_id))


@bp.post("/<uuid:user_id>/suspend")
@requires("user.suspend")
def suspend(user_id: UUID) -> Response | tuple[str, int]:
    """Keep the person out, with a reason."""
    user = access.any_user(db, user_id)
    form = forms.read(request.form, REASON)
    try:
        reason = parse(ReasonIn(), form.data)["reason"]
    except Invalid as error:
        return _page(user, **form.refused(error.problems)), 422
    standing.suspend_user(db, user, current_user, now())
    audit.commit("user.suspend", user, reason=reason)
    flash(_("‘%(name)s’의 계정을 정지했어요.", name=user.name), "success")
    return redirect(url_for(".show", user_id=user_id), 303)


@bp.post("/<uuid:user_id>/lift")
@requires("user.suspend")
def lift(user_id: UUID) -> Response | confirming.Answer:
    """Let the person in again. Harmless if repeated."""
    user = access.any_user(db, user_id)
    step = _lifting(user)
    standing.restore_user(db, user, now())
    if (page := confirming.unsure(step)) is not None:
        return page
    audit.commit("user.lift", user)
    flash(_("‘%(name)s’의 계정 정지를 풀었어요.", name=user.name), "success")
    return redirect(url_for(".show", user_id=user_id), 303)


@bp.post("/<uuid:user_id>/end-sessions")
@requires("user.suspend")
def end_sessions(user_id: UUID) -> Response | confirming.Answer:
    """End every sign-in of the person. Harmless if repeated."""
    user = access.any_user(db, user_id)
    step = _ending_sessions(user)
    ended = suspension.end_sessions(db, user)
    if (page := confirming.unsure(step)) is not None:
        return page
    audit.commit("user.end_sessions", user, ended=ended)
    flash(ngettext("로그인 %(num)s건을 끝냈어요.", "로그인 %(num)s건을 끝냈어요.", ended), "success")
    return redirect(url_for(".show", user_id=user_id), 303)


@bp.post("/<uuid:user_id>/revoke-tokens")
@requires("user.suspend")
def revoke_tokens(user_id: UUID) -> Response | confirming.Answer:
    """End every token of the person. Harmless if repeated."""
    user = access.any_user(db, user_id)
    step = _revoking(user)
    ended = suspension.revoke_tokens(db, user, now())
    if (page := confirming.unsure(step)) is not None:
        return page
    audit.commit("user.revoke_tokens", user, ended=ended)
    flash(ngettext("토큰 %(num)s개를 폐기했어요.", "토큰 %(num)s개를 폐기했어요.", ended), "success")
    return redirect(url_for(".show", user_id=user_id), 303)


def _lifting(user: User) -> confirming.Step:
    return confirming.Step(
        at="users",
        question=_("‘%(name)s’의 계정 정지를 풀까요?", name=user.name),
        happens=[
            _("바로 다시 로그인할 수 있고, 정지하기 전의 토큰도 다시 답해요."),
            _("본인에게 메일로 알려요."),
        ],
        button=_("정지 풀기"),
        back=url_for(".show", user_id=user.public_id),
    )


def _ending_sessions(user: User) -> confirming.Step:
    return confirming.Step(
        at="users",
        question=_("‘%(name)s’의 로그인을 모두 끝낼까요?", name=user.name),
        happens=[
            _("모든 기기에서 바로 로그아웃되고, 저장하지 않은 내용은 잃어요. 다시 로그인할 수는 있어요.")
        ],
        button=_("모두 끝내기"),
        back=url_for(".show", user_id=user.public_id),
    )


def _revoking(user: User) -> confirming.Step:
    return confirming.Step(
        at="users",
        question=_("‘%(name)s’의 토큰을 모두 폐기할까요?", name=user.name),
        happens=[
            _("이 토큰을 쓰는 프로그램이 바로 멈춰요."),
            _("폐기한 토큰은 되살릴 수 없어요. 본인이 새로 만들어야 해요."),
        ],
        button=_("모두 폐기"),
        back=url_for(".show", user_id=user.public_id),
    )


def _page(user: User, **refused: Any) -> str:
    about = audit.Asked(about=user.public_id)
    return render_template(
        "console/user.html",
        user=user,
        sessions=access.sessions_of(db, user),
        tokens=tokens.of_user(db, user.id),
        entries=audit.search(db, about, offset=0, limit=ENTRIES),
        **refused,
    )
