"""The doors: sign up, sign in and out, the one-time link, and the person's own page."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from catalog.errors import Invalid, NotFound
from marketplace import audit
from marketplace.accounts import access, sign_in, tokens
from marketplace.accounts.permission import requires
from marketplace.config import DEMO_EMAILS, DEMO_PASSWORD
from marketplace.errors import RetryLater
from marketplace.extensions import db
from marketplace.schemas.fields import Line, Strict, parse
from marketplace.schemas.organizations import PasswordIn, SignInIn, SignUpIn
from marketplace.web import forms, once
from marketplace.web.frame import safe_path

bp = Blueprint("accounts", __name__)

SIGN_UP = {"email": forms.text, "password": forms.text, "name": forms.text}
SIGN_IN = {"email": forms.text, "password": forms.text}
PASSWORD = {"password": forms.text}
TOKEN = {"name": forms.text}


class TokenNameIn(Strict):
    """What the person calls a new token."""

    name = Line(80, 1, required=True)


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
        user = sign_in.sign_up(db, **given)
    except Invalid as error:
        return _refused("accounts/sign_up.html", form, error)
    once.remember(target)
    sign_in.begin(db, user)
    audit.commit("account.sign_up", user)
    flash(_("가입했어요. 이제 회사를 등록해 주세요."), "success")
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
        user = sign_in.authenticate(db, given["email"], given["password"], request.remote_addr or "")
    except sign_in.TooMany as error:
        raise RetryLater(error.retry_after) from None
    except Invalid as error:
        return _refused("accounts/sign_in.html", form, error, **_doors())
    sign_in.begin(db, user)
    audit.commit("account.sign_in", user)
    return redirect(safe_path(request.form.get("next")), 303)


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
    """The one-time link: choose a password."""
    return render_template("accounts/welcome.html", link=sign_in.link(db, secret))


@bp.post("/welcome/<secret>")
@requires("account.sign_in")
def set_password(secret: str) -> AnyResponse | tuple[str, int]:
    """Set the password of the link's account, use the link up and sign in."""
    form = forms.read(request.form, PASSWORD)
    try:
        given = parse(PasswordIn(), form.data)
    except Invalid as error:
        return _refused("accounts/welcome.html", form, error, link=sign_in.link(db, secret))
    user = sign_in.use_link(db, secret, given["password"])
    sign_in.begin(db, user)
    audit.commit("account.sign_in", user, link=True)
    flash(_("비밀번호를 정했어요."), "success")
    return redirect("/", 303)


@bp.get("/account")
@requires("account.manage")
def account() -> str:
    """The person, the organizations they belong to, and their tokens."""
    return render_template("accounts/account.html", tokens=tokens.of_user(db, current_user.user_key))


@bp.post("/account/act-for")
@requires("account.manage")
def act_for() -> AnyResponse:
    """Let this sign-in act for another of the person's organizations."""
    organization = access.own_seat(db, current_user, _chosen_organization())
    sign_in.act_for(db, organization)
    audit.commit("account.act_for", organization)
    flash(_("이제 %(name)s으로 일해요.", name=organization.name), "success")
    return redirect(safe_path(request.form.get("next"), url_for(".account")), 303)


@bp.post("/account/tokens")
@requires("account.manage")
def make_token() -> str | tuple[str, int]:
    """Make a token and show it, this once. The same form sent twice makes one token and shows the same word."""
    own = tokens.of_user(db, current_user.user_key)
    form = forms.read(request.form, TOKEN)
    try:
        given = parse(TokenNameIn(), form.data)
    except Invalid as error:
        return _refused("accounts/account.html", form, error, tokens=own)
    word = tokens.derived("page", current_user.scope, request.form.get(once.FIELD, ""))
    if once.seen() is None:
        organization = access.own_organization(db, current_user) if current_user.seat else None
        row, _word = tokens.issue(
            db, access.user(db, current_user), name=given["name"], organization=organization, secret=word
        )
        once.remember(url_for(".account"))
        audit.commit("account.make_token", row, name=row.name)
    own = tokens.of_user(db, current_user.user_key)
    return render_template("accounts/account.html", tokens=own, fresh=word, fresh_name=given["name"])


@bp.post("/account/tokens/<uuid:token_id>/revoke")
@requires("account.manage")
def revoke_token(token_id: UUID) -> AnyResponse:
    """End one of the person's tokens."""
    token = access.own_token(db, current_user, token_id)
    tokens.revoke(token)
    audit.commit("account.revoke_token", token)
    flash(_("‘%(name)s’ 토큰을 더는 쓸 수 없어요.", name=token.name), "success")
    return redirect(url_for(".account"), 303)


def _refused(template: str, form: forms.Form, error: Invalid, **context: Any) -> tuple[str, int]:
    return render_template(template, **form.refused(error.problems), **context), 422


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
