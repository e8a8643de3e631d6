"""The small protocol that every search engine keeps. What ranks a search: docs/search.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from matching.search.documents import Document
from matching.search.query import SearchQuery

#: BM25 of this much or more is a text score of 1: twelve times the factor 2.2 that Elasticsearch keeps.
TEXT_SCALE = 26.4


class AnalyserMismatch(ValueError):
    """A document was made by another analyser, or another version of it, than the engine's."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A listing that was found; `text_score` is BM25 over `TEXT_SCALE`, at most 1, and 0 without text."""

    id: str
    text_score: float


@dataclass(frozen=True, slots=True)
class Result:
    """One answer, all of it from the same state of the index.

    Attributes:
        hits: the page asked for, in order.
        total: listings that match text and filters.
        facets: for each facet, how many listings have each value, by text and the *other* facets' filters;
            values without any are left out.
        everything_total: visible listings, whatever the search.
        revision: the state of the index this answer comes from.
        text_was_cut: the query was longer than what is read of it.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]] = field(hash=False)
    everything_total: int
    revision: int
    text_was_cut: bool = False


class Engine(Protocol):
    """An index of documents that can be asked. Safe to use from many threads."""

    @property
    def revision(self) -> int:
        """The newest catalogue revision that was applied; 0 for an empty engine."""

    def apply(self, upserts: Sequence[Document], deletes: Sequence[str], revision: int) -> None:
        """Bring the index to a revision; all of it or, on an error, nothing.

        The same batch may be applied again. A batch older than the engine's revision comes too late and is
        ignored: whoever moved the engine on had read everything up to there. An id in both lists is deleted.

        Raises:
            AnalyserMismatch: a document was made by another analyser.
        """

    def search(self, query: SearchQuery) -> Result:
        """Answer a search."""

    def get(self, listing_id: str) -> Document | None:
        """Return a document, expired or not; None when the index does not have it."""

    def all(self) -> Sequence[Document]:
        """Return every document, by id, expired ones included."""
