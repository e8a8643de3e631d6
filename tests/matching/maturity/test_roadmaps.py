"""The roadmap of a site finds what serves each step in the real store, by the scorer's own hard conditions."""

from datetime import date, timedelta

import pytest

from matching import roadmaps
from matching.maturity import assessments, items, self_checks
from tests import factories
from tests.factories import NOW, TODAY

QUESTIONS = items.instrument().questions
#: Everything at level 2 but quality, which is at 1: the first step to 3 works on quality first.
WEAK_QUALITY = {question.id: 1 if question.area == "quality" else 2 for question in QUESTIONS}


@pytest.fixture
def site(session, market):
    made = factories.site(session, market.maker)
    run = self_checks.start(session, made, TODAY)
    for question, value in WEAK_QUALITY.items():
        self_checks.answer(session, run, question, value, NOW)
    self_checks.finish(session, run, TODAY)
    return made


def plan(session, market, site, goal=None, today=TODAY):
    session.flush()
    market.follower.catch_up(session)
    return roadmaps.of(session, market.follower.engine, site, goal, today)


def qms(price, quality=4):
    return {"capabilities": ["qms"], "plans": [factories.plan("qms", price=price, quality=quality)]}


def test_listings_are_counted_by_the_hard_conditions_and_the_best_named(session, market, site):
    fitting = [market.publish(f"맞음 {n}", **qms(10_000_000 * (n + 1))) for n in range(4)]
    market.publish("다른 지역", **qms(1_000_000), regions=["seoul"])
    market.publish("더 높은 수준", **qms(1_000_000), level={"scale": "company_level", "from": 3, "to": 4})
    market.publish("낮은 품질", **qms(1_000_000, quality=2))
    market.publish("다른 역량")
    market.publish("만료", **qms(1_000_000), expires_on=TODAY + timedelta(days=1))
    found = plan(session, market, site, today=TODAY + timedelta(days=2))
    (offer, *_), (step, *_) = found.offers, found.steps
    assert "qms" in step.to_get
    served = offer.capabilities["qms"]
    assert (served.count, served.from_amount) == (4, 10_000_000)
    assert len(served.best) == 3
    assert {row.listing for row in served.best} <= {listing.public_id for listing in fitting}
    assert [row.fit for row in served.best] == sorted((row.fit for row in served.best), reverse=True)
    assert offer.from_amount is None  # the other musts have no listing, so no price
    assert offer.covers_all == 0


def test_the_step_starts_at_the_level_that_holds(session, market, site):
    assert (plan(session, market, site).level, plan(session, market, site).goal) == (2, 3)
    assessments.record(
        session,
        site,
        scale="company_level",
        level=3,
        basis="certified",
        on=TODAY,
        detail={"number": "예시-1", "body": "예시 기관", "valid_until": date(2027, 1, 1).isoformat()},
    )
    found = plan(session, market, site)
    assert [(step.from_level, step.later) for step in found.steps] == [(3, False), (4, True)]
    assert found.steps[0].mean_after is None
    assert found.steps[0].lifts[0].area == "quality"


def test_the_goal_is_that_of_the_newest_open_demand(session, market, site):
    market.demand(site, target_level=4)
    assert plan(session, market, site).goal == 4
    market.demand(site, target_level=2)
    assert plan(session, market, site).goal == 4
    assert plan(session, market, site, goal=5).goal == 5


def test_what_runs_at_the_site_is_marked_and_not_to_be_got(session, market):
    systems = [{"name": "QMS", "capability": "qms", "interfaces": []}]
    made = factories.site(session, market.maker, systems=systems)
    run = self_checks.start(session, made, TODAY)
    for question, value in WEAK_QUALITY.items():
        self_checks.answer(session, run, question, value, NOW)
    self_checks.finish(session, run, TODAY)
    (step, *_) = plan(session, market, made).steps
    standing = {need.capability: need.standing for need in step.needs}
    assert standing["qms"] == "in_use"
    assert "qms" not in step.to_get


def test_a_later_run_without_a_level_says_nothing_and_hides_nothing(session, market, site):
    before = plan(session, market, site)
    later = TODAY + timedelta(days=3)
    run = self_checks.start(session, site, later)
    for number, question in enumerate(QUESTIONS):
        self_checks.answer(session, run, question.id, 1 if number < 6 else None, NOW)
    assert self_checks.finish(session, run, later).level is None
    after = plan(session, market, site, today=later)
    assert (after.run, after.result, after.steps) == (before.run, before.result, before.steps)
    assert len(after.history) == len(before.history) + 1
