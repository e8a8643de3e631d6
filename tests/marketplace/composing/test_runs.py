"""A run from its start to its end: once, cancelled, refused, taken up after its worker died."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from catalog.models import AllianceMember, Bundle
from catalog.outbox import OutboxMessage
from marketplace import extensions, worker
from marketplace.audit import AuditEntry
from marketplace.journeys import composing as acts
from matching.composer import Misjudged
from matching.composing import runs
from matching.models import ComposeRun
from tests.marketplace.people import person
from tests.marketplace.web.looking import acting, one, rows
from tests.test_concurrency import at_once


def answer(around, run):
    return around.runner.api("GET", f"{around.path}/{run}").get_json()


def test_a_run_is_asked_for_searched_by_the_worker_and_answered(app, around):
    run = around.start()
    assert answer(around, run)["state"] == "queued"
    worker.drain(app)
    told = answer(around, run)
    assert (told["state"], told["percent"], told["failure"]) == ("done", 100, [])
    best = told["answer"]["best"]
    assert told["answer"]["status"] == best["status"] == "proven"
    assert [(item["title"], item["member"], item["capabilities"]) for item in best["items"]] == sorted(
        [("결 MES", True, ["mes"]), ("결 ERP", True, ["erp"])],
        key=lambda row: around.listings[row[0]],
    )
    assert best["own_amount"] == best["prices_amount"] == 35_000_000
    assert [(link["how"], link["interfaces"]) for link in best["links"]] == [("interface", ["rest"])]
    assert len(told["instance_sha256"]) == 64
    assert told["answer"]["said"]["assumed"] == ["quality", "budget_band", "industry", "region"]


def test_the_same_question_has_the_same_answer_and_digest(app, around):
    first, second = (answer(around, around.done()) for _ in range(2))
    assert first["answer"] == second["answer"]
    assert first["instance_sha256"] == second["instance_sha256"]


def test_an_impossible_demand_is_told_with_funnel_core_and_repairs(app, around):
    run = around.start(demand=around.impossible)
    worker.drain(app)
    path = around.path.replace(around.demand, around.impossible)
    told = around.runner.api("GET", f"{path}/{run}").get_json()["answer"]
    assert (told["status"], told["best"]) == ("infeasible", None)
    assert told["funnel"]["scm"]["offers"] == 0
    assert told["core"] == ["capability:scm"]
    assert told["repairs"][0]["steps"][0]["change"] == "drop"
    steps = [{name: step[name] for name in ("requirement", "change")} for step in told["repairs"][0]["steps"]]
    again = around.start(demand=around.impossible, changes=steps)
    worker.drain(app)
    assert around.runner.api("GET", f"{path}/{again}").get_json()["answer"]["status"] == "proven"


def test_the_same_run_twice_at_once_is_one(app, around):
    def send():
        body = {"seconds": 30}
        return around.runner.api("POST", around.path, json=body).get_json()["id"]

    first, second = at_once(send, send)
    assert first == second
    assert around.states() == ["queued"]
    starts = select(func.count(AuditEntry.number)).where(AuditEntry.act == "compose.start")
    assert one(app, starts) == 1


def test_only_so_many_are_under_way(around):
    for seconds in range(10, 10 + runs.MOST_OPEN):
        around.start(seconds=seconds)
    refused = around.runner.api("POST", around.path, json={"seconds": 60})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "compose.too_many")
    assert around.states() == ["queued"] * runs.MOST_OPEN


def test_one_that_waits_is_cancelled_at_once_and_never_searched(app, around):
    run = around.start()
    assert around.runner.api("POST", f"{around.path}/{run}/cancellation").get_json()["state"] == "cancelled"
    assert around.runner.api("POST", f"{around.path}/{run}/cancellation").status_code == 409
    worker.drain(app)
    assert (around.state(run).state, around.state(run).result) == ("cancelled", None)


def test_one_that_is_searched_for_listens(app, around, monkeypatch):
    """Somebody cancels while the worker searches: the search hears of it and its answer is dropped."""
    heard = []

    def slow(_instance, *, seconds, stop, progress):
        progress("best", 0.1)
        assert seconds == 30
        assert stop() is False
        around.runner.api("POST", f"{around.path}/{run}/cancellation")
        for _ in range(100):
            if stop():
                heard.append(True)
                break
        return compose(_instance, seconds=0.0)

    compose = acts.compose
    monkeypatch.setattr(acts, "compose", slow)
    monkeypatch.setattr(acts, "LISTEN_SECONDS", 0.0)
    run = around.start()
    worker.drain(app)
    assert heard == [True]
    assert (around.state(run).state, around.state(run).result) == ("cancelled", None)


def test_progress_is_told_and_never_goes_back(app, around):
    run = around.start()
    with acting(app) as session:
        runs.claim(session, run, 1, extensions.now())
    for step, percent, shown in (("best", 10, 10), ("why", 60, 60), ("model", 0, 60)):
        with acting(app) as session:
            assert runs.beat(session, run, 1, extensions.now(), step=step, percent=percent)
        told = answer(around, run)
        assert (told["state"], told["step"], told["percent"]) == ("running", step, shown)


@pytest.mark.parametrize("step", ["compose.claimed", "compose.solved", "outbox.claimed", "outbox.acted"])
def test_a_worker_that_dies_loses_no_run(app, around, settings, step):
    run = around.start()
    around.die(settings, step)
    worker.drain(app)
    if step in {"compose.claimed", "compose.solved"}:
        assert (around.state(run).state, around.state(run).attempt) == ("running", 1)
        with acting(app) as session:
            assert runs.take_up(session, extensions.now()) == 0
            assert runs.take_up(session, extensions.now() + runs.SILENT * 2) == 1
        worker.drain(app)
        assert around.state(run).attempt == 2
    assert around.state(run).state == "done"
    assert answer(around, run)["answer"]["status"] == "proven"


def test_what_a_worker_given_up_for_dead_still_writes_counts_for_nothing(app, around):
    run = around.start()
    at = extensions.now()
    with acting(app) as session:
        assert runs.claim(session, run, 1, at) is not None
        assert runs.claim(session, run, 1, at) is None
    with acting(app) as session:
        runs.take_up(session, at + runs.SILENT * 2)
    with acting(app) as session:
        assert not runs.beat(session, run, 1, at)
        assert not runs.finish(session, run, 1, at, result={}, sha256="0" * 64)
        assert not runs.fail(session, run, 1, at, [])
    worker.drain(app)
    assert answer(around, run)["answer"]["status"] == "proven"


def test_a_run_that_kills_its_worker_again_and_again_ends(app, around):
    run, at = around.start(), extensions.now()
    for attempt in range(1, runs.MOST_ATTEMPTS + 1):
        with acting(app) as session:
            assert runs.claim(session, run, attempt, at) is not None
        at += runs.SILENT * 2
        with acting(app) as session:
            assert runs.take_up(session, at) == 1
    told = answer(around, run)
    assert (told["state"], [one["code"] for one in told["failure"]]) == ("failed", ["compose_died"])
    worker.drain(app)
    assert around.state(run).state == "failed"


def test_one_that_was_cancelled_when_its_worker_died_is_cancelled(app, around):
    run = around.start()
    with acting(app) as session:
        runs.claim(session, run, 1, extensions.now())
    assert around.runner.api("POST", f"{around.path}/{run}/cancellation").get_json()["state"] == "running"
    with acting(app) as session:
        runs.take_up(session, extensions.now() + timedelta(hours=1))
    assert around.state(run).state == "cancelled"


def test_a_bundle_that_breaks_a_rule_is_a_defect_and_no_answer(app, around, monkeypatch):
    def wrong(*_args, **_kwargs):
        raise Misjudged("a bundle")

    monkeypatch.setattr(acts, "compose", wrong)
    told = answer(around, around.done())
    assert (told["state"], told["answer"], [one["code"] for one in told["failure"]]) == (
        "failed",
        None,
        ["compose_defect"],
    )


def test_what_cannot_be_asked_fails_with_its_field(around):
    told = answer(around, around.done(keep=[around.listings["밖 WMS"]]))
    assert [(one["pointer"], one["code"]) for one in told["failure"]] == [("/keep/0", "compose_keep")]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"pool": "everybody"}, "/pool"),
        ({"seconds": 0}, "/seconds"),
        ({"budget_amount": -1}, "/budget_amount"),
        ({"budget_amount": 10**12 + 1}, "/budget_amount"),
        ({"level": 9}, "/level"),
        ({"keep": ["x"]}, "/keep/0"),
        ({"changes": [{"requirement": "capability:mes", "change": "harder"}]}, "/changes/0"),
        ({"odd": 1}, "/odd"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_started(around, body, pointer):
    refused = around.runner.api("POST", around.path, json=body)
    assert refused.status_code == 422
    assert [one["pointer"] for one in refused.get_json()["errors"]] == [pointer]
    assert around.states() == []


def test_only_the_coordinator_of_an_alliance_that_is_shown_the_demand(app, around):
    run = around.done()
    strangers = (around.member, around.outside, person(app, "vendor"))
    for who in strangers:
        for method, path, sent in (
            ("POST", around.path, {"json": {}}),
            ("GET", around.path, {}),
            ("GET", f"{around.path}/{run}", {}),
            ("POST", f"{around.path}/{run}/cancellation", {}),
            ("POST", f"{around.path}/{run}/draft", {"json": {"title": "묶음"}}),
        ):
            assert who.api(method, path, **sent).status_code == 404, (method, path)
    assert around.maker.api("POST", around.path, json={}).status_code == 403
    assert around.states() == ["done"]
    assert one(app, select(func.count(Bundle.id))) == 0


def test_once_the_demand_is_taken_back_its_runs_are_gone(app, around):
    run = around.done()
    body = {"audience": "private"}
    narrowing = f"/demands/{around.demand}/audience/narrowing"
    assert around.maker.api("POST", narrowing, json=body).status_code == 200
    for path in (around.path, f"{around.path}/{run}"):
        assert around.runner.api("GET", path).status_code == 404
    assert around.runner.api("POST", around.path, json={}).status_code == 404


def test_a_chosen_bundle_is_a_draft_and_non_members_in_it_are_invited_once(app, around):
    run = around.done(keep=[around.listings["밖 MES"]], demand=around.impossible, changes=[
        {"requirement": "capability:scm", "change": "drop"}
    ])  # fmt: skip
    path = f"{around.path.replace(around.demand, around.impossible)}/{run}/draft"
    made = around.runner.api("POST", path, json={"title": "MES 묶음"})
    assert made.status_code == 201, made.get_json()
    assert made.get_json()["invited"] == [around.outside.organization_id]
    again = around.runner.api("POST", path, json={"title": "MES 묶음 둘"}).get_json()
    assert again["invited"] == []
    invited = select(AllianceMember.state).where(
        AllianceMember.organization_id == around.outside.organization_key
    )
    assert rows(app, invited) == ["invited"]
    drafts = rows(app, select(Bundle).order_by(Bundle.id))
    assert [bundle.public_id for bundle in drafts] == [made.get_json()["bundle_id"], again["bundle_id"]]
    assert drafts[0].demand == around.impossible
    assert [item["covers"] for item in drafts[0].draft["items"]] == [["mes"]]
    acts_of = select(AuditEntry.act).where(AuditEntry.act.like("compose.%")).order_by(AuditEntry.number)
    assert rows(app, acts_of) == ["compose.start", "compose.draft", "compose.draft"]


def test_what_is_not_there_cannot_be_drafted(app, around):
    waiting = around.start()
    refused = around.runner.api("POST", f"{around.path}/{waiting}/draft", json={"title": "묶음"})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "compose.not_done")
    worker.drain(app)
    body = {"title": "묶음", "list": "pareto", "place": 3}
    assert around.runner.api("POST", f"{around.path}/{waiting}/draft", json=body).status_code == 404
    assert one(app, select(func.count(Bundle.id))) == 0


def test_a_bundle_whose_part_has_gone_since_is_not_drafted(app, around):
    run = around.done()
    path = f"/listings/{around.listings['결 MES']}/withdrawal"
    assert around.runner.api("POST", path).status_code == 200
    refused = around.runner.api("POST", f"{around.path}/{run}/draft", json={"title": "묶음"})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "compose.stale")
    assert one(app, select(func.count(Bundle.id))) == 0


def test_runs_are_listed_newest_first(around):
    first, second = around.done(), around.start(seconds=11)
    told = around.runner.api("GET", around.path).get_json()
    assert [row["id"] for row in told["items"]] == [second, first]
    assert told["total"] == 2


def test_long_searches_have_a_lane_of_their_own(app, around):
    around.start()
    assert worker.drain(app, slow=False) == 0
    assert worker.drain(app, slow=True) == 0
    assert worker.drain(app, long=True) == 1
    assert around.states() == ["done"]


def test_the_time_to_repeat_is_not_before_a_lease_ends(app, around):
    """A message that another relay took up again finds the run begun and leaves it alone."""
    run = around.start()
    with acting(app) as session:
        runs.claim(session, run, 1, extensions.now())
        session.execute(update(ComposeRun).values(step="best"))
    worker.drain(app)
    assert (around.state(run).state, around.state(run).step) == ("running", "best")
    waiting = select(func.count(OutboxMessage.id)).where(
        OutboxMessage.topic == runs.TOPIC, OutboxMessage.state == "waiting"
    )
    assert one(app, waiting) == 0
