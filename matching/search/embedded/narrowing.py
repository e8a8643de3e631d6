"""Filters and facet counts of one segment."""

from collections.abc import Mapping

from matching.search.documents import VALIDATIONS
from matching.search.embedded import backend, bits
from matching.search.embedded.arrays import Bits
from matching.search.embedded.asked import Doubt, Narrowed
from matching.search.embedded.facets import Day
from matching.search.embedded.segment import Segment
from matching.search.query import FACETS

#: How many listings have each value of each facet.
Counts = dict[str, dict[str, int]]


def narrow(
    segment: Segment, day: Day, found: Bits, filters: Mapping[str, frozenset[str]], doubt: Doubt | None = None
) -> Narrowed:
    """Apply filters: any of a facet's values suffices, every facet with a value must hold."""
    wanted = {
        FACETS.index(facet): _having(segment, day, facet, values)
        for facet, values in filters.items()
        if values
    }
    return backend.for_rows(segment.size).narrowed(found, wanted, doubt)


def add_counts(counts: Counts, segment: Segment, day: Day, narrowed: Narrowed) -> None:
    """Add a segment's counts to those of others, each facet under the other facets' filters."""
    of = segment.facets
    numbers = backend.for_rows(segment.size).counted(narrowed, of, day).tolist()
    for facet, names, span in of.by_facet:
        found = {value: number for value, number in zip(names, numbers[span], strict=True) if number}
        before = counts.get(facet)
        if before:
            for value, number in before.items():
                found[value] = found.get(value, 0) + number
        counts[facet] = found


def _having(segment: Segment, day: Day, facet: str, wanted: frozenset[str]) -> Bits:
    if facet == "validation":
        known = [day.validations[VALIDATIONS.index(value)] for value in wanted if value in VALIDATIONS]
    else:
        found = [segment.facets.having(facet, value) for value in wanted]
        known = [members for members in found if members is not None]
    if not known:
        return bits.empty(segment.size)
    return known[0] if len(known) == 1 else bits.at_least(known, 1)
