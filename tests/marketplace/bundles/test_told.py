"""Who hears of what around a bundle, and what time and the parts alone do to it."""

from datetime import timedelta

from sqlalchemy import select

from catalog import publishing
from catalog.bundles import publishing as bundles
from catalog.models import BundleVersion, Review
from marketplace import extensions, worker
from marketplace.api.bundle_versions import DENIED
from marketplace.audit import AuditEntry
from marketplace.journeys import bundles as acts
from marketplace.journeys import decisions
from marketplace.notices.models import Notice
from tests import factories, shelves
from tests.marketplace.bundles.test_waiting import send_back
from tests.marketplace.web.looking import acting, rows


def told(app, who):
    """Events of bundles that somebody has heard of, oldest first."""
    heard = rows(app, select(Notice.event).where(Notice.user_id == who.user_key).order_by(Notice.id))
    return [event for event in heard if event.startswith("bundle.")]


def later(monkeypatch, **time):
    """Let that time pass."""
    moment = extensions.now() + timedelta(**time)
    monkeypatch.setattr(extensions, "now", lambda: moment)
    return moment


def test_everybody_hears_what_concerns_them(app, around):
    around.send()
    assert {tuple(told(app, who)) for who in around.vendors} == {("bundle.asked",)}
    assert around.runner.api("POST", f"{around.path}/versions/1/reminders").status_code == 200
    assert told(app, around.members[0])[-1] == "bundle.reminded"
    for who in around.vendors:
        around.sign(who)
    assert told(app, around.runner)[-1] == "bundle.signed"
    assert "bundle.signed" not in told(app, around.members[0])


def test_a_refusal_is_told_to_all_but_who_refused(app, around):
    around.send()
    around.members[0].api("POST", f"{around.path}/versions/1/refusal", json=DENIED)
    assert told(app, around.runner) == ["bundle.asked", "bundle.refused"]
    assert told(app, around.members[1]) == ["bundle.asked", "bundle.refused"]
    assert told(app, around.members[0]) == ["bundle.asked"]


def test_vendors_hear_that_what_they_signed_was_taken_back(app, around):
    around.send()
    around.sign(around.members[0])
    assert around.runner.api("POST", f"{around.path}/versions/1/withdrawal").status_code == 200
    for who in around.members:
        assert told(app, who) == ["bundle.asked", "bundle.taken_back"]
    again = around.runner.api("POST", f"{around.path}/versions/1/withdrawal")
    assert again.status_code == 409
    assert told(app, around.members[0]) == ["bundle.asked", "bundle.taken_back"]


def test_who_is_not_in_the_next_version_hears_that_the_one_before_is_over(app, around):
    around.send()
    gone, stays = around.members[1], around.members[0]
    draft = around.inside()["draft"]
    items = [item for item in draft["items"] if item["vendor"] != gone.organization_id]
    left = {code for item in items for code in item["covers"]}
    kept = ("id", "listing", "plan", "quantity", "stage", "covers", "supports")
    change = {
        "items": [{name: item[name] for name in kept} for item in items],
        "wanted": [each for each in draft["wanted"] if each["capability"] in left],
        "exchanges": [],
        "draft_number": around.inside()["draft_number"],
    }
    assert around.runner.api("PATCH", around.path, json=change).status_code == 200
    assert around.send().status_code == 201
    assert told(app, gone) == ["bundle.asked", "bundle.taken_back"]
    assert told(app, stays) == ["bundle.asked", "bundle.asked"]


def test_what_waited_is_over_when_the_bundle_leaves_the_store(app, around):
    around.sell()
    around.send()
    assert around.runner.api("POST", f"{around.path}/withdrawal").status_code == 200
    assert told(app, around.members[0])[-1] == "bundle.withdrawn"
    assert "bundle.taken_back" not in told(app, around.members[0])


def test_vendors_are_reminded_by_themselves_three_days_and_one_day_before_the_end(app, around, monkeypatch):
    around.send(days=10)
    around.sign(around.members[0])
    for days, reminded in ((6, 0), (1, 1), (1, 1), (1, 2), (1, 2)):
        later(monkeypatch, days=days)
        for _ in range(2):
            worker.tick(app, extensions.now())
        assert told(app, around.members[1]).count("bundle.reminded") == reminded, days
    assert "bundle.reminded" not in told(app, around.members[0])
    assert rows(app, select(AuditEntry.act)).count("bundle.remind") == 2


def test_who_was_reminded_on_that_day_is_not_reminded_by_itself(app, around, monkeypatch):
    around.send(days=10)
    later(monkeypatch, days=7)
    assert around.runner.api("POST", f"{around.path}/versions/1/reminders").status_code == 200
    worker.tick(app, extensions.now())
    assert told(app, around.members[0]).count("bundle.reminded") == 1


def test_a_worker_that_was_away_reminds_once_and_of_an_ended_version_nobody(app, around, monkeypatch):
    around.send(days=10)
    later(monkeypatch, days=10)
    worker.tick(app, extensions.now())
    assert told(app, around.members[0]).count("bundle.reminded") == 1
    later(monkeypatch, days=1)
    worker.tick(app, extensions.now())
    assert told(app, around.members[0]).count("bundle.reminded") == 1


def test_a_request_to_mend_is_told_to_the_coordinator_and_the_vendors(app, around):
    around.send()
    for who in around.vendors:
        around.sign(who)
    assert around.runner.api("POST", f"{around.path}/versions/1/publication").status_code == 200
    send_back(app, around)
    for who in around.vendors:
        assert told(app, who)[-1] == "bundle.sent_back"
    assert "review.sent_back" not in rows(app, select(Notice.event))


def test_the_end_of_its_time_is_told_once(app, around, monkeypatch):
    around.send(days=1)
    later(monkeypatch, days=1)
    worker.tick(app, extensions.now())
    assert rows(app, select(BundleVersion.state)) == ["signing"]
    later(monkeypatch, days=1)
    for _ in range(2):
        worker.tick(app, extensions.now())
    assert rows(app, select(BundleVersion.state)) == ["expired"]
    assert told(app, around.runner).count("bundle.expired") == 1
    assert "bundle.expire" in rows(app, select(AuditEntry.act))


def test_an_approval_is_told_to_all_in_it(app, around):
    with acting(app) as session:
        shelf, row = around.shelf(session), around.row(session)
        bundles.publish(session, shelves.signed(shelf, row), factories.NOW)
        session.flush()
        review = session.query(Review).filter_by(listing_id=row.listing_id).one()
        decision = {
            "no_conflict": True,
            "points": factories.FULL_POINTS,
            "findings": [],
            "notes": [],
            "decision": "approve",
            "statement": "확인했습니다.",
            "expires_on": factories.TODAY + timedelta(365),
        }
        judge = factories.judge(shelf.validator)
        decisions.decide(session, review, shelf.validator, judge, decision, factories.NOW)
    assert {tuple(told(app, who)) for who in around.vendors} == {("bundle.published",)}


def withdraw_part(app, around, place=2):
    with acting(app) as session:
        publishing.withdraw(session, around.shelf(session).listings[place])


def test_a_part_that_breaks_it_is_told_to_the_coordinator_once(app, around, monkeypatch):
    around.sell()
    worker.tick(app, extensions.now())
    assert told(app, around.runner) == []
    withdraw_part(app, around)
    for _ in range(2):
        worker.tick(app, extensions.now())
    assert told(app, around.runner) == ["bundle.broken"]
    assert told(app, around.members[0]) == []
    later(monkeypatch, days=1)
    worker.tick(app, extensions.now())
    assert told(app, around.runner) == ["bundle.broken"]
    inside = around.inside()
    assert (inside["on_sale"], inside["broken_on"]) == (True, (extensions.today() - timedelta(1)).isoformat())


def test_a_conflict_of_an_open_version_is_told_and_blocks_publishing(app, around):
    around.send()
    for who in around.vendors:
        around.sign(who)
    withdraw_part(app, around)
    worker.tick(app, extensions.now())
    assert told(app, around.runner)[-1] == "bundle.conflict"
    answer = around.runner.api("POST", f"{around.path}/versions/1/publication")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "bundle.conflicts")


def test_a_look_that_dies_half_way_is_taken_up_again(app, around, monkeypatch):
    """What is found, that it was told, and that it was looked at stand or fall together."""
    around.sell()
    worker.tick(app, extensions.now())
    withdraw_part(app, around)

    class Killed(BaseException):
        pass

    def die(*_args, **_named):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(acts.notices, "tell", die)
        try:
            acts.look_at_due(app)
            raise AssertionError("nothing was told")
        except Killed:
            pass
    assert around.inside()["broken_on"] is None
    worker.tick(app, extensions.now())
    assert around.inside()["broken_on"] is not None
    assert told(app, around.runner) == ["bundle.broken"]


def test_with_its_alliance_it_leaves_the_store(app, around):
    around.sell()
    ended = around.runner.api("POST", f"/alliances/{around.alliance}/dissolution")
    assert ended.status_code == 200
    assert app.test_client().get(f"/api/v1{around.path}").status_code == 404
    assert told(app, around.members[0]) == ["bundle.withdrawn"]
