"""People around an alliance that composes: its coordinator, a member, a vendor outside, a manufacturer."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from catalog import outbox
from catalog.db import utcnow
from catalog.models import Organization
from catalog.outbox import OutboxMessage
from marketplace import config, worker
from matching.models import ComposeRun
from tests import composing
from tests.marketplace.people import Person, person
from tests.marketplace.web.looking import acting, one, rows

RELAY = "from wsgi import app; from marketplace import worker; worker.drain(app, long=True)"
#: What finds an answer fast.
QUICK = {"seconds": 30, "alternatives": 0}


@dataclass
class Around:
    """Public ids of the alliance, of two demands that it is shown and of listings by title."""

    app: Any
    runner: Person
    member: Person
    outside: Person
    maker: Person
    alliance: str
    demand: str
    impossible: str
    listings: dict[str, str] = field(default_factory=dict)

    @property
    def path(self):
        """The runs of the demand that can be met, for programs."""
        return f"/alliances/{self.alliance}/pipeline/{self.demand}/compositions"

    @property
    def page(self):
        """The same for people."""
        return f"/alliances/{self.alliance}/inside/demands/{self.demand}/compose"

    def start(self, *, demand=None, **wishes):
        """Ask for a run by program; its public id."""
        path = self.path.replace(self.demand, demand or self.demand)
        answer = self.runner.api("POST", path, json={**QUICK, **wishes})
        assert answer.status_code == 202, answer.get_json()
        return answer.get_json()["id"]

    def done(self, **wishes):
        """A run that the worker has ended; its public id."""
        run = self.start(**wishes)
        worker.drain(self.app)
        return run

    def state(self, run):
        """The run's row."""
        return one(self.app, select(ComposeRun).where(ComposeRun.public_id == run))

    def states(self):
        """The states of all runs."""
        return rows(self.app, select(ComposeRun.state).order_by(ComposeRun.id))

    def die(self, settings, step):
        """Let a worker of its own die at that step, and the message that it had be due again."""
        keys = ("DATABASE_URL", "FILES_URL", "MAIL_URL", "SEARCH_FOLDER", "SECRET_KEY", "IEUM_TEST")
        environment = {**os.environ, **{key: settings[key] for key in keys}, "CRASH_AT": step}
        died = subprocess.run([sys.executable, "-c", RELAY], cwd=config.ROOT, env=environment, check=False)
        assert died.returncode == 9
        self.due()

    def due(self):
        """Let every message that waits be due at once: a lease that has run out."""
        with acting(self.app) as session:
            waiting = update(OutboxMessage).where(OutboxMessage.state == outbox.WAITING)
            session.execute(waiting.values(next_at=utcnow() - timedelta(seconds=1)))


@pytest.fixture
def around(app, tmp_path):
    """Everything of it, with a shelf and two demands: one that can be met, one that nobody can."""
    named = {"가람": "vendor", "누리": "vendor", "바깥": "vendor", "해울정밀": "manufacturer"}
    people = [person(app, role, name=name) for name, role in named.items()]
    with acting(app) as session:
        firms = [session.get_one(Organization, who.organization_key) for who in people]
        stage = composing.stage(session, tmp_path / "bytes", people=firms)
        stage.shelf()
        met = stage.demand("mes", "erp", links=[("mes", "erp")])
        impossible = stage.demand("mes", "scm")
        made = Around(
            app, *people, stage.alliance.public_id, met.public_id, impossible.public_id, dict(stage.listings)
        )
    worker.drain(app)
    return made
