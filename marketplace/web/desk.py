"""The review desk: the queue, the declaration of no conflict of interest, the judgement."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog import clock
from catalog.errors import Invalid
from catalog.models import Review
from catalog.models.review import SEVERITIES, WAITING
from catalog.validation import certificates, desk, rubric
from marketplace import audit, wording
from marketplace.accounts import access
from marketplace.accounts.permission import requires
from marketplace.extensions import db, now, today
from marketplace.journeys import decisions
from marketplace.schemas.fields import Part, Strict, Text, parse
from marketplace.schemas.reviews import DecisionIn, RemarkIn
from marketplace.web import bundle_desk, forms, once, reviewing
from marketplace.web.parameters import notice_unknown, page_number

bp = Blueprint("reviews", __name__, url_prefix="/desk")

PER_PAGE = 20
POINTS = {f"points/{criterion.id}": reviewing.points_reader for criterion in rubric.CRITERIA}
DECISION = {**POINTS, "decision": forms.chosen, "statement": forms.text, "expires_on": forms.optional}
FINDING = {"finding/pointer": forms.chosen, "finding/severity": forms.chosen, "finding/text": forms.text}
NOTES = {"internal": forms.text, "vendor": forms.text}


class FindingForm(Strict):
    """The form that adds a finding."""

    finding = Part(RemarkIn(), required=True)


@bp.get("")
@requires("review.read")
def queue() -> str:
    """Waiting submissions and those taken, oldest first."""
    notice_unknown("page")
    total = access.count_queue(db, current_user)
    pages = -(-total // PER_PAGE)
    page = page_number(pages)
    rows = access.queue(db, current_user, offset=(page - 1) * PER_PAGE, limit=PER_PAGE)
    rivals = access.rivals(db, access.own_organization(db, current_user))
    return render_template(
        "desk/queue.html", rows=rows, rivals=rivals, total=total, page=page, pages=pages, days=_days_waiting
    )


@bp.get("/<uuid:review_id>")
@requires("review.read")
def show(review_id: UUID) -> str:
    """Before taking: the declaration. Afterwards: the submission, the rubric, findings, notes, the decision."""
    return _page(review_id)


@bp.get("/<uuid:review_id>/bundle")
@requires("review.judge")
def bundle(review_id: UUID) -> str | Response:
    """All that a bundle on the desk promises: what the rubric asks of it is answered here, once the review is taken."""
    review = access.review(db, current_user, review_id)
    if review.state == WAITING:
        return redirect(url_for(".show", review_id=review_id))
    return render_template("desk/bundle.html", review=review, **bundle_desk.in_full(review))


@bp.post("/<uuid:review_id>/take")
@requires("review.judge")
def take(review_id: UUID) -> Response | tuple[str, int]:
    """Declare that there is no conflict of interest, and take the review."""
    review = access.review(db, current_user, review_id)
    known = once.seen()
    if known is not None:
        return redirect(known, 303)
    if not request.form.get("no_conflict"):
        return _refused(review_id, forms.read(request.form, {}), Invalid.at("no_conflict", "no_conflict"))
    desk.take(db, review, access.own_organization(db, current_user), access.judge(current_user), now())
    target = once.remember(url_for(".show", review_id=review_id))
    audit.commit("review.take", review)
    flash(_("심사를 맡았어요. 이제 자료와 기준표를 볼 수 있어요."), "success")
    return redirect(target, 303)


@bp.post("/<uuid:review_id>/points")
@requires("review.judge")
def save_points(review_id: UUID) -> Response | str | tuple[str, int]:
    """Save the points given so far; a statement that has been begun stays on the page."""
    review = access.review(db, current_user, review_id)
    form = forms.read(request.form, DECISION)
    try:
        desk.score(db, review, parse(DecisionIn(only=("points",)), {"points": _points(form)})["points"])
    except Invalid as error:
        return _refused(review_id, form, error)
    audit.commit("review.score", review)
    flash(_("점수를 저장했어요."), "success")
    if form.values.get("statement") or form.values.get("decision"):
        return _page(review_id, values=form.values)
    return redirect(url_for(".show", review_id=review_id) + "#f-points", 303)


@bp.post("/<uuid:review_id>/findings")
@requires("review.judge")
def add_finding(review_id: UUID) -> Response | tuple[str, int]:
    """Add a numbered finding."""
    review = access.review(db, current_user, review_id)
    form = forms.read(request.form, FINDING)
    try:
        given = parse(FindingForm(), form.data)["finding"]
        known = once.seen()
        if known is not None:
            return redirect(known, 303)
        desk.remark(db, review, [given])
    except Invalid as error:
        return _refused(review_id, form, error)
    target = once.remember(url_for(".show", review_id=review_id) + "#f-findings")
    audit.commit("review.remark", review, pointer=given["pointer"], severity=given["severity"])
    return redirect(target, 303)


@bp.post("/<uuid:review_id>/findings/<int:number>/drop")
@requires("review.judge")
def drop_finding(review_id: UUID, number: int) -> Response:
    """Take a finding back before the decision."""
    review = access.review(db, current_user, review_id)
    desk.drop_remark(db, review, number)
    audit.commit("review.drop_remark", review, number=number)
    flash(_("지적 %(n)s을 지웠어요.", n=number), "success")
    return redirect(url_for(".show", review_id=review_id) + "#f-findings", 303)


@bp.post("/<uuid:review_id>/notes/<any(internal, vendor):audience>")
@requires("review.judge")
def add_note(review_id: UUID, audience: str) -> Response | tuple[str, int]:
    """Write to the own house, or to the vendor."""
    review = access.review(db, current_user, review_id)
    form = forms.read(request.form, {audience: NOTES[audience]})
    schema = Strict.from_dict({audience: Text(2000, 1, required=True)})
    try:
        given = parse(schema(), form.data)
        known = once.seen()
        if known is not None:
            return redirect(known, 303)
        desk.note(db, review, audience=audience, author=current_user.name, text=given[audience], now=now())
    except Invalid as error:
        return _refused(review_id, form, error)
    target = once.remember(url_for(".show", review_id=review_id) + "#notes")
    audit.commit("review.note", review, audience=audience)
    return redirect(target, 303)


@bp.post("/<uuid:review_id>/decision")
@requires("review.judge")
def decide(review_id: UUID) -> Response | tuple[str, int]:
    """Approve or send back. The declaration was made when the review was taken."""
    review = access.review(db, current_user, review_id)
    form = forms.read(request.form, DECISION)
    data = {**form.data, "points": _points(form), "no_conflict": review.state != WAITING}
    try:
        given = parse(DecisionIn(), data)
        known = once.seen()
        if known is not None:
            return redirect(known, 303)
        own, judge = access.own_organization(db, current_user), access.judge(current_user)
        decisions.decide(db, review, own, judge, given, now())
    except Invalid as error:
        return _refused(review_id, form, error)
    target = once.remember(url_for(".show", review_id=review_id))
    audit.commit("review.decide", review, decision=given["decision"])
    flash(_("판정을 제출했어요. 공급기업에 메일로 알려요."), "success")
    return redirect(target, 303)


def _points(form: forms.Form) -> dict[str, Any]:
    """The points that were chosen; a criterion left open has none, whatever was saved before."""
    chosen = form.data.get("points", {})
    return {criterion: None if given == "" else given for criterion, given in chosen.items()}


def _refused(review_id: UUID, form: forms.Form, error: Invalid) -> tuple[str, int]:
    """The page as it stands in the database, with what was typed and what is wrong with it."""
    db.rollback()
    said = form.refused(error.problems)
    if "no_conflict" in said["errors"]:
        said["values"] = {}
    return _page(review_id, **said), 422


def _page(review_id: UUID, **typed: Any) -> str:
    review = access.review_in_full(db, current_user, review_id)
    if review.state == WAITING:
        validator = access.own_organization(db, current_user)
        barred = desk.conflict(db, review, validator, access.judge(current_user))
        return render_template(
            "desk/declare.html",
            review=review,
            barred=barred and wording.refusal(barred, {}),
            days=_days_waiting,
            **bundle_desk.words(review),
            **typed,
        )
    shown = bundle_desk.words(review)
    typed["labels"] = {**typed.get("labels", {}), **shown["called"]}
    return render_template("desk/review.html", **_judgement(review), **shown, moment=now(), **typed)


def _judgement(review: Review) -> dict[str, Any]:
    stored = access.files_under_review(db, review)
    points = review.rubric.get("points", {})
    content = review.content
    return {
        "review": review,
        "content": content,
        "files": {record["id"]: reviewing.files(record, stored) for record in content["evidence"]},
        "unchanged": desk.is_unchanged(review),
        "rubric_rows": reviewing.rubric_rows(points),
        "rubric_total": rubric.total(points),
        "rubric": rubric,
        "scope": certificates.scope(content, ""),
        "places": [(pointer, wording.place(pointer)) for pointer in reviewing.pointers(content)],
        "severities": [(severity, wording.name("severity", severity)) for severity in SEVERITIES],
        "rounds": access.rounds_of_review(db, current_user, review),
        "certificate": access.certificate_of_review(db, review),
        "expires_on": (today() + timedelta(days=certificates.DEFAULT_DAYS)).isoformat(),
        "period": reviewing.period,
        "days": _days_waiting,
    }


def _days_waiting(review: Review) -> int:
    """Days since the submission, the day itself counting as the first."""
    handed_in: date = clock.day_of(review.submitted_at)
    return (today() - handed_in).days + 1
