"""What keeps an account its owner's: the address, the password, the second factor, the devices."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from catalog.errors import Invalid
from marketplace import audit
from marketplace.accounts import access, devices, second_factor, sign_in
from marketplace.accounts.models import User
from marketplace.accounts.permission import requires
from marketplace.extensions import db
from marketplace.journeys import doors
from marketplace.schemas.fields import parse
from marketplace.schemas.people import AgainIn, CodeIn, EmailChangeIn, PasswordChangeIn
from marketplace.web import forms, once

bp = Blueprint("locks", __name__, url_prefix="/account")

EMAIL = {"email": forms.text, "password": forms.text}
PASSWORD = {"password": forms.text, "new_password": forms.text}
AGAIN = {"password": forms.text}
CODE = {"code": forms.text}


@bp.after_request
def _never_kept(response: Response) -> Response:
    """Pages with secrets stay out of every cache, the browser's included."""
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/email/proof")
@requires("account.manage")
def send_proof() -> AnyResponse:
    """Send the link that proves the address again."""
    user = access.user(db, current_user)
    doors.ask_for_proof(db, user)
    audit.commit("account.ask_for_proof", user)
    flash(_("%(email)s로 링크를 보냈어요. 3일 안에 열어 주세요.", email=user.email), "success")
    return redirect(url_for("accounts.account"), 303)


@bp.get("/email")
@requires("account.manage")
def email() -> str:
    """The form for another address."""
    return render_template("accounts/email.html")


@bp.post("/email")
@requires("account.manage")
def change_email() -> AnyResponse | tuple[str, int]:
    """Send a link to the new address; only that link changes it."""
    form = forms.read(request.form, EMAIL)
    try:
        given = parse(EmailChangeIn(), form.data)
        user = sign_in.require_password(db, access.user(db, current_user), given["password"])
        doors.ask_for_change(db, user, given["email"])
    except Invalid as error:
        return _refused("accounts/email.html", form, error)
    audit.commit("account.ask_for_proof", user, new=True)
    flash(
        _("%(email)s로 링크를 보냈어요. 그 링크를 열어야 주소가 바뀌어요.", email=given["email"]), "success"
    )
    return redirect(url_for("accounts.account"), 303)


@bp.get("/password")
@requires("account.manage")
def password() -> str:
    """The form for another password."""
    return render_template("accounts/password.html")


@bp.post("/password")
@requires("account.manage")
def change_password() -> AnyResponse | tuple[str, int]:
    """Set another password and sign all other devices out."""
    form = forms.read(request.form, PASSWORD)
    user = access.user(db, current_user)
    try:
        given = parse(PasswordChangeIn(), form.data)
        doors.change_password(db, user, given["password"], given["new_password"])
    except Invalid as error:
        return _refused("accounts/password.html", form, error)
    audit.commit("account.set_password", user)
    flash(_("비밀번호를 바꿨어요. 다른 기기에서는 모두 로그아웃됐어요."), "success")
    return redirect(url_for("accounts.account"), 303)


@bp.get("/second-factor")
@requires("account.manage")
def factor() -> str:
    """Off, half set up, or on: what can be done next."""
    return render_template("accounts/second_factor.html", **_factor(access.user(db, current_user)))


@bp.post("/second-factor")
@requires("account.manage")
def start_factor() -> AnyResponse | tuple[str, int]:
    """Choose a secret for the authenticator."""
    form = forms.read(request.form, AGAIN)
    user = access.user(db, current_user)
    try:
        user = sign_in.require_password(db, user, parse(AgainIn(), form.data)["password"])
        second_factor.start(user)
    except Invalid as error:
        return _refused("accounts/second_factor.html", form, error, **_factor(user))
    audit.commit("account.start_second_factor", user)
    return redirect(url_for(".factor"), 303)


@bp.post("/second-factor/confirm")
@requires("account.manage")
def confirm_factor() -> str | AnyResponse | tuple[str, int]:
    """Turn it on with a first code and show the recovery codes, this once; the form sent twice shows the same ones."""
    form = forms.read(request.form, CODE)
    user = access.user(db, current_user)
    if once.seen() is not None:
        return _recovery(second_factor.recovery_codes(user, _occasion()))
    try:
        codes = doors.turn_second_factor_on(db, user, parse(CodeIn(), form.data)["code"], _occasion())
    except Invalid as error:
        db.rollback()
        return _refused("accounts/second_factor.html", form, error, **_factor(access.user(db, current_user)))
    once.remember(url_for(".factor"))
    audit.commit("account.turn_second_factor_on", user)
    return _recovery(codes)


@bp.post("/second-factor/off")
@requires("account.manage")
def factor_off() -> AnyResponse | tuple[str, int]:
    """Ask for no code any more."""
    form = forms.read(request.form, AGAIN)
    user = access.user(db, current_user)
    try:
        doors.turn_second_factor_off(db, user, parse(AgainIn(), form.data)["password"])
    except Invalid as error:
        return _refused("accounts/second_factor.html", form, error, **_factor(user))
    audit.commit("account.turn_second_factor_off", user)
    flash(_("두 단계 로그인을 껐어요."), "success")
    return redirect(url_for(".factor"), 303)


@bp.post("/second-factor/recovery")
@requires("account.manage")
def renew_recovery() -> str | tuple[str, int]:
    """Ten fresh recovery codes, shown this once; the ones before count no more."""
    form = forms.read(request.form, AGAIN)
    user = access.user(db, current_user)
    try:
        user = sign_in.require_password(db, user, parse(AgainIn(), form.data)["password"])
    except Invalid as error:
        return _refused("accounts/second_factor.html", form, error, **_factor(user))
    if once.seen() is not None:
        return _recovery(second_factor.recovery_codes(user, _occasion()))
    second_factor.require_on(user)
    codes = second_factor.renew_recovery(db, user, _occasion())
    once.remember(url_for(".factor"))
    audit.commit("account.renew_recovery_codes", user)
    return _recovery(codes)


@bp.post("/devices/<uuid:session_id>/end")
@requires("account.manage")
def end_device(session_id: UUID) -> AnyResponse:
    """Sign one device out."""
    row = access.own_session(db, current_user, session_id)
    db.delete(row)
    audit.commit("account.end_session", row)
    flash(_("그 기기에서 로그아웃했어요."), "success")
    return redirect(url_for("accounts.account") + "#devices", 303)


@bp.post("/devices/end")
@requires("account.manage")
def end_everywhere() -> AnyResponse:
    """Sign every device out, this one too; if asked for, the person's tokens end with them."""
    user = access.user(db, current_user)
    with_tokens = request.form.get("tokens") == "1"
    devices.end_all(db, user, with_tokens=with_tokens)
    sign_in.end(db)
    audit.commit("account.end_sessions", user, tokens=with_tokens)
    flash(_("모든 기기에서 로그아웃했어요."), "success")
    return redirect(url_for("accounts.sign_in"), 303)


def _factor(user: User) -> dict[str, Any]:
    waiting = user.totp_secret is not None and user.totp_on_at is None
    return {
        "user": user,
        "state": "on" if user.totp_on_at is not None else "waiting" if waiting else "off",
        "picture": second_factor.picture(user) if waiting else None,
        "codes_left": second_factor.codes_left(db, user.id),
    }


def _occasion() -> str:
    """Names this sending of a form, for codes that are derived from it; "" if the form carries no word."""
    word = request.form.get(once.FIELD, "")
    return f"{current_user.scope}:{word}" if word else ""


def _recovery(codes: list[str]) -> str:
    return render_template("accounts/recovery.html", codes=codes)


def _refused(template: str, form: forms.Form, error: Invalid, **context: Any) -> tuple[str, int]:
    return render_template(template, **form.refused(error.problems), **context), 422
