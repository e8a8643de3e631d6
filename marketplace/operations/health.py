"""Is the product well? Asked by people, load balancers and scripts."""

from typing import Any

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from catalog import counters
from catalog.db import utcnow
from marketplace.extensions import database, search_index
from marketplace.worker import MISSING_AFTER, Heartbeat


def report(app: Flask) -> dict[str, Any]:
    """{"status", "database", "search", "worker", "revision"}: "ok" or what is wrong, part by part.

    `status` is "ok"; "degraded" when the site answers but the worker is missing, or a search server is unreachable or
    unusable; "down" without the database.
    """
    try:
        with database(app).session(reading=True) as session:
            reached = search_index(app).current(session).revision
            trouble = search_index(app).trouble()
            revision = counters.current(session, counters.CATALOG)
            beat = session.get(Heartbeat, "worker")
    except SQLAlchemyError:
        return {
            "status": "down",
            "database": "unreachable",
            "search": "unknown",
            "worker": "unknown",
            "revision": None,
        }
    alive = beat is not None and utcnow() - beat.at < MISSING_AFTER
    behind = revision - reached
    return {
        "status": "ok" if alive and trouble is None else "degraded",
        "database": "ok",
        "search": trouble or ("ok" if behind <= 0 else f"behind by {behind}"),
        "worker": "ok" if alive else "missing",
        "revision": revision,
    }
