"""Packages for a segment of what an alliance is shown, by program: whom they serve, and who is left out and why."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from catalog import interop
from catalog import publishing as shop
from catalog.models import Bundle, Listing
from marketplace import extensions, worker
from marketplace.audit import AuditEntry
from marketplace.journeys import composing as acts
from matching.composing import runs
from matching.models import Assessment, ComposeRun, Demand
from matching.packages import Misjudged
from tests.composing import TODAY
from tests.marketplace.composing.asking_packages import done, page, program, start, told, where
from tests.marketplace.people import person
from tests.marketplace.web.looking import acting, one, rows
from tests.test_concurrency import at_once


def test_packages_say_whom_they_serve_and_who_is_left_out_and_why(around):
    run = start(around)
    assert told(around, run)["state"] == "queued"
    worker.drain(around.app)
    found = told(around, run)
    assert (found["state"], found["percent"], found["failure"]) == ("done", 100, [])
    answer = found["answer"]
    assert (answer["status"], answer["sound"], answer["gone"]) == ("proven", True, 0)
    assert (answer["asked_total"], answer["served_total"]) == (2, 1)
    (package,) = answer["packages"]
    assert sorted(
        (one["title"], one["member"], tuple(one["capabilities"])) for one in package["members"]
    ) == [
        ("결 ERP", True, ("erp",)),
        ("결 MES", True, ("mes",)),
    ]
    assert (package["hub"], package["vendors"]) == ("rest", 2)
    assert package["served"] == [{"demand_id": around.demand, "own_amount": 35_000_000}]
    assert answer["left_out"] == [{"demand_id": around.impossible, "code": "no_offer"}]
    assert answer["said"]["assumed"] == ["budget_band", "industry", "quality", "region"]
    assert len(found["instance_sha256"]) == 64


def test_the_same_question_has_the_same_answer_and_digest(around):
    first, second = (told(around, done(around)) for _ in range(2))
    assert first["answer"] == second["answer"]
    assert first["instance_sha256"] == second["instance_sha256"]


def test_of_members_alone_only_their_offers_are_looked_at(app, around):
    with acting(app) as session:
        row = session.scalars(select(Demand).where(Demand.public_id == around.demand)).one()
        row.requirements[0].min_quality = 5  # not shown to the coordinator: what it assumes counts
    alone = told(around, done(around, pool="members", min_quality=4))["answer"]
    assert alone["packages"] == []
    assert {one["demand_id"]: one["code"] for one in alone["left_out"]}[around.demand] == "quality"
    everybody = told(around, done(around, pool="all", min_quality=4))["answer"]
    assert everybody["said"]["offers"] > alone["said"]["offers"]


def test_limits_of_a_package_hold(around):
    answer = told(around, done(around, max_capabilities=1))["answer"]
    assert {one["code"] for one in answer["left_out"]} == {"too_many_capabilities"}
    one_vendor = told(around, done(around, max_vendors=1))["answer"]
    assert {one["demand_id"]: one["code"] for one in one_vendor["left_out"]}[around.demand] == "no_package"


def test_a_product_that_is_not_for_the_sites_region_serves_nobody_there(app, around):
    """Region, industry and level are one question to the packages: who fits none of them is no member."""
    with acting(app) as session:
        mine = session.scalars(select(Demand).where(Demand.public_id == around.demand)).one()
        mine.organization_id = around.runner.organization_key  # of its own demand a coordinator knows all
        mine.site.region = "KR-50"
    left = told(around, done(around))["answer"]["left_out"]
    assert {one["demand_id"]: one["code"] for one in left}[around.demand] == "industry"


def test_what_cannot_be_used_together_is_in_no_package(app, around):
    with acting(app) as session:
        pair = [
            session.scalars(select(Listing).where(Listing.title == title)).one()
            for title in ("결 MES", "결 ERP")
        ]
        told_of = {"reason": "함께 쓸 수 없음", "source": "합성 예시", "as_of": TODAY, "today": TODAY}
        interop.note_conflict(session, *pair, **told_of)
    left = told(around, done(around, pool="members"))["answer"]["left_out"]
    assert {one["demand_id"]: one["code"] for one in left}[around.demand] == "no_package"


def test_a_site_whose_level_is_not_known_is_left_out_with_that_reason(app, around):
    with acting(app) as session:
        for row in session.scalars(select(Assessment)):
            session.delete(row)
    answer = told(around, done(around))["answer"]
    assert {one["code"] for one in answer["left_out"]} == {"level_unknown"}
    refused = around.runner.api("POST", program(around), json={"level": 1})
    assert [(one["pointer"], one["code"]) for one in refused.get_json()["errors"]] == [
        ("/level", "packages_nobody")
    ]


def test_a_segment_is_an_industry_and_a_level(around):
    assert told(around, done(around, level=1))["answer"]["asked_total"] == 2
    for wishes, pointer in (({"level": 4}, "/level"), ({"industry": "99"}, "/industry")):
        refused = around.runner.api("POST", program(around), json=wishes)
        assert refused.status_code == 422
        assert [one["pointer"] for one in refused.get_json()["errors"]] == [pointer]


def test_a_demand_that_is_taken_back_is_counted_and_not_named(around):
    run = done(around)
    narrowing = f"/demands/{around.impossible}/audience/narrowing"
    assert around.maker.api("POST", narrowing, json={"audience": "private"}).status_code == 200
    answer = told(around, run)["answer"]
    assert (answer["gone"], answer["left_out"], answer["asked_total"]) == (1, [], 2)
    assert around.impossible not in around.runner.api("GET", f"{program(around)}/{run}").get_data(
        as_text=True
    )
    assert "이제 보이지 않는 수요가 1건 있어요" in page(around.runner, f"{where(around)}/{run}")


def test_what_names_a_demand_goes_before_the_demand_does(app, around):
    gone, kept = done(around), start(around, seconds=31)
    with acting(app) as session:
        runs.claim(session, kept, 1, extensions.now())
    with acting(app) as session:
        runs.forget_demands(session, [around.demand])
    assert rows(app, select(ComposeRun.public_id)) == [kept]
    assert around.runner.api("GET", f"{program(around)}/{gone}").status_code == 404
    with acting(app) as session:
        assert not runs.beat(session, kept, 1, extensions.now())


def test_an_answer_that_names_a_demand_which_went_meanwhile_is_not_kept(app, around):
    """It was narrowed and then deleted while the search ran: nothing but the answer itself knows of it any more."""
    run = start(around)
    with acting(app) as session:
        runs.claim(session, run, 1, extensions.now())
    answer = {"segment": {"demands": [{"id": str(uuid4())}]}, "said": {"unasked": [around.demand]}}
    with acting(app) as session:
        assert runs.finish(session, run, 1, extensions.now(), result=answer, sha256="0" * 64)
    assert one(app, select(ComposeRun.state)) == "cancelled"
    assert one(app, select(ComposeRun.result)) in (None, {})


def test_the_same_run_twice_at_once_is_one_and_compositions_count_with_it(app, around):
    first, second = at_once(lambda: start(around), lambda: start(around))
    assert first == second
    starts = select(func.count(AuditEntry.number)).where(AuditEntry.act == "packages.start")
    assert one(app, starts) == 1
    around.start()
    around.start(seconds=11)
    refused = around.runner.api("POST", program(around), json={"seconds": 12})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "compose.too_many")


def test_one_that_waits_is_cancelled_at_once(app, around):
    run = start(around)
    cancelled = around.runner.api("POST", f"{program(around)}/{run}/cancellation")
    assert cancelled.get_json()["state"] == "cancelled"
    assert around.runner.api("POST", f"{program(around)}/{run}/cancellation").status_code == 409
    worker.drain(app)
    assert (around.state(run).state, around.state(run).result) == ("cancelled", None)


def test_one_that_is_searched_for_listens(app, around, monkeypatch):
    heard = []

    def slow(segment, count, *, seconds, stop, progress):
        progress("pool", 0.1)
        assert (count, seconds) == (3, 30)
        assert stop() is False
        around.runner.api("POST", f"{program(around)}/{run}/cancellation")
        heard.append(any(stop() for _ in range(100)))
        return solve(segment, count, seconds=0.0)

    solve = acts.solve
    monkeypatch.setattr(acts, "solve", slow)
    monkeypatch.setattr(acts, "LISTEN_SECONDS", 0.0)
    run = start(around)
    worker.drain(app)
    assert heard == [True]
    assert (around.state(run).state, around.state(run).result) == ("cancelled", None)


@pytest.mark.parametrize("step", ["compose.claimed", "compose.solved", "outbox.acted"])
def test_a_worker_that_dies_loses_no_run(app, around, settings, step):
    run = start(around)
    around.die(settings, step)
    worker.drain(app)
    with acting(app) as session:
        runs.take_up(session, extensions.now() + runs.SILENT * 2)
    worker.drain(app)
    assert told(around, run)["answer"]["served_total"] == 1


def test_packages_that_break_a_rule_are_a_defect_and_no_answer(around, monkeypatch):
    def wrong(*_args, **_kwargs):
        raise Misjudged("a package")

    monkeypatch.setattr(acts, "solve", wrong)
    found = told(around, done(around))
    assert (found["state"], found["answer"]) == ("failed", None)
    assert [one["code"] for one in found["failure"]] == ["compose_defect"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"count": 0}, "/count"),
        ({"count": 6}, "/count"),
        ({"pool": "members-first"}, "/pool"),
        ({"max_vendors": 11}, "/max_vendors"),
        ({"max_capabilities": None}, "/max_capabilities"),
        ({"seconds": 121}, "/seconds"),
        ({"level": "x"}, "/level"),
        ({"odd": 1}, "/odd"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_started(around, body, pointer):
    refused = around.runner.api("POST", program(around), json=body)
    assert refused.status_code == 422
    assert [one["pointer"] for one in refused.get_json()["errors"]] == [pointer]
    assert around.states() == []


def test_only_the_coordinator(app, around):
    run = done(around)
    for who, status in (
        (around.member, 404),
        (around.outside, 404),
        (person(app, "vendor"), 404),
        (around.maker, 403),
    ):
        for method, path in (
            ("POST", program(around)),
            ("GET", program(around)),
            ("GET", f"{program(around)}/{run}"),
            ("POST", f"{program(around)}/{run}/cancellation"),
        ):
            sent = {"json": {}} if path == program(around) and method == "POST" else {}
            assert who.api(method, path, **sent).status_code == status, (method, path)
        page(who, where(around), status)
        page(who, f"{where(around)}/{run}", status)
    assert around.states() == ["done"]


def test_runs_of_either_kind_are_listed_by_themselves(around):
    composed, first, second = around.done(), done(around), start(around, count=1)
    listed = around.runner.api("GET", program(around)).get_json()
    assert ([row["id"] for row in listed["items"]], listed["total"]) == ([second, first], 2)
    listed = around.runner.api("GET", around.path).get_json()
    assert [row["id"] for row in listed["items"]] == [composed]
    assert around.runner.api("GET", f"{program(around)}/{composed}").status_code == 404
    assert around.runner.api("GET", f"{around.path}/{first}").status_code == 404


def test_a_package_becomes_a_draft_for_the_demands_that_it_serves(app, around):
    run = done(around)
    path = f"{program(around)}/{run}/draft"
    for who, status in ((around.member, 404), (around.outside, 404), (around.maker, 403)):
        assert who.api("POST", path, json={"title": "표준"}).status_code == status
    made = around.runner.api("POST", path, json={"title": "표준 묶음"})
    assert made.status_code == 201, made.get_json()
    row = one(app, select(Bundle))
    assert made.get_json() == {"bundle_id": row.public_id, "invited": []}
    draft = row.draft
    assert (row.demand, draft["level_from"], draft["level_to"]) == (None, 1, 3)
    assert sorted((item["covers"], item["stage"]) for item in draft["items"]) == [(["erp"], 1), (["mes"], 1)]
    promised = [(each["capability"], each["min_quality"], each["must"]) for each in draft["wanted"]]
    assert sorted(promised) == [("erp", 3, True), ("mes", 3, True)]
    assert [link["how"] for link in draft["links"]] == ["shared"]
    acts_of = select(AuditEntry.act).where(AuditEntry.act.like("packages.%")).order_by(AuditEntry.number)
    assert rows(app, acts_of) == ["packages.start", "packages.draft"]
    assert one(app, select(ComposeRun.bundle)) == row.public_id


def test_who_is_no_member_of_a_package_is_invited(app, around):
    with acting(app) as session:
        pair = session.scalars(select(Listing).where(Listing.title.in_(("결 MES", "밖 MES")))).all()
        assert len(pair) == 2
        shop.withdraw(session, next(one for one in pair if one.title == "결 MES"))
        said = {"price_amount": 3_000_000, "source": "합성 예시", "as_of": TODAY, "today": TODAY}
        interop.note_connector(session, "opcua", "rest", **said)
    worker.drain(app)
    run = done(around)
    assert "바깥: 초안을 만들면 얼라이언스에 초대해요" in page(around.runner, f"{where(around)}/{run}")
    made = around.runner.api("POST", f"{program(around)}/{run}/draft", json={"title": "표준 묶음"})
    assert made.get_json()["invited"] == [around.outside.organization_id]
    assert [link["how"] for link in one(app, select(Bundle.draft))["links"]] == ["connector"]


def test_what_is_not_there_cannot_be_drafted(app, around):
    path = f"{program(around)}/{start(around)}/draft"
    refused = around.runner.api("POST", path, json={"title": "표준"})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "compose.not_done")
    worker.drain(app)
    assert around.runner.api("POST", path, json={"title": "표준", "place": 1}).status_code == 404
    assert around.runner.api("POST", path, json={"title": "표준", "place": 5}).status_code == 422
    narrowing = f"/demands/{around.demand}/audience/narrowing"
    around.maker.api("POST", narrowing, json={"audience": "private"})
    refused = around.runner.api("POST", path, json={"title": "표준"})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "packages.gone")
    assert one(app, select(func.count(Bundle.id))) == 0


def test_a_package_whose_part_has_gone_since_is_not_drafted(app, around):
    run = done(around)
    assert around.runner.api("POST", f"/listings/{around.listings['결 MES']}/withdrawal").status_code == 200
    refused = around.runner.api("POST", f"{program(around)}/{run}/draft", json={"title": "표준"})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "compose.stale")
    assert one(app, select(func.count(Bundle.id))) == 0
