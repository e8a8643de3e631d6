"""Filters and facet counts of one segment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from matching.search.documents import VALIDATIONS
from matching.search.embedded import backend, bits
from matching.search.embedded.arrays import Bits, Longs
from matching.search.embedded.facets import VALIDATION, Day
from matching.search.embedded.segment import Segment
from matching.search.query import FACETS

#: Looking at the values of one row costs as much as so many words of the values' bitmaps.
_WORDS_A_ROW = 60

#: How many listings have each value of each facet; values that none has may be there with 0.
Counts = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True, eq=False)
class Narrowed:
    """What the filters leave of the rows found.

    Attributes:
        rows: those that pass every filter.
        masks: (1 + filtered facets, words) `rows`, then for each filtered facet those that pass all the others.
        mask_of: (facets,) which mask each facet is counted under, in the order of `FACETS`.
    """

    rows: Bits
    masks: Bits
    mask_of: Longs


def narrow(segment: Segment, day: Day, found: Bits, filters: Mapping[str, frozenset[str]]) -> Narrowed:
    """Apply filters: any of a facet's values suffices, every facet with a value must hold."""
    passing = {
        FACETS.index(facet): _having(segment, day, facet, wanted)
        for facet, wanted in filters.items()
        if wanted
    }
    mask_of = np.zeros(len(FACETS), np.int64)
    masks = np.empty((1 + len(passing), len(found)), np.uint64)
    masks[:] = found
    for place, (facet, members) in enumerate(passing.items(), start=1):
        mask_of[facet] = place
        for other in range(1 + len(passing)):
            if other != place:
                masks[other] &= members
    return Narrowed(masks[0], masks, mask_of)


def add_counts(counts: Counts, segment: Segment, day: Day, narrowed: Narrowed) -> None:
    """Add a segment's counts to those of others, each facet under the other facets' filters."""
    facets = segment.facets
    passes = backend.for_rows(segment.size)
    mask_of = narrowed.mask_of[facets.facet_of]
    words = facets.members.size
    if bits.count(narrowed.masks) * _WORDS_A_ROW < words:
        numbers = passes.tallied(narrowed.masks, mask_of, facets.starts, facets.held)
    else:
        numbers = passes.counted(facets.members, narrowed.masks, mask_of)
    for (facet, value), number in zip(facets.values, numbers.tolist(), strict=True):
        if number:
            of = counts[facet]
            of[value] = of.get(value, 0) + number
    of = counts["validation"]
    proofs = passes.counted(
        day.validations, narrowed.masks, np.repeat(narrowed.mask_of[VALIDATION], len(VALIDATIONS))
    )
    for value, number in zip(VALIDATIONS, proofs.tolist(), strict=True):
        if number:
            of[value] = of.get(value, 0) + number


def no_counts() -> Counts:
    """Return counts of nothing."""
    return {facet: {} for facet in FACETS}


def shown(segment: Segment, live: Bits, today: date) -> Bits:
    """Return the live rows that are visible on a day."""
    return segment.day(today).visible & live


def _having(segment: Segment, day: Day, facet: str, wanted: frozenset[str]) -> Bits:
    if facet == "validation":
        known = [day.validations[VALIDATIONS.index(value)] for value in wanted if value in VALIDATIONS]
    else:
        found = [segment.facets.having(facet, value) for value in wanted]
        known = [members for members in found if members is not None]
    if not known:
        return bits.empty(segment.size)
    return known[0] if len(known) == 1 else bits.at_least(known, 1)
