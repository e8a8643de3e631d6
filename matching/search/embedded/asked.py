"""What one pass over a segment is handed, and what it answers: the same for both ways of computing it."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from matching.search.embedded.arrays import Bits, Codes16, Floats, Longs, Rows
from matching.search.embedded.columns import Columns
from matching.search.embedded.demand import Demand
from matching.search.embedded.lexical import Postings


@dataclass(frozen=True, slots=True, eq=False)
class FieldText:
    """The clauses of one field of a text query in one segment, in the order of the query.

    Attributes:
        starts, ends: (clauses,) where each token's postings stand.
        weights: (clauses,) what each token weighs.
        norms: (256,) inverse norm by length byte.
        frequent: (clauses,) place in the next two of a token that very many rows have, else -1.
        members: (frequent, words) the rows that have such a token.
        ranks: (frequent, words) how many of its postings come before each word: a row's posting is found at once.
    """

    postings: Postings
    starts: Longs
    ends: Longs
    weights: Floats
    norms: Floats
    frequent: Longs
    members: Bits
    ranks: Rows


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """A text query in one segment: BM25 = float32(sum of word clauses + float32(sum of gram clauses)).

    The clauses are float32 and both sums float64.
    """

    words: FieldText
    grams: FieldText


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A demand in one segment.

    Attributes:
        own_rows, own_evidence: rows with evidence of the site's own division, rising, and its value.
        used_rows, used_supply: rows that a trade partner uses, rising, and their points of the supply chain.
    """

    demand: Demand
    columns: Columns
    own_rows: Rows
    own_evidence: Floats
    used_rows: Longs
    used_supply: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Best:
    """The best rows of a segment, best first; ties by row.

    Attributes:
        order: what the rows are ordered by: fit + policy + text, or BM25 alone where there is no demand.
        fit: 0–100, float32; 0 without a demand.
        bm25: 0 without a text.
    """

    rows: Longs
    order: Floats
    fit: Floats
    bm25: Floats


class Backend(Protocol):
    """The passes over arrays. Two modules keep it, with equal results to the last bit."""

    def of_rows(self, rows: Rows, size: int) -> Bits:
        """Return the set of these rows."""

    def counted(self, members: Bits, masks: Bits, mask_of: Longs) -> Longs:
        """Return for each row v of `members` (values, words) how many bits it shares with masks[mask_of[v]]."""

    def tallied(self, masks: Bits, mask_of: Longs, starts: Rows, values: Codes16) -> Longs:
        """Return for each value how many rows it has under its mask, looking at those rows alone.

        Args:
            starts, values: for each row, where its values begin, and the values.
        """

    def affordable(self, rows: Bits, columns: Columns, demand: Demand) -> Bits:
        """Return which of some rows have a plan that meets every must and is not known to cost too much."""

    def best(self, rows: Bits, size: int, text: Text | None, fit: Fit | None, most: int) -> Best:
        """Return the best `most` of some rows: by fit where there is a demand, else by text."""


#: BM25 of this much or more is a text score of 1.
TEXT_SCALE = np.float32(26.4)
ONE, ZERO, HUNDRED = np.float32(1), np.float32(0), np.float32(100)
