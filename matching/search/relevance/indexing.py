"""An index of texts alone, by the embedded engine's BM25."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from matching.search.embedded import lexical
from matching.search.embedded.arrays import Doubles
from matching.search.embedded.lexical import Postings, Statistics
from matching.search.tokens import QueryTokens


class Analysed(NamedTuple):
    """A passage; its words and grams are separated by spaces, which takes a tenth of the memory of tokens apart."""

    id: str
    words: str
    grams: str


class Found(NamedTuple):
    """A passage with its BM25, a float32 above 0."""

    id: str
    score: float


class Index(Protocol):
    """What a run asks: passages in, the best of each query out."""

    def add(self, passages: Sequence[Analysed]) -> None:
        """Take in passages; none comes twice."""

    def best(self, asked: Sequence[QueryTokens], most: int) -> list[list[Found]]:
        """Return for each query the `most` passages with the highest BM25 above 0, ties by id."""


class EmbeddedIndex:
    """Postings in pieces, one for each batch that was added, scored as `embedded/plain.py` scores listings."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._words = _Field()
        self._grams = _Field()

    def add(self, passages: Sequence[Analysed]) -> None:
        """Take in passages; none comes twice."""
        self._ids.extend(passage.id for passage in passages)
        self._words.add([passage.words for passage in passages])
        self._grams.add([passage.grams for passage in passages])

    def best(self, asked: Sequence[QueryTokens], most: int) -> list[list[Found]]:
        """Return for each query the `most` passages with the highest BM25 above 0, ties by id."""
        return [self._best(each, most) for each in asked]

    def _best(self, asked: QueryTokens, most: int) -> list[Found]:
        grams = self._grams.sums(asked.gram_boosts()).astype(np.float32)
        scores = (self._words.sums(asked.word_boosts()) + grams).astype(np.float32)
        rows = np.flatnonzero(scores)
        if len(rows) > most:
            # All that are as good as the last one: which of them belong to the best is said by their ids.
            last = np.partition(scores[rows], len(rows) - most)[len(rows) - most]
            rows = rows[scores[rows] >= last]
        found = [Found(self._ids[row], float(scores[row])) for row in rows]
        return sorted(found, key=lambda each: (-each.score, each.id))[:most]


class _Field:
    """One field of all passages, in pieces."""

    def __init__(self) -> None:
        self._pieces: list[Postings] = []
        self._statistics = Statistics()
        self._size = 0

    def add(self, texts: Sequence[str]) -> None:
        """Take in the tokens of further passages, separated by spaces."""
        piece = lexical.count(texts)
        self._pieces.append(piece)
        self._statistics = self._statistics.with_lengths(piece.lengths)
        self._size += len(texts)

    def sums(self, boosts: Mapping[str, float]) -> Doubles:
        """Return the sum of the clauses for every passage, in float64."""
        counted = self._statistics
        norms = lexical.inverse_norms(counted.documents, counted.length)
        total = np.zeros(self._size, np.float64)
        for token, boost in boosts.items():
            numbers = [piece.lexicon.find(token) for piece in self._pieces]
            pieces = list(zip(self._pieces, numbers, strict=True))
            having = sum(piece.having(number) for piece, number in pieces)
            weight = lexical.weight(boost, counted.documents, having) if having else np.float32(0)
            start = 0
            for piece, number in pieces:
                span = piece.span(number)
                rows, counts = piece.rows[span], piece.counts[span].astype(np.float32)
                total[start : start + len(piece.norms)][rows] += lexical.clauses(
                    weight, counts, norms[piece.norms[rows]]
                )
                start += len(piece.norms)
        return total
