"""The operator's list of organizations: confirm them, appoint validators."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalog import organizations, regno
from catalog.models.organization import CONFIRMED, REGISTERED
from marketplace import audit
from marketplace.accounts import access
from marketplace.accounts.permission import requires
from marketplace.extensions import db, now
from marketplace.journeys import confirmations
from marketplace.web.frame import safe_path
from marketplace.web.parameters import notice_unknown, page_number

bp = Blueprint("console", __name__, url_prefix="/console")

PER_PAGE = 20
STATES = (REGISTERED, CONFIRMED)


@bp.get("")
@requires("organization.list")
def index() -> str:
    """Organizations, those that wait for a confirmation first."""
    notice_unknown("page", "state")
    state = _state()
    counts = {s: access.count_organizations(db, state=s) for s in STATES}
    total = counts[state] if state else sum(counts.values())
    pages = -(-total // PER_PAGE)
    page = page_number(pages)
    rows = access.all_organizations(db, state=state, offset=(page - 1) * PER_PAGE, limit=PER_PAGE)
    return render_template(
        "console/index.html",
        rows=[(row, regno.format(row.registration_number or "")) for row in rows],
        admins=access.admins_of(db, rows),
        counts=counts,
        state=state,
        total=total,
        page=page,
        pages=pages,
    )


@bp.post("/organizations/<uuid:organization_id>/confirm")
@requires("organization.confirm")
def confirm(organization_id: UUID) -> Response:
    """Confirm a company; its admins get a mail. Harmless if repeated."""
    organization = access.any_organization(db, organization_id)
    confirmations.confirm(db, organization, now())
    audit.commit("organization.confirm", organization)
    flash(_("‘%(name)s’을 확인했어요. 관리자에게 메일로 알려요.", name=organization.name), "success")
    return redirect(_back(), 303)


@bp.post("/organizations/<uuid:organization_id>/appoint")
@requires("organization.appoint")
def appoint(organization_id: UUID) -> Response:
    """Let a confirmed organization judge evidence. Harmless if repeated."""
    organization = access.any_organization(db, organization_id)
    organizations.appoint_validator(organization)
    audit.commit("organization.appoint", organization)
    flash(_("‘%(name)s’을 검증기관으로 지정했어요.", name=organization.name), "success")
    return redirect(_back(), 303)


def _state() -> str | None:
    """The state asked for; an unknown one is none, with a notice."""
    asked = request.args.get("state")
    if asked in STATES or not asked:
        return asked or None
    flash(_("모르는 조건은 빼고 보여드려요."), "warning")
    return None


def _back() -> str:
    return safe_path(request.form.get("next"), url_for(".index"))
