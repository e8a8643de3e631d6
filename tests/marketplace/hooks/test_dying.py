"""A relay that dies at any step loses no delivery, and doubles none without saying so under the same id."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from catalog import outbox
from catalog.db import utcnow
from catalog.models import Organization
from catalog.outbox import OutboxMessage
from marketplace import config
from marketplace.hooks import delivering, endpoints
from marketplace.hooks.models import DELIVERED, HookDelivery
from tests import factories
from tests.marketplace.hooks.receiver import BELIEVED, certificate, listening

RELAY = (
    "from wsgi import app; from marketplace import worker; "
    "from tests.marketplace.hooks.receiver import loopback_sender; "
    "app.extensions['hooks'] = loopback_sender(); worker.drain(app, slow=True)"
)
#: The same relay with the guard taken away: a try that was done is done again.
UNGUARDED = (
    "from sqlalchemy import select; from marketplace.hooks import delivering; "
    "from marketplace.hooks.models import HookDelivery as D; "
    "delivering._due = lambda s, p: s.scalar(select(D).where(D.public_id == p['delivery'])); " + RELAY
)


def _relay(settings, script=RELAY, crash_at=None):
    keys = ("DATABASE_URL", "FILES_URL", "MAIL_URL", "SEARCH_FOLDER", "SECRET_KEY", "IEUM_TEST")
    environment = {**os.environ, **{key: settings[key] for key in keys}, "CRASH_AT": crash_at or ""}
    environment[BELIEVED] = certificate()[0]
    command = [sys.executable, "-c", script]
    return subprocess.run(command, cwd=config.ROOT, env=environment, check=False).returncode


@pytest.fixture
def receiver():
    with listening() as opened:
        yield opened


@pytest.fixture
def waiting(app, session, receiver):
    """One delivery, committed, not yet acted on; nothing else is due."""
    organization = session.get(Organization, factories.company(session, "vendor").id)
    with app.app_context():
        hook = endpoints.register(session, organization, url=receiver.url, events=["match.new"])
    about = {"event": "match.new", "key": "k", "about": hook, "link": "/demands", "moment": utcnow()}
    delivering.announce(session, organization, **about)
    session.commit()
    return session


def _die_and_go_on(settings, session, step, script=RELAY):
    assert _relay(settings, script, crash_at=step) == 9
    waiting = update(OutboxMessage).where(OutboxMessage.state == outbox.WAITING)
    session.execute(waiting.values(next_at=utcnow() - timedelta(seconds=1)))
    session.commit()
    assert _relay(settings, script) == 0


@pytest.mark.parametrize(
    ("step", "times"), [("outbox.claimed", 1), ("hook.sent", 2), ("outbox.acted", 1), ("outbox.done", 1)]
)
def test_at_every_step(waiting, settings, receiver, step, times):
    """Only between the answer and its record can the receiver get it twice: then under one id."""
    _die_and_go_on(settings, waiting, step)
    assert len(receiver.requests) == times
    assert len({json.loads(body)["id"] for _path, _headers, body in receiver.requests}) == 1
    waiting.expire_all()
    row = waiting.scalars(select(HookDelivery)).one()
    assert (row.state, row.tries) == (DELIVERED, 1)
    assert waiting.scalars(select(OutboxMessage.state)).all() == [outbox.DONE]


def test_without_the_guard_the_same_death_doubles(waiting, settings, receiver):
    _die_and_go_on(settings, waiting, "outbox.acted", UNGUARDED)
    assert len(receiver.requests) == 2
