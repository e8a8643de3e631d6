"""An inverted index of one text field, with BM25 as Elasticsearch 9 computes it."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from matching.search.embedded import bits
from matching.search.embedded.arrays import Array, Bits, Bytes, Codes16, Floats, Ints, Longs, Rows
from matching.search.embedded.bits import Ranked
from matching.search.embedded.lexicon import Lexicon

_K1 = np.float32(1.2)
_B = np.float32(0.75)
_ONE = np.float32(1)
#: Elasticsearch multiplies every weight by k1 + 1; plain Lucene does not.
_FACTOR = np.float32(2.2)
#: The highest number of repetitions that a posting holds; more count as this many.
MAX_COUNT = 65_535
#: Lengths up to here are kept exactly; four significant bits of what is above it.
_EXACT = 24
#: Bitmaps of frequent tokens that are kept for one field of a segment, and from how large a share of its rows on.
_KEPT_BITMAPS = 128
_FREQUENT = 1 / 64


def _length_of(byte: int) -> int:
    above = byte - _EXACT
    if above < 8:
        return byte
    return _EXACT + ((above & 7 | 8) << (above >> 3) - 1)


#: Length of a field by the one byte that Lucene keeps of it, rising.
#: Source: Lucene's `SmallFloat.byte4ToInt`, described in its documentation.
LENGTHS: Longs = np.array([_length_of(byte) for byte in range(256)], np.int64)


def length_bytes(lengths: Longs) -> Bytes:
    """Return the byte that stands for each length: that of the largest kept length not above it."""
    return (np.searchsorted(LENGTHS, lengths, side="right") - 1).astype(np.uint8)


@lru_cache(maxsize=8)
def inverse_norms(documents: int, length: int) -> Floats:
    """Return for each length byte 1 / (k1 × ((1 - b) + b × length ÷ average length)), in float32 throughout.

    Args:
        documents: how many documents have the field.
        length: the sum of their true lengths.

    Returns:
        (256,) not to be written to: it is kept for the next query.
    """
    average = np.float32(length / max(documents, 1)) or _ONE
    norms: Floats = _ONE / (_K1 * ((_ONE - _B) + _B * LENGTHS.astype(np.float32) / average))
    return norms


def weight(boost: float, documents: int, having: int) -> np.float32:
    """Return what a token weighs: boost × 2.2 × idf, in float32.

    Args:
        boost: the token's boost times how often it was asked.
        documents: N, live documents that have the field.
        having: n, live documents that have the token, 1 to N.
    """
    idf = np.float32(math.log(1 + (documents - having + 0.5) / (having + 0.5)))
    return np.float32(np.float32(boost) * _FACTOR * idf)


def clauses(of: np.float32, counts: Floats, norms: Floats) -> Floats:
    """Return w - w / (1 + tf × inverse norm) in float32: Lucene's form of a BM25 clause, for one w and many tf."""
    return of - of / (_ONE + counts * norms)


@dataclass(frozen=True, slots=True)
class Postings:
    """Which rows of a segment have which token of a field, and how often. Never changed once built.

    Attributes:
        starts: (tokens + 1,) where each token's postings begin in `rows` and `counts`.
        rows: (postings,) rising within a token.
        counts: (postings,) repetitions, 1 to `MAX_COUNT`.
        lengths: (rows,) true length of the field.
        norms: (rows,) the length as one byte.
    """

    lexicon: Lexicon
    starts: Longs
    rows: Rows
    counts: Codes16
    lengths: Ints
    norms: Bytes
    _bitmaps: dict[int, Bits] = field(default_factory=dict, repr=False, compare=False)
    _ranks: dict[int, Rows] = field(default_factory=dict, repr=False, compare=False)

    def span(self, token: int) -> slice:
        """Return where the token's postings stand; nothing for -1."""
        return slice(int(self.starts[token]), int(self.starts[token + 1])) if token >= 0 else slice(0, 0)

    def having(self, token: int) -> int:
        """Return how many rows have a token, replaced ones included."""
        return int(self.starts[token + 1] - self.starts[token]) if token >= 0 else 0

    def bitmap(self, token: int, of_rows: Callable[[Rows, int], Bits]) -> Bits:
        """Return the rows that have a token, made by `of_rows`; those of frequent tokens are kept."""
        found = self._bitmaps.get(token)
        if found is None:
            found = of_rows(self.rows[self.span(token)], len(self.norms))
            if self.is_frequent(token) and len(self._bitmaps) < _KEPT_BITMAPS:
                self._bitmaps[token] = found
        return found

    def ranked(self, token: int, of_rows: Callable[[Rows, int], Bits]) -> Ranked:
        """Return the rows that have a token as a set that numbers them; kept as `bitmap` is."""
        members, ranks = self.bitmap(token, of_rows), self._ranks.get(token)
        if ranks is None:
            ranks = bits.ranked(members).ranks
            if token in self._bitmaps:
                self._ranks[token] = ranks
        return Ranked(members, ranks)

    def is_frequent(self, token: int) -> bool:
        """Say whether so many rows have a token that a bitmap of them is smaller than its postings."""
        return self.having(token) >= _FREQUENT * len(self.norms)

    def tokens_of(self, text: str) -> Longs:
        """Return the numbers of the different tokens of a text that is in this segment."""
        return np.array([self.lexicon.find(token) for token in set(text.split())], np.int64)


def postings(lexicon: Lexicon, tokens: Array, rows: Array, counts: Array, lengths: Longs) -> Postings:
    """Build from one entry for each (row, different token), in any order.

    Args:
        tokens, rows, counts: (postings,) number of the token, its row, its repetitions.
        lengths: (rows,) how many tokens each row's field has.
    """
    size = len(lengths)
    order = np.argsort(tokens * np.int64(max(size, 1)) + rows, kind="stable")
    starts = np.searchsorted(tokens[order], np.arange(len(lexicon) + 1)).astype(np.int64)
    return Postings(
        lexicon,
        starts,
        rows[order].astype(np.uint32),
        np.minimum(counts[order], MAX_COUNT).astype(np.uint16),
        lengths.astype(np.int32),
        length_bytes(lengths),
    )


def count(texts: Sequence[str]) -> Postings:
    """Build from the field's text of each row: tokens separated by spaces."""
    numbers: dict[str, int] = {}
    tokens: list[int] = []
    counts: list[int] = []
    sizes: list[int] = []
    lengths: list[int] = []
    for text in texts:
        found = Counter(text.split())
        tokens.extend([numbers.setdefault(token, len(numbers)) for token in found])
        counts.extend(found.values())
        sizes.append(len(found))
        lengths.append(found.total())
    rows = np.repeat(np.arange(len(texts), dtype=np.int64), sizes)
    every = (np.array(tokens, np.int64), rows, np.array(counts, np.int64), np.array(lengths, np.int64))
    return postings(Lexicon(list(numbers)), *every)


def merge(parts: Sequence[Postings], places: Sequence[Longs], size: int) -> Postings:
    """Join the postings of several segments, row r of part p becoming row places[p][r]; -1 leaves it out.

    Tokens that no row is left with are forgotten.
    """
    numbers: dict[str, int] = {}
    joined: list[tuple[Array, Array, Codes16]] = []  # small types: these are the most that a merge holds
    lengths = np.zeros(size, np.int64)
    for part, place in zip(parts, places, strict=True):
        rows = place.astype(np.int32)[part.rows]
        here = rows >= 0
        tokens = np.repeat(np.arange(len(part.lexicon), dtype=np.int32), np.diff(part.starts))[here]
        left = np.bincount(tokens, minlength=len(part.lexicon)) > 0
        to = [
            numbers.setdefault(token, len(numbers)) if is_left else -1
            for token, is_left in zip(part.lexicon, left.tolist(), strict=True)
        ]
        joined.append((np.array(to, np.int32)[tokens], rows[here], part.counts[here]))
        lengths[place[place >= 0]] = part.lengths[place >= 0]
    tokens, rows, counts = (np.concatenate(column) for column in zip(*joined, strict=True))
    return postings(Lexicon(list(numbers)), tokens, rows, counts, lengths)


@dataclass(frozen=True, slots=True)
class Statistics:
    """What BM25 counts of one field over every live document, in whatever segment it lies.

    Attributes:
        documents: those that have the field.
        length: sum of their true lengths.
    """

    documents: int = 0
    length: int = 0

    def with_lengths(self, lengths: Longs | Ints, sign: int = 1) -> "Statistics":
        """Return the statistics with these documents' lengths added, or with -1 taken away."""
        return Statistics(
            self.documents + sign * int(np.count_nonzero(lengths)),
            self.length + sign * int(lengths.sum(dtype=np.int64)),
        )
