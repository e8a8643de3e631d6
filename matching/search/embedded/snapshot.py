"""One state of the index: postings and columns over documents sorted by id. Never changed once built."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from matching.search.analyser import QueryTokens, Word
from matching.search.documents import VALIDATIONS, WITHDRAWN_AFTER_DAYS, Document
from matching.search.embedded.lexical import Postings
from matching.search.query import FACETS

Mask = npt.NDArray[np.bool_]
Column = npt.NDArray[np.int64]

#: Sorts behind every price.
_UNKNOWN_AMOUNT = np.iinfo(np.int64).max

_VALUES_OF: Mapping[str, Callable[[Document], Iterable[str]]] = {
    "capability": lambda document: document.capabilities,
    "industry": lambda document: document.divisions,
    "level": lambda document: map(str, document.levels),
    "price": lambda document: (document.price_band,),
    "region": lambda document: document.regions,
}


@dataclass(frozen=True, slots=True)
class Membership:
    """Which documents have which value of a facet: one row of `has` for each value."""

    values: tuple[str, ...]
    has: Mask

    def any_of(self, wanted: frozenset[str]) -> Mask:
        """Return for each document whether it has at least one of the values."""
        chosen = [number for number, value in enumerate(self.values) if value in wanted]
        return np.asarray(self.has[chosen].any(axis=0), np.bool_)

    def counts(self, among: Mask) -> dict[str, int]:
        """Return how many of some documents have each value; values that none has are left out."""
        numbers = np.count_nonzero(self.has[:, among], axis=1)
        return {value: int(number) for value, number in zip(self.values, numbers, strict=True) if number}


class Snapshot:
    """Everything one search reads."""

    def __init__(
        self, revision: int, documents: Sequence[Document], words: Postings, grams: Postings
    ) -> None:
        """Build from documents sorted by id and the postings of their two fields, in the same order."""
        self.revision = revision
        self.documents = tuple(documents)
        self.rows = {document.id: row for row, document in enumerate(documents)}
        self._words = words
        self._grams = grams
        self._memberships = {facet: _membership(documents, values) for facet, values in _VALUES_OF.items()}
        self._last_days = _column(document.certificate_expires_on.toordinal() for document in documents)
        self._approved = _column(document.approved_on.toordinal() for document in documents)
        self._field_sites = _column(document.field_sites for document in documents)
        self._test_reports = _column(document.test_reports for document in documents)
        self._best_evidence = _column(VALIDATIONS.index(document.best_evidence) for document in documents)
        self._amounts = _column(
            _UNKNOWN_AMOUNT if document.first_year_amount is None else document.first_year_amount
            for document in documents
        )
        titles = [document.content["title"].casefold() for document in documents]
        places = {title: place for place, title in enumerate(sorted(set(titles)))}
        self._titles = _column(places[title] for title in titles)

    def visible(self, today: date) -> Mask:
        """Return for each document whether it is still shown on a day."""
        shown: Mask = self._last_days + WITHDRAWN_AFTER_DAYS >= today.toordinal()
        return shown

    def memberships(self, today: date) -> dict[str, Membership]:
        """Return every facet's values, "validation" as it stands on a day."""
        expired = self._last_days < today.toordinal()
        has = [(self._best_evidence == step) & ~expired for step in range(len(VALIDATIONS) - 1)]
        validation = Membership(VALIDATIONS, np.array([*has, expired]))
        every = {**self._memberships, "validation": validation}
        return {facet: every[facet] for facet in FACETS}

    def matching(self, query: QueryTokens) -> Mask:
        """Return for each document whether it has enough of what a query asks for."""
        if query.is_blank:
            return np.ones(len(self.documents), np.bool_)
        if not query.groups:
            return np.zeros(len(self.documents), np.bool_)
        having = np.zeros(len(self.documents), np.int64)
        for group in query.groups:
            has_group = np.zeros(len(self.documents), np.bool_)
            for alternative in group.alternatives:
                has_group |= np.all([self._has(word) for word in alternative], axis=0)
            having += has_group
        enough: Mask = having >= query.groups_needed
        return enough

    def text_scores(self, query: QueryTokens) -> npt.NDArray[np.float32]:
        """Return each document's BM25 score: float32(words + float32(grams)), each summed in float64."""
        grams = self._grams.score(query.gram_boosts()).astype(np.float32)
        return (self._words.score(query.word_boosts()) + grams).astype(np.float32)

    def order(self, sort: str, rows: Column, scores: npt.NDArray[np.float32] | None, today: date) -> Column:
        """Return rows in the order of a sort; whatever is equal stays in the order of ids.

        Args:
            scores: text scores of all documents; None orders "relevance" by evidence.
        """
        keys: list[npt.NDArray[np.int64] | npt.NDArray[np.float32]]
        if sort == "relevance" and scores is not None:
            keys = [-scores[rows]]
        elif sort == "newest":
            keys = [-self._approved[rows]]
        elif sort == "price":
            keys = [self._amounts[rows]]
        elif sort == "title":
            keys = [self._titles[rows]]
        else:
            expired = (self._last_days[rows] < today.toordinal()).astype(np.int64)
            proof = [-self._field_sites[rows], -self._test_reports[rows], -self._approved[rows]]
            keys = [expired, *proof]
        # lexsort is stable and takes its first key last; rows come in the order of ids.
        return rows[np.lexsort(keys[::-1])]

    def _has(self, word: Word) -> Mask:
        present = self._words.has(word.token)
        if word.grams:
            found = np.zeros(len(self.documents), np.int64)
            for gram in dict.fromkeys(word.grams):
                found += self._grams.has(gram)
            present |= found >= word.grams_needed
        return present


def _column(numbers: Iterable[int]) -> Column:
    return np.fromiter(numbers, np.int64)


def _membership(documents: Sequence[Document], values_of: Callable[[Document], Iterable[str]]) -> Membership:
    values = sorted({value for document in documents for value in values_of(document)})
    number = {value: place for place, value in enumerate(values)}
    has = np.zeros((len(values), len(documents)), np.bool_)
    for row, document in enumerate(documents):
        has[[number[value] for value in values_of(document)], row] = True
    return Membership(tuple(values), has)
