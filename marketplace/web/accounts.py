"""Sign up, sign in and out, the one-time link for a password, and the person's own page."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from catalog.errors import Invalid, NotFound
from marketplace import audit, wording
from marketplace.accounts import access, devices, sign_in
from marketplace.accounts.permission import requires
from marketplace.config import DEMO_EMAILS, DEMO_PASSWORD
from marketplace.errors import minutes
from marketplace.extensions import db, now
from marketplace.journeys import doors
from marketplace.schemas.fields import parse
from marketplace.schemas.organizations import PasswordIn, SignInIn, SignUpIn
from marketplace.web import forms, once
from marketplace.web.frame import safe_path

bp = Blueprint("accounts", __name__)

SIGN_UP = {"email": forms.text, "password": forms.text, "name": forms.text}
SIGN_IN = {"email": forms.text, "password": forms.text}
PASSWORD = {"password": forms.text}


@bp.after_request
def _never_kept(response: Response) -> Response:
    """Pages with passwords and tokens stay out of every cache, the browser's included."""
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/sign-up")
@requires("account.sign_up")
def sign_up() -> str:
    """The form for a new account."""
    return render_template("accounts/sign_up.html")


@bp.post("/sign-up")
@requires("account.sign_up")
def join() -> AnyResponse | tuple[str, int]:
    """Make an account, sign in, and go on to the company."""
    target = url_for("organizations.new")
    form = forms.read(request.form, SIGN_UP)
    try:
        given = parse(SignUpIn(), form.data)
        known = once.seen()
        if known is not None:
            return redirect(known, 303)
        user = doors.sign_up(db, **given)
    except Invalid as error:
        return _refused("accounts/sign_up.html", form, error)
    once.remember(target)
    doors.enter(db, user)
    audit.commit("account.sign_up", user, by=user.email)
    flash(_("가입했어요. 메일로 온 링크로 이메일을 확인하고, 이제 회사를 등록해 주세요."), "success")
    return redirect(target, 303)


@bp.get("/sign-in", endpoint="sign_in")
@requires("account.sign_in")
def sign_in_form() -> str:
    """The form for an account that exists; in demo mode with the demo accounts."""
    return render_template("accounts/sign_in.html", **_doors())


@bp.post("/sign-in")
@requires("account.sign_in")
def enter() -> AnyResponse | tuple[str, int]:
    """Check the password and go where the person was heading."""
    form = forms.read(request.form, SIGN_IN)
    try:
        given = parse(SignInIn(), form.data)
        user = sign_in.authenticate(
            db, given["email"], given["password"], request.remote_addr or "", devices.word()
        )
    except Invalid as error:
        return _refused("accounts/sign_in.html", form, error, **_doors())
    except sign_in.TooMany as error:
        return _too_many(form, error)
    target = safe_path(request.form.get("next"))
    if user.totp_on_at is not None:
        sign_in.begin_second_step(db, user)
        db.commit()
        return redirect(url_for("doors.second_step", next=target), 303)
    doors.enter(db, user)
    audit.commit("account.sign_in", user, by=user.email)
    return redirect(target, 303)


@bp.post("/sign-out")
@requires("account.sign_in")
def sign_out() -> AnyResponse:
    """End the sign-in of this device; harmless if there is none."""
    if current_user.is_authenticated:
        user = access.user(db, current_user)
        sign_in.end(db)
        audit.commit("account.sign_out", user)
    flash(_("로그아웃했어요."), "success")
    return redirect("/", 303)


@bp.get("/welcome/<secret>")
@requires("account.sign_in")
def welcome(secret: str) -> str:
    """The one-time link: choose a first password, or another one for the one forgotten."""
    return render_template("accounts/welcome.html", link=sign_in.link(db, secret))


@bp.post("/welcome/<secret>")
@requires("account.sign_in")
def set_password(secret: str) -> AnyResponse | tuple[str, int]:
    """Set the password of the link's account and use the link up; sign in, unless a second factor is asked for."""
    form = forms.read(request.form, PASSWORD)
    try:
        password = parse(PasswordIn(), form.data)["password"]
        user = doors.set_by_link(db, secret, password, with_tokens=request.form.get("tokens") == "1")
    except Invalid as error:
        db.rollback()
        return _refused("accounts/welcome.html", form, error, link=sign_in.link(db, secret))
    if user.totp_on_at is None:
        doors.enter(db, user)
    audit.commit("account.set_password", user, by=user.email)
    flash(_("비밀번호를 정했어요. 전에 로그인한 기기에서는 모두 로그아웃됐어요."), "success")
    return redirect("/" if user.totp_on_at is None else url_for(".sign_in"), 303)


@bp.get("/account")
@requires("account.manage")
def account() -> str:
    """The person, the organizations they belong to or are asked to, and where they are signed in."""
    return render_template(
        "accounts/account.html",
        now=now(),
        sign_ins=[(row, devices.is_this(row)) for row in devices.of_user(db, current_user.user_key)],
        invitations=access.invitations_to(db, current_user),
        requests=access.requests_by(db, current_user),
    )


@bp.post("/account/act-for")
@requires("account.manage")
def act_for() -> AnyResponse:
    """Let this sign-in act for another of the person's organizations, or in another of its roles."""
    organization = access.own_seat(db, current_user, _chosen_organization())
    role = request.form.get("role") or None
    if role is not None:
        current_user.seated(organization.public_id, role)
    sign_in.act_for(db, organization, role)
    audit.commit("account.act_for", organization, role=role)
    place = organization.name if role is None else f"{organization.name} · {wording.name('role', role)}"
    flash(_("일하는 곳을 바꿨어요: %(place)s", place=place), "success")
    return redirect(safe_path(request.form.get("next"), url_for(".account")), 303)


def _refused(template: str, form: forms.Form, error: Invalid, **context: Any) -> tuple[str, int]:
    return render_template(template, **form.refused(error.problems), **context), 422


def _too_many(form: forms.Form, error: sign_in.TooMany) -> Response:
    """The form again, with its links: a forgotten password need not wait."""
    shown = {**form.values, "password": ""}
    page = render_template(
        "accounts/sign_in.html", values=shown, wait_minutes=minutes(error.seconds), **_doors()
    )
    return Response(page, 429, {"Retry-After": str(error.seconds)})


def _chosen_organization() -> UUID:
    try:
        return UUID(request.form.get("organization_id", ""))
    except ValueError:
        raise NotFound from None


def _doors() -> dict[str, Any]:
    """Where to go after signing in, and in demo mode the accounts that may be tried."""
    listed = []
    if current_app.config["IEUM_DEMO"]:
        listed = access.demo_users(db, DEMO_EMAILS)
    return {
        "next_path": safe_path(request.form.get("next") or request.args.get("next")),
        "demo_users": listed,
        "demo_password": DEMO_PASSWORD,
    }
