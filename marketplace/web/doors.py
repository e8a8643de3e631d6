"""Ways in besides the password: the second step, a forgotten password, proof of an address, an invitation."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from catalog.errors import Invalid
from marketplace import audit
from marketplace.accounts import access, attempts, invitations, proofs, sign_in
from marketplace.accounts.models import User
from marketplace.accounts.permission import requires
from marketplace.errors import LinkGone
from marketplace.extensions import db
from marketplace.journeys import colleagues, doors
from marketplace.schemas.fields import parse
from marketplace.schemas.people import CodeIn, EmailIn, NewMemberIn
from marketplace.web import forms
from marketplace.web.frame import safe_path

bp = Blueprint("doors", __name__)

CODE = {"code": forms.text}
EMAIL = {"email": forms.text}
NEW_MEMBER = {"name": forms.text, "password": forms.text}


@bp.after_request
def _never_kept(response: Response) -> Response:
    """Pages behind secrets stay out of every cache, the browser's included."""
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/sign-in/second")
@requires("account.sign_in")
def second_step() -> str | AnyResponse:
    """The form for the code, after the password was right in this browser."""
    try:
        sign_in.waiting_for_code(db)
    except LinkGone:
        return _again()
    return render_template("accounts/second_step.html", next_path=safe_path(request.args.get("next")))


@bp.post("/sign-in/second")
@requires("account.sign_in")
def enter_code() -> AnyResponse | tuple[str, int]:
    """Check the code and go where the person was heading."""
    target = safe_path(request.form.get("next"))
    form = forms.read(request.form, CODE)
    try:
        user = sign_in.second_step(db, parse(CodeIn(), form.data)["code"])
    except LinkGone:
        return _again()
    except Invalid as error:
        return _refused("accounts/second_step.html", form, error, next_path=target)
    doors.enter(db, user)
    audit.commit("account.sign_in", user, by=user.email, second_factor=True)
    return redirect(target, 303)


@bp.get("/forgot")
@requires("account.reset")
def forgot() -> str:
    """The form for a forgotten password."""
    return render_template("accounts/forgot.html")


@bp.post("/forgot")
@requires("account.reset")
def send_reset() -> str | tuple[str, int]:
    """Send a link, if the address may have one; the answer is the same either way."""
    form = forms.read(request.form, EMAIL)
    try:
        email = parse(EmailIn(), form.data)["email"]
    except Invalid as error:
        return _refused("accounts/forgot.html", form, error)
    attempts.reserve(db, [("forgot", request.remote_addr or "")])
    doors.ask_for_reset(db, email)
    db.commit()
    return render_template("accounts/forgot.html", sent_to=email)


@bp.get("/confirm-email/<secret>")
@requires("account.prove")
def confirm_email(secret: str) -> str:
    """Show the button: programs that open links in mails must not use this one up."""
    return render_template("accounts/confirm_email.html", email=proofs.link(db, secret).email)


@bp.post("/confirm-email/<secret>")
@requires("account.prove")
def prove_email(secret: str) -> AnyResponse | tuple[str, int]:
    """The address is proved, and the person's if it is a new one."""
    try:
        user = doors.prove(db, secret)
    except Invalid as error:
        db.rollback()
        form, email = forms.read(request.form, EMAIL), proofs.link(db, secret).email
        return _refused("accounts/confirm_email.html", form, error, email=email)
    audit.commit("account.prove", user, by=user.email)
    flash(_("%(email)s 주소를 확인했어요.", email=user.email), "success")
    return redirect(_next_step(user), 303)


@bp.get("/invitations/<secret>")
@requires("invitation.read")
def invitation(secret: str) -> str:
    """Who invites to what; to accept, or to sign up with the invited address. For a member: that they are one."""
    own = invitations.joined(db, secret, current_user)
    if own is not None:
        return render_template("accounts/joined.html", organization=own)
    return render_template("accounts/invitation.html", secret=secret, invitation=invitations.find(db, secret))


@bp.post("/invitations/<secret>")
@requires("invitation.accept")
def accept(secret: str) -> AnyResponse:
    """The signed-in person joins, if the invitation is theirs, and acts for the organization from now on."""
    if invitations.joined(db, secret, current_user) is not None:
        return redirect(url_for(".invitation", secret=secret), 303)
    found = invitations.find(db, secret)
    colleagues.accept(db, found, access.user(db, current_user))
    sign_in.act_for(db, found.organization)
    audit.commit("invitation.accept", found)
    flash(_("‘%(name)s’의 구성원이 됐어요.", name=found.organization.name), "success")
    return redirect("/", 303)


@bp.post("/invitations/<secret>/sign-up")
@requires("invitation.read")
def sign_up(secret: str) -> AnyResponse | tuple[str, int]:
    """Make an account of the invited address: whoever has the link reads its mail."""
    form = forms.read(request.form, NEW_MEMBER)
    try:
        given = parse(NewMemberIn(), form.data)
        found = invitations.find(db, secret)
        user = colleagues.sign_up(db, found, **given)
    except Invalid as error:
        db.rollback()
        context = {"secret": secret, "invitation": invitations.find(db, secret)}
        return _refused("accounts/invitation.html", form, error, **context)
    doors.enter(db, user)
    audit.commit("invitation.accept", found, by=user.email, signed_up=user.public_id)
    flash(_("가입하고 ‘%(name)s’의 구성원이 됐어요.", name=found.organization.name), "success")
    return redirect("/", 303)


def _next_step(user: User) -> str:
    """Where a person goes whose address is proved: to the company, if they have none, else to what waits for them."""
    alone = not user.memberships and not access.requests_of(db, user)
    target = url_for("organizations.new") if alone else "/"
    if not current_user.is_authenticated:
        return url_for("accounts.sign_in", next=target if alone else None)
    return target if current_user.user_key == user.id else "/"


def _again() -> AnyResponse:
    flash(_("비밀번호를 적은 지 오래됐어요. 처음부터 다시 로그인해 주세요."), "warning")
    return redirect(url_for("accounts.sign_in"), 303)


def _refused(template: str, form: forms.Form, error: Invalid, **context: Any) -> tuple[str, int]:
    return render_template(template, **form.refused(error.problems), **context), 422
