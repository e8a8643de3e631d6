"""Followers: an index that replays the catalogue's changes, each process at its own time."""

from datetime import date

import pytest
from sqlalchemy import text

from catalog import counters, listings, publishing
from matching.models import IndexState
from matching.search import sync
from matching.search.embedded import EmbeddedEngine
from matching.search.query import SearchQuery
from matching.search.sync import Follower
from tests import factories
from tests.matching.market import ANALYSER, follower

TODAY = factories.TODAY


def titles(engine):
    return sorted(document.content["title"] for document in engine.all())


def facts(engine):
    return [
        (
            document.id,
            document.release_number,
            document.content,
            document.vendor_name,
            document.certificate_expires_on,
        )
        for document in engine.all()
    ]


def test_an_empty_catalogue_is_followed_to_revision_0(session):
    fresh = follower()
    assert fresh.catch_up(session) == 0
    assert list(fresh.engine.all()) == []


def test_what_is_approved_comes_and_what_is_withdrawn_goes(session, market):
    one = market.publish("하나")
    two = market.publish("둘", expires_on=date(2027, 1, 1))
    assert market.follower.catch_up(session) == counters.current(session, counters.CATALOG) == 2
    assert titles(market.follower.engine) == ["둘", "하나"]
    document = market.follower.engine.get(two.public_id)
    assert (document.vendor_id, document.vendor_name) == (market.vendor.public_id, "가람비전")
    assert (document.release_number, document.certificate_expires_on) == (1, date(2027, 1, 1))
    assert document.approved_on == TODAY
    publishing.withdraw(session, one)
    assert market.follower.catch_up(session) == 3
    assert titles(market.follower.engine) == ["둘"]
    assert market.follower.engine.search(SearchQuery(TODAY)).everything_total == 1


def test_drafts_and_submissions_are_not_followed(session, market):
    factories.draft(session, market.vendor, market.store)
    factories.submitted(session, factories.draft(session, market.vendor, market.store))
    assert market.follower.catch_up(session) == 0
    assert titles(market.follower.engine) == []


def test_a_new_edition_takes_the_place_of_the_old_one_only_when_it_is_approved(session, market):
    listing = market.publish("첫 판")
    market.follower.catch_up(session)
    publishing.reopen(session, listing)
    listings.revise(session, listing, {"title": "둘째 판"})
    session.flush()
    assert market.follower.catch_up(session) == 1
    assert titles(market.follower.engine) == ["첫 판"]
    factories.approved(session, listing, market.validator)
    assert market.follower.catch_up(session) == 2
    assert titles(market.follower.engine) == ["둘째 판"]
    assert market.follower.engine.get(listing.public_id).release_number == 2


def test_catching_up_again_changes_nothing(session, market):
    market.publish("하나")
    market.follower.catch_up(session)
    before = facts(market.follower.engine)
    snapshot = market.follower.engine._state
    assert market.follower.catch_up(session) == 1
    assert facts(market.follower.engine) == before
    assert market.follower.engine._state is snapshot  # nothing was even built anew


def test_an_older_engine_catches_up_in_one_step_and_agrees(session, market):
    """It has seen the first listing, and then sleeps through an approval, a new edition and a withdrawal."""
    late = follower()
    first = market.publish("하나")
    late.catch_up(session)
    second = market.publish("둘")
    market.follower.catch_up(session)
    market.republish(second, lambda row: listings.revise(session, row, {"title": "둘의 새 판"}))
    market.follower.catch_up(session)
    publishing.withdraw(session, first)
    market.follower.catch_up(session)
    assert late.engine.revision == 1
    assert late.catch_up(session) == market.follower.engine.revision == 4
    fresh = follower()
    fresh.catch_up(session)
    assert facts(late.engine) == facts(market.follower.engine) == facts(fresh.engine)
    assert titles(fresh.engine) == ["둘의 새 판"]


def test_a_follower_looks_at_the_catalogue_only_so_often(session, market, monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(sync.time, "monotonic", lambda: clock[0])
    own = follower()
    assert own.current(session).revision == 0
    market.publish("하나")
    clock[0] += sync.CHECK_EVERY_SECONDS / 2
    assert own.current(session).revision == 0
    clock[0] += sync.CHECK_EVERY_SECONDS
    assert own.current(session).revision == 1


def kept_in(folder):
    """A process's empty engine that begins with the snapshot of a folder."""
    return Follower(EmbeddedEngine(ANALYSER), ANALYSER, folder)


def saved(session, market, folder):
    """A follower that has written a snapshot of two listings."""
    sync.name_catalogue(session)
    first = kept_in(folder)
    market.publish("하나")
    market.publish("둘")
    assert first.save(session)
    return first


def analysed(monkeypatch):
    """The ids of the documents that are made from now on."""
    made = []
    make = sync.document_from_release
    monkeypatch.setattr(
        sync,
        "document_from_release",
        lambda *args, **names: made.append(names["listing_id"]) or make(*args, **names),
    )
    return made


def test_a_process_begins_with_the_snapshot_and_replays_what_is_newer(session, market, tmp_path, monkeypatch):
    first = saved(session, market, tmp_path)
    third = market.publish("셋")
    made = analysed(monkeypatch)
    other = kept_in(tmp_path)
    assert other.catch_up(session) == 3
    assert made == [third.public_id]
    first.catch_up(session)
    assert facts(other.engine) == facts(first.engine)
    assert titles(other.engine) == ["둘", "셋", "하나"]


def test_a_snapshot_is_written_only_when_the_index_has_moved(session, market, tmp_path):
    first = saved(session, market, tmp_path)
    assert not first.save(session)
    assert not kept_in(tmp_path).save(session)  # it has just begun with this very state
    market.publish("셋")
    assert first.save(session)
    assert not follower().save(session)  # it has no folder


def test_a_catalogue_without_a_name_has_no_snapshot(session, market, tmp_path):
    market.publish("하나")
    assert not kept_in(tmp_path).save(session)
    assert list(tmp_path.glob("*.json")) == []


@pytest.mark.parametrize("how", ["another catalogue", "went back", "before a rebuild"])
def test_a_snapshot_that_may_be_wrong_is_not_begun_with(session, market, tmp_path, monkeypatch, how):
    saved(session, market, tmp_path)
    if how == "another catalogue":
        sync.name_catalogue(session, anew=True)
    elif how == "went back":
        session.execute(text("UPDATE counter SET value = 1 WHERE name = 'catalog'"))
    else:
        sync.ask_rebuild(session)
    made = analysed(monkeypatch)
    kept_in(tmp_path).catch_up(session)
    assert len(made) == 2


def test_a_catalogue_keeps_its_name(session):
    sync.name_catalogue(session)
    name = counters.current(session, sync.NAME)
    sync.name_catalogue(session)
    assert counters.current(session, sync.NAME) == name > 0
    sync.name_catalogue(session, anew=True)
    assert counters.current(session, sync.NAME) != name


def test_progress_is_noted_and_never_taken_back(session):
    for revision, noted in ((3, 3), (2, 3), (3, 3), (7, 7)):
        sync.note_progress(session, "embedded", revision)
        session.commit()
        assert session.get(IndexState, "embedded").revision == noted
    sync.note_progress(session, "other", 1)
    session.commit()
    assert session.get(IndexState, "embedded").revision == 7
