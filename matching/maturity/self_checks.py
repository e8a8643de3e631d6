"""Go through the self-check: start, answer, finish. Each answer is kept at once; the last one given holds."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from catalog.errors import Conflict, Invalid
from catalog.models import Site
from matching.maturity import assessments, items, scoring
from matching.models import Assessment, SelfCheck, SelfCheckAnswer
from matching.models.assessment import COMPANY_LEVEL, SELF_CHECK
from matching.models.self_check import FINISHED, OPEN

HIGHEST = 5


def start(session: Session, site: Site, today: date) -> SelfCheck:
    """The site's open run, or a new one of the edition that is asked now."""
    session.flush()  # a new site must be there before its row can be locked
    # Two starts at once would both find no open run.
    session.refresh(site, attribute_names=["name"], with_for_update=True)
    found = open_run(session, site)
    if found is not None:
        return found
    run = SelfCheck(site=site, edition=items.EDITION, started_on=today)
    session.add(run)
    session.flush()  # the answers that follow need its key
    return run


def answer(session: Session, run: SelfCheck, question: str, value: int | None, now: datetime) -> None:
    """Keep the answer to one question; None = 모르겠어요.

    Raises:
        Conflict: the run is finished. Invalid: no such question, or a value outside 1–5.
    """
    _lock(session, run)
    if items.instrument(run.edition).question(question) is None:
        raise Invalid.at("question", "unknown_code", value=question)
    if value is not None and not 1 <= value <= HIGHEST:
        raise Invalid.at("value", "range", min=1, max=HIGHEST)
    kept = session.scalar(
        select(SelfCheckAnswer)
        .where(SelfCheckAnswer.check_id == run.id, SelfCheckAnswer.question == question)
        .execution_options(populate_existing=True)
    )
    if kept is None:
        session.add(SelfCheckAnswer(check_id=run.id, question=question, value=value, answered_at=now))
    else:
        kept.value, kept.answered_at = value, now
    session.flush()  # the run's answers are read again below
    session.expire(run, ["answers"])


def finish(session: Session, run: SelfCheck, today: date) -> Assessment:
    """Close a run in which every question has an answer, and record what it comes to: a level, or none.

    Raises:
        Conflict: the run is finished already, or questions are left.
    """
    _lock(session, run)
    session.expire(run, ["answers"])
    if missing(run):
        raise Conflict("self_check.unanswered", num=len(missing(run)))
    found = result(run)
    assessment = assessments.record(
        session,
        run.site,
        scale=COMPANY_LEVEL,
        level=found.level,
        basis=SELF_CHECK,
        on=today,
        detail={
            "edition": run.edition,
            "check": run.public_id,
            "mean": None if found.mean is None else f"{float(found.mean):.2f}",
            "answered": found.answered,
            "unknown": found.unknown,
            "weakest": list(found.weakest),
        },
    )
    session.flush()  # the run points at the statement
    run.state, run.finished_on, run.assessment_id = FINISHED, today, assessment.id
    return assessment


def answers_of(run: SelfCheck) -> dict[str, int | None]:
    """The answers given so far, by question."""
    return {row.question: row.value for row in run.answers}


def missing(run: SelfCheck) -> list[items.Question]:
    """Questions without an answer, in their order; 모르겠어요 is an answer."""
    given = {row.question for row in run.answers}
    return [question for question in items.instrument(run.edition).questions if question.id not in given]


def result(run: SelfCheck) -> scoring.Result:
    """What the answers of a run say."""
    return scoring.result(items.instrument(run.edition), answers_of(run))


def open_run(session: Session, site: Site) -> SelfCheck | None:
    """The run of a site that is not finished, if there is one."""
    return session.scalar(select(SelfCheck).where(SelfCheck.site_id == site.id, SelfCheck.state == OPEN))


def newest_telling(session: Session, site: Site) -> SelfCheck | None:
    """The last finished run of a site that came to a level; without any such the last finished one, if there is one."""
    rows = select(SelfCheck).join(Assessment, Assessment.id == SelfCheck.assessment_id)
    mine = rows.where(SelfCheck.site_id == site.id, SelfCheck.state == FINISHED)
    newest = Assessment.level.is_(None), SelfCheck.finished_on.desc(), SelfCheck.id.desc()
    return session.scalar(mine.order_by(*newest).limit(1))


def newest_runs(session: Session, sites: Sequence[Site]) -> dict[int, SelfCheck]:
    """By site key, the run that was started last, with its answers."""
    rows = select(SelfCheck).where(SelfCheck.site_id.in_([site.id for site in sites]))
    rows = rows.options(selectinload(SelfCheck.answers))
    return {run.site_id: run for run in session.scalars(rows.order_by(SelfCheck.id))}


def _lock(session: Session, run: SelfCheck) -> None:
    """Two writers of one run take turns, so the last answer holds and no finished run changes."""
    session.flush()  # a refresh would throw away what this transaction has changed so far
    session.refresh(run, attribute_names=["state"], with_for_update=True)
    if run.state != OPEN:
        raise Conflict("self_check.finished")
