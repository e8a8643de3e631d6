"""Writes: every document carries the revision that it was written for, and a later one is never overwritten."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from matching.search.documents import Document
from matching.search.elastic import indexed
from matching.search.elastic.connection import TOO_MANY, WRITE_SECONDS, Busy, Connection, Refused, Unavailable
from matching.search.elastic.schema import REVISION_ID
from matching.search.engine import EngineDown

#: Documents in one request.
BATCH = 500
_CONFLICT, _NOT_READY = 409, 503
#: How long shards are waited for that do not answer yet, and how often they are asked.
_PATIENCE_SECONDS, _PAUSE_SECONDS = 10.0, 0.1
#: A node that has too much to do is given the same write again for so long, after pauses that grow up to this.
BUSY_SECONDS, _LONGEST_PAUSE_SECONDS = 30.0, 2.0


def revision_of(connection: Connection, alias: str) -> int | None:
    """Return the revision that an index has reached, whether or not it is shown yet; None without an index.

    An index that another process has just made is there before its shards are: they are waited for.
    """
    patience = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return _noted_revision(connection, alias)
        except Unavailable:
            # The cluster's health is no help: it counts a shard that only begins as healthy.
            if time.monotonic() > patience:
                raise
            time.sleep(_PAUSE_SECONDS)


def _noted_revision(connection: Connection, alias: str) -> int | None:
    try:
        return int(connection.ask("GET", f"/{alias}/_doc/{REVISION_ID}")["_source"]["revision"])
    except Refused as error:
        if error.status == 404:
            return None
        raise


def write(
    connection: Connection,
    alias: str,
    upserts: Iterable[Document],
    deletes: Sequence[str],
    revision: int,
    *,
    again: bool,
) -> None:
    """Write documents and deletions. What is newer in the index stays, and that is no error.

    Args:
        again: also what was written for the same revision is written anew.
    """
    versions = {"version": revision, "version_type": "external_gte" if again else "external"}
    for batch in indexed.batches(upserts, BATCH):
        bodies = indexed.bodies(batch, revision)
        send(connection, alias, zip((each.id for each in batch), bodies, strict=True), versions)
    # A deleted listing leaves a document without content, so that a late write of an older revision is refused
    # however late it comes: the server itself forgets deletions after a minute.
    gone: Iterable[tuple[str, dict[str, Any]]] = ((listing, {"revision": revision}) for listing in deletes)
    send(connection, alias, gone, {**versions, "version_type": "external_gte"})


def send(
    connection: Connection,
    alias: str,
    bodies: Iterable[tuple[str, dict[str, Any]]],
    versions: dict[str, Any],
) -> None:
    """Send one bulk request, again as long as the server is too busy: what of it was written stays as it is.

    Raises:
        EngineDown: the server could not write some of it now.
        Refused: the server refuses some of it.
    """
    lines = list(_lines(bodies, versions))
    if not lines:
        return
    parameters: dict[str, str | bool] = {
        "require_alias": True,
        "filter_path": "errors,items.*.status,items.*.error",
    }

    def once() -> None:
        answer = connection.ask("POST", f"/{alias}/_bulk", lines, parameters, seconds=WRITE_SECONDS)
        if answer["errors"]:
            _judge(answer["items"])

    _patiently(once)


def _patiently(once: Callable[[], None]) -> None:
    pause, end = _PAUSE_SECONDS, time.monotonic() + BUSY_SECONDS
    while True:
        try:
            return once()
        except Busy:
            if time.monotonic() + pause > end:
                raise
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)


def _judge(items: Sequence[dict[str, Any]]) -> None:
    for item in items:
        [done] = item.values()
        if done["status"] == TOO_MANY:
            raise Busy(str(done["error"]["reason"]))
        if done["status"] == _NOT_READY:
            raise EngineDown(str(done["error"]["reason"]))
        if done["status"] >= 400 and done["status"] != _CONFLICT:
            raise Refused(done["status"], done["error"]["type"], str(done["error"]["reason"])[:600])


def _lines(bodies: Iterable[tuple[str, dict[str, Any]]], versions: dict[str, Any]) -> Iterator[bytes]:
    for listing, body in bodies:
        yield json.dumps({"index": {"_id": listing, **versions}}).encode()
        yield json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def note_revision(connection: Connection, alias: str, revision: int) -> None:
    """Say that everything up to a revision is written, and show it; an older revision changes nothing."""
    send(
        connection,
        alias,
        [(REVISION_ID, {"revision": revision})],
        {"version": revision, "version_type": "external_gte"},
    )
    _patiently(lambda: connection.ask("POST", f"/{alias}/_refresh", seconds=WRITE_SECONDS))
