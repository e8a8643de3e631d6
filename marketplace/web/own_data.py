"""Own data: a copy to take along, and how it goes: of a person, and of an organization for its admins."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog.errors import Conflict, Invalid
from marketplace import audit, extensions
from marketplace.accounts import access, sign_in
from marketplace.accounts.permission import requires
from marketplace.extensions import db
from marketplace.operations import closing, own_data, removal
from marketplace.schemas.fields import parse
from marketplace.schemas.own_data import DeletionIn
from marketplace.schemas.people import AgainIn
from marketplace.web import forms, once
from marketplace.wording import problems

bp = Blueprint("own_data", __name__)

Answer = Response | tuple[str, int]
AGAIN = {"password": forms.text}
DELETION = {"password": forms.text, "reason": forms.text}


@bp.after_request
def _never_kept(response: Response) -> Response:
    """Pages about one's own data stay out of every cache, the browser's included."""
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/account/data")
@requires("account.data")
def person() -> str:
    """What the person may take along, and how the account goes."""
    return render_template("own_data/person.html", **_person())


@bp.post("/account/data/exports")
@requires("account.data")
def export_person() -> Response:
    """Ask for a copy of the person's own data."""
    return _asked(None, url_for(".person"))


@bp.get("/account/exports/<uuid:export_id>")
@requires("account.data")
def fetch(export_id: UUID) -> Response:
    """The archive, for the person who asked for it, while it is there."""
    row = access.own_export(db, current_user, export_id, extensions.now())
    return own_data.attached(row)


@bp.post("/account/data/deletion")
@requires("account.delete")
def delete_person() -> Answer:
    """Delete the account that is signed in, once its password was typed again."""
    form = forms.read(request.form, AGAIN)
    try:
        given = parse(AgainIn(), form.data)
        user = sign_in.require_password(db, access.user(db, current_user), given["password"])
    except Invalid as error:
        return render_template("own_data/person.html", **form.refused(error.problems), **_person()), 422
    removal.remove_person(db, user)
    sign_in.end(db)
    audit.commit("account.delete", user)
    flash(_("계정을 지웠어요. 그동안 함께해 주셔서 고마워요."), "success")
    return redirect("/", 303)


@bp.get("/organization/data")
@requires("organization.data")
def organization() -> str:
    """What an admin may take along of the organization's data, and how it asks to be deleted."""
    return render_template("own_data/organization.html", **_organization())


@bp.post("/organization/data/exports")
@requires("organization.data")
def export_organization() -> Response:
    """Ask for a copy of the organization's data."""
    return _asked(access.own_organization(db, current_user), url_for(".organization"))


@bp.post("/organization/data/deletion")
@requires("organization.ask_deletion")
def ask_deletion() -> Answer:
    """Ask the operator to delete the organization."""
    form = forms.read(request.form, DELETION)
    try:
        given = parse(DeletionIn(), form.data)
        user = sign_in.require_password(db, access.user(db, current_user), given["password"])
    except Invalid as error:
        page = render_template(
            "own_data/organization.html", **form.refused(error.problems), **_organization()
        )
        return page, 422
    row = closing.ask(db, access.own_organization(db, current_user), user, given["reason"])
    audit.commit("organization.ask_deletion", row)
    flash(_("삭제를 요청했어요. 운영자가 처리하면 알려 드려요."), "success")
    return redirect(url_for(".organization"), 303)


@bp.post("/organization/data/deletion/<uuid:asked_id>/withdraw")
@requires("organization.ask_deletion")
def withdraw_deletion(asked_id: UUID) -> Response:
    """Take the request back while nobody has answered it."""
    row = access.own_deletion_request(db, current_user, asked_id)
    closing.withdraw(db, row, extensions.now())
    audit.commit("organization.withdraw_deletion", row)
    flash(_("삭제 요청을 거뒀어요."), "success")
    return redirect(url_for(".organization"), 303)


def _asked(of: Any, page: str) -> Response:
    known = once.seen()
    if known is not None:
        return redirect(known, 303)
    try:
        row = own_data.ask(db, access.user(db, current_user), of)
    except Conflict as error:
        flash(problems.refusal(error.code, error.params), "warning")
        return redirect(page, 303)
    target = once.remember(page)
    audit.commit("account.export" if of is None else "organization.export", row)
    flash(_("사본을 만들고 있어요. 다 되면 알려 드려요."), "success")
    return redirect(target, 303)


def _person() -> dict[str, Any]:
    user = access.user(db, current_user)
    return {
        "exports": access.own_exports(db, current_user, None),
        "blocking": removal.last_admin_of(db, user),
        "now": extensions.now(),
    }


def _organization() -> dict[str, Any]:
    return {
        "organization": access.own_organization(db, current_user),
        "exports": access.own_exports(db, current_user, current_user.organization_key),
        "requests": access.own_deletion_requests(db, current_user),
        "now": extensions.now(),
    }
