"""The demo country, loaded once for all tests that only look at it."""

import pytest

from marketplace import create_app
from marketplace.demo import load, source
from marketplace.extensions import database
from marketplace.operations import migrate


@pytest.fixture(scope="session")
def country():
    """What the files say."""
    return source.read()


@pytest.fixture(scope="session")
def listings_of_files(country):
    """(vendor, listing) of the files."""
    return [(vendor, listing) for vendor in country.vendors for listing in vendor["listings"]]


@pytest.fixture(scope="session")
def loaded_app(tmp_path_factory):
    """An application whose SQLite database holds the country, with `app.demo_summary` of the load."""
    folder = tmp_path_factory.mktemp("demo")
    app = create_app(
        {
            "DATABASE_URL": f"sqlite:///{folder / 'demo.db'}",
            "FILES_URL": f"file:{folder / 'files'}",
            "MAIL_URL": f"file:{folder / 'mail'}",
            "SEARCH_FOLDER": str(folder / "search"),
            "SECRET_KEY": "a key for tests only, long enough to sign with",
            "IEUM_DEMO": "1",
            "TESTING": True,
        }
    )
    migrate.upgrade(database(app))
    with app.app_context(), database(app).session() as session:
        app.demo_summary = load.load(session, app.extensions["files"], with_logins=True)
        session.commit()
    yield app
    database(app).engine.dispose()


@pytest.fixture
def demo(loaded_app):
    """A session that reads the loaded country."""
    with loaded_app.app_context(), database(loaded_app).session(reading=True) as session:
        yield session
