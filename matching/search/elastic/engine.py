"""The engine on Elasticsearch."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from matching.search.analyser import MAX_QUERY_CHARACTERS, Analyser, QueryTokens
from matching.search.documents import Document
from matching.search.elastic import answering, reading, rebuilding, writing
from matching.search.elastic import view as views
from matching.search.elastic.candidates import Candidates
from matching.search.elastic.certificate import Certificate
from matching.search.elastic.connection import Connection, Refused, Unavailable
from matching.search.elastic.schema import Identity
from matching.search.elastic.view import Gone, View
from matching.search.embedded.sets import Kept
from matching.search.engine import AnalyserMismatch, EngineDown, Explanation, MatchHit, MatchResult, Result
from matching.search.query import MatchQuery, SearchQuery

#: Seconds after which an engine looks whether another process has written.
LOOK_EVERY_SECONDS = 0.25
#: How often a question is asked anew when the state that it was asked of is gone.
_TRIES = 5
_PAUSE_SECONDS = 0.2
_KEPT_QUERIES = 1024
_log = logging.getLogger(__name__)
T = TypeVar("T")


class ElasticEngine:
    """Keeps `matching.search.engine.Engine` in an Elasticsearch server or cluster that several processes share.

    Made without asking the server; the first use makes the index where there is none.

    Args:
        urls: of the nodes that may be asked.
        alias: name of the index; what stands behind it are indices named `alias-…`.
        catalogue: names the database; an index of another one is refused.
        shards, replicas: of an index that is made.
        note: is told the certificate of every answer.
    """

    def __init__(
        self,
        analyser: Analyser,
        urls: Sequence[str],
        *,
        alias: str = "ieum",
        catalogue: str = "",
        api_key: str | None = None,
        shards: int = 1,
        replicas: int = 1,
        note: Callable[[Certificate], None] | None = None,
    ) -> None:
        self._analyser = analyser
        self._identity = Identity(analyser.stamp(), catalogue)
        self._connection = Connection(urls, api_key)
        self._place = rebuilding.Place(alias, self._identity, shards, replicas)
        self._note = note or _logged
        self._queries: Kept[str, QueryTokens] = Kept(_KEPT_QUERIES)
        self._candidates = Candidates()
        self._opening = threading.Lock()
        self._view: View | None = None
        self._dropped: View | None = None
        self._looked_at = float("-inf")

    def close(self) -> None:
        """Give back what is held at the server."""
        with self._opening:
            for view in (self._view, self._dropped):
                if view is not None:
                    view.close()
            self._view = self._dropped = None
            self._connection.close()

    def remove(self) -> None:
        """Remove the index with everything in it, and what unfinished rebuilds have left."""
        with self._opening:
            self._drop()
        rebuilding.remove_all(self._connection, self._place)

    @property
    def revision(self) -> int:
        """The newest catalogue revision that was applied; 0 for an empty engine."""
        return self._reading(lambda view: view.revision)

    def apply(self, upserts: Sequence[Document], deletes: Sequence[str], revision: int) -> None:
        """Bring the index to a revision, see `Engine.apply`.

        Raises:
            EngineDown: some of it may be written and not yet shown; apply it again.
        """
        for document in upserts:
            if document.analyser != self._identity.analyser:
                raise AnalyserMismatch(
                    f"document {document.id}: {document.analyser}, engine: {self._identity.analyser}"
                )
        gone = set(deletes)
        newest = {document.id: document for document in upserts if document.id not in gone}
        while True:
            target = rebuilding.target(self._connection, self._place)
            reached = writing.revision_of(self._connection, self._place.alias) or 0
            if revision < reached:
                return
            again = revision == reached
            writing.write(
                self._connection, self._place.alias, newest.values(), deletes, revision, again=again
            )
            writing.note_revision(self._connection, self._place.alias, revision)
            # A rebuild may have put another index in its place meanwhile: then that one gets it, too.
            if rebuilding.target(self._connection, self._place) == target:
                break
        with self._opening:
            self._drop()

    def rebuild(
        self, documents: Iterable[Document], revision: int, step: Callable[[str], None] = lambda _: None
    ) -> int:
        """Build a fresh index beside the present one and put it in its place; returns how many documents it has.

        Searches go on, and nothing that is applied meanwhile is lost. A process that dies leaves the index before,
        or this one; the next rebuild removes what is left.

        Args:
            documents: every document at `revision`, read when they are needed.
            step: is told the name of each step before it is done.
        """
        count = rebuilding.rebuild(self._connection, self._place, documents, revision, step)
        with self._opening:
            self._drop()
        return count

    def search(self, query: SearchQuery) -> Result:
        """Answer a search, see `Engine.search`."""
        asked = self._asked(query.text)
        return self._answering(lambda view: answering.search(view, self._candidates, query, asked))

    def match(self, query: MatchQuery) -> MatchResult:
        """Answer a demand, see `Engine.match`."""
        asked = self._asked(query.text)
        return self._answering(lambda view: answering.match(view, self._candidates, query, asked))

    def match_many(self, queries: Sequence[MatchQuery]) -> list[tuple[MatchHit, ...]]:
        """Answer many demands from one state, see `Engine.match_many`."""
        asked = [(query, self._asked(query.text)) for query in queries]
        return self._reading(lambda view: answering.match_many(view, self._candidates, asked, self._note))

    def explain(self, listing_id: str, query: MatchQuery) -> Explanation | None:
        """Explain a listing's place for a demand, see `Engine.explain`."""
        asked = self._asked(query.text)
        return self._reading(lambda view: reading.explain(view, listing_id, query, asked))

    def get(self, listing_id: str) -> Document | None:
        """Return a document, expired or not; None when the index does not have it."""
        return self._reading(lambda view: reading.get(view, listing_id))

    def documents(self, ids: Iterable[str]) -> dict[str, Document]:
        """Return documents by id, see `Engine.documents`."""
        wanted = list(dict.fromkeys(ids))
        return self._reading(lambda view: reading.several(view, wanted))

    def all(self) -> Sequence[Document]:
        """Return every document, by id, expired ones included."""
        return self._reading(reading.all_documents)

    def _asked(self, text: str) -> QueryTokens:
        if len(text) > MAX_QUERY_CHARACTERS:
            return self._analyser.query(text)
        return self._queries.get(text, lambda: self._analyser.query(text))

    def _answering(self, answer: Callable[[View], tuple[T, Certificate]]) -> T:
        result, certificate = self._reading(answer)
        self._note(certificate)
        return result

    def _reading(self, read: Callable[[View], T]) -> T:
        """Read from one state; from the next one when it is gone or a node of it has just died."""
        for left in range(_TRIES - 1, -1, -1):
            view: View | None = None
            try:
                view = self._current()
                return read(view)
            except (Gone, Unavailable) as error:
                with self._opening:
                    if self._view is view:
                        self._view = None
                if isinstance(error, Unavailable):
                    time.sleep(_PAUSE_SECONDS)
                if not left:
                    raise EngineDown(str(error) or "the index changes too fast") from error
        raise AssertionError("unreachable")

    def _current(self) -> View:
        view = self._view
        if view is not None and time.monotonic() - self._looked_at < LOOK_EVERY_SECONDS:
            return view
        with self._opening:
            if (
                self._view is not None
                and self._view is view
                and not rebuilding.is_current(self._connection, self._place, view.mark)
            ):
                self._drop()
            if self._view is None:
                self._view = self._open()
            self._looked_at = time.monotonic()
            return self._view

    def _open(self) -> View:
        try:
            return views.opened(self._connection, self._place.alias, self._identity)
        except Refused as error:
            if error.status != 404:
                raise
        rebuilding.target(self._connection, self._place)
        return views.opened(self._connection, self._place.alias, self._identity)

    def _drop(self) -> None:
        view, self._view = self._view, None
        # Others may still be reading the state that was dropped last; whoever reads an older one goes on to the next.
        self._dropped, old = view or self._dropped, self._dropped if view else None
        if old is not None:
            old.close()


def _logged(certificate: Certificate) -> None:
    _log.info(
        "proven by %s: K %d, %d rounds, slack %.4f",
        certificate.how,
        certificate.candidates,
        certificate.rounds,
        certificate.slack,
    )
