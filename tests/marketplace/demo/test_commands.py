"""flask demo load, flask demo token."""

import json

import pytest
from sqlalchemy import func, select

from catalog.models import Organization
from marketplace import create_app
from marketplace.accounts.models import ApiToken
from marketplace.accounts.principal import digest
from marketplace.extensions import database


@pytest.fixture
def run(app):
    """Run `flask …` in the test's application."""
    return app.test_cli_runner().invoke


def _lines(text):
    return [line for line in text.splitlines() if line]


def test_load_prints_one_object_and_refuses_the_second_time(app, run, session, loaded_app):
    first = run(args=["demo", "load", "--json"])
    assert first.exit_code == 0, first.output
    answer = json.loads(first.stdout)
    assert set(answer) == {"digest", "counts"}
    assert answer["digest"] == loaded_app.demo_summary.digest
    held = session.scalar(select(func.count(Organization.id)))
    session.rollback()
    assert answer["counts"]["organizations"] == held

    second = run(args=["demo", "load", "--json"])
    assert second.exit_code == 2
    assert second.stdout == ""
    assert len(_lines(second.stderr)) == 1
    assert session.scalar(select(func.count(Organization.id))) == held


def test_token_of_a_demo_account(loaded_app):
    answer = loaded_app.test_cli_runner().invoke(args=["demo", "token", "manufacturer@demo.example"])
    assert answer.exit_code == 0, answer.output
    with database(loaded_app).session(reading=True) as session:
        token = session.scalars(
            select(ApiToken).where(ApiToken.token_hash == digest(answer.stdout.strip()))
        ).one()
        assert token.user.email == "manufacturer@demo.example"


@pytest.mark.parametrize("email", ["nobody@demo.example", "vendor@example.com", ""])
def test_token_of_somebody_else_is_refused(loaded_app, email):
    answer = loaded_app.test_cli_runner().invoke(args=["demo", "token", email])
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert len(_lines(answer.stderr)) == 1


def test_token_outside_demo_mode_is_refused(loaded_app):
    settings = {
        name: loaded_app.config[name]
        for name in ("DATABASE_URL", "FILES_URL", "MAIL_URL", "SEARCH_FOLDER", "SECRET_KEY")
    }
    app = create_app({**settings, "IEUM_DEMO": "0"})
    answer = app.test_cli_runner().invoke(args=["demo", "token", "vendor@demo.example"])
    database(app).engine.dispose()
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert len(_lines(answer.stderr)) == 1
