"""A new listing is told to the manufacturers whose open demands it fits; nobody learns of others' demands."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from catalog import outbox
from catalog.files.folder import FolderStore
from catalog.models import Listing, Organization
from catalog.outbox import OutboxMessage
from marketplace import worker
from marketplace.api.examples import DECISION
from marketplace.journeys import watching
from marketplace.notices.models import Notice
from matching import demands, matchmaking
from tests import factories
from tests.marketplace.people import person
from tests.marketplace.relay import DIES, RELAY, STEPS, end_leases, relay


@pytest.fixture
def house(app, session, tmp_path):
    """A manufacturer with an open demand, a vendor, a validator."""
    people = {role: person(app, role) for role in ("manufacturer", "vendor", "validator")}
    site = factories.site(session, session.get(Organization, people["manufacturer"].organization_key))
    people["demand"] = factories.demand(session, site)
    session.commit()
    return people


def approve(app, session, house, tmp_path, **changes):
    """A listing goes public through the desk's page as anybody's does."""
    vendor = session.get(Organization, house["vendor"].organization_key)
    listing = factories.draft(session, vendor, FolderStore(tmp_path / "files"), **changes)
    factories.submitted(session, listing)
    session.commit()
    answer = house["validator"].api("POST", f"/listings/{listing.public_id}/decision", json=DECISION)
    assert answer.status_code == 200, answer.get_json()
    session.expire_all()
    return listing


def told(session):
    session.expire_all()
    rows = session.scalars(select(Notice).where(Notice.event == "match.new").order_by(Notice.id))
    return [(row.user_id, row.about, row.params["title"]) for row in rows]


def test_a_fitting_listing_is_told_once_to_the_demands_people(app, session, house, tmp_path):
    approve(app, session, house, tmp_path)
    worker.drain(app)
    expected = [(house["manufacturer"].user_key, house["demand"].public_id, "웰드아이 비전")]
    assert told(session) == expected
    notice = session.scalars(select(Notice).where(Notice.event == "match.new")).one()
    assert notice.link == f"/demands/{house['demand'].public_id}/matches"
    with app.app_context():
        watching.watch(session, session.scalars(select(Listing)).one())
    session.commit()
    worker.drain(app)
    assert told(session) == expected


def test_a_listing_that_is_left_out_is_no_news(app, session, house, tmp_path):
    approve(app, session, house, tmp_path, regions=["jeju"])
    worker.drain(app)
    assert told(session) == []


def test_a_sent_back_listing_is_not_looked_at(app, session, house, tmp_path):
    vendor = session.get(Organization, house["vendor"].organization_key)
    listing = factories.draft(session, vendor, FolderStore(tmp_path / "files"))
    factories.submitted(session, listing)
    session.commit()
    body = {**DECISION, "decision": "send_back"}
    house["validator"].api("POST", f"/listings/{listing.public_id}/decision", json=body)
    asked = session.scalars(select(OutboxMessage.topic)).all()
    assert watching.TOPIC not in asked


def test_closed_demands_and_listings_shown_before_stay_quiet(app, session, house, tmp_path):
    listing = approve(app, session, house, tmp_path)
    end_leases(session)
    demand = session.merge(house["demand"])
    with app.app_context():
        engine = app.extensions["search"].current(session)
        matchmaking.match(session, engine, demand, factories.TODAY)
        session.flush()
        assert watching.found_by(session, engine, [demand], listing.public_id, factories.TODAY) == []
    demands.close(session, demand, "not_now")
    session.commit()
    worker.drain(app)
    assert told(session) == []


def test_a_listing_far_down_the_list_is_no_news(app, session, house, tmp_path, monkeypatch):
    monkeypatch.setattr(watching, "TOP", 1)
    approve(app, session, house, tmp_path)
    worker.drain(app)
    assert len(told(session)) == 1
    approve(
        app, session, house, tmp_path, title="못한 것", level={"scale": "company_level", "from": 2, "to": 2}
    )
    worker.drain(app)
    assert [title for _user, _about, title in told(session)] == ["웰드아이 비전"]


def test_many_demands_are_looked_at_in_batches(app, session, house, tmp_path, monkeypatch):
    monkeypatch.setattr(watching, "BATCH", 2)
    site = session.merge(house["demand"]).site
    for number in range(4):
        factories.demand(session, site, title=f"수요 {number}")
    session.commit()
    approve(app, session, house, tmp_path)
    worker.drain(app)
    assert len(told(session)) == 5
    looks = select(func.count(OutboxMessage.id)).where(OutboxMessage.topic == watching.TOPIC)
    assert session.scalar(looks) == 3


def test_a_company_hears_nothing_of_its_own_listing(app, session, house, tmp_path):
    vendor = session.get(Organization, house["vendor"].organization_key)
    factories.demand(session, factories.site(session, vendor))
    session.commit()
    approve(app, session, house, tmp_path)
    worker.drain(app)
    assert [user for user, _about, _title in told(session)] == [house["manufacturer"].user_key]


@pytest.fixture
def waiting(app, session, house, tmp_path):
    """One approval, not yet looked at."""
    approve(app, session, house, tmp_path)
    return session


@pytest.mark.parametrize("step", STEPS)
def test_a_relay_that_dies_loses_and_doubles_nothing(waiting, settings, step):
    assert relay(settings, crash_at=step) == DIES
    end_leases(waiting)
    assert relay(settings) == 0
    assert len(told(waiting)) == 1
    assert set(waiting.scalars(select(OutboxMessage.state))) == {outbox.DONE}


#: The same relay with the guard taken away: a notice is no longer known by demand and listing.
UNGUARDED = (
    "import uuid; from marketplace import notices; tell = notices.tell; "
    "notices.tell = lambda *a, key, **rest: tell(*a, key=uuid.uuid4().hex, **rest); " + RELAY
)


def test_without_the_guard_the_same_death_doubles(waiting, settings):
    others_later = waiting.query(OutboxMessage).where(OutboxMessage.topic != watching.TOPIC)
    for message in others_later:
        message.next_at += timedelta(days=1)
    waiting.commit()
    assert relay(settings, UNGUARDED, crash_at="outbox.acted") == DIES
    for message in waiting.query(OutboxMessage).where(OutboxMessage.topic == watching.TOPIC):
        message.next_at -= timedelta(days=1)
    waiting.commit()
    assert relay(settings, UNGUARDED) == 0
    assert len(told(waiting)) == 2
