"""The person's company: found one, see what is missing, say whom it competes with."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog import organizations, regno, taxonomy
from catalog.errors import Invalid
from catalog.models import Organization
from catalog.models.organization import CONFIRMED
from catalog.organizations import OWN_ROLES
from marketplace import audit, wording
from marketplace.accounts import access, sign_in
from marketplace.accounts.permission import requires
from marketplace.extensions import db, now
from marketplace.journeys import registering
from marketplace.schemas.fields import parse
from marketplace.schemas.organizations import CompetitorIn, CorrectionIn, OrganizationIn, RoleIn
from marketplace.web import forms, once
from marketplace.wording.particles import settled

bp = Blueprint("organizations", __name__, url_prefix="/organization")

FIELDS = {
    "name": forms.text,
    "name_en": forms.text,
    "registration_number": forms.text,
    "roles": forms.many,
    "region": forms.optional,
    "description": forms.text,
    "description_en": forms.text,
}
DESCRIPTION = {
    "name_en": forms.text,
    "region": forms.optional,
    "description": forms.lines,
    "description_en": forms.lines,
}
#: Until the operator has confirmed them.
CORRECTION = {"name": forms.text, "registration_number": forms.text, **DESCRIPTION}
COMPETITOR = {"registration_number": forms.text}


@bp.get("/new")
@requires("organization.register")
def new() -> str:
    """The form for a company."""
    waiting = access.requests_by(db, current_user)
    return render_template("organizations/new.html", requests=waiting, **_choices())


@bp.post("/new")
@requires("organization.register")
def found() -> Response | tuple[str, int]:
    """Register the company, make the person its admin, and act for it from now on."""
    form = forms.read(request.form, FIELDS)
    try:
        given = parse(OrganizationIn(), form.data)
        known = once.seen()
        if known is not None:
            return redirect(known, 303)
        organization = registering.found(db, access.user(db, current_user), given, now())
    except Invalid as error:
        taken = any(problem.code == "registration_number_taken" for problem in error.problems)
        number = form.values.get("registration_number") if taken else None
        shown = form.refused(error.problems)
        return render_template("organizations/new.html", **shown, taken=number, **_choices()), 422
    sign_in.act_for(db, organization)
    target = once.remember(url_for(".own"))
    audit.commit("organization.register", organization)
    flash(
        settled(_("‘%(name)s’을(를) 등록했어요. 운영자가 확인하면 알려 드려요.", name=organization.name)),
        "success",
    )
    return redirect(target, 303)


@bp.get("")
@requires("organization.read_own")
def own() -> str:
    """The company that the person acts for."""
    organization = access.own_organization(db, current_user)
    return render_template("organizations/own.html", **_own(organization))


@bp.get("/edit")
@requires("organization.describe")
def edit() -> str:
    """The form for what the company may change about itself."""
    organization = access.own_organization(db, current_user)
    return _editing(organization)


@bp.post("/edit")
@requires("organization.describe")
def describe() -> Response | tuple[str, int]:
    """Change what the company says about itself; its name and number only until the operator has confirmed them."""
    organization = access.own_organization(db, current_user)
    form = forms.read(request.form, DESCRIPTION if organization.state == CONFIRMED else CORRECTION)
    try:
        corrected = registering.correct(db, organization, parse(CorrectionIn(), form.data))
    except Invalid as error:
        db.rollback()
        return _editing(access.own_organization(db, current_user), **form.refused(error.problems)), 422
    audit.commit("organization.describe", organization, **corrected)
    flash(_("조직 정보를 고쳤어요."), "success")
    return redirect(url_for(".own"), 303)


@bp.post("/roles")
@requires("organization.describe")
def take_role() -> Response:
    """Take on a further role; its menu appears at once."""
    organization = access.own_organization(db, current_user)
    role = parse(RoleIn(), forms.read(request.form, {"role": forms.chosen}).data)["role"]
    organizations.take_role(db, organization, role)
    audit.commit("organization.take_role", organization, role=role)
    flash(_("이제 %(role)s으로도 일해요.", role=wording.name("role", role)), "success")
    return redirect(url_for(".own"), 303)


@bp.post("/competitors")
@requires("competitor.declare")
def declare() -> Response | tuple[str, int]:
    """Note a competitor: from now on neither side may judge the other."""
    organization = access.own_organization(db, current_user)
    form = forms.read(request.form, COMPETITOR)
    try:
        given = parse(CompetitorIn(), form.data)
        competitor = organizations.declare_competitor(db, organization, given["registration_number"])
    except Invalid as error:
        return render_template(
            "organizations/own.html", **form.refused(error.problems), **_own(organization)
        ), 422
    audit.commit("competitor.declare", organization, competitor=competitor.public_id)
    flash(settled(_("‘%(name)s’을(를) 경쟁 관계로 등록했어요.", name=competitor.name)), "success")
    return redirect(url_for(".own") + "#competitors", 303)


def _editing(organization: Organization, **refused: Any) -> str:
    number = organization.registration_number
    shown = "" if number is None else regno.format(number)
    return render_template(
        "organizations/edit.html", organization=organization, number=shown, **refused, **_choices()
    )


def _choices() -> dict[str, Any]:
    regions = [(term.code, wording.term_name("region", term.code)) for term in taxonomy.terms("region")]
    return {"own_roles": OWN_ROLES, "regions": regions}


def _own(organization: Organization) -> dict[str, Any]:
    number = organization.registration_number
    return {
        "organization": organization,
        "number": None if number is None else regno.format(number),
        "missing": _missing(organization),
        "more_roles": [role for role in OWN_ROLES if not organization.plays(role)],
        "competitors": access.own_competitors(db, organization),
        "looks": access.support_accesses(db, organization, limit=5),
        "anchors": access.opened_anchors(db, current_user),
    }


def _missing(organization: Organization) -> list[str]:
    """What buyers and the operator would like to know besides."""
    wanted = {
        _("영문 이름이 있으면 영어 화면에서도 알아볼 수 있어요."): organization.name_en,
        _("지역을 적으면 가까운 기업을 찾는 곳에서 눈에 띄어요."): organization.region,
        _("회사 소개를 적으면 상대가 어떤 회사인지 알 수 있어요."): organization.description,
    }
    return [words for words, given in wanted.items() if not given]
