"""The relay: nothing is lost and nothing doubled when it dies at any step; and what happens without the guard."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from catalog import counters, outbox
from catalog.db import utcnow
from catalog.files.folder import FolderStore
from catalog.outbox import OutboxMessage
from marketplace import mail, tasks, worker
from matching.models import IndexState
from tests import factories
from tests.marketplace.relay import DIES, RELAY, STEPS, end_leases, relay

MAILS = 3

#: The same relay with the guard taken away: a mail's file is no longer named by its key.
UNGUARDED = (
    "import uuid; from marketplace.mail import FolderMail; "
    "FolderMail.file_name = lambda self, key: uuid.uuid4().hex + '.eml'; " + RELAY
)


@pytest.fixture
def waiting(session, settings, tmp_path):
    """One publication and three mails, committed, not yet acted on."""
    store = FolderStore(tmp_path / "files")
    vendor, validator = factories.company(session, "vendor"), factories.company(session, "validator")
    factories.published(session, vendor, validator, store)
    for number in range(MAILS):
        mail.ask(session, to=f"p{number}@example.com", key="occasion", subject="제목", body="내용")
    session.commit()
    return session


def _letters(tmp_path):
    return sorted(path.name for path in (tmp_path / "mail").glob("*.eml"))


@pytest.mark.parametrize("step", STEPS)
def test_a_relay_that_dies_loses_and_doubles_nothing(waiting, settings, tmp_path, step):
    assert relay(settings, crash_at=step) == DIES
    end_leases(waiting)
    assert relay(settings) == 0
    waiting.expire_all()
    states = waiting.scalars(select(OutboxMessage.state)).all()
    assert states == [outbox.DONE] * (MAILS + 1)
    assert len(_letters(tmp_path)) == MAILS
    assert waiting.get(IndexState, "embedded").revision == counters.current(waiting, counters.CATALOG) == 1


def test_without_the_guard_the_same_death_doubles(waiting, settings, tmp_path):
    """Dead between the effect and its mark: the repeat has the effect a second time."""
    mails_first = update(OutboxMessage).where(OutboxMessage.topic != mail.TOPIC)
    waiting.execute(mails_first.values(state=outbox.DONE))
    waiting.commit()
    assert relay(settings, UNGUARDED, crash_at="outbox.acted") == DIES
    end_leases(waiting)
    assert relay(settings, UNGUARDED) == 0
    assert len(_letters(tmp_path)) == MAILS + 1


def test_what_is_rolled_back_is_never_done(session, app, tmp_path):
    mail.ask(session, to="p@example.com", key="k", subject="s", body="b")
    session.rollback()
    assert worker.drain(app) == 0
    assert _letters(tmp_path) == []


def test_the_same_key_is_recorded_once(session, app, tmp_path):
    for _ in range(2):
        mail.ask(session, to="p@example.com", key="k", subject="s", body="b")
        session.commit()
    assert worker.drain(app) == 1
    assert len(_letters(tmp_path)) == 1


def test_trouble_is_put_off_and_at_last_put_aside(session, app, monkeypatch):
    def broken(_key, _payload):
        raise OSError("disk full")

    monkeypatch.setattr(app.extensions["mail"], "deliver", broken)
    mail.ask(session, to="p@example.com", key="k", subject="s", body="b")
    session.commit()
    for tries in range(1, worker.MAX_TRIES + 1):
        worker.drain(app)
        session.expire_all()
        message = session.scalars(select(OutboxMessage)).one()
        assert message.tries == tries
        assert "disk full" in message.last_error
        assert message.next_at > utcnow()
        end_leases(session)
    session.expire_all()
    assert session.scalars(select(OutboxMessage.state)).one() == outbox.DEAD
    assert worker.drain(app) == 0


def test_a_crash_is_only_possible_in_tests(app):
    app.config.update(IEUM_TEST="0", CRASH_AT="outbox.claimed")
    worker.crash_point(app, "outbox.claimed")
    assert app.config["CRASH_AT"] == "outbox.claimed"  # reached: the process lives


def test_what_no_repeat_can_help_is_put_aside_at_once(session, app, monkeypatch):
    def refused(_key, _payload):
        raise tasks.GiveUp("550 no such user")

    monkeypatch.setattr(app.extensions["mail"], "deliver", refused)
    mail.ask(session, to="p@example.com", key="k", subject="s", body="b")
    session.commit()
    worker.drain(app)
    message = session.scalars(select(OutboxMessage)).one()
    assert (message.state, message.tries, message.last_error) == (outbox.DEAD, 1, "550 no such user")


def test_what_another_relay_has_taken_meanwhile_is_left_to_it(session, app, monkeypatch):
    """The first mail takes so long that the lease of the second runs out."""
    acted = []

    def slow(key, _payload):
        acted.append(key)
        if len(acted) == 1:
            taken = update(OutboxMessage).where(OutboxMessage.key != key)
            session.execute(taken.values(next_at=utcnow() + timedelta(minutes=1), tries=2))
            session.commit()

    monkeypatch.setattr(app.extensions["mail"], "deliver", slow)
    for number in range(2):
        mail.ask(session, to=f"p{number}@example.com", key="k", subject="s", body="b")
    session.commit()
    worker.drain(app)
    assert len(acted) == 1


def test_a_topic_has_one_handler(app):
    tasks.handle(app, "some.topic", lambda _key, _payload: None)
    with pytest.raises(ValueError, match=r"some\.topic"):
        tasks.handle(app, "some.topic", lambda _key, _payload: None)


def test_the_trouble_of_one_tick_does_not_stop_the_others(app):
    seen = []

    def broken(_now):
        raise OSError

    tasks.every_tick(app, broken)
    tasks.every_tick(app, seen.append)
    moment = utcnow()
    worker.tick(app, moment)
    assert seen == [moment]
