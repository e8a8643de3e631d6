"""A search server that several processes share, with this process's own index standing by for when it is down.

Both rank alike to the last bit, so a reader sees no other list, only `degraded`.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import counters
from catalog.models import Listing
from matching.search import sync
from matching.search.documents import Document
from matching.search.engine import (
    TROUBLE,
    Engine,
    EngineDown,
    Explanation,
    MatchHit,
    MatchResult,
    Result,
)
from matching.search.query import MatchQuery, SearchQuery
from matching.search.sync import Follower

#: A server that was down is asked again after so many seconds.
ASK_AGAIN_SECONDS = 5.0

_log = logging.getLogger(__name__)
T = TypeVar("T")


class Server(Engine, Protocol):
    """An engine outside this process; every method may raise one of `TROUBLE`."""

    def rebuild(self, documents: Iterable[Document], revision: int) -> int:
        """Build a fresh index beside the present one and put it in its place; returns how many documents it has."""


class Shared:
    """The duty to keep a server current, and to answer without it while it is down. Keeps `matching.search.sync.Index`.

    The server is written to by whoever calls `catch_up` or `rebuild`: the worker and commands, never a page.

    Args:
        connect: given the catalogue's name, returns the server's engine; no question is asked by that.
        follower: the index that stands by, filled when it is first needed.
    """

    def __init__(self, name: str, connect: Callable[[str], Server], follower: Follower) -> None:
        self.name = name
        self._connect = connect
        self._follower = follower
        self._server: tuple[int, Server] | None = None
        self._connecting = threading.Lock()
        self._seen = 0
        self._looked_at = float("-inf")
        self._trouble: str | None = None
        self._ask_again_at = float("-inf")

    @property
    def seen(self) -> int:
        """The catalogue's revision when it was looked at last, for the server or for the index that stands by."""
        return max(self._seen, self._follower.seen)

    def trouble(self) -> str | None:
        """What the last question to the server said."""
        return self._trouble

    def current(self, session: Session) -> Engine:
        """An engine that answers in any case, as far behind as the worker is."""
        return _Either(self, session)

    def fresh(self, session: Session) -> Engine:
        """The index that stands by: the worker always has it, and a server shows a write only after a moment."""
        return self._follower.fresh(session)

    def catch_up(self, session: Session) -> int:
        """Bring the index that stands by up to the catalogue, then the server; returns the revision reached.

        Raises:
            TROUBLE: the server was not brought up; the index that stands by was.
        """
        reached = self._follower.catch_up(session)

        def write(server: Server) -> None:
            at = server.revision
            if at < reached:
                server.apply(*self._changes(session, at), reached)

        self.asked(session, write)
        return reached

    def rebuild(self, session: Session) -> int:
        """Build the server's index anew from the database.

        Raises:
            TROUBLE: it does not answer; the index before stays.
        """
        reached = self._follower.catch_up(session)
        documents = self._follower.engine.all()
        self.asked(session, lambda server: server.rebuild(documents, reached))
        return reached

    def save(self, session: Session) -> bool:
        """Keep a snapshot of the index that stands by, see `Follower.save`."""
        return self._follower.save(session)

    def asked(self, session: Session, ask: Callable[[Server], T]) -> T:
        """Ask the server, and remember whether it answered.

        Raises:
            TROUBLE: it did not.
        """
        try:
            answer = ask(self._of(session))
        except TROUBLE as error:
            trouble = "unreachable" if isinstance(error, EngineDown) else "unusable"
            if trouble != self._trouble:
                _log.warning("the search server is %s, an index of our own answers: %s", trouble, error)
            self._trouble, self._ask_again_at = trouble, time.monotonic() + ASK_AGAIN_SECONDS
            raise
        if self._trouble:
            _log.warning("the search server answers again")
            self._trouble, self._ask_again_at = None, float("-inf")
        return answer

    def answered(self, session: Session, ask: Callable[[Engine], T]) -> tuple[T, bool]:
        """Ask the server, or the index that stands by while there is trouble; says whether it was that."""
        if time.monotonic() >= self._ask_again_at:
            with contextlib.suppress(*TROUBLE):
                return self.asked(session, ask), False
        return ask(self._follower.current(session)), True

    def _changes(self, session: Session, after: int) -> tuple[list[Document], list[str]]:
        """What has changed since a revision, as the index that stands by has it: no text is analysed twice."""
        ids = session.scalars(select(Listing.public_id).where(Listing.revision > after)).all()
        found = {each: self._follower.engine.get(each) for each in ids}
        upserts = [document for document in found.values() if document is not None]
        return upserts, [each for each, document in found.items() if document is None]

    def _of(self, session: Session) -> Server:
        """The server's engine for the catalogue as it is named."""
        with self._connecting:
            if self._server is None or time.monotonic() - self._looked_at >= sync.CHECK_EVERY_SECONDS:
                at = counters.several(session, (sync.NAME, counters.CATALOG))
                name, self._seen = at[sync.NAME], at[counters.CATALOG]
                if not name:
                    raise EngineDown("the catalogue has no name yet: the worker gives it one")
                if self._server is None or self._server[0] != name:
                    self._server = name, self._connect(str(name))
                self._looked_at = time.monotonic()
            return self._server[1]


class _Either:
    """What a reader holds: the server, or the index that stands by. Keeps `matching.search.engine.Engine`."""

    def __init__(self, shared: Shared, session: Session) -> None:
        self._shared = shared
        self._session = session

    @property
    def revision(self) -> int:
        return self._shared.answered(self._session, lambda engine: engine.revision)[0]

    def apply(self, upserts: Sequence[Document], deletes: Sequence[str], revision: int) -> None:
        raise NotImplementedError("a reader does not write: `Shared.catch_up` does")

    def search(self, query: SearchQuery) -> Result:
        result, degraded = self._shared.answered(self._session, lambda engine: engine.search(query))
        return replace(result, degraded=degraded)

    def match(self, query: MatchQuery) -> MatchResult:
        result, degraded = self._shared.answered(self._session, lambda engine: engine.match(query))
        return replace(result, degraded=degraded)

    def match_many(self, queries: Sequence[MatchQuery]) -> list[tuple[MatchHit, ...]]:
        return self._shared.answered(self._session, lambda engine: engine.match_many(queries))[0]

    def explain(self, listing_id: str, query: MatchQuery) -> Explanation | None:
        return self._shared.answered(self._session, lambda engine: engine.explain(listing_id, query))[0]

    def get(self, listing_id: str) -> Document | None:
        return self._shared.answered(self._session, lambda engine: engine.get(listing_id))[0]

    def documents(self, ids: Iterable[str]) -> dict[str, Document]:
        wanted = list(ids)
        return self._shared.answered(self._session, lambda engine: engine.documents(wanted))[0]

    def all(self) -> Sequence[Document]:
        return self._shared.answered(self._session, lambda engine: engine.all())[0]
