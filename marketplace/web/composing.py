"""Composing for a demand: choose how, watch, read the answer, try something else, take a bundle as a draft."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog.errors import Conflict, Invalid, Problem
from catalog.models import Bundle, Organization
from marketplace import audit, wording
from marketplace.accounts import access
from marketplace.accounts.access import composing as fetching
from marketplace.accounts.permission import requires
from marketplace.extensions import db, now, today
from marketplace.journeys import composing as acts
from marketplace.schemas import composing as schemas
from marketplace.schemas.fields import parse
from marketplace.web import alliance_words as words
from marketplace.web import composing_words as say
from marketplace.web import demand_words, forms, once
from marketplace.web.parameters import notice_unknown
from marketplace.wording import leads as lead_words
from marketplace.wording import problems as refusals
from matching.composer.instance import POOLS
from matching.composing import demanded, results, runs, wishes
from matching.composing.results import Shown
from matching.composing.wishes import WEIGHINGS, Wishes
from matching.models import AllianceLead, ComposeRun
from matching.models.compose_run import OPEN

bp = Blueprint("composing", __name__)

Answer = Response | tuple[str, int]
_ROOT = "/alliances/<uuid:alliance_id>/inside/demands/<uuid:demand_id>/compose"
WISHES: Mapping[str, forms.Reader] = {
    **dict.fromkeys(("pool", "weighing"), forms.chosen),
    **dict.fromkeys(
        ("point_amount", "vendor_amount", "min_quality", "alternatives", "points", "seconds"), forms.whole
    ),
    **dict.fromkeys(("level", "budget_amount", "max_vendors"), forms.whole),
    "programme": forms.optional,
}
#: Wishes that cannot be empty: what is left blank is as usual.
_USUAL = ("point_amount", "vendor_amount", "min_quality", "alternatives", "points", "seconds")
DRAFT: Mapping[str, forms.Reader] = {"choice": forms.chosen, "title": forms.text, "title_en": forms.text}
KEEP, NEVER = LOCKS = ("keep", "never")
#: The newest runs of a demand that its page lists.
LISTED = 10


@bp.get(_ROOT)
@requires("bundle.compose")
def new(alliance_id: UUID, demand_id: UUID) -> str:
    """How a bundle is to be composed, and what was composed before."""
    notice_unknown()
    own, line = _line(alliance_id, demand_id)
    return _form(own, line, forms.flat(wishes.plain(Wishes())))


@bp.post(_ROOT)
@requires("bundle.compose")
def start(alliance_id: UUID, demand_id: UUID) -> Answer:
    """Ask for a run."""
    if (known := once.seen()) is not None:
        return redirect(known, 303)
    own, line = _line(alliance_id, demand_id)
    form = forms.read(request.form, WISHES)
    data = {name: value for name, value in form.data.items() if value is not None or name not in _USUAL}
    try:
        chosen = schemas.wishes_of(parse(schemas.ComposeIn(), data))
        if chosen.level is None and _view(own, line).level is None:
            raise Invalid.at("level", "compose_level")
        return _started(own, line, chosen)
    except Invalid as error:
        db.rollback()
        own, line = _line(alliance_id, demand_id)
        said = form.refused(error.problems)
        # the validators' rubric has a field of that name, too
        labels = {**said.get("labels", {}), "points": _("갈림길의 점")}
        return _form(own, line, **{**said, "labels": labels}), 422


@bp.get(f"{_ROOT}/<uuid:run_id>")
@requires("bundle.compose")
def show(alliance_id: UUID, demand_id: UUID, run_id: UUID) -> str | Response:
    """How far a run is, or its answer. A page that watches a run is drawn anew once it has ended."""
    notice_unknown()
    own, line = _line(alliance_id, demand_id)
    row = fetching.run_of(db, own, demand_id, run_id)
    if request.headers.get("HX-Request") and row.state not in OPEN:
        return Response("", headers={"HX-Refresh": "true"})
    return _page(own, line, row, {})


@bp.post(f"{_ROOT}/<uuid:run_id>/cancel")
@requires("bundle.compose")
def cancel(alliance_id: UUID, demand_id: UUID, run_id: UUID) -> Response:
    """End a run."""
    own, _line_of = _line(alliance_id, demand_id)
    row = fetching.run_of(db, own, demand_id, run_id)
    end(row, "compose.cancel")
    return redirect(url_for(".show", alliance_id=alliance_id, demand_id=demand_id, run_id=run_id), 303)


def end(row: ComposeRun, act: str) -> None:
    """Cancel a run of either kind under the name of that act, and say what became of it."""
    try:
        runs.cancel(db, row, now())
        audit.commit(act, row)
        flash(_("찾기를 멈춰요. 곧 멈춤으로 바뀌어요."), "success")
    except Conflict as error:
        db.rollback()
        flash(refusals.refusal(error.code, error.params), "warning")


@bp.post(f"{_ROOT}/<uuid:run_id>/again")
@requires("bundle.compose")
def again(alliance_id: UUID, demand_id: UUID, run_id: UUID) -> Answer:
    """The same run with other locks, or with the changes of one of its repairs."""
    own, line = _line(alliance_id, demand_id)
    row = fetching.run_of(db, own, demand_id, run_id)
    try:
        return _started(own, line, wishes.read({**row.wishes, **_changed(row)}))
    except Invalid as error:
        db.rollback()
        own, line = _line(alliance_id, demand_id)
        row = fetching.run_of(db, own, demand_id, run_id)
        form = forms.read(request.form, {})
        return _page(
            own, line, row, **form.refused([Problem("", one.code, one.params) for one in error.problems])
        ), 422


@bp.post(f"{_ROOT}/<uuid:run_id>/draft")
@requires("bundle.compose")
def draft(alliance_id: UUID, demand_id: UUID, run_id: UUID) -> Answer:
    """Make a bundle of the answer a draft of the alliance; non-members in it are invited."""
    if (known := once.seen()) is not None:
        return redirect(known, 303)
    own, line = _line(alliance_id, demand_id)
    row = fetching.run_of(db, own, demand_id, run_id)
    form = forms.read(request.form, DRAFT)
    try:
        data = parse(schemas.DraftIn(), _chosen(form.data))
        texts = {name: data[name] for name in ("title", "title_en")}
        bundle, invited = acts.draft(db, row, data["list"], data["place"], texts=texts, today=today())
    except Invalid as error:
        db.rollback()
        own, line = _line(alliance_id, demand_id)
        row = fetching.run_of(db, own, demand_id, run_id)
        return _page(own, line, row, **form.refused(at_fields(error.problems))), 422
    return drafted("compose.draft", row, bundle, invited)


def drafted(act: str, row: ComposeRun, bundle: Bundle, invited: Sequence[Organization]) -> Response:
    """Note a draft out of a run of either kind under the name of that act, and lead to its board."""
    target = once.remember(url_for("bundle_work.board", bundle_id=bundle.public_id))
    audit.commit(act, row, bundle=bundle.public_id)
    flash(_("초안을 만들었어요. 아직 아무도 서명하지 않았어요."), "success")
    if invited:
        flash(
            _(
                "참여 기업이 아닌 %(n)s곳을 초대했어요. 참여하기 전에는 서명을 받을 수 없어요.",
                n=len(invited),
            ),
            "warning",
        )
    return redirect(target, 303)


def _line(alliance_id: UUID, demand_id: UUID) -> tuple[access.OwnAlliance, AllianceLead]:
    own = access.run_alliance(db, current_user, alliance_id, today())
    return own, fetching.line_of(db, own, demand_id)


def _started(own: access.OwnAlliance, line: AllianceLead, chosen: Wishes) -> Response:
    row, is_new = runs.start(db, line.demand, own.alliance, chosen, by=current_user.email)
    path = url_for(
        ".show", alliance_id=own.alliance.public_id, demand_id=line.demand.public_id, run_id=row.public_id
    )
    target = once.remember(path)
    if is_new:
        audit.commit("compose.start", row, demand=line.demand.public_id)
    else:
        db.commit()
    return redirect(target, 303)


def _changed(row: ComposeRun) -> dict[str, Any]:
    """What the form changes of a run's wishes: a repair's steps, or a lock for each listing that it names."""
    repair = request.form.get("repair")
    if repair is not None:
        found = acts.answer_of(row).repairs
        if not repair.isascii() or not repair.isdigit() or int(repair[:3]) >= len(found):
            raise Invalid.at("changes", "choice")
        steps = [[step["requirement"], step["change"]] for step in found[int(repair[:3])]["steps"]]
        return {"changes": [*row.wishes["changes"], *steps]}
    named = {
        name.removeprefix("lock/"): value for name, value in request.form.items() if name.startswith("lock/")
    }
    return {
        lock: [
            *(listing for listing in row.wishes[lock] if listing not in named),
            *(listing for listing, value in named.items() if value == lock),
        ]
        for lock in LOCKS
    }


def _chosen(data: dict[str, Any]) -> dict[str, Any]:
    """ "alternatives/1" as the schema takes it."""
    name, _slash, place = str(data.pop("choice", "best/0")).partition("/")
    return {**data, "list": name, "place": int(place) if place.isascii() and place.isdigit() else -1}


def at_fields(problems: Any, choice: str = "choice") -> list[Problem]:
    """Problems of the choice at its field, of the bundle's texts at theirs, of the rest on the whole form."""
    places = {"list": choice, "place": choice, "title": "title", "title_en": "title_en"}
    return [Problem(places.get(one.pointer.rpartition("/")[2], ""), one.code, one.params) for one in problems]


def _view(own: access.OwnAlliance, line: AllianceLead) -> Any:
    return demanded.view_of(db, line.demand, own.alliance.coordinator, today())


def _is_own(own: access.OwnAlliance, line: AllianceLead) -> bool:
    """Whether the demand is the coordinator's own: it knows everything of it."""
    return line.demand.organization_id == own.alliance.coordinator_id


def _form(own: access.OwnAlliance, line: AllianceLead, values: dict[str, Any], **context: Any) -> str:
    view = _view(own, line)
    rows = fetching.runs_of(db, own, UUID(line.demand.public_id), offset=0, limit=LISTED)
    return render_template(
        "composing/new.html",
        own=own,
        alliance=own.alliance,
        view=view,
        headline=view.title or lead_words.headline(view),
        rows=rows,
        outcomes=fetching.outcomes_of(db, rows),
        composed=say,
        pools=[(one, wording.name("compose_pool", one), "") for one in POOLS],
        weighings=[(one, wording.name("compose_weighing", one), "") for one in WEIGHINGS],
        programmes=[
            (one.code or one.public_id, one.name) for one in access.programmes_to_choose(db)
            if one.time(today()) == "present"
        ],
        is_quality_known=all(one.min_quality is not None for one in view.asked),
        budget_hint=say.budget(line.demand.budget_amount if _is_own(own, line) else view.budget),
        values=values,
        say=demand_words,
        words=words,
        now=now(),
        **context,
    )  # fmt: skip


def _page(
    own: access.OwnAlliance, line: AllianceLead, row: ComposeRun, values: dict[str, Any], **context: Any
) -> str:
    view = _view(own, line)
    found = None if row.result is None else results.shown(row.result)
    linked = say.vendors(fetching.vendors_among(db, found.offers) if found else {})
    return render_template(
        "composing/run.html",
        own=own,
        alliance=own.alliance,
        run=row,
        is_open=row.state in OPEN,
        view=view,
        headline=view.title or lead_words.headline(view),
        found=found,
        outsiders=_outsiders(found, linked),
        linked=linked,
        failures=[wording.problem(Problem(*one)) for one in row.failure or ()],
        is_stale=row.demand_version != line.demand.version,
        values=values,
        say=say,
        words=words,
        now=now(),
        **context,
    )


def _outsiders(found: Shown | None, names: Mapping[str, str]) -> list[str]:
    """Names of the vendors in any shown bundle that are no members."""
    if found is None:
        return []
    bundles = [one for one in (found.best, *found.alternatives, *found.pareto) if one is not None]
    listed = {item.offer for bundle in bundles for item in bundle.items}
    outside = (one for one in listed if not found.is_member(one))
    return sorted({names.get(one, found.offers[one]["vendor_name"]) for one in outside})
