"""Snapshots of the search index: the worker writes them, and every process that starts begins with one."""

import threading
import time
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from marketplace import tasks, worker
from marketplace.extensions import database, search_help, search_index
from matching.search import sync

log = structlog.get_logger()

#: Topic of a rebuild that was asked for in the console.
REBUILD = "search.rebuild"
#: A snapshot is at most this old, and this much more where writing it takes long.
EVERY = timedelta(minutes=1)
#: Of the time, this share at most goes into writing snapshots.
_SHARE = 0.1


def init_app(app: Flask) -> None:
    """Register with the worker; following and snapshots go on beside its other work."""
    keeper = _Keeper(app)
    tasks.every_tick(app, keeper.tick)

    def rebuild(_key: str, _payload: dict[str, Any]) -> None:
        with database(app).session(reading=True) as reading:
            search_index(app).rebuild(reading)

    tasks.handle(app, REBUILD, rebuild, slow=True)


def keep(app: Flask) -> None:
    """Write a snapshot now, if the index has moved; trouble with the disk is logged and stops nothing."""
    try:
        with database(app).session() as session, session.begin():
            sync.name_catalogue(session)
        with database(app).session(reading=True) as session:
            search_index(app).save(session)
    except OSError as error:
        log.warning("snapshot_trouble", error=repr(error))


def begin(app: Flask) -> None:
    """Open the index and make its helps before the first question; without a database that waits for the question."""
    try:
        with app.app_context():
            search_help()
    except SQLAlchemyError as error:
        log.warning("index_trouble", error=repr(error))


class _Keeper:
    def __init__(self, app: Flask) -> None:
        self._app = app
        self._next_at: datetime | None = None
        self._thread: threading.Thread | None = None

    def tick(self, moment: datetime) -> None:
        """Begin where nothing is under way: follow the catalogue, and write a snapshot where one is due."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(
                target=self._work, args=(moment,), name="index-keeping", daemon=True
            )
            self._thread.start()

    def _work(self, moment: datetime) -> None:
        try:
            self._follow_and_keep(moment)
        except Exception as error:  # noqa: BLE001  # whatever it was, the next tick tries again
            log.warning("index_trouble", error=repr(error))

    def _follow_and_keep(self, moment: datetime) -> None:
        if self._next_at is None or moment >= self._next_at:
            began = time.monotonic()
            keep(self._app)
            took = timedelta(seconds=time.monotonic() - began)
            self._next_at = moment + max(EVERY, took / _SHARE)
        # A message asks for this as well; but one that came while a search server was down is not repeated.
        worker.follow_catalogue(self._app)
