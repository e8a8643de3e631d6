"""What this process measures, and what the database says, in the text format of Prometheus (version 0.0.4).

Requests are counted where they are answered, so each server process has numbers of its own, labelled with its id; what
the database says is the same whichever process is asked.
"""

import os
import threading
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, Response, g, request
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog import counters, outbox
from catalog.db import utcnow
from catalog.outbox import OutboxMessage
from marketplace.extensions import database, search_index
from marketplace.worker import MISSING_AFTER, Heartbeat

#: Upper ends of the classes of durations, in seconds.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

#: (method, route, status)
Answer = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Spread:
    """How long the requests of one route took: how many in each class, their sum in seconds."""

    counts: tuple[int, ...]
    seconds: float

    @property
    def total(self) -> int:
        """How many requests."""
        return sum(self.counts)

    def quantile(self, share: float) -> float | None:
        """Upper end of the class in which that share of the requests was answered; None above the last class."""
        seen, wanted = 0, share * self.total
        for bound, count in zip(BUCKETS, self.counts, strict=False):
            seen += count
            if seen >= wanted:
                return bound
        return None


class Requests:
    """Counts of this process's requests. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: dict[Answer, int] = defaultdict(int)
        self._durations: dict[str, list[int]] = defaultdict(lambda: [0] * (len(BUCKETS) + 1))
        self._seconds: dict[str, float] = defaultdict(float)

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        with self._lock:
            self._answers[method, route, status] += 1
            self._durations[route][bisect_left(BUCKETS, seconds)] += 1
            self._seconds[route] += seconds

    def answers(self) -> dict[Answer, int]:
        """How many answers by method, route and status."""
        with self._lock:
            return dict(self._answers)

    def durations(self) -> dict[str, Spread]:
        """How long the requests of each route took."""
        with self._lock:
            return {route: Spread(tuple(n), self._seconds[route]) for route, n in self._durations.items()}


@dataclass(frozen=True, slots=True)
class Gauges:
    """What the database and this process's connections say now.

    Attributes:
        outbox: state → messages.
        oldest_seconds: how long the oldest waiting message that is due has waited; 0 without one.
        revision, reached: the catalogue's revision and this process's index.
        worker_seconds: since the worker's last sign of life; None if there never was one.
        pool_size, pool_in_use: connections to the database.
    """

    outbox: dict[str, int]
    oldest_seconds: float
    revision: int
    reached: int
    worker_seconds: float | None
    pool_size: int
    pool_in_use: int

    @property
    def behind(self) -> int:
        """How many revisions the index lacks."""
        return max(0, self.revision - self.reached)

    @property
    def has_worker(self) -> bool:
        """Whether the worker gave a sign of life lately."""
        return self.worker_seconds is not None and self.worker_seconds < MISSING_AFTER.total_seconds()


def init_app(app: Flask) -> None:
    """Count every request of this process."""
    app.extensions["requests"] = Requests()

    @app.before_request
    def _begin() -> None:
        g.began_at = time.perf_counter()

    @app.after_request
    def _end(response: Response) -> Response:
        # addresses that lead nowhere share a name: strangers must not be able to fill the memory with them
        route = request.url_rule.rule if request.url_rule is not None else "(none)"
        seconds = time.perf_counter() - g.get("began_at", time.perf_counter())
        requests(app).note(_method(request.method), route, response.status_code, seconds)
        return response


def requests(app: Flask) -> Requests:
    """The counts of this process."""
    return cast(Requests, app.extensions["requests"])


def gauges(app: Flask, session: Session) -> Gauges:
    """Read the database; at most four statements."""
    by_state = select(OutboxMessage.state, func.count(OutboxMessage.id), func.min(OutboxMessage.next_at))
    found = {row[0]: row[1:] for row in session.execute(by_state.group_by(OutboxMessage.state))}
    now, beat = utcnow(), session.get(Heartbeat, "worker")
    _count, oldest = found.get(outbox.WAITING, (0, None))
    reached = search_index(app).current(session).revision
    pool: Any = database(app).engine.pool
    return Gauges(
        outbox={state: found.get(state, (0,))[0] for state in outbox.STATES},
        oldest_seconds=0.0 if oldest is None else max(0.0, (now - oldest).total_seconds()),
        revision=counters.current(session, counters.CATALOG),
        reached=reached,
        worker_seconds=None if beat is None else (now - beat.at).total_seconds(),
        pool_size=pool.size() if hasattr(pool, "size") else 0,
        pool_in_use=pool.checkedout() if hasattr(pool, "checkedout") else 0,
    )


def text(app: Flask, session: Session) -> str:
    """Everything in Prometheus' text format."""
    lines = [*_request_lines(requests(app)), *_gauge_lines(gauges(app, session))]
    return "\n".join(lines) + "\n"


def _request_lines(counts: Requests) -> Iterator[str]:
    process = ("process", str(os.getpid()))
    yield from _head("ieum_requests_total", "counter", "Requests answered, by method, route and status.")
    for (method, route, status), count in sorted(counts.answers().items()):
        labels = [("method", method), ("route", route), ("status", str(status)), process]
        yield _line("ieum_requests_total", labels, count)
    yield from _head("ieum_request_duration_seconds", "histogram", "Time from the request to its answer.")
    for route, spread in sorted(counts.durations().items()):
        labels, so_far = [("route", route), process], 0
        for bound, count in zip((*map(str, BUCKETS), "+Inf"), spread.counts, strict=True):
            so_far += count
            yield _line("ieum_request_duration_seconds_bucket", [*labels, ("le", bound)], so_far)
        yield _line("ieum_request_duration_seconds_sum", labels, round(spread.seconds, 6))
        yield _line("ieum_request_duration_seconds_count", labels, spread.total)


def _gauge_lines(now: Gauges) -> Iterator[str]:
    yield from _head("ieum_outbox_messages", "gauge", "Messages of the outbox by state.")
    for state, count in now.outbox.items():
        yield _line("ieum_outbox_messages", [("state", state)], count)
    process = [("process", str(os.getpid()))]
    single = [
        ("ieum_outbox_oldest_seconds", "Wait of the oldest message that is due.", now.oldest_seconds, []),
        ("ieum_catalogue_revision", "Newest revision of the catalogue.", now.revision, []),
        ("ieum_search_revision", "Revision of this process's index.", now.reached, process),
        (
            "ieum_search_behind",
            "Revisions that the index lacks.",
            now.behind,
            process,
        ),
        ("ieum_worker_heartbeat_seconds", "Since the worker's last sign of life.", now.worker_seconds, []),
        ("ieum_database_pool_size", "Connections that the pool keeps.", now.pool_size, process),
        ("ieum_database_pool_in_use", "Connections in use.", now.pool_in_use, process),
    ]
    for name, meaning, value, labels in single:
        yield from _head(name, "gauge", meaning)
        if value is not None:
            yield _line(name, labels, round(value, 3))


def _head(name: str, kind: str, meaning: str) -> tuple[str, str]:
    return f"# HELP {name} {meaning}", f"# TYPE {name} {kind}"


def _line(name: str, labels: Iterable[tuple[str, str]], value: float) -> str:
    inside = ",".join(f'{label}="{_escaped(words)}"' for label, words in labels)
    return f"{name}{{{inside}}} {value}" if inside else f"{name} {value}"


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _method(method: str) -> str:
    """The method, or OTHER for words that no browser sends: the number of series stays bounded."""
    return method if method in {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"} else "OTHER"
