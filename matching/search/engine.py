"""The small protocol that every search engine keeps. What ranks a search: docs/search.md."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from matching.search.documents import Document
from matching.search.query import MatchQuery, SearchQuery

#: BM25 of this much or more is a text score of 1: twelve times the factor 2.2 that Elasticsearch keeps.
TEXT_SCALE = 26.4


class AnalyserMismatch(ValueError):
    """A document was made by another analyser, or another version of it, than the engine's."""


class EngineDown(Exception):
    """The engine cannot be reached now; asking again later may succeed. Nothing was answered."""


class EngineUnusable(Exception):
    """The engine answers, but what it holds or is cannot be used; asking again does not help, a person must act."""


#: What an engine outside this process may raise instead of an answer.
TROUBLE = (EngineDown, EngineUnusable, AnalyserMismatch)


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
        degraded: the engine that should answer is down, and another one answered in its place.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]] = field(hash=False)
    everything_total: int
    revision: int
    text_was_cut: bool = False
    degraded: bool = False


class MatchHit(NamedTuple):
    """A listing that fits a demand; a tuple, because many are made for every list.

    Attributes:
        order_value: fit + policy term + text weight × text score.
        fit: 0–100, as `matching.scoring` has it but for the rounding of float32 (less than 0.0001).
        policy_term: points of the policy term.
        text_score: as of `Hit`.
    """

    id: str
    order_value: float
    fit: float
    policy_term: float
    text_score: float


@dataclass(frozen=True, slots=True)
class MatchResult:
    """One answer to a demand, all of it from the same state of the index.

    Attributes:
        hits: the page asked for, highest order value first, ties by id.
        total: listings that the demand does not exclude and that pass the filters.
        facets, everything_total, revision, text_was_cut: as of `Result`; degraded likewise.
    """

    hits: tuple[MatchHit, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]] = field(hash=False)
    everything_total: int
    revision: int
    text_was_cut: bool = False
    degraded: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """What one token of a text brings to BM25: field "words" or "grams", repetitions, weight, points."""

    field: str
    token: str
    count: int
    weight: float
    points: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """How the engine came to a listing's place, by the arithmetic that ranked it.

    Attributes:
        excluded: every cause that leaves it out of this demand's list, see `matching.scoring.score.exclusion`.
        points: of each of the nine axes, how many of the 100 points it brings.
        plan: id of the plan considered; None when no plan meets every must.
        clauses: what the text's tokens bring; their sums are `bm25`.
    """

    excluded: tuple[str, ...]
    points: Mapping[str, float] = field(hash=False)
    plan: str | None
    hit: MatchHit
    bm25: float
    clauses: tuple[Clause, ...]


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

    def match(self, query: MatchQuery) -> MatchResult:
        """Answer a demand: the exact best of the full order among all listings.

        Raises:
            ValueError: the budget is more than the engine can count in.
        """

    def match_many(self, queries: Sequence[MatchQuery]) -> list[tuple[MatchHit, ...]]:
        """Return the page of each of many demands, all from one state; nothing is counted."""

    def explain(self, listing_id: str, query: MatchQuery) -> Explanation | None:
        """Explain a listing's place for a demand, on the list or not; None when the index does not have it."""

    def get(self, listing_id: str) -> Document | None:
        """Return a document, expired or not; None when the index does not have it."""

    def documents(self, ids: Iterable[str]) -> dict[str, Document]:
        """Return documents by id, expired or not; what the index does not have is left out."""

    def all(self) -> Sequence[Document]:
        """Return every document, by id, expired ones included."""
