"""The relay of the outbox: does what had to wait for a commit.

Claim with a lease → act → mark done, each in a transaction of its own. A relay that dies leaves a lease that runs out;
another one then acts again, so every handler makes a repeat harmless by the message's key.
"""

import os
import random
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import Flask
from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from catalog import outbox
from catalog.db import Base, utcnow
from catalog.outbox import OutboxMessage
from marketplace.extensions import Database, database, follower
from marketplace.mail import TOPIC as MAIL
from marketplace.mail import FolderMail
from matching.search import sync

log = structlog.get_logger()

LEASE = timedelta(seconds=30)
BATCH = 20
MAX_TRIES = 8
IDLE_SECONDS = 0.3
HEARTBEAT = timedelta(seconds=10)
#: Without a sign of life for this long the worker counts as missing.
MISSING_AFTER = timedelta(seconds=60)

Handler = Callable[[str, dict[str, Any]], None]


class Heartbeat(Base):
    """The last sign of life of a part of the product."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=utcnow)


def handlers(app: Flask) -> dict[str, Handler]:
    """What is done for each topic."""
    post: FolderMail = app.extensions["mail"]

    def sync_search(_key: str, _payload: dict[str, Any]) -> None:
        with database(app).session(reading=True) as reading:
            revision = follower(app).catch_up(reading)
        with database(app).session() as session, session.begin():
            sync.note_progress(session, "embedded", revision)

    return {"search.sync": sync_search, MAIL: post.deliver}


def drain(app: Flask) -> int:
    """Do everything that is due now; returns how many messages were acted on."""
    done = 0
    table = handlers(app)
    while claimed := _claim(database(app)):
        crash_point(app, "outbox.claimed")
        for message in claimed:
            _work_off(app, table, message)
            done += 1
    return done


def run(app: Flask, stop: threading.Event) -> None:
    """Relay until told to stop; a failure of the database is logged and tried again."""
    beaten_at = datetime.min.replace(tzinfo=utcnow().tzinfo)
    while not stop.is_set():
        try:
            if utcnow() - beaten_at > HEARTBEAT:
                beat(database(app))
                beaten_at = utcnow()
            drain(app)
        except Exception as error:  # noqa: BLE001  # whatever it was, the relay must outlive it
            log.warning("worker_trouble", error=repr(error))
        stop.wait(IDLE_SECONDS)


def beat(store: Database) -> None:
    """Leave a sign of life."""
    with store.session() as session, session.begin():
        session.merge(Heartbeat(name="worker", at=utcnow()))


def crash_point(app: Flask, step: str) -> None:
    """End the process hard, as a power cut would, if a test asks for it at this step."""
    if app.config["IEUM_TEST"] == "1" and app.config["CRASH_AT"] == step:
        os._exit(9)


def _claim(store: Database) -> list[OutboxMessage]:
    due = select(OutboxMessage).where(
        OutboxMessage.state == outbox.WAITING, OutboxMessage.next_at <= utcnow()
    )
    with store.session(reading=True) as looking:
        if looking.scalar(due.with_only_columns(OutboxMessage.id).limit(1)) is None:
            return []
    with store.session() as session, session.begin():
        batch = due.order_by(OutboxMessage.id).limit(BATCH).with_for_update(skip_locked=True)
        messages = list(session.scalars(batch))
        for message in messages:
            message.next_at = utcnow() + LEASE
            message.tries += 1
        return messages


def _work_off(app: Flask, table: dict[str, Handler], message: OutboxMessage) -> None:
    try:
        table[message.topic](message.key, message.payload)
    except Exception as error:  # noqa: BLE001  # one message's trouble must not stop the others
        log.warning("outbox_trouble", topic=message.topic, key=message.key, error=repr(error))
        _put_off(database(app), message, repr(error))
        return
    crash_point(app, "outbox.acted")
    with database(app).session() as session, session.begin():
        row = session.get_one(OutboxMessage, message.id)
        row.state, row.done_at, row.last_error = outbox.DONE, utcnow(), None
    crash_point(app, "outbox.done")


def _put_off(store: Database, message: OutboxMessage, error: str) -> None:
    """Back off: 2, 4, 8 … seconds with jitter; after MAX_TRIES the message is put aside for the operator."""
    with store.session() as session, session.begin():
        row = session.get_one(OutboxMessage, message.id)
        row.last_error = error[:2000]
        row.next_at = utcnow() + timedelta(seconds=2**row.tries * random.uniform(0.5, 1.0))  # noqa: S311  # no secret
        if row.tries >= MAX_TRIES:
            row.state = outbox.DEAD
