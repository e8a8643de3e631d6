"""Tokens for programs: a person's own, and those of the organization itself."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from catalog.errors import Invalid
from marketplace import audit, wording
from marketplace.accounts import access, scopes, tokens
from marketplace.accounts.models import ApiToken
from marketplace.accounts.permission import is_allowed, requires
from marketplace.extensions import db, now
from marketplace.schemas.fields import parse
from marketplace.schemas.programs import OrganizationTokenIn, TokenLimitsIn
from marketplace.web import forms, once

bp = Blueprint("tokens", __name__)

FIELDS = {"name": forms.text, "scopes": forms.many, "expires_on": forms.optional}
#: A box of its own says that a person's token is not limited; choosing nothing does not.
OWN_FIELDS = {**FIELDS, "everything": forms.flag}


@bp.after_request
def _never_kept(response: Response) -> Response:
    """Pages with tokens stay out of every cache, the browser's included."""
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/account/tokens")
@requires("token.manage")
def own() -> str:
    """The person's tokens."""
    return render_template("programs/tokens.html", **_own())


@bp.post("/account/tokens")
@requires("token.manage")
def make() -> str | tuple[str, int]:
    """Make a token and show it, this once. The same form sent twice makes one token and shows the same word."""
    form = forms.read(request.form, OWN_FIELDS)
    word = tokens.derived("page", current_user.scope, request.form.get(once.FIELD, ""))
    try:
        given = parse(TokenLimitsIn(), _limits(form.data))
        if once.seen() is None:
            organization = access.own_organization(db, current_user) if current_user.seat else None
            user = access.user(db, current_user)
            row, _word = tokens.issue(db, user, organization=organization, secret=word, **given)
            once.remember(url_for(".own"))
            audit.commit("account.make_token", row, name=row.name, scopes=row.scopes)
    except Invalid as error:
        return _refused(form, error, _own())
    return render_template("programs/tokens.html", **_own(), fresh=word, fresh_name=given["name"])


@bp.post("/account/tokens/<uuid:token_id>/revoke")
@requires("token.manage")
def revoke(token_id: UUID) -> AnyResponse:
    """End one of the person's tokens."""
    token = access.own_token(db, current_user, token_id)
    return _revoked(token, "account.revoke_token", url_for(".own"))


@bp.get("/organization/tokens")
@requires("organization.tokens")
def of_organization() -> str:
    """The organization's tokens, for its admins."""
    return render_template("programs/tokens.html", **_of_organization())


@bp.post("/organization/tokens")
@requires("organization.tokens")
def make_for_organization() -> str | tuple[str, int]:
    """Make a token of the organization and show it, this once; sent twice as `make`."""
    form = forms.read(request.form, FIELDS)
    word = tokens.derived("organization", current_user.scope, request.form.get(once.FIELD, ""))
    try:
        given = parse(OrganizationTokenIn(), form.data)
        if once.seen() is None:
            organization = access.own_organization(db, current_user)
            row, _word = tokens.issue_to_organization(db, organization, secret=word, **given)
            once.remember(url_for(".of_organization"))
            audit.commit("organization.make_token", row, name=row.name, scopes=row.scopes)
    except Invalid as error:
        return _refused(form, error, _of_organization())
    return render_template("programs/tokens.html", **_of_organization(), fresh=word, fresh_name=given["name"])


@bp.post("/organization/tokens/<uuid:token_id>/revoke")
@requires("organization.tokens")
def revoke_of_organization(token_id: UUID) -> AnyResponse:
    """End one of the organization's tokens."""
    token = access.organization_token(db, current_user, token_id)
    return _revoked(token, "organization.revoke_token", url_for(".of_organization"))


def _limits(data: dict[str, Any]) -> dict[str, Any]:
    """The form's data as the schema takes it: no limits only where that was said."""
    return {
        **{k: v for k, v in data.items() if k != "everything"},
        **({"scopes": None} if data["everything"] else {}),
    }


def _revoked(token: ApiToken, act: str, back: str) -> AnyResponse:
    tokens.revoke(token)
    audit.commit(act, token)
    flash(_("‘%(name)s’ 토큰을 더는 쓸 수 없어요.", name=token.name), "success")
    return redirect(back, 303)


def _refused(form: forms.Form, error: Invalid, shown: dict[str, Any]) -> tuple[str, int]:
    said = form.refused(error.problems, called={"expires_on": _("마지막 날"), "scopes": _("할 수 있는 일")})
    return render_template("programs/tokens.html", **{**shown, **said}), 422


def _own() -> dict[str, Any]:
    rows = tokens.of_user(db, current_user.user_key)
    return {"of_organization": False, **_shown(rows, tuple(scopes.SCOPES))}


def _of_organization() -> dict[str, Any]:
    rows = tokens.of_organization(db, access.own_organization(db, current_user))
    return {"of_organization": True, **_shown(rows, scopes.FOR_ORGANIZATIONS)}


def _shown(rows: list[ApiToken], choice: tuple[str, ...]) -> dict[str, Any]:
    """Tokens with the names of their scopes, and the scopes that would be of use in the acting role."""
    useful = [scope for scope in choice if any(is_allowed(act) for act in scopes.SCOPES[scope])]
    return {
        "tokens": [(row, _scope_names(row)) for row in rows],
        "scope_options": [(scope, wording.name("scope", scope)) for scope in useful],
        "last_day": tokens.default_last_day(),
        "max_years": tokens.MAX_LIFETIME_DAYS // 365,
        "moment": now(),
    }


def _scope_names(row: ApiToken) -> list[str] | None:
    held = scopes.read(row.scopes)
    return None if held is None else [wording.name("scope", s) for s in scopes.SCOPES if s in held]
