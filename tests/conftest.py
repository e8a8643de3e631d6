"""What tests stand on: a real database each, the application, people who act in it.

`TEST_DATABASE_URL` (PostgreSQL, a role that may create databases) runs the same tests there; otherwise SQLite files.
Each test gets a fresh copy of one migrated template.
"""

import os
import shutil
import uuid

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from marketplace import create_app
from marketplace.accounts import passwords
from marketplace.extensions import Database
from marketplace.operations import migrate
from tests import lighter

SERVER = os.environ.get("TEST_DATABASE_URL")
#: Pure functions: their tests run once, not on each database (`ONCE` in the Makefile).
PURE = (
    "tests/matching/composer",
    "tests/matching/packages",
    "tests/matching/scoring",
    "tests/matching/search",
)
PRODUCTION_PASSWORDS = {name: getattr(passwords, name) for name in ("_hasher", "_dummy")}
# Before the first test module is imported: `tests.marketplace.people` keeps a hash from its import on.
lighter.share_templates()
lighter.describe_when_asked()
lighter.hash_cheaply()


def _on_server(statement):
    engine = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _migrate(url):
    database = Database(url)
    migrate.upgrade(database)
    database.engine.dispose()


@pytest.fixture(scope="session")
def template_database(tmp_path_factory):
    """A migrated, empty database to copy from: the path of a SQLite file, or the name of a database."""
    if SERVER is None:
        path = tmp_path_factory.mktemp("template") / "template.db"
        _migrate(f"sqlite:///{path}")
        yield path
        return
    name = f"template_{uuid.uuid4().hex[:12]}"
    _on_server(f'CREATE DATABASE "{name}"')
    _migrate(make_url(SERVER).set(database=name).render_as_string(hide_password=False))
    yield name
    _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def database_url(request, template_database, tmp_path):
    """The URL of a fresh, migrated, empty database."""
    assert not request.node.nodeid.startswith(PURE), "a test with a database belongs in another folder"
    if SERVER is None:
        shutil.copy(template_database, tmp_path / "test.db")
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    name = f"test_{uuid.uuid4().hex[:12]}"
    _on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template_database}"')
    yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def settings(database_url, tmp_path):
    """Settings of a test application; a test may change them before it asks for `app`."""
    return {
        "DATABASE_URL": database_url,
        "FILES_URL": f"file:{tmp_path / 'files'}",
        "MAIL_URL": f"file:{tmp_path / 'mail'}",
        "SEARCH_FOLDER": str(tmp_path / "search"),
        "SECRET_KEY": "a key for tests only, long enough to sign with",
        "SITE_URL": "http://127.0.0.1:8000",
        "IEUM_TEST": "1",
        "TESTING": True,
        "PROPAGATE_EXCEPTIONS": False,
    }


@pytest.fixture
def app(settings):
    """The application on its own database."""
    application = create_app(settings)
    yield application
    application.extensions["database"].engine.dispose()


@pytest.fixture
def session(app):
    """A writing session on the application's database. Commit before pages or programs are to see what it made."""
    with app.extensions["database"].session() as opened:
        yield opened


@pytest.fixture
def production_passwords(monkeypatch):
    """Passwords are hashed at the price of production (`lighter.hash_cheaply`)."""
    for name, kept in PRODUCTION_PASSWORDS.items():
        monkeypatch.setattr(passwords, name, kept)
