"""A place to restore to, beside the one that is backed up."""

import uuid

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from marketplace import create_app


@pytest.fixture
def run(app):
    """Run `flask …` in the test's application."""
    return app.test_cli_runner().invoke


@pytest.fixture
def new_url(settings, tmp_path):
    """The address of a database that does not exist yet (SQLite) or is empty (PostgreSQL)."""
    url = make_url(settings["DATABASE_URL"])
    if url.drivername == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'restored.db'}"
        return
    name = f"restored_{uuid.uuid4().hex[:12]}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield url.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    engine.dispose()


@pytest.fixture
def elsewhere(settings, new_url, tmp_path):
    """An application on another machine: nothing there yet."""
    app = create_app({**settings, "DATABASE_URL": new_url, "FILES_URL": f"file:{tmp_path / 'new-files'}"})
    yield app
    app.extensions["database"].engine.dispose()
