"""Packages for the demands that an alliance is shown: choose which, watch, read who is served and who is not."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog import taxonomy
from catalog.errors import Invalid, Problem
from marketplace import audit, wording
from marketplace.accounts import access
from marketplace.accounts.access import composing as fetching
from marketplace.accounts.permission import requires
from marketplace.extensions import db, now, today
from marketplace.journeys import composing as acts
from marketplace.schemas import packages as schemas
from marketplace.schemas.fields import parse
from marketplace.web import alliance_words as words
from marketplace.web import composing_words as say
from marketplace.web import demand_words, forms, once
from marketplace.web.composing import LISTED, at_fields, drafted, end
from marketplace.web.parameters import notice_unknown
from marketplace.wording import leads as lead_words
from matching.composing import segment_results, segment_wishes, segments
from matching.composing.segment_results import SegmentShown
from matching.composing.segment_wishes import WHOSE, SegmentWishes
from matching.models import ComposeRun
from matching.models.compose_run import OPEN

bp = Blueprint("packages", __name__)

Answer = Response | tuple[str, int]
_ROOT = "/alliances/<uuid:alliance_id>/inside/packages"
#: Numbers that cannot be empty: what is left blank is as usual.
_USUAL = ("count", "max_vendors", "max_capabilities", "min_quality", "seconds")
WISHES: Mapping[str, forms.Reader] = {
    "industry": forms.optional,
    "level": forms.whole,
    "pool": forms.chosen,
    **dict.fromkeys(_USUAL, forms.whole),
}
DRAFT: Mapping[str, forms.Reader] = {"place": forms.whole, "title": forms.text, "title_en": forms.text}


@bp.get(_ROOT)
@requires("bundle.compose")
def new(alliance_id: UUID) -> str:
    """Which segment, how many packages, and what was found before."""
    notice_unknown()
    own = access.run_alliance(db, current_user, alliance_id, today())
    return _form(own, forms.flat(segment_wishes.plain(SegmentWishes())))


@bp.post(_ROOT)
@requires("bundle.compose")
def start(alliance_id: UUID) -> Answer:
    """Ask for a run."""
    if (known := once.seen()) is not None:
        return redirect(known, 303)
    own = access.run_alliance(db, current_user, alliance_id, today())
    form = forms.read(request.form, WISHES)
    data = {name: value for name, value in form.data.items() if value is not None or name not in _USUAL}
    try:
        chosen = segment_wishes.read(parse(schemas.PackagesIn(), data))
        row, is_new = acts.start_packages(db, own.alliance, chosen, by=current_user.email, today=today())
    except Invalid as error:
        db.rollback()
        own = access.run_alliance(db, current_user, alliance_id, today())
        return _form(own, **form.refused(error.problems)), 422
    target = once.remember(url_for(".show", alliance_id=alliance_id, package_run_id=row.public_id))
    if is_new:
        audit.commit("packages.start", row)
    else:
        db.commit()
    return redirect(target, 303)


@bp.get(f"{_ROOT}/<uuid:package_run_id>")
@requires("bundle.compose")
def show(alliance_id: UUID, package_run_id: UUID) -> str | Response:
    """How far a run is, or its answer. A page that watches a run is drawn anew once it has ended."""
    notice_unknown()
    own = access.run_alliance(db, current_user, alliance_id, today())
    row = fetching.package_run_of(db, own, package_run_id)
    if request.headers.get("HX-Request") and row.state not in OPEN:
        return Response("", headers={"HX-Refresh": "true"})
    return _page(own, row, {})


@bp.post(f"{_ROOT}/<uuid:package_run_id>/cancel")
@requires("bundle.compose")
def cancel(alliance_id: UUID, package_run_id: UUID) -> Response:
    """End a run."""
    own = access.run_alliance(db, current_user, alliance_id, today())
    row = fetching.package_run_of(db, own, package_run_id)
    end(row, "packages.cancel")
    return redirect(url_for(".show", alliance_id=alliance_id, package_run_id=package_run_id), 303)


@bp.post(f"{_ROOT}/<uuid:package_run_id>/draft")
@requires("bundle.compose")
def draft(alliance_id: UUID, package_run_id: UUID) -> Answer:
    """Make a package of the answer a draft of the alliance; non-members in it are invited."""
    if (known := once.seen()) is not None:
        return redirect(known, 303)
    own = access.run_alliance(db, current_user, alliance_id, today())
    row = fetching.package_run_of(db, own, package_run_id)
    form = forms.read(request.form, DRAFT)
    try:
        data = parse(schemas.PackageDraftIn(), form.data)
        texts = {name: data[name] for name in ("title", "title_en")}
        bundle, invited = acts.draft_package(db, row, data["place"], texts=texts, today=today())
    except Invalid as error:
        db.rollback()
        own = access.run_alliance(db, current_user, alliance_id, today())
        row = fetching.package_run_of(db, own, package_run_id)
        return _page(own, row, **form.refused(at_fields(error.problems, "place"))), 422
    return drafted("packages.draft", row, bundle, invited)


def _page(own: access.OwnAlliance, row: ComposeRun, values: dict[str, Any], **context: Any) -> str:
    entries = segments.shown_to(db, own.alliance, today()) if row.result else []
    views = {one.view.demand: one.view for one in entries}
    found = None if row.result is None else segment_results.shown(row.result, views)
    linked = say.vendors(fetching.vendors_among(db, found.offers) if found else {})
    return render_template(
        "packages/run.html",
        alliance=own.alliance,
        run=row,
        is_open=row.state in OPEN,
        found=found,
        views=views,
        lead_words=lead_words,
        demand_words=demand_words,
        linked=linked,
        outsiders=_outsiders(found, linked),
        failures=[wording.problem(Problem(*one)) for one in row.failure or ()],
        segment=_segment(row),
        values=values,
        say=say,
        words=words,
        now=now(),
        **context,
    )


def _outsiders(found: SegmentShown | None, names: Mapping[str, str]) -> list[str]:
    """Names of the vendors in any package that are no members: they are invited with the draft of it."""
    if found is None:
        return []
    listed = {one.offer for package in found.packages for one in package.members}
    outside = (one for one in listed if not found.is_member(one))
    return sorted({names.get(one, found.offers[one]["vendor_name"]) for one in outside})


def _form(own: access.OwnAlliance, values: dict[str, Any], **context: Any) -> str:
    entries = segments.shown_to(db, own.alliance, today())
    rows = fetching.package_runs_of(db, own, offset=0, limit=LISTED)
    industries = sorted({one.view.industry for one in entries if one.view.industry is not None})
    levels = sorted({one.view.level for one in entries if one.view.level is not None})
    return render_template(
        "packages/new.html",
        alliance=own.alliance,
        demands=len(entries),
        rows=[(row, _segment(row)) for row in rows],
        outcomes=fetching.outcomes_of(db, rows),
        industries=[(code, _industry(code)) for code in industries],
        levels=[(level, wording.name("level_value", level)) for level in levels],
        pools=[(one, wording.name("compose_pool", one), "") for one in WHOSE],
        is_quality_known=all(one.min_quality is not None for each in entries for one in each.view.asked),
        values=values,
        words=words,
        now=now(),
        **context,
    )


def _segment(row: ComposeRun) -> list[str]:
    """Which factories a run is about, whose offers it looks at, how large the packages may be."""
    chosen = segment_wishes.read(row.wishes)
    industry = _("모든 업종") if chosen.industry is None else _industry(chosen.industry)
    level = _("모든 수준") if chosen.level is None else wording.name("level_value", chosen.level)
    return [
        f"{industry}, {level}",
        wording.name("compose_pool", chosen.pool),
        ngettext("패키지 %(num)s개까지", "패키지 %(num)s개까지", chosen.count),
        ngettext("기업 %(num)s곳까지", "기업 %(num)s곳까지", chosen.max_vendors),
        ngettext("역량 %(num)s개까지", "역량 %(num)s개까지", chosen.max_capabilities),
    ]


def _industry(code: str) -> str:
    return wording.industry_name({"revision": taxonomy.current_revision("ksic"), "code": code})
