"""A run through the self-check: answers are kept one by one, the last one holds, and the result is a level or none."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from catalog.errors import Conflict, Invalid
from marketplace.extensions import Database
from matching.maturity import assessments, items, self_checks
from matching.models import Assessment, SelfCheck, SelfCheckAnswer
from tests import factories
from tests.factories import NOW, TODAY

QUESTIONS = [question.id for question in items.instrument().questions]


@pytest.fixture
def session(database_url):
    database = Database(database_url)
    with database.session() as opened:
        yield opened
    database.engine.dispose()


@pytest.fixture
def site(session):
    made = factories.site(session, factories.company(session, "manufacturer"))
    session.query(Assessment).delete()
    session.flush()
    return made


def finished(session, site, values, on=TODAY):
    run = self_checks.start(session, site, on)
    for question, value in zip(QUESTIONS, values, strict=True):
        self_checks.answer(session, run, question, value, NOW)
    return run, self_checks.finish(session, run, on)


def test_a_finished_run_is_a_company_level_on_the_basis_of_a_self_check(session, site):
    run, assessment = finished(session, site, [3, 2, 2, 3, 2, 2, 2, 3, 2, 1, 2, None])
    assert (assessment.scale, assessment.level, assessment.basis) == ("company_level", 2, "self_check")
    assert assessment.detail == {
        "edition": "ieum-self-check/1",
        "check": run.public_id,
        "mean": "2.18",
        "answered": 11,
        "unknown": 1,
        "weakest": ["equipment", "production", "logistics"],
    }
    assert (run.state, run.finished_on, run.assessment_id) == ("finished", TODAY, assessment.id)
    assert assessments.current(session, site, today=TODAY) is assessment


def test_fewer_than_eight_answers_give_no_level_and_hide_nothing(session, site):
    stated = assessments.record(
        session, site, scale="company_level", level=3, basis="self_reported", on=TODAY - timedelta(days=9)
    )
    _run, assessment = finished(session, site, [4] * 7 + [None] * 5)
    assert assessment.level is None
    assert assessments.current(session, site, today=TODAY) is stated


def test_the_last_answer_holds_and_unknown_is_an_answer(session, site):
    run = self_checks.start(session, site, TODAY)
    for value in (2, 5, None, 3):
        self_checks.answer(session, run, "records", value, NOW)
    assert self_checks.answers_of(run) == {"records": 3}
    self_checks.answer(session, run, "goals", None, NOW)
    assert self_checks.answers_of(run) == {"records": 3, "goals": None}
    assert [question.id for question in self_checks.missing(run)] == [
        question for question in QUESTIONS if question not in ("records", "goals")
    ]


def test_a_second_start_goes_on_with_the_open_run(session, site):
    run = self_checks.start(session, site, TODAY)
    self_checks.answer(session, run, "goals", 2, NOW)
    assert self_checks.start(session, site, TODAY + timedelta(days=3)) is run
    assert session.scalar(select(func.count(SelfCheck.id))) == 1


def test_an_unfinished_run_cannot_be_closed_and_a_closed_one_never_changes(session, site):
    run = self_checks.start(session, site, TODAY)
    self_checks.answer(session, run, "goals", 2, NOW)
    with pytest.raises(Conflict) as refused:
        self_checks.finish(session, run, TODAY)
    assert (refused.value.code, refused.value.params) == ("self_check.unanswered", {"num": 11})
    assert run.state == "open"
    assert session.scalar(select(func.count(Assessment.id))) == 0
    for question in QUESTIONS[1:]:
        self_checks.answer(session, run, question, 2, NOW)
    self_checks.finish(session, run, TODAY)
    for act in (
        lambda: self_checks.answer(session, run, "goals", 5, NOW),
        lambda: self_checks.finish(session, run, TODAY),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "self_check.finished"
    session.expire(run)
    assert self_checks.answers_of(run) == dict.fromkeys(QUESTIONS, 2)
    assert session.scalar(select(func.count(Assessment.id))) == 1


@pytest.mark.parametrize(
    ("question", "value", "pointer"), [("none", 2, "question"), ("goals", 0, "value"), ("goals", 6, "value")]
)
def test_what_is_no_answer_is_refused(session, site, question, value, pointer):
    run = self_checks.start(session, site, TODAY)
    with pytest.raises(Invalid) as refused:
        self_checks.answer(session, run, question, value, NOW)
    assert [problem.pointer for problem in refused.value.problems] == [pointer]
    assert session.scalar(select(func.count(SelfCheckAnswer.id))) == 0


def certify(session, site, level, first, last):
    return assessments.record(
        session,
        site,
        scale="company_level",
        level=level,
        basis="certified",
        on=first,
        detail={"number": "예시-1", "body": "예시 기관", "valid_until": last.isoformat()},
    )


def test_a_valid_certificate_beats_a_self_check_and_that_beats_what_is_stated(session, site):
    stated = assessments.record(
        session, site, scale="company_level", level=5, basis="certificate_claimed", on=TODAY
    )
    assert assessments.current(session, site, today=TODAY) is stated
    _run, checked = finished(session, site, [2] * 12, on=TODAY - timedelta(days=300))
    assert assessments.current(session, site, today=TODAY) is checked
    certified = certify(session, site, 3, date(2025, 1, 1), TODAY)
    session.flush()
    assert assessments.current(session, site, today=TODAY) is certified
    assert assessments.current(session, site, today=TODAY + timedelta(days=1)) is checked
    assert assessments.current(session, site, today=date(2024, 12, 31)) is checked
    assert assessments.current(session, site) is checked
    assert assessments.current(session, site, "system_level", today=TODAY) is None


def test_the_newest_of_a_kind_holds(session, site):
    finished(session, site, [2] * 12, on=TODAY - timedelta(days=300))
    _run, newer = finished(session, site, [3] * 12)
    assert assessments.current(session, site, today=TODAY) is newer
    assert [row.detail["mean"] for row in assessments.of_site(session, site)] == ["2.00", "3.00"]


def test_a_certified_level_needs_a_level_and_a_last_day(session, site):
    for level, detail in ((None, {"valid_until": "2027-01-01"}), (3, {})):
        with pytest.raises(Invalid):
            assessments.record(
                session,
                site,
                scale="company_level",
                level=level,
                basis="certified",
                on=TODAY,
                detail=detail,
            )
    assert assessments.of_site(session, site) == []
