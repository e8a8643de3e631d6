"""Editions of the weights: draft, look at what they would do, publish."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalog.errors import Invalid
from marketplace import audit, wording
from marketplace.accounts import access
from marketplace.accounts.permission import requires
from marketplace.extensions import db, now, search_engine, today
from marketplace.journeys import weights as journey
from marketplace.schemas.editions import EditionIn, EditionPublishIn
from marketplace.schemas.fields import parse
from marketplace.web import forms, once
from marketplace.web.console import frame
from matching import editions, preview
from matching.models import WeightsEdition
from matching.models.edition import DRAFT
from matching.scoring import editions as validity
from matching.scoring.editions import Parts
from matching.scoring.weights import AXES, BUILT_IN

bp = Blueprint("console_weights", __name__, url_prefix="/console/weights")

PARTS = {
    **{f"axis/{axis}": forms.whole for axis in AXES},
    "not_in_use": forms.many,
    "text_weight": forms.whole,
    "policy_term": forms.whole,
}
NAMING = {
    "version": forms.chosen,
    "reason": forms.lines,
    "from_on": forms.chosen,
    "revision": forms.whole,
}


@bp.get("")
@requires("weights.draft")
def index() -> str | Response:
    """Every edition, the drafts first."""
    asked = frame.filters()
    published = editions.published(db)
    if asked.csv:
        return _csv(published)
    in_force = editions.in_force(db, today())
    return render_template(
        "console/weights.html",
        drafts=editions.drafts(db),
        published=published,
        built_in=BUILT_IN,
        in_force=in_force.version,
        asked=asked,
        axes=AXES,
        now=now(),
    )


@bp.post("")
@requires("weights.draft")
def draft() -> Response:
    """Begin a draft from the edition in force."""
    if (known := once.seen()) is not None:
        return redirect(known, 303)
    edition = editions.draft(db, today(), now())
    db.flush()  # the page to go to is named by its public id
    target = once.remember(url_for(".show", edition_id=edition.public_id))
    audit.commit("weights.draft", edition, based_on=edition.based_on)
    return redirect(target, 303)


@bp.get("/<uuid:edition_id>")
@requires("weights.draft")
def show(edition_id: UUID) -> str:
    """One edition; a draft with its form and its effect on saved demands."""
    return _page(access.weights_edition(db, edition_id))


@bp.post("/<uuid:edition_id>")
@requires("weights.draft")
def save(edition_id: UUID) -> Response | tuple[str, int]:
    """Save a draft and show its effect."""
    edition = access.weights_edition(db, edition_id)
    form = forms.read(request.form, PARTS)
    try:
        editions.change(db, edition, Parts(**parse(EditionIn(), form.data)), now())
    except Invalid as error:
        db.rollback()
        return _page(edition, **_refused(form, error)), 422
    audit.commit("weights.draft", edition, revision=edition.revision)
    flash(_("초안을 저장했어요. 아래에서 순위가 어떻게 바뀌는지 볼 수 있어요."), "success")
    return redirect(url_for(".show", edition_id=edition_id), 303)


@bp.post("/<uuid:edition_id>/publish")
@requires("weights.publish")
def publish(edition_id: UUID) -> Response | tuple[str, int]:
    """Publish a draft as it was looked at."""
    edition = access.weights_edition(db, edition_id)
    form = forms.read(request.form, NAMING)
    try:
        naming = parse(EditionPublishIn(), form.data)
        journey.publish(db, edition, **naming, today=today(), now=now())
    except Invalid as error:
        db.rollback()
        return _page(edition, **_refused(form, error)), 422
    audit.commit("weights.publish", edition, version=edition.version, reason=edition.reason)
    flash(_("가중치 %(version)s을(를) 공개했어요.", version=edition.version), "success")
    return redirect(url_for(".index"), 303)


@bp.post("/<uuid:edition_id>/discard")
@requires("weights.draft")
def discard(edition_id: UUID) -> Response:
    """Throw a draft away."""
    edition = access.weights_edition(db, edition_id)
    audit.record(db, "weights.discard", edition)
    editions.discard(db, edition)
    db.commit()
    flash(_("초안을 버렸어요."), "success")
    return redirect(url_for(".index"), 303)


def _page(edition: WeightsEdition, **refused: Any) -> str:
    """The page of one edition; its effect is against the edition in force."""
    parts = editions.parts_of(edition)
    present = editions.in_force(db, today())
    is_sound = edition.state == DRAFT and not validity.problems(parts)
    effects = []
    if is_sound:
        new = editions.weights_of(edition)
        effects = preview.effects(db, search_engine().all(), present, new, today())
    versions = [BUILT_IN.version, *(str(row.version) for row in editions.published(db))]
    return render_template(
        "console/weights_edition.html",
        edition=edition,
        present=present,
        axes=AXES,
        axis_options=[(axis, wording.name("axis", axis)) for axis in AXES],
        pointers=[*PARTS, *NAMING],
        effects=effects,
        top=preview.TOP,
        suggested=validity.following(versions, today().year),
        now=now(),
        **refused,
    )


def _refused(form: forms.Form, error: Invalid) -> dict[str, Any]:
    labels = {f"axis/{axis}": wording.name("axis", axis) for axis in AXES}
    return form.refused(error.problems, called={**labels, "axis": _("가중치")})


def _csv(published: Any) -> Response:
    header = [_("판"), _("시행일"), *(wording.name("axis", axis) for axis in AXES), _("쓰지 않음"), _("이유")]
    rows = [
        [row.version, row.from_on, *(row.axis[axis] for axis in AXES), " ".join(row.not_in_use), row.reason]
        for row in published
    ]
    first = [BUILT_IN.version, "", *BUILT_IN.axis.values(), " ".join(BUILT_IN.not_in_use), ""]
    return frame.csv_answer("weights", header, [*rows, first])
