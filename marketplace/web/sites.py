"""Our factories: what we make, where, with which systems, at which level. Scores start from these facts."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog import sites, taxonomy
from catalog.errors import Invalid
from catalog.models import Site
from catalog.models.site import MAX_SHIFTS
from catalog.sites import CHOICES, MAX_SYSTEMS
from marketplace import audit, wording
from marketplace.accounts import access
from marketplace.accounts.permission import requires
from marketplace.extensions import db, locale, today
from marketplace.journeys import plants
from marketplace.web import forms, once, site_form
from marketplace.web.frame import safe_path
from marketplace.web.parameters import notice_unknown
from marketplace.web.site_form import NOT_KNOWN, rows_of
from matching import completeness
from matching.models import Assessment
from matching.models.assessment import COMPANY_LEVEL, STATED_BASES, SYSTEM_LEVEL

bp = Blueprint("sites", __name__)

__all__ = ["bp", "level_choices", "level_text", "options", "rows_of"]

EMPTY_ROWS = 2


@bp.get("/sites")
@requires("site.read")
def index() -> str:
    """Every factory of the acting company with the levels that hold, and what is not stated yet."""
    notice_unknown()
    own = access.own_sites_in_full(db, current_user)
    levels = access.levels_of(db, own, today())
    return render_template(
        "sites/index.html",
        sites=own,
        levels=levels,
        level_text=level_text,
        gaps={site.id: _gaps(site, levels.get(site.id, {})) for site in own},
    )


@bp.get("/sites/new")
@requires("site.describe")
def new() -> str:
    """The empty form."""
    notice_unknown("next")
    return _page(None, {"level/basis": "self_reported"})


@bp.post("/sites/new")
@requires("site.describe")
def register() -> Response | tuple[str, int]:
    """Add a factory and go on to where the person came from."""
    if (known := once.seen()) is not None:
        return redirect(known, 303)
    form = site_form.read()
    try:
        own = access.own_organization(db, current_user)
        site = plants.describe(db, own, None, site_form.parsed(form, None), today())
    except Invalid as error:
        return _refused(None, form, error)
    target = once.remember(safe_path(request.form.get("next"), url_for(".index")))
    audit.commit("site.describe", site)
    flash(_("공장을 등록했어요. 이제 이 공장의 수요를 만들 수 있어요."), "success")
    return redirect(target, 303)


@bp.get("/sites/<uuid:site_id>")
@requires("site.read")
def edit(site_id: UUID) -> str:
    """The form with what is stored."""
    notice_unknown("next")
    site = access.own_site(db, current_user, site_id)
    levels = access.levels_of(db, [site], today()).get(site.id, {})
    return _page(site, site_form.stored(site, levels), levels=levels)


@bp.post("/sites/<uuid:site_id>")
@requires("site.describe")
def revise(site_id: UUID) -> Response | tuple[str, int]:
    """Replace the description of a factory."""
    site = access.own_site(db, current_user, site_id)
    form = site_form.read()
    try:
        plants.describe(db, site.organization, site, site_form.parsed(form, site), today())
    except Invalid as error:
        return _refused(site, form, error)
    audit.commit("site.describe", site)
    flash(_("공장 정보를 고쳤어요. 매칭은 다시 계산할 때 새 정보를 써요."), "success")
    return redirect(safe_path(request.form.get("next"), url_for(".index")), 303)


@bp.app_template_test("korean")
def is_korean(text: str) -> bool:
    """Whether a text that people wrote has Hangul in it: an English page marks it as Korean."""
    return any("가" <= letter <= "힣" for letter in text)


def options(scheme: str) -> list[tuple[str, str]]:
    """The terms of a taxonomy as (code, name)."""
    return [(term.code, term.name(locale())) for term in taxonomy.terms(scheme)]


def level_text(stated: Assessment) -> str:
    """A statement with its scale, which never stands apart from it."""
    scale = wording.name("level_scale", stated.scale)
    step = taxonomy.LEVEL_SCALES[stated.scale].step(stated.level or 0)
    if step is None:
        return _("%(scale)s 모름", scale=scale)
    return _(
        "%(scale)s %(level)s",
        scale=scale,
        level=stated.level if stated.scale == COMPANY_LEVEL else step.name(locale()),
    )


def _gaps(site: Site, levels: dict[str, Assessment]) -> list[completeness.Gap]:
    company = levels.get(COMPANY_LEVEL)
    return completeness.gaps(sites.stated(site), level=None if company is None else company.level)


def _refused(site: Site | None, form: forms.Form, error: Invalid) -> tuple[str, int]:
    db.rollback()
    context = form.refused(error.problems)
    context["labels"] |= site_form.labels(context["errors"])
    if form.values.get("ksic"):
        for kept in ("errors", "labels"):
            found = context[kept].pop("industry", None)
            context[kept] |= {} if found is None else {"ksic": found}
    return _page(site, **context), 422


def _page(site: Site | None, values: dict[str, Any], **context: Any) -> str:
    industries = [(f"11:{code}", f"{name} ({code})") for code, name in options("ksic") if code != "C"]
    chosen = str(values.get("industry", ""))
    if ":" in chosen and chosen not in dict(industries):
        revision, _colon, code = chosen.partition(":")
        named = wording.industry_name({"revision": revision, "code": code})
        industries.append((chosen, _("%(name)s · KSIC %(revision)s차", name=named, revision=revision)))
    return render_template(
        "sites/form.html",
        factory=site,
        values=values,
        industries=industries,
        official=access.official_industries(db, taxonomy.current_revision("ksic")),
        options={scheme: options(scheme) for scheme in ("region", "process", "interface", "capability")},
        choices={group: [(code, wording.name(group, code)) for code in CHOICES[group]] for group in CHOICES},
        shifts=[(str(n), _("%(n)s교대", n=n)) for n in range(1, MAX_SHIFTS + 1)],
        rows=rows_of(values, "systems", site_form.SYSTEM_PARTS, empty=EMPTY_ROWS, most=MAX_SYSTEMS),
        level_values=level_choices(),
        level_text=level_text,
        stated_bases=STATED_BASES,
        not_known=NOT_KNOWN,
        next_path=safe_path(request.form.get("next") or request.args.get("next"), url_for(".index")),
        **context,
    )


def level_choices() -> list[tuple[str, str]]:
    """The values of both scales as (value, words): the company level, beside it the name of the system level."""
    company, system = (taxonomy.LEVEL_SCALES[scale] for scale in (COMPANY_LEVEL, SYSTEM_LEVEL))
    words = []
    for step in company.steps:
        other = system.step(step.value)
        words.append(
            (str(step.value), f"{step.value}" if other is None else f"{step.value} ({other.name(locale())})")
        )
    return words
