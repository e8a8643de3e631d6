"""Editions of the weights: draft, look at what they would do, publish."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalog.errors import Invalid
from marketplace import audit, formats, wording
from marketplace.accounts import access
from marketplace.accounts.permission import requires
from marketplace.extensions import db, now, search_engine, today
from marketplace.journeys import weights as journey
from marketplace.schemas.editions import EditionIn, EditionPublishIn
from marketplace.schemas.fields import parse
from marketplace.web import forms, once
from marketplace.web.console import confirming, frame
from marketplace.wording.particles import settled
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
def publish(edition_id: UUID) -> Response | confirming.Answer:
    """Publish a draft as it was looked at."""
    edition = access.weights_edition(db, edition_id)
    form = forms.read(request.form, NAMING)
    try:
        naming = parse(EditionPublishIn(), form.data)
        journey.publish(db, edition, **naming, today=today(), now=now())
    except Invalid as error:
        db.rollback()
        return _page(edition, **_refused(form, error)), 422
    if (page := confirming.unsure(_publishing(edition, naming["from_on"]))) is not None:
        return page
    audit.commit("weights.publish", edition, version=edition.version, reason=edition.reason)
    flash(settled(_("가중치 %(version)s을(를) 공개했어요.", version=edition.version)), "success")
    return redirect(url_for(".index"), 303)


@bp.post("/<uuid:edition_id>/discard")
@requires("weights.draft")
def discard(edition_id: UUID) -> Response | confirming.Answer:
    """Throw a draft away."""
    edition = access.weights_edition(db, edition_id)
    step = _discarding(edition)
    audit.record(db, "weights.discard", edition)
    editions.discard(db, edition)
    if (page := confirming.unsure(step)) is not None:
        return page
    db.commit()
    flash(_("초안을 버렸어요."), "success")
    return redirect(url_for(".index"), 303)


def _publishing(edition: WeightsEdition, from_on: date) -> confirming.Step:
    return confirming.Step(
        at="weights",
        question=_("가중치 %(version)s 공개하기", version=edition.version),
        happens=[
            _(
                "%(day)s부터 만드는 모든 추천 목록의 순위를 이 판으로 정해요.",
                day=formats.date_text(from_on, get_locale()),
            ),
            _("이미 만든 목록은 그때의 판으로 남아요."),
            _("바꾸는 이유가 점수 산정 기준 화면에 실리고, 모든 운영자에게 알려요."),
            _("공개한 판은 고치거나 지울 수 없어요. 바꾸려면 새 판을 내야 해요."),
        ],
        button=_("공개하기"),
        back=url_for(".show", edition_id=edition.public_id),
    )


def _discarding(edition: WeightsEdition) -> confirming.Step:
    return confirming.Step(
        at="weights",
        question=_("가중치 초안을 버릴까요?"),
        happens=[_("초안에 적은 가중치가 지워지고 되돌릴 수 없어요."), _("공개한 판은 그대로예요.")],
        button=_("초안 버리기"),
        back=url_for(".show", edition_id=edition.public_id),
    )


def _page(edition: WeightsEdition, **refused: Any) -> str:
    """The page of one edition; its effect is against the edition in force."""
    parts = editions.parts_of(edition)
    present = editions.in_force(db, today())
    is_sound = edition.state == DRAFT and not validity.problems(parts)
    effects = []
    if is_sound:
        new = editions.weights_of(edition)
        effects = preview.effects(db, search_engine(), present, new, today())
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
