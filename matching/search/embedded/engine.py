"""The embedded engine: searches read one state; a write makes the next one and swaps it in."""

import logging
import os
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from matching.search.analyser import MAX_QUERY_CHARACTERS, Analyser, QueryTokens
from matching.search.documents import Document
from matching.search.embedded import bits, explaining, finding, fitting, merging, snapshot
from matching.search.embedded import state as states
from matching.search.embedded.codes import Vocabulary
from matching.search.embedded.demand import Compiler
from matching.search.embedded.fitting import Match
from matching.search.embedded.sets import Kept
from matching.search.embedded.snapshot import Identity, SnapshotUnusable
from matching.search.embedded.state import State
from matching.search.engine import AnalyserMismatch, Explanation, MatchHit, MatchResult, Result
from matching.search.query import MatchQuery, SearchQuery

#: Analysed queries that are kept.
_KEPT_QUERIES = 1024

_log = logging.getLogger(__name__)


class EmbeddedEngine:
    """Keeps `matching.search.engine.Engine` in this process's memory.

    A write costs time in proportion to what it brings and to the newest small segment; segments are joined in
    a thread of their own. A search costs time in proportion to the number of documents.

    Args:
        merge_in_background: whether segments are joined by themselves; else only `merge` does it.
    """

    def __init__(self, analyser: Analyser, *, merge_in_background: bool = True) -> None:
        self._analyser = analyser
        self._stamp = analyser.stamp()
        self._writing = threading.Lock()
        self._merging = threading.Lock()
        self._saving = threading.Lock()
        self._merge_in_background = merge_in_background
        self._vocabulary = Vocabulary()
        self._compiler = Compiler(self._vocabulary)
        self._queries: Kept[str, QueryTokens] = Kept(_KEPT_QUERIES)
        # Readers take this reference once and see nothing else, so they need no lock.
        self._state = State()
        self._listed: tuple[State, Sequence[Document]] = (self._state, ())

    @classmethod
    def open(
        cls,
        analyser: Analyser,
        folder: Path,
        *,
        catalogue: str = "",
        newest: int | None = None,
        verify: bool = False,
    ) -> "EmbeddedEngine":
        """Return an engine as the folder's snapshot has it; an empty one, to be filled anew, if that is unusable.

        Args:
            catalogue: names the database; the snapshot of another one is not opened.
            newest: the catalogue's revision; a snapshot beyond it is not opened.
            verify: read all of it first and compare it with its sums, as slow as the disk: for one that was
                copied or restored. Without it, files over `files.CHECKED_WHOLE` are looked at by their edges.
        """
        engine = cls(analyser)
        try:
            if verify:
                snapshot.verify(folder)
            state, vocabulary = snapshot.load(folder, Identity(engine._stamp, catalogue), newest)
        except SnapshotUnusable as error:
            level = logging.INFO if error.code == "missing" else logging.WARNING
            _log.log(level, "the index is built anew: %s", error)
        else:
            engine._state, engine._vocabulary, engine._compiler = state, vocabulary, Compiler(vocabulary)
        return engine

    def save(self, folder: Path, *, catalogue: str = "") -> int:
        """Write a snapshot of the present state; returns its revision. Searches and writes go on meanwhile.

        Raises:
            OSError: the disk is full or cannot be written; the snapshot before stays in force.
        """
        with self._saving:
            state = self._state
            snapshot.save(folder, state, self._vocabulary, Identity(self._stamp, catalogue))
        return state.revision

    @property
    def revision(self) -> int:
        """The newest catalogue revision that was applied; 0 for an empty engine."""
        return self._state.revision

    def apply(self, upserts: Sequence[Document], deletes: Sequence[str], revision: int) -> None:
        """Bring the index to a revision, see `Engine.apply`."""
        for document in upserts:
            if document.analyser != self._stamp:
                raise AnalyserMismatch(f"document {document.id}: {document.analyser}, engine: {self._stamp}")
        with self._writing:
            if revision < self.revision:
                return
            self._state = states.applied(self._state, upserts, deletes, revision, self._vocabulary)
        if self._merge_in_background and merging.due(self._state):
            threading.Thread(target=self._merge_once, name="search-merge", daemon=True).start()

    def merge(self) -> None:
        """Join all segments into one, without the rows that were replaced. Searches and writes go on meanwhile."""
        with self._merging:
            if self._state.parts:
                self._merge(self._state.parts)

    def search(self, query: SearchQuery) -> Result:
        """Answer a search, see `Engine.search`; what ranks it stands in docs/search.md."""
        state = self._state
        return finding.search(state, self._asked(query.text), query)

    def match(self, query: MatchQuery) -> MatchResult:
        """Answer a demand, see `Engine.match`."""
        return fitting.match(self._state, self._match(query))

    def match_many(self, queries: Sequence[MatchQuery]) -> list[tuple[MatchHit, ...]]:
        """Answer many demands from one state, see `Engine.match_many`; on as many threads as there are cores."""
        state, threads = self._state, os.cpu_count() or 1

        def answered(share: Sequence[MatchQuery]) -> list[tuple[MatchHit, ...]]:
            return [fitting.hits(state, self._match(query)) for query in share]

        with ThreadPoolExecutor(threads) as pool:
            shares = list(pool.map(answered, [queries[first::threads] for first in range(threads)]))
        return [shares[place % threads][place // threads] for place in range(len(queries))]

    def explain(self, listing_id: str, query: MatchQuery) -> Explanation | None:
        """Explain a listing's place for a demand, see `Engine.explain`."""
        return explaining.explain(self._state, self._match(query), listing_id)

    def get(self, listing_id: str) -> Document | None:
        """Return a document, expired or not; None when the index does not have it."""
        found = self._state.find(listing_id)
        return None if found is None else found[0].segment.documents[found[1]]

    def documents(self, ids: Iterable[str]) -> dict[str, Document]:
        """Return documents by id, see `Engine.documents`."""
        state = self._state
        found = ((each, state.find(each)) for each in ids)
        return {each: place[0].segment.documents[place[1]] for each, place in found if place is not None}

    def all(self) -> Sequence[Document]:
        """Return every document, by id, expired ones included."""
        state = self._state
        listed_of, documents = self._listed
        if listed_of is not state:
            documents = _documents(state)
            self._listed = state, documents
        return documents

    def _match(self, query: MatchQuery) -> Match:
        demand = self._compiler.compile(query.need, query.weights, policy=query.policy)
        return Match(query, demand, self._asked(query.text))

    def _asked(self, text: str) -> QueryTokens:
        if len(text) > MAX_QUERY_CHARACTERS:
            return self._analyser.query(text)
        return self._queries.get(text, lambda: self._analyser.query(text))

    def _merge_once(self) -> None:
        if self._merging.acquire(blocking=False):
            try:
                while taken := merging.due(self._state):
                    self._merge(taken)
            finally:
                self._merging.release()

    def _merge(self, taken: Sequence[states.Part]) -> None:
        segment = merging.joined(taken)
        with self._writing:
            self._state = states.merged(self._state, taken, segment)


def _documents(state: State) -> Sequence[Document]:
    """Return the live documents by id."""
    if len(state.parts) == 1 and not state.parts[0].dead:
        return state.parts[0].segment.documents
    live = (
        part.segment.documents[int(row)]
        for part in state.parts
        for row in bits.rows_of(part.live, part.segment.size)
    )
    return tuple(sorted(live, key=lambda document: document.id.encode()))
