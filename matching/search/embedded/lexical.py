"""An inverted index of one text field, with BM25 as Elasticsearch 9 computes it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_K1 = np.float32(1.2)
_B = np.float32(0.75)
#: Elasticsearch multiplies every weight by k1 + 1; plain Lucene does not.
_FACTOR = np.float32(2.2)


@dataclass(frozen=True, slots=True)
class Counted:
    """The tokens of one document's field: different terms with their counts, and how many tokens in all."""

    terms: npt.NDArray[np.int32]
    counts: npt.NDArray[np.int32]
    length: int


def count(tokens: str, lexicon: dict[str, int]) -> Counted:
    """Count tokens separated by spaces; terms that are new are added to the end of the lexicon."""
    found = Counter(tokens.split())
    terms = [lexicon.setdefault(token, len(lexicon)) for token in found]
    return Counted(np.array(terms, np.int32), np.array(list(found.values()), np.int32), found.total())


def rounded_length(length: int) -> int:
    """Return a field's length as Lucene keeps it, in one byte: exact to 40, then four significant bits.

    Source: Lucene's `SmallFloat.intToByte4`, described in its documentation.
    """
    if length < 24:
        return length
    above = length - 24
    dropped = max(above.bit_length() - 4, 0)
    return 24 + ((above >> dropped) << dropped)


class Postings:
    """Which documents (rows) have which term, and what that is worth. Never changed once built."""

    def __init__(self, lexicon: Mapping[str, int], documents: Sequence[Counted]) -> None:
        """Build from the counted documents, row by row; `lexicon` may grow afterwards, its ids stay."""
        self._lexicon = lexicon
        lengths = np.array([document.length for document in documents], np.int64)
        terms = np.concatenate([np.empty(0, np.int32), *(document.terms for document in documents)])
        counts = np.concatenate([np.empty(0, np.int32), *(document.counts for document in documents)])
        rows = np.repeat(
            np.arange(len(documents), dtype=np.int32), [len(document.terms) for document in documents]
        )
        order = np.argsort(terms, kind="stable")
        self._rows = rows[order]
        self._counts = counts[order].astype(np.float32)
        self._starts = np.searchsorted(terms[order], np.arange(len(lexicon) + 1))
        self._documents = int(np.count_nonzero(lengths))
        self._inverse_norms = _inverse_norms(lengths, self._documents)
        self.size = len(documents)
        #: how many terms of the lexicon any document still has
        self.live_terms = int(np.count_nonzero(np.diff(self._starts)))

    def has(self, token: str) -> npt.NDArray[np.bool_]:
        """Return for each row whether it has a token."""
        present = np.zeros(self.size, np.bool_)
        present[self._rows[self._span(token)]] = True
        return present

    def score(self, boosts: Mapping[str, float]) -> npt.NDArray[np.float64]:
        """Return for each row the sum of its BM25 clauses; every clause is a float32, the sum a float64.

        Args:
            boosts: weight of each token of the query, a repeated word weighing its number of repetitions.
        """
        total = np.zeros(self.size, np.float64)
        for token, boost in boosts.items():
            span = self._span(token)
            rows = self._rows[span]
            if len(rows):
                weight = np.float32(boost) * _FACTOR * self._idf(len(rows))
                total[rows] += weight - weight / (
                    np.float32(1) + self._counts[span] * self._inverse_norms[rows]
                )
        return total

    def _span(self, token: str) -> slice:
        term = self._lexicon.get(token)
        # The lexicon is shared with newer states of the index: a term they brought is not in this one.
        if term is None or term + 1 >= len(self._starts):
            return slice(0, 0)
        return slice(int(self._starts[term]), int(self._starts[term + 1]))

    def _idf(self, having: int) -> np.float32:
        return np.float32(np.log(1 + (self._documents - having + 0.5) / (having + 0.5)))


def _inverse_norms(lengths: npt.NDArray[np.int64], documents: int) -> npt.NDArray[np.float32]:
    """Return 1 / (k1 × ((1 − b) + b × length ÷ average length)) for each row, in float32 throughout."""
    average = np.float32(lengths.sum() / max(documents, 1)) or np.float32(1)
    rounded = np.array([rounded_length(int(length)) for length in lengths], np.float32)
    norms: npt.NDArray[np.float32] = np.float32(1) / (_K1 * ((np.float32(1) - _B) + _B * rounded / average))
    return norms
