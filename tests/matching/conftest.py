"""Matching needs no application: a session on a fresh database, and a small market on it."""

import pytest

from marketplace.extensions import Database
from tests.matching.market import Market


@pytest.fixture
def session(database_url):
    """A writing session."""
    database = Database(database_url)
    with database.session() as opened:
        yield opened
    database.engine.dispose()


@pytest.fixture
def market(session, tmp_path):
    """A vendor, a validator, a manufacturer and an index that follows."""
    return Market(session, tmp_path / "bytes")
