"""Our factories: what we make, where, with which systems, at which level. Scores start from these facts."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog import taxonomy
from catalog.errors import Invalid
from catalog.models import Site
from catalog.sites import MAX_SYSTEMS
from marketplace import audit, wording
from marketplace.accounts import access
from marketplace.accounts.permission import requires
from marketplace.extensions import db, locale, today
from marketplace.journeys import plants
from marketplace.schemas.fields import parse
from marketplace.schemas.plants import SiteIn
from marketplace.web import forms, once
from marketplace.web.frame import safe_path
from marketplace.web.parameters import notice_unknown
from matching.models import Assessment
from matching.models.assessment import COMPANY_LEVEL, SYSTEM_LEVEL

bp = Blueprint("sites", __name__)

#: Word of the form for a level that the company states not to know.
NOT_KNOWN = "unknown"
EMPTY_ROWS = 2
SYSTEM_PARTS = ("name", "capability", "interfaces")


def _level_value(texts: Sequence[str]) -> Any:
    chosen = forms.chosen(texts)
    if chosen is forms.MISSING:
        return chosen
    return None if chosen == NOT_KNOWN else forms.whole(texts)


FIELDS: Mapping[str, forms.Reader] = {
    "name": forms.text,
    "industry": forms.key,
    "ksic": forms.chosen,
    "region": forms.chosen,
    "headcount": forms.whole,
    "processes": forms.many,
    "interfaces": forms.many,
    "systems/*/name": forms.text,
    "systems/*/capability": forms.optional,
    "systems/*/interfaces": forms.many,
    "level/scale": forms.chosen,
    "level/value": _level_value,
    "level/basis": forms.chosen,
}


@bp.get("/sites")
@requires("site.read")
def index() -> str:
    """Every factory of the acting company with the levels that hold."""
    notice_unknown()
    own = access.own_sites(db, current_user)
    return render_template(
        "sites/index.html", sites=own, levels=access.levels_of(db, own), level_text=level_text
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
    form = _read()
    try:
        own = access.own_organization(db, current_user)
        site = plants.describe(db, own, None, parse(SiteIn(), form.data), today())
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
    return _page(site, _stored(site, access.levels_of(db, [site]).get(site.id, {})))


@bp.post("/sites/<uuid:site_id>")
@requires("site.describe")
def revise(site_id: UUID) -> Response | tuple[str, int]:
    """Replace the description of a factory."""
    site = access.own_site(db, current_user, site_id)
    form = _read()
    try:
        plants.describe(db, site.organization, site, parse(SiteIn(), form.data), today())
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


def rows_of(values: Mapping[str, Any], name: str, telling: Sequence[str], *, empty: int, most: int) -> range:
    """Numbers of the rows that a repeated group of fields shows, `most` at most: those in use and `empty` more.

    A row is in use when one of its `telling` fields is filled in; the others always send their default.
    """
    used = [i for i in range(most) if any(values.get(f"{name}/{i}/{part}") for part in telling)]
    return range(min(max(used, default=-1) + 1 + empty, most))


def _read() -> forms.Form:
    form = forms.read(request.form, FIELDS, {"systems": _is_blank})
    typed = form.data.pop("ksic", None)
    if typed is not None:  # the exact code beats the choice of its group
        form.data["industry"] = {"revision": taxonomy.current_revision("ksic"), "code": typed}
    level = form.data.get("level", {})
    if "scale" not in level and "value" not in level:
        form.data["level"] = None
    return form


def _is_blank(row: Mapping[str, Any]) -> bool:
    return not any(value.strip() if isinstance(value, str) else value for value in row.values())


def _refused(site: Site | None, form: forms.Form, error: Invalid) -> tuple[str, int]:
    db.rollback()
    context = form.refused(error.problems)
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
        rows=rows_of(values, "systems", SYSTEM_PARTS, empty=EMPTY_ROWS, most=MAX_SYSTEMS),
        level_values=_level_values(),
        not_known=NOT_KNOWN,
        next_path=safe_path(request.form.get("next") or request.args.get("next"), url_for(".index")),
        **context,
    )


def _level_values() -> list[tuple[str, str]]:
    company, system = (taxonomy.LEVEL_SCALES[scale] for scale in (COMPANY_LEVEL, SYSTEM_LEVEL))
    words = []
    for step in company.steps:
        other = system.step(step.value)
        words.append(
            (str(step.value), f"{step.value}" if other is None else f"{step.value} ({other.name(locale())})")
        )
    return words


def _stored(site: Site, levels: Mapping[str, Assessment]) -> dict[str, Any]:
    stated = levels.get(COMPANY_LEVEL) or levels.get(SYSTEM_LEVEL)
    values = forms.flat(
        {
            "name": site.name,
            "industry": {"revision": site.industry_revision, "code": site.industry_code},
            "region": site.region,
            "headcount": site.headcount,
            "processes": site.codes("process"),
            "interfaces": site.codes("interface"),
            "systems": [
                {"name": system.name, "capability": system.capability, "interfaces": system.interfaces}
                for system in site.systems
            ],
        }
    )
    if stated is None:
        return {**values, "level/basis": "self_reported"}
    value = NOT_KNOWN if stated.level is None else str(stated.level)
    return {**values, "level/scale": stated.scale, "level/value": value, "level/basis": stated.basis}
