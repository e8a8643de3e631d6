"""Snapshots of the search index: the worker writes them, and every process that starts begins with one."""

import threading
import time
from datetime import datetime, timedelta

import structlog
from flask import Flask

from marketplace import tasks
from marketplace.extensions import database, follower
from matching.search import sync

log = structlog.get_logger()

#: A snapshot is at most this old, and this much more where writing it takes long.
EVERY = timedelta(minutes=1)
#: Of the time, this share at most goes into writing snapshots.
_SHARE = 0.1


def init_app(app: Flask) -> None:
    """Register with the worker; a snapshot is written beside its work."""
    keeper = _Keeper(app)
    tasks.every_tick(app, keeper.tick)


def keep(app: Flask) -> None:
    """Write a snapshot now, if the index has moved; trouble with the disk is logged and stops nothing."""
    try:
        with database(app).session() as session, session.begin():
            sync.name_catalogue(session)
        with database(app).session(reading=True) as session:
            follower(app).save(session)
    except OSError as error:
        log.warning("snapshot_trouble", error=repr(error))


class _Keeper:
    def __init__(self, app: Flask) -> None:
        self._app = app
        self._next_at: datetime | None = None
        self._thread: threading.Thread | None = None

    def tick(self, moment: datetime) -> None:
        """Begin a snapshot where one is due and none is being written."""
        if self._thread is not None and self._thread.is_alive():
            return
        if self._next_at is None or moment >= self._next_at:
            self._next_at = moment + EVERY
            self._thread = threading.Thread(target=self._keep, args=(moment,), name="snapshot", daemon=True)
            self._thread.start()

    def _keep(self, moment: datetime) -> None:
        began = time.monotonic()
        keep(self._app)
        took = timedelta(seconds=time.monotonic() - began)
        self._next_at = max(moment + EVERY, moment + took / _SHARE)
