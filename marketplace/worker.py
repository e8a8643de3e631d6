"""The relay of the outbox: does what had to wait for a commit.

Claim with a lease → act → mark done, each in a transaction of its own. A relay that dies leaves a lease that runs out;
another one then acts again, so every handler makes a repeat harmless by the message's key. What is done for a topic is
registered in `marketplace/tasks.py`.
"""

import os
import random
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, cast

import structlog
from flask import Flask
from sqlalchemy import String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from catalog import outbox
from catalog.db import Base, utcnow
from catalog.outbox import OutboxMessage
from marketplace import tasks
from marketplace.extensions import Database, database, search_index
from marketplace.mail import TOPIC as MAIL
from matching.search import sync
from matching.search.engine import TROUBLE

log = structlog.get_logger()

#: Longer than any handler takes: an SMTP server may be slow at each of its ten answers.
LEASE = timedelta(seconds=120)
BATCH = 20
#: With waits that double, about two hours in all: as long as a mail server that is down is waited for.
MAX_TRIES = 13
IDLE_SECONDS = 0.3
#: How long a stop waits for the delivery that is under way.
STOP_SECONDS = 8
#: How often a sign of life is left and the ticks are called.
HEARTBEAT = timedelta(seconds=10)
#: Without a sign of life for this long the worker counts as missing.
MISSING_AFTER = timedelta(seconds=60)


class Heartbeat(Base):
    """The last sign of life of a part of the product."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=utcnow)


def handlers(app: Flask) -> dict[str, tasks.Handler]:
    """What is done for each topic: the two of the ground floor, and all that was registered."""

    def sync_search(_key: str, _payload: dict[str, Any]) -> None:
        follow_catalogue(app)

    return {"search.sync": sync_search, MAIL: app.extensions["mail"].deliver, **tasks.of(app).handlers}


def follow_catalogue(app: Flask) -> None:
    """Bring the index up to the catalogue. A server that is down is no failure: the next tick tries again."""
    index = search_index(app)
    try:
        with database(app).session(reading=True) as reading:
            revision = index.catch_up(reading)
    except TROUBLE:
        return
    crash_point(app, "search.caught_up")
    with database(app).session() as session, session.begin():
        sync.note_progress(session, index.name, revision)


def drain(
    app: Flask, slow: bool | None = None, stop: threading.Event | None = None, *, long: bool = False
) -> int:
    """Do everything that is due now; returns how many messages were acted on.

    `slow`: only the topics that wait for others' servers, or (False) only those that neither wait nor compute for
    long; `long`: only those that do. Once `stop` is set the message under way is finished and the others that were
    claimed are given back.
    """
    done = 0
    table = handlers(app)
    topics = _topics(app, table, slow=slow, long=long)
    while claimed := _claim(database(app), topics):
        crash_point(app, "outbox.claimed")
        for number, message in enumerate(claimed):
            if stop is not None and stop.is_set():
                _give_back(database(app), claimed[number:])
                return done
            _work_off(app, table, message)
            done += 1
    return done


def run(app: Flask, stop: threading.Event) -> None:
    """Relay until told to stop; a failure of the database is logged and tried again."""
    beside = [
        threading.Thread(target=_run_beside, args=(app, stop, lane), name=f"worker-{lane}", daemon=True)
        for lane in ("slow", "long")
    ]
    for thread in beside:
        thread.start()
    beaten_at = datetime.min.replace(tzinfo=utcnow().tzinfo)
    while not stop.is_set():
        try:
            if utcnow() - beaten_at > HEARTBEAT:
                beat(database(app))
                tick(app, utcnow())
                beaten_at = utcnow()
            drain(app, slow=False, stop=stop)
        except Exception as error:  # noqa: BLE001  # whatever it was, the relay must outlive it
            log.warning("worker_trouble", error=repr(error))
        stop.wait(IDLE_SECONDS)
    ends_at = monotonic() + STOP_SECONDS
    for thread in beside:
        thread.join(timeout=max(0.0, ends_at - monotonic()))


def _run_beside(app: Flask, stop: threading.Event, lane: str) -> None:
    """The same for the topics that wait for others' servers, or compute for long, so that mail and the index do not
    wait for them."""
    while not stop.is_set():
        try:
            drain(app, slow=True if lane == "slow" else None, stop=stop, long=lane == "long")
        except Exception as error:  # noqa: BLE001  # whatever it was, the relay must outlive it
            log.warning("worker_trouble", error=repr(error))
        stop.wait(IDLE_SECONDS)


def beat(store: Database) -> None:
    """Leave a sign of life."""
    with store.session() as session, session.begin():
        session.merge(Heartbeat(name="worker", at=utcnow()))


def tick(app: Flask, now: datetime) -> None:
    """Let every part look for work that time alone brings; the trouble of one does not stop the others."""
    for look in tasks.of(app).ticks:
        try:
            look(now)
        except Exception as error:  # noqa: BLE001  # one part's trouble must not stop the others
            log.warning("tick_trouble", tick=look.__qualname__, error=repr(error))


def crash_point(app: Flask, step: str) -> None:
    """End the process hard, as a power cut would, if a test asks for it at this step."""
    if app.config["IEUM_TEST"] == "1" and app.config["CRASH_AT"] == step:
        os._exit(9)


def _topics(
    app: Flask, table: Mapping[str, tasks.Handler], *, slow: bool | None, long: bool
) -> list[str] | None:
    """The topics of one lane; None: all of them."""
    known = tasks.of(app)
    if long:
        return sorted(known.long)
    if slow is None:
        return None
    return [topic for topic in table if (topic in known.slow) == slow and (slow or topic not in known.long)]


def _claim(store: Database, topics: list[str] | None) -> list[OutboxMessage]:
    due = select(OutboxMessage).where(
        OutboxMessage.state == outbox.WAITING, OutboxMessage.next_at <= utcnow()
    )
    if topics is not None:
        due = due.where(OutboxMessage.topic.in_(topics))
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


def _work_off(app: Flask, table: dict[str, tasks.Handler], message: OutboxMessage) -> None:
    if not _still_ours(database(app), message):
        return
    try:
        table[message.topic](message.key, message.payload)
    except tasks.GiveUp as error:
        log.warning("outbox_given_up", topic=message.topic, key=message.key)
        _put_aside(database(app), message, str(error))
        return
    except Exception as error:  # noqa: BLE001  # one message's trouble must not stop the others
        log.warning("outbox_trouble", topic=message.topic, key=message.key, error=repr(error))
        _put_off(database(app), message, repr(error))
        return
    crash_point(app, "outbox.acted")
    with database(app).session() as session, session.begin():
        row = session.get_one(OutboxMessage, message.id)
        row.state, row.done_at, row.last_error = outbox.DONE, utcnow(), None
    crash_point(app, "outbox.done")


def _still_ours(store: Database, message: OutboxMessage) -> bool:
    """Renew the lease, unless the messages before took so long that another relay has the message by now."""
    lease = utcnow() + LEASE
    held = update(OutboxMessage).where(
        OutboxMessage.id == message.id,
        OutboxMessage.state == outbox.WAITING,
        OutboxMessage.next_at == message.next_at,
    )
    with store.session() as session, session.begin():
        renewed = session.execute(held.values(next_at=lease))
    message.next_at = lease
    return cast(Any, renewed).rowcount == 1


def _give_back(store: Database, messages: list[OutboxMessage]) -> None:
    """Let go of what was claimed and not begun: another relay need not wait for the lease to end."""
    with store.session() as session, session.begin():
        for message in messages:
            held = update(OutboxMessage).where(
                OutboxMessage.id == message.id,
                OutboxMessage.state == outbox.WAITING,
                OutboxMessage.next_at == message.next_at,
            )
            session.execute(held.values(next_at=utcnow(), tries=OutboxMessage.tries - 1))


def _put_aside(store: Database, message: OutboxMessage, reason: str) -> None:
    with store.session() as session, session.begin():
        row = session.get_one(OutboxMessage, message.id)
        row.state, row.last_error = outbox.DEAD, reason[:2000]


def _put_off(store: Database, message: OutboxMessage, error: str) -> None:
    """Back off: 2, 4, 8 … seconds with jitter; after MAX_TRIES the message is put aside for the operator."""
    with store.session() as session, session.begin():
        row = session.get_one(OutboxMessage, message.id)
        row.last_error = error[:2000]
        row.next_at = utcnow() + timedelta(seconds=2**row.tries * random.uniform(0.5, 1.0))  # noqa: S311  # no secret
        if row.tries >= MAX_TRIES:
            row.state = outbox.DEAD
