"""The operator's organizations: find them, confirm or refuse them, appoint validators, look in for support."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from catalog import organizations, regno
from catalog.errors import Conflict, Invalid
from catalog.models import Organization
from catalog.models.organization import MANUFACTURER, REFUSED, STATES, VALIDATOR, VENDOR
from marketplace import audit, wording
from marketplace.accounts import access
from marketplace.accounts.access.console import OrganizationsAsked
from marketplace.accounts.permission import requires
from marketplace.extensions import db, now
from marketplace.inbox.operators import CONFIRM_DAYS
from marketplace.journeys import confirmations, standing
from marketplace.operations import closing
from marketplace.schemas.console import ReasonIn
from marketplace.schemas.fields import parse
from marketplace.web import forms
from marketplace.web.console import confirming, frame, waiting
from marketplace.web.frame import safe_path
from marketplace.wording import own_words
from marketplace.wording.particles import settled

bp = Blueprint("console_organizations", __name__, url_prefix="/console/organizations")

ROLES = (VENDOR, MANUFACTURER, VALIDATOR)
REASON = {"reason": forms.lines}
#: So many entries of the audit chain stand on a detail page.
ENTRIES = 10


@bp.get("")
@requires("organization.list")
def index() -> str | Response:
    """Organizations, those that wait for a confirmation first."""
    asked = frame.filters(
        frame.Choice("state", _("상태"), [(s, wording.name("organization_state", s)) for s in STATES]),
        frame.Choice("role", _("역할"), [(r, wording.name("role", r)) for r in ROLES]),
        frame.Text("q", _("이름, 번호, 관리자 메일")),
    )
    which = OrganizationsAsked(asked.get("state"), asked.get("role"), asked.get("q"))
    counts = access.count_organizations_by_state(db, which)
    page = frame.paged(sum(counts.values()), asked)
    rows = access.search_organizations(db, which, offset=page.offset, limit=page.limit)
    admins = access.admins_of(db, rows)
    if asked.csv:
        return _csv(rows, admins)
    numbers = {row.id: regno.format(row.registration_number or "") for row in rows}
    return render_template(
        "console/organizations.html", asked=asked, page=page, rows=rows, numbers=numbers, admins=admins
    )


def _csv(rows: list[Organization], admins: dict[int, list[str]]) -> Response:
    header = ["id", _("조직"), _("사업자등록번호"), _("상태"), _("역할"), _("관리자"), _("등록한 날")]
    return frame.csv_answer(
        "organizations",
        header,
        (
            [
                row.public_id,
                row.name,
                regno.format(row.registration_number or ""),
                wording.name("organization_state", row.state),
                " ".join(wording.name("role", r.role) for r in row.roles),
                " ".join(admins.get(row.id, [])),
                row.created_at.isoformat(),
            ]
            for row in rows
        ),
    )


@bp.get("/<uuid:organization_id>")
@requires("organization.list")
def show(organization_id: UUID) -> str:
    """Facts, people, listings and what was done, on one page."""
    return _page(access.any_organization(db, organization_id))


@bp.post("/<uuid:organization_id>/refuse")
@requires("organization.refuse")
def refuse(organization_id: UUID) -> Response | confirming.Answer:
    """Refuse to confirm a company, with the reason that it reads."""
    organization = access.any_organization(db, organization_id)
    step = _refusing(organization)
    form = forms.read(request.form, REASON)
    try:
        reason = parse(ReasonIn(), form.data)["reason"]
    except Invalid as error:
        return _page(organization, **form.refused(error.problems)), 422
    standing.refuse(db, organization, reason, now())
    if (page := confirming.unsure(step)) is not None:
        return page
    audit.commit("organization.refuse", organization, reason=reason)
    flash(_("‘%(name)s’의 확인을 거절했어요. 관리자에게 알려요.", name=organization.name), "success")
    return redirect(url_for(".show", organization_id=organization_id), 303)


@bp.post("/<uuid:organization_id>/clear")
@requires("deletion.answer")
def clear(organization_id: UUID) -> Response | tuple[str, int]:
    """Begin the deletion of a refused company, so that its number can be registered by the company whose it is."""
    organization = access.any_organization(db, organization_id)
    if organization.state != REFUSED:
        raise Conflict("deletion.not_refused")
    form = forms.read(request.form, REASON)
    try:
        reason = parse(ReasonIn(), form.data)["reason"]
    except Invalid as error:
        return _page(organization, **form.refused(error.problems)), 422
    row = closing.ask(db, organization, access.user(db, current_user), reason)
    audit.commit("organization.ask_deletion", row, reason=reason)
    return redirect(url_for("console_deletions.show", deletion_id=row.public_id), 303)


@bp.get("/<uuid:organization_id>/support")
@requires("support.open")
def support(organization_id: UUID) -> str:
    """What a support access is, and the form that asks why."""
    return render_template("console/look_in.html", organization=access.any_organization(db, organization_id))


@bp.post("/<uuid:organization_id>/support")
@requires("support.open")
def look_in(organization_id: UUID) -> Response | tuple[str, int]:
    """Begin to look at the customer's pages."""
    organization = access.any_organization(db, organization_id)
    form = forms.read(request.form, REASON)
    try:
        reason = parse(ReasonIn(), form.data)["reason"]
    except Invalid as error:
        page = render_template(
            "console/look_in.html", organization=organization, **form.refused(error.problems)
        )
        return page, 422
    row = standing.look_in(db, current_user, organization, reason, now())
    audit.commit("support.open", row, organization=organization.public_id, reason=reason)
    return redirect("/organization", 303)


@bp.post("/<uuid:organization_id>/confirm")
@requires("organization.confirm")
def confirm(organization_id: UUID) -> Response:
    """Confirm a company as it was looked at; its admins hear of it. Harmless if repeated."""
    organization = access.any_organization(db, organization_id)
    confirmations.confirm(db, organization, now(), seen=request.form.get("seen"))
    audit.commit("organization.confirm", organization)
    flash(
        settled(_("‘%(name)s’을(를) 확인했어요. 관리자에게 메일로 알려요.", name=organization.name)),
        "success",
    )
    return redirect(_back(), 303)


@bp.post("/<uuid:organization_id>/appoint")
@requires("organization.appoint")
def appoint(organization_id: UUID) -> Response | confirming.Answer:
    """Let a confirmed organization judge evidence. Harmless if repeated."""
    organization = access.any_organization(db, organization_id)
    step = _appointing(organization)
    organizations.appoint_validator(organization)
    if (page := confirming.unsure(step)) is not None:
        return page
    audit.commit("organization.appoint", organization)
    flash(settled(_("‘%(name)s’을(를) 검증기관으로 지정했어요.", name=organization.name)), "success")
    return redirect(_back(), 303)


def _refusing(organization: Organization) -> confirming.Step:
    return confirming.Step(
        at="organizations",
        question=_("‘%(name)s’의 확인을 거절할까요?", name=organization.name),
        happens=[
            _("회사의 관리자에게 바로 메일로 알리고, 적은 이유를 그대로 보여 줘요."),
            _("회사가 고쳐서 다시 요청하기 전에는 솔루션을 공개할 수 없어요."),
        ],
        button=_("거절"),
        back=url_for(".show", organization_id=organization.public_id),
    )


def _appointing(organization: Organization) -> confirming.Step:
    return confirming.Step(
        at="organizations",
        question=_("‘%(name)s’ 검증기관 지정", name=organization.name),
        happens=[
            _("이 조직의 구성원이 다른 기업의 근거와 파일을 보고 심사할 수 있어요."),
            _("지정은 화면에서 거둘 수 없어요."),
        ],
        button=_("검증기관 지정"),
        back=url_for(".show", organization_id=organization.public_id),
    )


def _page(organization: Organization, **refused: Any) -> str:
    about = audit.Asked(concerning=[organization.public_id])
    return render_template(
        "console/organization.html",
        organization=organization,
        number=regno.format(organization.registration_number) if organization.registration_number else "",
        people=access.people_of(db, organization),
        listings=access.listings_of(db, organization),
        looks=access.support_accesses(db, organization, limit=5),
        entries=audit.search(db, about, offset=0, limit=ENTRIES),
        **refused,
    )


def _back() -> str:
    return safe_path(request.form.get("next"), url_for(".index"))


@waiting.kind(
    "organization.confirm", _l("조직 확인"), "/console/organizations?state=registered", CONFIRM_DAYS
)
def _to_confirm(session: Session) -> list[waiting.Waiting]:
    rows = access.waiting_organizations(session, waiting.MOST)
    return [
        waiting.Waiting(
            row.created_at, own_words(row.name, row.name_en), f"/console/organizations/{row.public_id}"
        )
        for row in rows
    ]
