"""The self-check, one question a screen, its result, and the roadmap of a site."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog.errors import Conflict, Invalid, NotFound
from marketplace import audit
from marketplace.accounts import access
from marketplace.accounts.permission import requires
from marketplace.extensions import db, locale, now, search_engine, today
from marketplace.schemas.fields import parse
from marketplace.schemas.self_check import CheckAnswerIn
from marketplace.web import forms, level_path
from marketplace.web.parameters import notice_unknown
from marketplace.web.sites import level_text
from matching import roadmaps
from matching.maturity import items, scoring, self_checks
from matching.models import SelfCheck
from matching.models.self_check import FINISHED

bp = Blueprint("self_check", __name__)

#: Word of the form for 모르겠어요.
NOT_KNOWN = "unknown"
#: What one question takes, as the pages say it.
SECONDS_A_QUESTION = 30
FIELDS: Mapping[str, forms.Reader] = {
    "value": lambda texts: None if texts and texts[-1] == NOT_KNOWN else _number(texts)
}


def _number(texts: Any) -> Any:
    return forms.MISSING if forms.chosen(texts) is forms.MISSING else forms.whole(texts)


@bp.get("/self-check")
@requires("self_check.read")
def index() -> str:
    """Every factory with its run: start, go on, or look at the result."""
    notice_unknown()
    own = access.own_sites(db, current_user)
    return render_template(
        "self_check/index.html",
        sites=own,
        runs=access.self_checks_of(db, own),
        levels=access.levels_of(db, own, today()),
        level_text=level_text,
        total=len(items.instrument().questions),
        minutes=_minutes(len(items.instrument().questions)),
    )


@bp.post("/self-check")
@requires("self_check.answer")
def start() -> Response:
    """Begin at a factory, or go on where it was left."""
    site = access.own_site(db, current_user, _site_named())
    known = self_checks.open_run(db, site)
    run = self_checks.start(db, site, today())
    number = _next_number(run)
    if known is None:
        audit.commit("self_check.start", run)
    return redirect(url_for(".ask", check_id=run.public_id, number=number), 303)


@bp.get("/self-check/questions")
@requires("taxonomy.read")
def questions() -> str:
    """All questions with their states, and the cut-offs: public."""
    notice_unknown()
    return render_template(
        "self_check/questions.html",
        instrument=items.instrument(),
        cut_offs=[float(cut_off) for cut_off in scoring.CUT_OFFS],
        min_answers=scoring.MIN_ANSWERS,
    )


@bp.get("/self-check/<uuid:check_id>")
@requires("self_check.read")
def show(check_id: UUID) -> str:
    """How far a run has got, or what it came to."""
    notice_unknown()
    run = access.own_self_check(db, current_user, check_id)
    if run.state != FINISHED:
        return render_template("self_check/progress.html", run=run, **_run(run))
    found = self_checks.result(run)
    return render_template(
        "self_check/result.html",
        run=run,
        factory=run.site,
        found=roadmaps.of(db, search_engine(), run.site, None, today()),
        **_words(run, found, None if found.level is None else min(found.level + 1, level_path.LEVELS)),
    )


@bp.get("/self-check/<uuid:check_id>/<int:number>")
@requires("self_check.answer")
def ask(check_id: UUID, number: int) -> Response | str:
    """One question, with the answer that is kept."""
    notice_unknown()
    run = access.own_self_check(db, current_user, check_id)
    question = _question(run, number)
    if run.state == FINISHED:
        return redirect(url_for(".show", check_id=check_id), 303)
    given = self_checks.answers_of(run)
    kept = {"value": _word(given[question.id])} if question.id in given else {}
    return _page(run, question, values=kept)


@bp.post("/self-check/<uuid:check_id>/<int:number>")
@requires("self_check.answer")
def answer(check_id: UUID, number: int) -> Response | tuple[str, int]:
    """Keep the answer and go on; after the last open question the run is finished."""
    run = access.own_self_check(db, current_user, check_id)
    question = _question(run, number)
    form = forms.read(request.form, FIELDS)
    try:
        if "value" not in form.data:
            raise Invalid.at("value", "choice")
        value = parse(CheckAnswerIn(only=("value",)), form.data)["value"]
        self_checks.answer(db, run, question.id, value, now())
    except Invalid as error:
        db.rollback()
        run = access.own_self_check(db, current_user, check_id)
        return _page(
            run, question, **form.refused(error.problems, called={"value": question.name.text(locale())})
        ), 422
    audit.record(db, "self_check.answer", run, question=question.id)
    target = _after(run, number, request.form.get("go", "next"))
    db.commit()
    return redirect(target, 303)


@bp.post("/self-check/<uuid:check_id>/finish")
@requires("self_check.answer")
def finish(check_id: UUID) -> Response:
    """Close the run; done twice it ends at the same result."""
    run = access.own_self_check(db, current_user, check_id)
    target = url_for(".show", check_id=check_id)
    try:
        if run.state != FINISHED:
            self_checks.finish(db, run, today())
            audit.commit("self_check.finish", run)
    except Conflict as conflict:
        db.rollback()
        if conflict.code == "self_check.unanswered":
            flash(_("아직 답하지 않은 문항이 있어요. 모르면 ‘모르겠어요’를 골라 주세요."), "warning")
    return redirect(target, 303)


@bp.get("/sites/<uuid:site_id>/roadmap")
@requires("site.read")
def roadmap(site_id: UUID) -> str:
    """The steps from the level now to the goal, what each needs, and who serves it."""
    notice_unknown("goal")
    site = access.own_site(db, current_user, site_id)
    found = roadmaps.of(db, search_engine(), site, _goal_asked(), today())
    aim = found.goal or scoring.level_of(scoring.CUT_OFFS[0])
    words = {} if found.run is None or found.result is None else _words(found.run, found.result, aim)
    return render_template(
        "self_check/roadmap.html",
        run=found.run,
        factory=site,
        found=found,
        **{"instrument": items.instrument(), "share": level_path.share, **words},
        picture=level_path.draw(found.history, found.steps, found.goal, today()),
        level_text=level_text,
    )


def _site_named() -> UUID:
    """The site that the form names. Raises NotFound: it names none."""
    try:
        return UUID(request.form.get("site_id", ""))
    except ValueError:
        raise NotFound from None


def _question(run: SelfCheck, number: int) -> items.Question:
    asked = items.instrument(run.edition).questions
    if not 1 <= number <= len(asked):
        raise NotFound
    return asked[number - 1]


def _word(value: int | None) -> str:
    return NOT_KNOWN if value is None else str(value)


def _next_number(run: SelfCheck) -> int:
    """The first question without an answer, or the last of all."""
    left = self_checks.missing(run)
    return left[0].number if left else len(items.instrument(run.edition).questions)


def _after(run: SelfCheck, number: int, go: str) -> str:
    """Where an answer leads; the run is finished when nothing is left behind the last question."""
    if go == "later":
        flash(_("저장했어요. 언제든 여기서 이어서 답할 수 있어요."), "success")
        return url_for(".index")
    total = len(items.instrument(run.edition).questions)
    if number < total:
        return url_for(".ask", check_id=run.public_id, number=number + 1)
    if self_checks.missing(run):
        flash(_("아직 답하지 않은 문항이 있어요. 모르면 ‘모르겠어요’를 골라 주세요."), "warning")
        return url_for(".ask", check_id=run.public_id, number=_next_number(run))
    self_checks.finish(db, run, today())
    audit.record(db, "self_check.finish", run)
    return url_for(".show", check_id=run.public_id)


def _minutes(questions: int) -> int:
    return max(1, -(-questions * SECONDS_A_QUESTION // 60))


def _run(run: SelfCheck) -> dict[str, Any]:
    left = self_checks.missing(run)
    return {
        "instrument": items.instrument(run.edition),
        "given": self_checks.answers_of(run),
        "left": len(left),
        "minutes": _minutes(len(left)),
        "next_number": _next_number(run),
        "saved_at": max((row.answered_at for row in run.answers), default=None),
    }


def _page(run: SelfCheck, question: items.Question, **context: Any) -> str:
    asked = items.instrument(run.edition).questions
    return render_template(
        "self_check/question.html",
        run=run,
        question=question,
        before=asked[question.number - 2] if question.number > 1 else None,
        after=asked[question.number] if question.number < len(asked) else None,
        not_known=NOT_KNOWN,
        now=now(),
        **_run(run),
        **context,
    )


def _words(run: SelfCheck, found: scoring.Result, aim: int | None) -> dict[str, Any]:
    """What the bars and sentences about a finished run need; `aim` is the level that the areas are held against."""
    instrument = items.instrument(run.edition)
    return {
        "instrument": instrument,
        "given": self_checks.answers_of(run),
        "result": found,
        "aim": aim,
        "aim_mean": None if aim is None else float(scoring.begins_at(aim)),
        "gap": None
        if aim is None or found.mean is None
        else max(0.0, float(scoring.begins_at(aim) - found.mean)),
        "cut_offs": [float(cut_off) for cut_off in scoring.CUT_OFFS],
        "areas": sorted(found.areas, key=lambda area: (area.mean is None, area.mean or 0)),
        "share": level_path.share,
    }


def _goal_asked() -> int | None:
    asked = request.args.get("goal")
    if asked is None:
        return None
    if asked in ("1", "2", "3", "4", "5"):
        return int(asked)
    flash(_("모르는 조건은 빼고 보여드려요."), "warning")
    return None
