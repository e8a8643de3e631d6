"""The embedded engine: searches read one snapshot; a write builds the next one and swaps it in."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matching.search.analyser import Analyser
from matching.search.documents import Document
from matching.search.embedded.lexical import Counted, Postings, count
from matching.search.embedded.snapshot import Mask, Membership, Snapshot
from matching.search.engine import TEXT_SCALE, AnalyserMismatch, Hit, Result
from matching.search.query import SearchQuery

#: A lexicon may hold this many terms more than twice those still in use before it is made anew.
_SPARE_TERMS = 1024


@dataclass(frozen=True, slots=True)
class _Entry:
    document: Document
    words: Counted
    grams: Counted


class EmbeddedEngine:
    """Keeps `matching.search.engine.Engine` in this process's memory.

    A write costs time in proportion to the whole index, a search in proportion to the number of documents.
    Memory is bounded by the documents held: about what their content and tokens take.
    """

    def __init__(self, analyser: Analyser) -> None:
        self._analyser = analyser
        self._stamp = analyser.stamp()
        self._writing = threading.Lock()
        self._entries: dict[str, _Entry] = {}
        self._word_lexicon: dict[str, int] = {}
        self._gram_lexicon: dict[str, int] = {}
        # Readers take this reference once and see nothing else, so they need no lock.
        self._snapshot = self._built({}, 0)

    @property
    def revision(self) -> int:
        """The newest catalogue revision that was applied; 0 for an empty engine."""
        return self._snapshot.revision

    def apply(self, upserts: Sequence[Document], deletes: Sequence[str], revision: int) -> None:
        """Bring the index to a revision, see `Engine.apply`."""
        for document in upserts:
            if document.analyser != self._stamp:
                raise AnalyserMismatch(f"document {document.id}: {document.analyser}, engine: {self._stamp}")
        with self._writing:
            if revision < self.revision:
                return
            entries = dict(self._entries)
            entries.update((document.id, self._entry(document)) for document in upserts)
            for listing_id in deletes:
                entries.pop(listing_id, None)
            self._snapshot = self._built(entries, revision)
            self._entries = entries
            self._forget_unused_terms()

    def search(self, query: SearchQuery) -> Result:
        """Answer a search, see `Engine.search`; what ranks it stands in docs/search.md."""
        snapshot = self._snapshot
        asked = self._analyser.query(query.text)
        visible = snapshot.visible(query.today)
        found = visible & snapshot.matching(asked)
        memberships = snapshot.memberships(query.today)
        passing = {
            facet: memberships[facet].any_of(wanted) for facet, wanted in query.filters.items() if wanted
        }
        rows = np.flatnonzero(_all(found, passing))
        scores = snapshot.text_scores(asked) if asked.groups else None
        page = snapshot.order(query.sort, rows, scores, query.today)[query.offset :][: query.limit]
        return Result(
            hits=tuple(
                Hit(
                    snapshot.documents[row].id,
                    0.0 if scores is None else min(float(scores[row]) / TEXT_SCALE, 1.0),
                )
                for row in page
            ),
            total=len(rows),
            facets=_facet_counts(memberships, found, passing),
            everything_total=int(np.count_nonzero(visible)),
            revision=snapshot.revision,
            text_was_cut=asked.was_cut,
        )

    def get(self, listing_id: str) -> Document | None:
        """Return a document, expired or not; None when the index does not have it."""
        snapshot = self._snapshot
        row = snapshot.rows.get(listing_id)
        return None if row is None else snapshot.documents[row]

    def all(self) -> Sequence[Document]:
        """Return every document, by id, expired ones included."""
        return self._snapshot.documents

    def _entry(self, document: Document) -> _Entry:
        return _Entry(
            document, count(document.words, self._word_lexicon), count(document.grams, self._gram_lexicon)
        )

    def _built(self, entries: Mapping[str, _Entry], revision: int) -> Snapshot:
        by_id = [entries[listing_id] for listing_id in sorted(entries)]
        self._words = Postings(self._word_lexicon, [entry.words for entry in by_id])
        self._grams = Postings(self._gram_lexicon, [entry.grams for entry in by_id])
        return Snapshot(revision, [entry.document for entry in by_id], self._words, self._grams)

    def _forget_unused_terms(self) -> None:
        """Make the lexicons anew when most of their terms are unused, so that memory is bounded."""
        held = len(self._word_lexicon) + len(self._gram_lexicon)
        if held <= 2 * (self._words.live_terms + self._grams.live_terms) + _SPARE_TERMS:
            return
        # New dictionaries: readers of older snapshots keep theirs.
        self._word_lexicon, self._gram_lexicon = {}, {}
        self._entries = {
            listing_id: self._entry(entry.document) for listing_id, entry in self._entries.items()
        }
        self._snapshot = self._built(self._entries, self.revision)


def _all(found: Mask, passing: Mapping[str, Mask]) -> Mask:
    return np.asarray(np.all([found, *passing.values()], axis=0), np.bool_)


def _facet_counts(
    memberships: Mapping[str, Membership], found: Mask, passing: Mapping[str, Mask]
) -> dict[str, dict[str, int]]:
    """Count every facet's values by the filters of the others, so that a choice shows what it would add."""
    return {
        facet: membership.counts(
            _all(found, {other: mask for other, mask in passing.items() if other != facet})
        )
        for facet, membership in memberships.items()
    }
