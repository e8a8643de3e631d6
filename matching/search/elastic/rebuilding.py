"""Which index stands behind an alias, and how a fresh one takes its place."""

import secrets
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from matching.search.documents import Document
from matching.search.elastic import schema, writing
from matching.search.elastic.connection import WRITE_SECONDS, Connection, Refused
from matching.search.elastic.schema import REVISION_ID, Identity
from matching.search.engine import EngineDown, EngineUnusable

#: The steps of a rebuild, in order.
STEPS = ("create", "fill", "verify", "follow", "swap", "follow again", "remove")
_PAGE = 500


class Place(NamedTuple):
    """An alias and how its indices are made."""

    alias: str
    identity: Identity
    shards: int
    replicas: int


def target(connection: Connection, place: Place) -> str:
    """Return the index behind the alias; the first one is made where there is none.

    Raises:
        AnalyserMismatch, EngineUnusable: it is none of ours, see `Identity.check`.
    """
    found = _behind(connection, place)
    if found is None:
        # A name that everybody would choose: two processes that begin at once make one index.
        _create(connection, place, f"{place.alias}-first", place.alias)
        found = _behind(connection, place)
    if found is None:
        raise EngineDown(f"the index {place.alias} is not there yet")
    name, make = found
    place.identity.check(make, name)
    return name


def _behind(connection: Connection, place: Place) -> tuple[str, dict[str, Any]] | None:
    """Return the index behind the alias and what it says of its make; None without one."""
    try:
        found = connection.ask("GET", f"/{place.alias}/_mapping", None, {"filter_path": "*.mappings._meta"})
    except Refused as error:
        if error.status == 404:
            return None
        raise
    if len(found) != 1:
        raise EngineUnusable(
            f"the alias {place.alias} names {len(found)} indices: {', '.join(sorted(found))}"
        )
    [(name, told)] = found.items()
    return str(name), told["mappings"]["_meta"]


def _create(connection: Connection, place: Place, index: str, alias: str) -> None:
    body = schema.made(place.identity, shards=place.shards, replicas=place.replicas)
    body["aliases"] = {alias: {}}
    try:
        connection.ask("PUT", f"/{index}", body, seconds=WRITE_SECONDS)
    except Refused as error:
        if error.kind != "resource_already_exists_exception":
            raise


def is_current(connection: Connection, place: Place, mark: tuple[object, ...]) -> bool:
    """Tell whether nothing was shown since a state was opened."""
    try:
        found = connection.ask(
            "GET", f"/{place.alias}/_doc/{REVISION_ID}", None, {"realtime": False, "_source": False}
        )
    except Refused as error:
        if error.status == 404:
            return not mark
        raise
    return (found["_index"], found["_seq_no"], found["_primary_term"]) == mark


def rebuild(
    connection: Connection,
    place: Place,
    documents: Iterable[Document],
    revision: int,
    step: Callable[[str], None],
) -> int:
    """Build a fresh index and put it in the place of the present one; returns how many documents it has."""
    before, make = _behind(connection, place) or (None, {})
    for left in _left_over(connection, place, before):
        _remove(connection, left)
    step("create")
    fresh = f"{place.alias}-{secrets.token_hex(6)}"
    # Written through an alias of its own: should another rebuild remove the index, no new one is made by writing.
    filling = f"{fresh}-filling"
    _create(connection, place, fresh, filling)
    step("fill")
    count = _fill(connection, filling, documents, revision)
    step("verify")
    _verify(connection, fresh, count)
    step("follow")
    # One of another make is not followed: its newer revisions are replayed from the database, as the fresh index
    # does not have them.
    is_ours = make == place.identity.written()
    if before is not None and is_ours:
        _follow(connection, before, filling, revision)
    step("swap")
    _swap(connection, place, before, fresh)
    step("follow again")
    if before is not None:
        if is_ours:
            # What was applied between the last look and the swap; who applies later sees that the index is another.
            _follow(connection, before, filling, revision)
        step("remove")
        _remove(connection, before)
    _give_up(connection, filling, fresh)
    return count


def _fill(connection: Connection, filling: str, documents: Iterable[Document], revision: int) -> int:
    count = 0

    def counted() -> Iterable[Document]:
        nonlocal count
        for document in documents:
            count += 1
            yield document

    writing.write(connection, filling, counted(), (), revision, again=False)
    writing.note_revision(connection, filling, revision)
    return count


def _verify(connection: Connection, index: str, count: int) -> None:
    connection.ask(
        "GET",
        f"/_cluster/health/{index}",
        None,
        {"wait_for_status": "yellow", "timeout": "30s"},
        seconds=WRITE_SECONDS,
    )
    found = connection.ask("POST", f"/{index}/_count", {"query": {"exists": {"field": "id"}}})["count"]
    if found != count:
        raise EngineDown(f"index {index} has {found} of {count} documents")


def _swap(connection: Connection, place: Place, before: str | None, fresh: str) -> None:
    actions: list[dict[str, Any]] = [{"add": {"index": fresh, "alias": place.alias}}]
    if before is not None:
        actions.append({"remove": {"index": before, "alias": place.alias, "must_exist": True}})
    connection.ask("POST", "/_aliases", {"actions": actions}, seconds=WRITE_SECONDS)


def _give_up(connection: Connection, filling: str, fresh: str) -> None:
    actions = [{"remove": {"index": fresh, "alias": filling}}]
    try:
        connection.ask("POST", "/_aliases", {"actions": actions}, seconds=WRITE_SECONDS)
    except Refused as error:
        if error.status != 404:  # another rebuild has taken its place since
            raise


def _left_over(connection: Connection, place: Place, before: str | None) -> list[str]:
    found = connection.ask(
        "GET",
        f"/{place.alias}-*/_mapping",
        None,
        {"filter_path": "*.mappings._meta", "expand_wildcards": "all"},
    )
    ours = [
        name
        for name, each in found.items()
        if each["mappings"]["_meta"].get("catalogue") == place.identity.catalogue
    ]
    return [name for name in ours if name != before]


def remove_all(connection: Connection, place: Place) -> None:
    """Remove every index of a place."""
    for index in _left_over(connection, place, None):
        _remove(connection, index)


def _remove(connection: Connection, index: str) -> None:
    try:
        connection.ask("DELETE", f"/{index}", seconds=WRITE_SECONDS)
    except Refused as error:
        if error.status != 404:
            raise


def _follow(connection: Connection, before: str, filling: str, revision: int) -> None:
    """Bring over what was applied to the present index since the fresh one's documents were read."""
    reached = writing.revision_of(connection, before) or 0
    connection.ask("POST", f"/{before}/_refresh", seconds=WRITE_SECONDS)
    body: dict[str, Any] = {
        "size": _PAGE,
        "version": True,
        "query": {
            "bool": {
                "filter": {"range": {"revision": {"gt": revision}}},
                "must_not": {"ids": {"values": [REVISION_ID]}},
            }
        },
        "sort": [{"revision": "asc"}, "_doc"],
    }
    done = False
    while not done:
        answer = connection.ask("POST", f"/{before}/_search", body, seconds=WRITE_SECONDS)
        hits = answer["hits"]["hits"]
        for hit in hits:
            versions = {"version": hit["_version"], "version_type": "external_gte"}
            writing.send(connection, filling, [(hit["_id"], hit["_source"])], versions)
        done = len(hits) < _PAGE
        if hits:
            body["search_after"] = hits[-1]["sort"]
    if reached > revision:
        writing.note_revision(connection, filling, reached)
