"""Everything runs concurrently with itself: two of every act at once give one effect and a clean refusal.

Where a race can be staged it is: one side reads, the other acts and commits, and only then does the first side act on
what it had read. The others run in threads, each with a session or a client of its own.
"""

import contextlib
import threading
from datetime import date

import pytest
from sqlalchemy import func, select

from catalog import counters, publishing, regno
from catalog.errors import Conflict
from catalog.files.folder import FolderStore
from catalog.models import Certificate, Listing, Organization, Release, Review, Site
from catalog.validation import desk
from marketplace import audit
from marketplace.accounts import passwords
from marketplace.accounts.models import ApiToken, User
from marketplace.api.examples import DECISION, SITE, demand
from matching.models import Demand
from tests import factories
from tests.marketplace.people import csrf, person

LATER = date(2027, 11, 20)


def at_once(*acts):
    """Run the acts in threads that begin together; answers what each gave, errors too, in the order of the acts."""
    start, given = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        start.wait(10)
        try:
            given[place] = act()
        except Exception as error:  # noqa: BLE001  # the test looks at whatever it was
            given[place] = error

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return given


def count(app, model):
    with app.extensions["database"].session(reading=True) as session:
        return session.scalar(select(func.count()).select_from(model))


@pytest.fixture
def house(app, session, tmp_path):
    """A listing that waits on the desk, its vendor and two validators, with programs of their own."""
    vendor, judges = person(app, "vendor"), [person(app, "validator") for _ in range(2)]
    organization = session.get(Organization, vendor.organization_key)
    listing = factories.draft(session, organization, FolderStore(tmp_path / "files"))
    session.commit()
    return {
        "vendor": vendor,
        "judges": judges,
        "listing": listing.public_id,
        "store": FolderStore(tmp_path / "files"),
    }


def taken(app, house):
    """Submit the listing and let the first validator take it; answers the keys of review and validator."""
    with app.extensions["database"].session() as session:
        listing = session.scalars(select(Listing)).one()
        review = factories.submitted(session, listing)
        validator = session.get(Organization, house["judges"][0].organization_key)
        desk.take(session, review, validator, factories.judge(validator), factories.NOW)
        desk.score(session, review, factories.FULL_POINTS)
        session.commit()
        return review.id, validator.id


def approve(session, review, validator):
    person_of = factories.judge(validator)
    return desk.approve(session, review, person_of, statement="", expires_on=LATER, now=factories.NOW)


@pytest.fixture
def two(app):
    """Two sessions on the database."""
    with app.extensions["database"].session() as one, app.extensions["database"].session() as other:
        yield one, other


def test_who_approves_second_finds_it_decided(app, house, two):
    """The second side has read the review as taken before the first one decides."""
    review_id, validator_id = taken(app, house)
    one, other = two
    stale = other.get(Review, review_id), other.get(Organization, validator_id)
    assert (stale[0].state, stale[0].validator_id) == ("taken", validator_id)
    other.commit()  # what it has read stays in its memory
    approve(one, one.get(Review, review_id), one.get(Organization, validator_id))
    one.commit()
    with pytest.raises(Conflict, match=r"review\.not_taken"):
        approve(other, *stale)
    other.rollback()
    assert (count(app, Certificate), count(app, Release)) == (1, 1)


def test_who_sends_back_after_an_approval_finds_it_decided(app, house, two):
    review_id, validator_id = taken(app, house)
    one, other = two
    stale = other.get(Review, review_id)
    assert stale.state == "taken"
    other.commit()
    approve(one, one.get(Review, review_id), one.get(Organization, validator_id))
    one.commit()
    with pytest.raises(Conflict, match=r"review\.not_taken"):
        desk.remark(other, stale, [{"pointer": "", "severity": "advice", "text": "늦은 말"}])
    other.rollback()
    with pytest.raises(Conflict, match=r"review\.not_taken"):
        desk.send_back(other, stale, factories.NOW)
    other.rollback()
    with app.extensions["database"].session(reading=True) as session:
        assert session.scalars(select(Listing.state)).all() == ["published"]


def test_who_submits_second_finds_it_submitted(app, house, two):
    one, other = two
    stale = other.scalars(select(Listing)).one()
    assert stale.state == "draft"
    other.commit()
    factories.submitted(one, one.scalars(select(Listing)).one())
    one.commit()
    with pytest.raises(Conflict, match=r"listing\.state"):
        publishing.submit(other, stale, factories.NOW)
    other.rollback()
    assert count(app, Review) == 1


def test_who_takes_second_finds_it_taken(app, house, two):
    one, other = two
    factories.submitted(one, one.scalars(select(Listing)).one())
    one.commit()
    keys = [judge.organization_key for judge in house["judges"]]
    late = other.get(Organization, keys[1])
    stale = other.scalars(select(Review)).one()
    assert stale.state == "waiting"
    other.commit()
    first = one.get(Organization, keys[0])
    desk.take(one, one.scalars(select(Review)).one(), first, factories.judge(first), factories.NOW)
    one.commit()
    with pytest.raises(Conflict, match=r"review\.taken"):
        desk.take(other, stale, late, factories.judge(late), factories.NOW)
    other.rollback()
    with app.extensions["database"].session(reading=True) as session:
        assert session.scalars(select(Review.validator_id)).one() == keys[0]


def test_who_recalls_after_it_was_taken_is_too_late(app, house, two):
    one, other = two
    factories.submitted(one, one.scalars(select(Listing)).one())
    one.commit()
    stale = other.scalars(select(Listing)).one()
    other.commit()
    validator = one.get(Organization, house["judges"][0].organization_key)
    desk.take(one, one.scalars(select(Review)).one(), validator, factories.judge(validator), factories.NOW)
    one.commit()
    with pytest.raises(Conflict, match=r"review\.taken"):
        publishing.recall(other, stale)
    other.rollback()
    assert count(app, Review) == 1


def statuses(answers):
    return sorted(answer.status_code for answer in answers)


def test_two_approvals_at_once_give_one_certificate(app, house):
    taken(app, house)
    judge = house["judges"][0]
    path = f"/listings/{house['listing']}/decision"
    answers = at_once(*[lambda: judge.api("POST", path, json=DECISION)] * 3)
    assert statuses(answers)[0] == 200
    assert set(statuses(answers)[1:]) <= {404, 409}
    assert (count(app, Certificate), count(app, Release)) == (1, 1)


def test_two_validators_who_decide_at_once(app, house, session):
    factories.submitted(session, session.scalars(select(Listing)).one())
    session.commit()
    path = f"/listings/{house['listing']}/decision"
    answers = at_once(
        *[lambda judge=judge: judge.api("POST", path, json=DECISION) for judge in house["judges"]]
    )
    assert statuses(answers)[0] == 200
    assert set(statuses(answers)[1:]) <= {404, 409}
    assert count(app, Certificate) == 1


def test_submissions_at_once_give_one_review(app, house):
    path = f"/listings/{house['listing']}/submission"
    answers = at_once(*[lambda: house["vendor"].api("POST", path)] * 4)
    assert statuses(answers) == [200, 409, 409, 409]
    assert count(app, Review) == 1


def test_two_takes_at_once_give_one_validator(app, house, session):
    review = factories.submitted(session, session.scalars(select(Listing)).one())
    session.commit()
    path, body = f"/reviews/{review.public_id}/taking", {"no_conflict": True}
    answers = at_once(*[lambda judge=judge: judge.api("POST", path, json=body) for judge in house["judges"]])
    assert statuses(answers)[0] == 200
    assert statuses(answers)[1] in (404, 409)
    winner = next(
        judge for judge, answer in zip(house["judges"], answers, strict=True) if answer.status_code == 200
    )
    session.expire_all()
    assert session.scalars(select(Review.validator_id)).one() == winner.organization_key


EACH = 5


def test_counters_give_every_number_once_and_leave_no_gap(app):
    def draw():
        drawn = []
        for _ in range(EACH):
            with app.extensions["database"].session() as session, session.begin():
                drawn.append(counters.following(session, "certificate-2026"))
        return drawn

    given = at_once(*[draw] * 8)
    assert sorted(number for drawn in given for number in drawn) == list(range(1, 8 * EACH + 1))
    assert all(drawn == sorted(drawn) for drawn in given)


@pytest.fixture
def together(monkeypatch):
    """Let sign-ups meet where each has seen that the address is free, if the database lets them come so far."""
    meeting, real = threading.Barrier(3), passwords.hashed

    def hashed(password):
        with contextlib.suppress(threading.BrokenBarrierError):
            meeting.wait(0.5)
        return real(password)

    monkeypatch.setattr(passwords, "hashed", hashed)


def test_sign_ups_with_one_address_give_one_account(app, together):
    body = {"email": "kim@example.com", "password": "a long pass phrase", "name": "김"}
    answers = at_once(*[lambda: app.test_client().post("/api/v1/sign-up", json=body)] * 3)
    assert statuses(answers)[0] == 201
    assert set(statuses(answers)[1:]) <= {409, 422}
    assert (count(app, User), count(app, ApiToken)) == (1, 1)


def test_sign_ups_by_the_form_with_one_address_give_one_account(app, together):
    def join():
        client = app.test_client()
        form = {"email": "kim@example.com", "password": "a long pass phrase", "name": "김"}
        return client.post("/sign-up", data={**form, "csrf_token": csrf(client)})

    answers = at_once(*[join] * 3)
    assert statuses(answers)[0] == 303
    assert set(statuses(answers)[1:]) <= {409, 422}
    assert count(app, User) == 1


def test_a_number_that_two_register_at_once_is_one_companys(app):
    people = [person(app, "vendor") for _ in range(3)]
    before = count(app, Organization)
    body = {"name": "한울", "registration_number": regno.make("220811113"), "roles": ["vendor"]}
    answers = at_once(*[lambda who=who: who.api("POST", "/organizations", json=body) for who in people])
    assert statuses(answers)[0] == 201
    assert set(statuses(answers)[1:]) <= {409, 422}
    assert count(app, Organization) == before + 1


def test_revisions_of_a_site_and_of_a_demand_at_once_leave_one_whole_version(app):
    own = person(app, "manufacturer")
    site = own.api("POST", "/sites", json=SITE).get_json()["id"]
    wanted = own.api("POST", "/demands", json=demand(site)).get_json()["id"]
    versions = [
        {**SITE, "name": f"공장 {n}", "headcount": n, "processes": ["press"] * n} for n in range(1, 5)
    ]
    asked = [{**demand(site), "title": f"수요 {n}", "budget_amount": n} for n in range(1, 5)]
    answers = at_once(*[lambda body=body: own.api("PUT", f"/sites/{site}", json=body) for body in versions])
    answers += at_once(*[lambda body=body: own.api("PUT", f"/demands/{wanted}", json=body) for body in asked])
    assert statuses(answers) == [200] * 8
    kept = own.api("GET", f"/sites/{site}").get_json()
    assert (kept["name"], kept["processes"]) == (f"공장 {kept['headcount']}", ["press"])
    assert kept["systems"] == SITE["systems"]
    left = own.api("GET", f"/demands/{wanted}").get_json()
    assert left["title"] == f"수요 {left['budget_amount']}"
    assert len(left["requirements"]) == 2
    assert (count(app, Site), count(app, Demand)) == (1, 1)


def test_the_audit_chain_holds_under_parallel_writers(app):
    people = [person(app, "vendor") for _ in range(4)]
    before = count(app, audit.AuditEntry)

    def work(who):
        return [who.api("POST", "/listings", json={"title": f"제품 {n}"}).status_code for n in range(EACH)]

    answers = at_once(*[lambda who=who: work(who) for who in people])
    assert answers == [[201] * EACH] * 4
    with app.extensions["database"].session(reading=True) as session:
        numbers = session.scalars(select(audit.AuditEntry.number).order_by(audit.AuditEntry.number)).all()
        assert list(numbers) == list(range(1, before + 4 * EACH + 1))
        assert list(audit.breaks(session)) == []
