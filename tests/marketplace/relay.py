"""The worker as a process of its own, which a test lets die at a step."""

import os
import subprocess
import sys
from datetime import timedelta

from sqlalchemy import update

from catalog import outbox
from catalog.db import utcnow
from catalog.outbox import OutboxMessage
from marketplace import config

STEPS = ("outbox.claimed", "outbox.acted", "outbox.done")
RELAY = "from wsgi import app; from marketplace import worker; worker.drain(app)"
#: Exit status of a process that died at its step.
DIES = 9
KEYS = ("DATABASE_URL", "FILES_URL", "MAIL_URL", "SEARCH_FOLDER", "SECRET_KEY", "SITE_URL", "IEUM_TEST")


def relay(settings, script=RELAY, crash_at=None):
    """Do what is due in a process of its own; answers its exit status."""
    environment = {**os.environ, **{key: settings[key] for key in KEYS}, "CRASH_AT": crash_at or ""}
    return subprocess.run(
        [sys.executable, "-c", script], cwd=config.ROOT, env=environment, check=False
    ).returncode


def end_leases(session):
    """Let everything that waits be due, as if the leases had run out."""
    due = update(OutboxMessage).where(OutboxMessage.state == outbox.WAITING)
    session.execute(due.values(next_at=utcnow() - timedelta(seconds=1)))
    session.commit()
    session.expire_all()
