"""What one pass over a segment is handed, and what it answers: the same for both ways of computing it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from matching.search.embedded.arrays import Bits, Floats, Longs, Rows
from matching.search.embedded.bits import Ranked
from matching.search.embedded.columns import Columns
from matching.search.embedded.demand import Demand
from matching.search.embedded.facets import Day, Facets
from matching.search.embedded.lexical import Postings
from matching.search.query import FACETS


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


class Fit(NamedTuple):
    """A demand in one segment.

    Attributes:
        own_rows, own_evidence: rows with evidence of the site's own division, rising, and its value.
        used_rows, used_supply: rows that a trade partner uses, rising, and their points of the supply chain.
        own: `own_rows` as a set, which compiled code needs; NumPy does without.
    """

    demand: Demand
    columns: Columns
    own_rows: Rows
    own_evidence: Floats
    used_rows: Longs
    used_supply: Floats
    own: Ranked | None = None


class Doubt(NamedTuple):
    """The rows of which only their plans tell whether a demand excludes them; no bitmap does.

    A row stays if a plan of it meets every must and is not known to cost more than 1.5 × the budget; one without
    plans if nothing is a must.
    """

    demand: Demand
    columns: Columns
    rows: Bits


class Best(NamedTuple):
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


class Narrowed(NamedTuple):
    """What the filters and the demand leave of the rows found.

    Attributes:
        masks: (1 + filtered facets, words) the rows that pass everything, then for each filtered facet those that
            pass all but its own filter.
        mask_of: (facets,) which mask each facet is counted under, in the order of `FACETS`.
        total: how many rows pass everything.
    """

    masks: Bits
    mask_of: Longs
    total: int

    @property
    def rows(self) -> Bits:
        """The rows that pass everything."""
        passing: Bits = self.masks[0]
        return passing


class Backend(Protocol):
    """The passes over arrays. Two modules keep it, with equal results to the last bit."""

    def of_rows(self, rows: Rows, size: int) -> Bits:
        """Return the set of these rows."""

    def narrowed(self, found: Bits, filters: Mapping[int, Bits], doubt: Doubt | None) -> Narrowed:
        """Apply filters, and leave out what the demand excludes.

        Args:
            filters: for the place of a facet in `FACETS`, the rows that have one of the values asked for.
        """

    def counted(self, narrowed: Narrowed, facets: Facets, day: Day) -> Longs:
        """Return for each value of `facets`, and then of `VALIDATIONS`, how many rows it has under its mask."""

    def best(self, rows: Bits, size: int, text: Text | None, fit: Fit | None, most: int) -> Best:
        """Return the best `most` of some rows: by fit where there is a demand, else by text."""


def masks_for(found: Bits, filters: Mapping[int, Bits]) -> tuple[Bits, Longs]:
    """Return new masks, the rows found and then those of each filter, and which of them each facet has."""
    masks = np.empty((1 + len(filters), len(found)), np.uint64)
    masks[0] = found
    mask_of = np.zeros(len(FACETS), np.int64)
    for place, (facet, members) in enumerate(filters.items(), start=1):
        masks[place] = members
        mask_of[facet] = place
    return masks, mask_of


#: BM25 of this much or more is a text score of 1.
TEXT_SCALE = np.float32(26.4)
ONE, ZERO, HUNDRED = np.float32(1), np.float32(0), np.float32(100)
