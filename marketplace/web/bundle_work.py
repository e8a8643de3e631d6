"""A coordinator's bundles: the list, a new one, and the board on which one is put together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog.bundle_states import ASKED, IN_FORCE, REFUSED, SIGNING
from catalog.bundles import drafting, knowing, publishing, reading, signing
from catalog.bundles import form as forms_of_bundles
from catalog.bundles.checks import Fix
from catalog.errors import Conflict, Invalid
from catalog.models import Bundle, BundleVersion
from marketplace import audit
from marketplace.accounts import access
from marketplace.accounts.permission import is_allowed, requires
from marketplace.extensions import db, now, today
from marketplace.schemas import bundle_changes as schemas
from marketplace.schemas.fields import parse
from marketplace.web import alliance_words as words
from marketplace.web import bundle_remarks, bundle_view, forms, once
from marketplace.web.parameters import notice_unknown
from marketplace.wording import bundles as said
from marketplace.wording import name, own_words, place, problem

bp = Blueprint("bundle_work", __name__)

NEW_FIELDS: Mapping[str, forms.Reader] = {
    "texts/title": forms.text,
    "texts/title_en": forms.text,
    "level_from": forms.whole,
    "level_to": forms.whole,
}
#: What the board's own buttons send.
PRESS_FIELDS: Mapping[str, forms.Reader] = {"draft_number": forms.whole, "cell": forms.text}
MEND_FIELDS: Mapping[str, forms.Reader] = {
    "draft_number": forms.whole,
    "act": forms.text,
    "item": forms.text,
    "value": forms.text,
}


@dataclass(frozen=True, slots=True)
class Line:
    """A bundle in the list.

    Attributes:
        versions: those that are sold or wait; waiting: who has not signed, since `sent_on`.
    """

    title: str
    href: str
    level_from: int
    level_to: int
    price_amount: int
    versions: tuple[BundleVersion, ...]
    waiting: tuple[str, ...]
    sent_on: date | None


@bp.get("/alliances/<uuid:alliance_id>/inside/bundles")
@requires("bundle.work")
def index(alliance_id: UUID) -> str:
    """The bundles of an alliance: all of them for its coordinator, for a vendor those that it was asked to sign."""
    notice_unknown()
    own = access.inside_alliance(db, current_user, alliance_id, today())
    rows = [line(each) for each in access.alliance_bundles(db, current_user, own)]
    may_begin = own.runs and own.alliance.state == "active" and is_allowed("bundle.draft")
    return render_template(
        "bundles/index.html", alliance=own.alliance, rows=rows, may_begin=may_begin, **_words()
    )


@bp.get("/alliances/<uuid:alliance_id>/inside/bundles/new")
@requires("bundle.draft")
def new(alliance_id: UUID) -> str:
    """Name and levels of another one."""
    notice_unknown()
    own = access.run_alliance(db, current_user, alliance_id, today())
    charter = own.alliance.charter
    low = 1 if charter is None else charter.content["level_from"]
    return _new(own, {"level_from": str(low), "level_to": str(min(low + 1, 5))})


@bp.post("/alliances/<uuid:alliance_id>/inside/bundles/new")
@requires("bundle.draft")
def begin(alliance_id: UUID) -> Response | tuple[str, int]:
    """Begin it; sent twice, it is one."""
    if (known := once.seen()) is not None:
        return redirect(known, 303)
    own = access.run_alliance(db, current_user, alliance_id, today())
    form = forms.read(request.form, NEW_FIELDS)
    try:
        data = parse(schemas.BundleChangesIn(), form.data)
        made = drafting.begin(
            db,
            own.alliance,
            data.get("texts", {}),
            level_from=data.get("level_from", 0),
            level_to=data.get("level_to", 0),
        )
    except Invalid as error:
        db.rollback()
        own = access.run_alliance(db, current_user, alliance_id, today())
        return _new(own, **form.refused(error.problems)), 422
    db.flush()  # its id stands in the journal
    target = once.remember(url_for("bundle_edit.goal", bundle_id=made.public_id))
    audit.commit("bundle.begin", made)
    flash(_("번들을 만들었어요. 필요한 역량을 골라 주세요."), "success")
    return redirect(target, 303)


@bp.get("/bundles/<uuid:bundle_id>/board")
@requires("bundle.draft")
def board(bundle_id: UUID) -> str:
    """What the working copy covers, what is in the way, what it costs, who gets what."""
    notice_unknown()
    return show(access.run_bundle(db, current_user, bundle_id).bundle)


@bp.post("/bundles/<uuid:bundle_id>/cells")
@requires("bundle.draft")
def press(bundle_id: UUID) -> Response | tuple[str, int]:
    """One cell of the matrix: an item answers for a capability, helps with it, or does neither."""
    bundle = access.run_bundle(db, current_user, bundle_id).bundle
    data = forms.read(request.form, PRESS_FIELDS).data
    item, _space, capability = str(data.get("cell", "")).partition(" ")
    made = drafting.working_copy(bundle)
    if item not in {each.id for each in made.items}:
        return show(bundle, changed=True), 409
    turned = reading.as_fields(bundle_view.turned(made, item, capability))
    at = f"cell-{item}-{capability}"  # whoever pressed it by keyboard goes on from there
    return changed(bundle, {"items": turned["items"]}, data.get("draft_number"), at=at)


@bp.post("/bundles/<uuid:bundle_id>/fixes")
@requires("bundle.draft")
def mend(bundle_id: UUID) -> Response | tuple[str, int]:
    """Carry out what a finding offers."""
    bundle = access.run_bundle(db, current_user, bundle_id).bundle
    data = forms.read(request.form, MEND_FIELDS).data
    facts = knowing.facts_of(db, drafting.working_copy(bundle), bundle.alliance, today())
    asked = (data.get("act"), data.get("item"), data.get("value"))
    offered = bundle_view.offered(drafting.working_copy(bundle), facts)
    fix = next((each for each in offered if (each.act, each.item, each.value) == asked), None)
    if fix is None:
        return show(bundle, changed=True), 409
    return _mended(bundle, fix, data.get("draft_number"), facts)


def _mended(bundle: Bundle, fix: Fix, expected: Any, facts: Any) -> Response | tuple[str, int]:
    public_id = UUID(bundle.public_id)
    try:
        drafting.mend(db, bundle, fix, number_of(expected), facts)
    except (Conflict, Invalid) as error:
        db.rollback()
        return refused(access.run_bundle(db, current_user, public_id).bundle, error)
    return saved(bundle, at="checks-h")


def changed(bundle: Bundle, changes: Any, expected: Any, *, at: str = "") -> Response | tuple[str, int]:
    """Change the working copy by a button of the board; what is refused is told there.

    Args:
        at: the place on the board to go back to; "" = its top.
    """
    public_id = UUID(bundle.public_id)
    try:
        drafting.change(db, bundle, changes, number_of(expected), today())
    except (Conflict, Invalid) as error:
        db.rollback()
        return refused(access.run_bundle(db, current_user, public_id).bundle, error)
    return saved(bundle, at=at)


def saved(bundle: Bundle, *, at: str = "") -> Response:
    """Note the change and go back to that place on the board."""
    target = url_for("bundle_work.board", bundle_id=bundle.public_id, _anchor=at or None)
    audit.commit("bundle.change", bundle, number=bundle.draft_number)
    flash(_("저장했어요."), "success")
    return redirect(target, 303)


def refused(bundle: Bundle, error: Conflict | Invalid) -> tuple[str, int]:
    """The board as it stands, with what was not done. A conflict that is no other one's change goes on as it is."""
    if isinstance(error, Invalid):
        return show(bundle, errors={"": [problem(each) for each in error.problems]}), 422
    if not is_stale(error):
        raise error
    return show(bundle, changed=True), 409


def is_stale(error: Conflict) -> bool:
    """Whether somebody else has changed the working copy meanwhile."""
    return error.code in ("bundle.changed", "bundle.fix_gone")


def number_of(typed: Any) -> int:
    """The number of the working copy that a page carried; of one that carried none no copy is."""
    return typed if isinstance(typed, int) else 0


def show(bundle: Bundle, **context: Any) -> str:
    """The board."""
    sight = bundle_view.sight_of(bundle, fixes=True)
    last = bundle.versions[-1] if bundle.versions else None
    return render_template(
        "bundles/board.html",
        bundle=bundle,
        sight=sight,
        refused=last if last is not None and last.state == REFUSED else None,
        is_ahead=_is_ahead(bundle, sight),
        alike=signing.waits_alike(bundle, sight.form, today()),
        is_judged=publishing.is_judged(db, bundle),
        unfinished=_unfinished(sight),
        live=[each for each in bundle.versions if each.state == IN_FORCE or each == bundle.open_version],
        problem_words=[problem(each) for each in sight.problems],
        now=now(),
        **bundle_remarks.words(bundle, runs=True),
        **{"changed": False, **context},
        **_words(),
    )


def _is_ahead(bundle: Bundle, sight: bundle_view.Sight) -> bool:
    """Whether what is put together says something else than the version that its vendors are signing."""
    waiting = bundle.open_version
    return waiting is not None and not forms_of_bundles.same_content(
        forms_of_bundles.read(waiting.content), sight.form
    )


def _unfinished(sight: bundle_view.Sight) -> list[tuple[str, str]]:
    """What has to be written before it can be sent: (where, what); told only once nothing else stands in the way."""
    if not sight.form.items or sight.conflicts or sight.problems:
        return []
    found = publishing.unpresentable(sight.form, knowing.releases_of(db, sight.form))
    return [(place(each.pointer.removeprefix("texts/")), problem(each)) for each in found]


def line(own: access.OwnBundle) -> Line:
    """A bundle in a list, with who delays it."""
    bundle = own.bundle
    form = drafting.working_copy(bundle)
    live = [each for each in own.versions if each.state == IN_FORCE or each == bundle.open_version]
    seen = form if own.runs else forms_of_bundles.read(own.versions[0].content)
    open_one = next((each for each in live if each.state == SIGNING), None)
    asked = [] if open_one is None else [each for each in open_one.consents if each.state == ASKED]
    page = "bundle_work.board" if own.runs else "bundle_life.index"
    return Line(
        bundle_view.title(seen),
        url_for(page, bundle_id=bundle.public_id),
        seen.level_from,
        seen.level_to,
        seen.price_amount,
        tuple(live),
        tuple(own_words(each.organization.name, each.organization.name_en) for each in asked),
        None if open_one is None else open_one.sent_on,
    )


def levels() -> list[tuple[str, str]]:
    """Company levels as options."""
    return [(str(level), name("level_value", level)) for level in range(1, 6)]


def _new(own: access.OwnAlliance, values: dict[str, Any], **context: Any) -> str:
    return render_template(
        "bundles/new.html", alliance=own.alliance, values=values, levels=levels(), **context, **_words()
    )


def _words() -> dict[str, Any]:
    return {"said": said, "words": words}
