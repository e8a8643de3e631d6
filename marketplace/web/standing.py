"""What the operator said about the person's company: a refusal to answer, looks for support to know of."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog import regno
from catalog.errors import Invalid
from catalog.models import Organization
from marketplace import audit
from marketplace.accounts import access
from marketplace.accounts.permission import requires
from marketplace.extensions import db, now
from marketplace.journeys import registering
from marketplace.schemas.console import AskAgainIn
from marketplace.schemas.fields import parse
from marketplace.web import forms

bp = Blueprint("standing", __name__, url_prefix="/organization")

FIELDS = {"name": forms.text, "registration_number": forms.text}


@bp.get("/operator")
@requires("organization.read_own")
def index() -> str:
    """The refusal with the form that asks again, and every look of the operator's people."""
    return _page(access.own_organization(db, current_user))


@bp.post("/ask-again")
@requires("organization.ask_again")
def ask_again() -> Response | tuple[str, int]:
    """Correct what was wrong and wait for the operator again."""
    organization = access.own_organization(db, current_user)
    form = forms.read(request.form, FIELDS)
    try:
        registering.ask_again(db, organization, now(), **parse(AskAgainIn(), form.data))
    except Invalid as error:
        db.rollback()
        return _page(access.own_organization(db, current_user), **form.refused(error.problems)), 422
    audit.commit("organization.ask_again", organization)
    flash(_("다시 요청했어요. 운영자가 확인하면 알려 드려요."), "success")
    return redirect(url_for("organizations.own"), 303)


def _page(organization: Organization, **refused: Any) -> str:
    return render_template(
        "organizations/operator.html",
        organization=organization,
        number=regno.format(organization.registration_number) if organization.registration_number else "",
        looks=access.support_accesses(db, organization),
        **refused,
    )
