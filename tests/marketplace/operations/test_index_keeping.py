"""Snapshots of the index: written beside the worker, opened by every process that starts."""

import errno
from datetime import timedelta
from pathlib import Path

import pytest

from catalog.db import utcnow
from marketplace import create_app, tasks
from marketplace.extensions import search_index
from marketplace.operations import index_keeping
from matching.search.embedded import snapshot
from matching.search.query import SearchQuery
from tests import factories


@pytest.fixture
def listing(app, session):
    """The title of a public listing, committed."""
    store = app.extensions["files"]
    vendor, validator = factories.company(session, "vendor"), factories.company(session, "validator")
    row = factories.published(session, vendor, validator, store, title="용접 로봇 감시")
    session.commit()
    return row


def test_a_server_begins_with_what_the_worker_kept(app, settings, session, listing, monkeypatch):
    index_keeping.keep(app)
    monkeypatch.setattr("matching.search.sync.document_from_release", None)  # nothing may be made anew
    other = create_app(settings)
    assert [each.id for each in search_index(other).current(session).all()] == [listing.public_id]
    other.extensions["database"].engine.dispose()


def test_the_worker_keeps_one_a_minute_beside_its_work(app, session, listing, monkeypatch):
    kept = []
    monkeypatch.setattr(index_keeping, "keep", kept.append)
    keeper, moment = index_keeping._Keeper(app), utcnow()
    for seconds in (0, 10, 59, 60, 70):
        keeper.tick(moment + timedelta(seconds=seconds))
        keeper._thread.join()
    assert kept == [app, app]
    assert len([tick for tick in tasks.of(app).ticks if "_Keeper" in tick.__qualname__]) == 1


def test_a_full_disk_stops_nothing(app, session, listing, monkeypatch):
    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(snapshot, "save", full)
    index_keeping.keep(app)
    assert not list(Path(app.config["SEARCH_FOLDER"]).glob("*.json"))
    assert search_index(app).current(session).search(SearchQuery(factories.TODAY)).total == 1
