"""Which rows of a segment have which value of a facet, as bitmaps."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from matching.search.documents import VALIDATIONS, WITHDRAWN_AFTER_DAYS, Document
from matching.search.embedded import bits
from matching.search.embedded.arrays import Bits, Bools, Longs
from matching.search.embedded.columns import Columns
from matching.search.query import FACETS

#: The facets that a release fixes; "validation" depends on the day as well.
VALUES_OF: Mapping[str, Callable[[Document], Iterable[str]]] = {
    "capability": lambda document: document.capabilities,
    "industry": lambda document: document.divisions,
    "kind": lambda document: (document.kind,),
    "level": lambda document: map(str, document.levels),
    "price": lambda document: (document.price_band,),
    "region": lambda document: document.regions,
}
VALIDATION = FACETS.index("validation")


@dataclass(frozen=True, slots=True)
class Facets:
    """The bitmaps of every (facet, value), and the same by row.

    Attributes:
        values: (facet, value) of each bitmap, sorted.
        members: (values, words) who has it.
        held: (rows, ⌈values / 64⌉) a row's values as a bitmap.
        by_facet: each facet, its values, and where their counts stand; those of "validation" come last.
        spans: (facets + 1,) where each facet of `FACETS` begins in `values`.
    """

    values: tuple[tuple[str, str], ...]
    members: Bits
    held: Bits
    by_facet: tuple[tuple[str, tuple[str, ...], slice], ...]
    spans: Longs
    places: Mapping[tuple[str, str], int] = field(compare=False)

    def having(self, facet: str, value: str) -> Bits | None:
        """Return the rows with a value; None when no row has it."""
        place = self.places.get((facet, value))
        return None if place is None else self.members[place]


def facets_of(values: Iterable[tuple[str, str]], members: Bits, held: Bits) -> Facets:
    """Put the arrays of `Facets` under their (facet, value)."""
    named = tuple(values)
    spans = [*(sum(facet < each for facet, _ in named) for each in FACETS), len(named)]
    by_facet = [
        (facet, tuple(value for _, value in named[first:end]), slice(first, end))
        for facet, first, end in zip(FACETS, spans[:-1], spans[1:], strict=True)
    ]
    by_facet[VALIDATION] = "validation", VALIDATIONS, slice(len(named), len(named) + len(VALIDATIONS))
    places = {value: place for place, value in enumerate(named)}
    return Facets(named, members, held, tuple(by_facet), np.array(spans, np.int64), places)


def build(documents: Sequence[Document]) -> Facets:
    """Build from documents in the order of rows."""
    numbers: dict[tuple[str, str], int] = {}
    owners: list[int] = []
    held: list[int] = []
    for row, document in enumerate(documents):
        for facet, values_of in VALUES_OF.items():
            here = [numbers.setdefault((facet, value), len(numbers)) for value in values_of(document)]
            held.extend(here)
            owners.extend([row] * len(here))
    mask = np.zeros((len(numbers), len(documents)), np.bool_)
    mask[held, owners] = True
    return _sorted(list(numbers), mask)


def merge(parts: Sequence[Facets], places: Sequence[Longs], size: int) -> Facets:
    """Join the values of several segments, row r of part p becoming row places[p][r]; -1 leaves it out.

    Values that no row is left with are forgotten.
    """
    numbers: dict[tuple[str, str], int] = {}
    to = [
        np.array([numbers.setdefault(value, len(numbers)) for value in part.values], np.int64)
        for part in parts
    ]
    mask = np.zeros((len(numbers), size), np.bool_)
    for part, place, numbered in zip(parts, places, to, strict=True):
        kept = np.flatnonzero(place >= 0)
        mask[numbered[:, None], place[kept]] = bits.unpack_each(part.members, len(place))[:, kept]
    return _sorted(list(numbers), mask)


def _sorted(values: Sequence[tuple[str, str]], mask: Bools) -> Facets:
    """Make facets of a bool for each value and row, without the values that no row has."""
    used: list[int] = np.flatnonzero(mask.any(axis=1)).tolist()
    order = sorted((values[place], place) for place in used)
    ordered = mask[[place for _, place in order]]
    return facets_of([value for value, _ in order], bits.pack(ordered), bits.pack(ordered.T))


@dataclass(frozen=True, slots=True)
class Day:
    """What of a segment depends on the day.

    Attributes:
        visible: rows still shown: until 90 days after the certificate's last day.
        valid: rows whose certificate holds.
        validations: (4, words) rows of each of `VALIDATIONS`.
    """

    visible: Bits
    valid: Bits
    validations: Bits


def on_day(columns: Columns, today: date) -> Day:
    """Return what a day makes of the certificates."""
    day = today.toordinal()
    valid = columns.last_day >= day
    proofs = [valid & (columns.best_evidence == step) for step in range(len(VALIDATIONS) - 1)]
    return Day(
        visible=bits.pack(columns.last_day.astype(np.int64) + WITHDRAWN_AFTER_DAYS >= day),
        valid=bits.pack(valid),
        validations=bits.pack(np.array([*proofs, ~valid])),
    )
