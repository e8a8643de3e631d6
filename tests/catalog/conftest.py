"""The catalogue needs no application: a session on a fresh database is enough, and begins sooner."""

import pytest

from marketplace.extensions import Database


@pytest.fixture
def session(database_url):
    """A writing session."""
    database = Database(database_url)
    with database.session() as opened:
        yield opened
    database.engine.dispose()
