"""Ways to a company that is registered already: what waits of one's own requests, and word to the operator of a
stranger who took the number."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog.errors import Invalid
from marketplace import audit
from marketplace.accounts import access, joining
from marketplace.accounts.permission import requires
from marketplace.extensions import db, now
from marketplace.journeys import abuse
from marketplace.schemas.fields import parse
from marketplace.schemas.organizations import TakenIn
from marketplace.web import forms, once

bp = Blueprint("joining", __name__, url_prefix="/organization")

TAKEN = {"registration_number": forms.text, "text": forms.lines}


@bp.get("/join")
@requires("organization.join")
def index() -> str:
    """The requests that wait, each with a button that takes it back."""
    return render_template("organizations/join.html", requests=access.requests_by(db, current_user))


@bp.post("/join/<uuid:request_id>/withdraw")
@requires("organization.join")
def withdraw(request_id: UUID) -> Response:
    """Take one's own request back."""
    wanted = access.request_by(db, current_user, request_id)
    joining.withdraw_request(db, wanted)
    audit.commit("organization.withdraw_join", wanted)
    flash(_("합류 요청을 거뒀어요: %(name)s", name=wanted.organization.name), "success")
    return redirect("/", 303)


@bp.get("/taken")
@requires("organization.join")
def taken() -> str:
    """The form to the operator: the number is ours, and somebody whom we do not know has registered it."""
    return render_template("organizations/taken.html", values={"registration_number": _number()})


@bp.post("/taken")
@requires("organization.join")
def report_taken() -> Response | tuple[str, int]:
    """Note it among the reports of abuse; the operator's people hear of it."""
    form = forms.read(request.form, TAKEN)
    try:
        given = parse(TakenIn(), form.data)
        organization = joining.registered(db, given["registration_number"])
    except Invalid as error:
        return render_template("organizations/taken.html", **form.refused(error.problems)), 422
    known = once.seen()
    if known is not None:
        return redirect(known, 303)
    report = abuse.report_taken(
        db, organization, text=given["text"], reporter=access.user(db, current_user), now=now()
    )
    target = once.remember(url_for("reports.show", report_id=report.public_id))
    audit.commit("report.make", report)
    flash(_("운영자에게 알렸어요. 확인하고 알림으로 답해 드려요."), "success")
    return redirect(target, 303)


def _number() -> Any:
    """What the page before has found taken; it is asked for again if it is missing."""
    return request.args.get("registration_number", "")[:20]
