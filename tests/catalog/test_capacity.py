"""A vendor states its capacity: dated, bounded, taken up by the index, without touching what is published."""

import pytest
from sqlalchemy import select

from catalog import capacity, counters
from catalog.errors import Invalid, NotAllowed
from catalog.models import Listing
from catalog.outbox import OutboxMessage
from tests import factories
from tests.matching.market import Market


@pytest.fixture
def market(session, tmp_path):
    return Market(session, tmp_path / "bytes")


def test_a_statement_is_dated_and_reaches_the_index(session, market):
    listing = market.publish()
    session.flush()
    market.follower.catch_up(session)
    assert market.follower.engine.get(listing.public_id).vendor_capacity is None
    before = counters.current(session, counters.CATALOG)
    edited_at = listing.updated_at
    capacity.state(session, market.vendor, 4, factories.TODAY)
    session.flush()
    assert (market.vendor.capacity_per_quarter, market.vendor.capacity_as_of) == (4, factories.TODAY)
    assert counters.current(session, counters.CATALOG) == before + 1
    assert f"search.sync:{before + 1}" in session.scalars(select(OutboxMessage.key)).all()
    market.follower.catch_up(session)
    assert market.follower.engine.get(listing.public_id).vendor_capacity == 4
    session.refresh(listing)
    assert (listing.live_release, listing.updated_at) == (1, edited_at)


def test_the_same_number_again_is_only_dated_anew(session, market):
    market.publish()
    capacity.state(session, market.vendor, 4, factories.TODAY)
    revision = counters.current(session, counters.CATALOG)
    capacity.state(session, market.vendor, 4, factories.TODAY.replace(day=22))
    assert market.vendor.capacity_as_of.day == 22
    assert counters.current(session, counters.CATALOG) == revision


def test_a_statement_can_be_taken_back(session, market):
    capacity.state(session, market.vendor, 0, factories.TODAY)
    assert market.vendor.capacity_per_quarter == 0
    capacity.state(session, market.vendor, None, factories.TODAY)
    assert (market.vendor.capacity_per_quarter, market.vendor.capacity_as_of) == (None, None)


@pytest.mark.parametrize("projects", [-1, 1000])
def test_a_number_outside_the_range_changes_nothing(session, market, projects):
    with pytest.raises(Invalid):
        capacity.state(session, market.vendor, projects, factories.TODAY)
    assert market.vendor.capacity_per_quarter is None


def test_only_vendors_have_capacity(session, market):
    with pytest.raises(NotAllowed, match=r"capacity\.vendor"):
        capacity.state(session, market.maker, 3, factories.TODAY)


def test_a_draft_stays_out_of_the_index(session, market):
    hidden = factories.draft(session, market.vendor, market.store)
    capacity.state(session, market.vendor, 3, factories.TODAY)
    session.flush()
    assert session.scalar(select(Listing.revision).where(Listing.id == hidden.id)) == 0
