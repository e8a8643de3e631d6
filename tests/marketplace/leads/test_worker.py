"""The worker makes leads and alerts: bounded, once, whatever dies on the way."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from catalog import outbox, publishing
from catalog.models import Listing, Organization, Release
from catalog.outbox import OutboxMessage
from marketplace import worker
from marketplace.accounts.models import User
from marketplace.journeys import alerts as alert_acts
from marketplace.journeys import leads as acts
from marketplace.notices import preferences
from marketplace.notices.models import NONE, Notice
from matching import alerts, demands, shortlists
from matching.models import Demand, Lead, SavedSearch
from matching.models.demand import BOARD, ORGANIZATIONS, PRIVATE
from tests import factories
from tests.marketplace.leads.conftest import NAME
from tests.marketplace.letters import sent_to
from tests.marketplace.people import person
from tests.marketplace.relay import DIES, STEPS, end_leases, relay
from tests.marketplace.web.looking import acting, one, rows, text_of

LATER = factories.NOW + timedelta(days=1)


def told(app, event):
    return rows(app, select(Notice.user_id).where(Notice.event == event))


def topics(app):
    return rows(app, select(OutboxMessage.topic))


def publish(house, title="새 비전", *, now=factories.NOW, owner=None, **changes):
    """A further public listing of the vendor, or of another one."""
    with acting(house.app) as session:
        owner = session.get(Organization, owner or house.vendor.organization_key)
        validator = session.scalar(select(Organization).where(Organization.name.like("회사 %")).limit(1))
        files = house.app.extensions["files"]
        made = factories.published(session, owner, validator, files, title=title, now=now, **changes)
        return made.public_id


def test_a_shown_demand_is_told_once_to_the_vendors_people(shown):
    assert told(shown.app, "lead.new") == [shown.vendor.user_key]
    shown.look()
    publish(shown)
    shown.look()
    assert told(shown.app, "lead.new") == [shown.vendor.user_key]
    notice = one(shown.app, select(Notice.link).where(Notice.event == "lead.new"))
    assert notice == f"/leads/{shown.lead}"


def test_nothing_new_asks_for_nothing(shown):
    before = len(topics(shown.app))
    shown.look()
    assert len(topics(shown.app)) == before


def test_a_private_demand_is_told_to_nobody(house):
    house.look()
    assert one(house.app, select(func.count(Lead.id))) == 0
    assert told(house.app, "lead.new") == []


def test_a_company_gets_no_lead_of_its_own_demand(house):
    with acting(house.app) as session:
        site = factories.site(session, session.get(Organization, house.vendor.organization_key))
        demands.widen(session, factories.demand(session, site), "board", [], factories.NOW)
    house.look()
    assert rows(house.app, select(Lead.organization_id)) == []


def test_a_vendor_whose_first_listing_comes_later_gets_the_lead_then(shown):
    late = person(shown.app, "vendor", name="늦은비전")
    shown.look()
    assert told(shown.app, "lead.new") == [shown.vendor.user_key]
    publish(shown, owner=late.organization_key)
    shown.look()
    assert told(shown.app, "lead.new") == [shown.vendor.user_key, late.user_key]


def test_a_revised_demand_is_looked_at_anew_and_a_withdrawn_listing_leaves_its_lead(shown):
    with acting(shown.app) as session:
        listing = session.scalar(select(Listing).where(Listing.public_id == shown.listing))
        publishing.withdraw(session, listing)
    shown.look()
    assert one(shown.app, select(Lead.listing)) is None
    other = publish(shown, "다른 비전")
    shown.look()
    assert one(shown.app, select(Lead.listing)) == other


def test_what_is_narrowed_before_the_worker_looks_is_not_told(house):
    with acting(house.app) as session:
        demand = session.scalar(select(Demand))
        demands.widen(session, demand, "board", [], factories.NOW)
        acts.ask_due(session)
        demands.narrow(session, demand, PRIVATE)
    worker.drain(house.app)
    assert told(house.app, "lead.new") == []


def test_a_named_vendor_is_told_of_its_naming_once(house):
    house.show(ORGANIZATIONS, [house.vendor])
    house.look()
    house.show(BOARD, at=LATER)
    assert told(house.app, "lead.named") == [house.vendor.user_key]
    assert told(house.app, "lead.new") == []
    notice = one(house.app, select(Notice.link).where(Notice.event == "lead.named"))
    assert notice == f"/leads/{house.lead}"
    assert len(sent_to(house.app, house.vendor.email)) == 1


def test_a_vendor_that_knew_the_demand_from_the_board_is_told_when_it_is_named(shown, monkeypatch):
    monkeypatch.setattr("marketplace.extensions.now", lambda: LATER)
    shown.show(BOARD, [shown.vendor], LATER)
    assert told(shown.app, "lead.new") == [shown.vendor.user_key]
    assert told(shown.app, "lead.named") == [shown.vendor.user_key]
    assert one(shown.app, select(Lead.offered_at)) == LATER
    shown.change(lambda session, demand: demands.narrow(session, demand, BOARD, keep=[]))
    shown.show(BOARD, [shown.vendor], LATER + timedelta(hours=1))
    assert told(shown.app, "lead.named") == [shown.vendor.user_key]


@pytest.mark.parametrize("audience", [ORGANIZATIONS, BOARD])
def test_a_named_vendor_with_nothing_in_the_store_has_its_lead_and_one_that_is_not_named_none(
    house, audience
):
    bare, other = person(house.app, "vendor", name="새로 온 곳"), person(house.app, "vendor")
    house.show(audience, [bare])
    leads = rows(house.app, select(Lead.organization_id))
    assert bare.organization_key in leads
    assert other.organization_key not in leads
    assert told(house.app, "lead.named") == [bare.user_key]
    assert NAME in text_of(bare.client.get("/leads"))


def test_a_named_vendor_that_wants_no_mail_gets_none(house):
    with acting(house.app) as session:
        preferences.choose(session, session.get(User, house.vendor.user_key), {"lead.named": NONE})
    house.show(ORGANIZATIONS, [house.vendor])
    assert told(house.app, "lead.named") == [house.vendor.user_key]
    assert sent_to(house.app, house.vendor.email) == []


def test_many_vendors_and_demands_are_looked_at_in_batches(shown, monkeypatch):
    monkeypatch.setattr(acts, "BATCH", 2)
    others = [person(shown.app, "vendor", name=f"공급사 {n}") for n in range(3)]
    for who in others:
        publish(shown, owner=who.organization_key)
    with acting(shown.app) as session:
        site = session.scalar(select(Demand)).site
        for n in range(3):
            made = factories.demand(session, site, title=f"수요 {n}")
            demands.widen(session, made, "board", [], factories.NOW)
    shown.look()
    assert one(shown.app, select(func.count(Lead.id))) == 16
    assert len(told(shown.app, "lead.new")) == 16
    assert topics(shown.app).count(acts.LOOK) > 4


@pytest.mark.parametrize(("audience", "event"), [(BOARD, "lead.new"), (ORGANIZATIONS, "lead.named")])
@pytest.mark.parametrize("step", STEPS)
def test_a_relay_that_dies_loses_and_doubles_no_lead(house, session, settings, step, audience, event):
    with acting(house.app) as other:
        vendor = other.get(Organization, house.vendor.organization_key)
        to = [vendor] if audience == ORGANIZATIONS else []
        demands.widen(other, other.scalar(select(Demand)), audience, to, factories.NOW)
        acts.ask_due(other)
    assert set(topics(house.app)) >= {acts.LOOK, acts.REFRESH, acts.EDITION}
    session.rollback()
    assert relay(settings, crash_at=step) == DIES
    end_leases(session)
    assert relay(settings) == 0
    assert told(house.app, event) == [house.vendor.user_key]
    assert one(house.app, select(func.count(Lead.id))) == 1
    assert set(rows(house.app, select(OutboxMessage.state))) == {outbox.DONE}


@pytest.fixture
def saved(house):
    """A search of the manufacturer's, kept before anything new comes."""
    with acting(house.app) as session:
        maker = session.get(Organization, house.maker.organization_key)
        row = alerts.save(
            session, maker, name="비전", text="비전", filters={"region": ["gyeongnam"]}, now=factories.NOW
        )
        session.flush()
        return row.public_id


def ask(house, moment=LATER):
    with acting(house.app) as session:
        alert_acts.ask_due(session, moment)


def test_a_saved_search_tells_once_a_day_of_what_became_public_since(house, saved):
    publish(house, "새 비전", now=factories.NOW + timedelta(hours=1))
    publish(house, "먼 새 비전", now=factories.NOW + timedelta(hours=1), regions=["jeju"])
    ask(house)
    worker.drain(house.app)
    ask(house, LATER + timedelta(hours=1))
    worker.drain(house.app)
    assert told(house.app, "search.found") == [house.maker.user_key]
    assert one(house.app, select(Notice.params).where(Notice.event == "search.found")) == {
        "name": "비전",
        "count": 1,
    }
    assert one(house.app, select(SavedSearch.found)) == 1
    ask(house, LATER + timedelta(days=1))
    worker.drain(house.app)
    assert len(told(house.app, "search.found")) == 1


def test_a_saved_search_is_not_asked_before_its_time(house, saved):
    publish(house, now=factories.NOW + timedelta(hours=1))
    ask(house, factories.NOW + timedelta(hours=2))
    assert alert_acts.SEARCHES not in topics(house.app)


@pytest.mark.parametrize("step", STEPS)
def test_a_relay_that_dies_loses_and_doubles_no_find(house, saved, session, settings, step):
    publish(house, now=factories.NOW + timedelta(hours=1))
    ask(house)
    assert alert_acts.SEARCHES in topics(house.app)
    session.rollback()
    assert relay(settings, crash_at=step) == DIES
    end_leases(session)
    assert relay(settings) == 0
    assert told(house.app, "search.found") == [house.maker.user_key]


@pytest.fixture
def kept(house):
    """The demand's people keep the listing in view; what was public by then is no news."""
    with acting(house.app) as session:
        listing = session.scalar(select(Listing).where(Listing.public_id == house.listing))
        release = session.scalar(select(Release).where(Release.listing_id == listing.id))
        shortlists.add(session, session.scalar(select(Demand)), release)
    ask(house)
    worker.drain(house.app)
    return house


def withdraw(house):
    with acting(house.app) as session:
        publishing.withdraw(
            session, session.scalar(select(Listing).where(Listing.public_id == house.listing))
        )


def test_a_change_on_a_shortlist_is_told_once_to_the_demands_people(kept):
    assert told(kept.app, "shortlist.changed") == []
    withdraw(kept)
    for _ in range(2):
        ask(kept)
        worker.drain(kept.app)
    assert told(kept.app, "shortlist.changed") == [kept.maker.user_key]


def test_a_certificate_that_ended_yesterday_is_told(kept, monkeypatch):
    with acting(kept.app) as session:
        end = session.scalar(select(Release)).certificate.expires_on
    moment = factories.NOW + (end - factories.TODAY) + timedelta(days=1)
    monkeypatch.setattr("marketplace.extensions.now", lambda: moment)
    ask(kept, moment)
    worker.drain(kept.app)
    assert told(kept.app, "shortlist.changed") == [kept.maker.user_key]


@pytest.mark.parametrize("step", STEPS)
def test_a_relay_that_dies_loses_and_doubles_no_change(kept, session, settings, step):
    withdraw(kept)
    ask(kept)
    assert alert_acts.SHORTLISTS in topics(kept.app)
    session.rollback()
    assert relay(settings, crash_at=step) == DIES
    end_leases(session)
    assert relay(settings) == 0
    assert told(kept.app, "shortlist.changed") == [kept.maker.user_key]
