"""Which rows of a segment have which value of a facet, as bitmaps."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from matching.search.documents import VALIDATIONS, WITHDRAWN_AFTER_DAYS, Document
from matching.search.embedded import bits
from matching.search.embedded.arrays import Bits, Codes16, Longs, Rows
from matching.search.embedded.columns import Columns
from matching.search.query import FACETS

#: The facets that a release fixes; "validation" depends on the day as well.
VALUES_OF: Mapping[str, Callable[[Document], Iterable[str]]] = {
    "capability": lambda document: document.capabilities,
    "industry": lambda document: document.divisions,
    "level": lambda document: map(str, document.levels),
    "price": lambda document: (document.price_band,),
    "region": lambda document: document.regions,
}
VALIDATION = FACETS.index("validation")


@dataclass(frozen=True, slots=True)
class Facets:
    """The bitmaps of every (facet, value), and which facet each belongs to.

    Attributes:
        values: (facet, value) of each bitmap, sorted.
        facet_of: (values,) place of each one's facet in `FACETS`.
        members: (values, words) who has it.
        starts, held: (rows + 1,) where a row's values begin in `held`, which has their places in `values`.
    """

    values: tuple[tuple[str, str], ...]
    facet_of: Longs
    members: Bits
    starts: Rows
    held: Codes16
    places: Mapping[tuple[str, str], int] = field(compare=False)

    def having(self, facet: str, value: str) -> Bits | None:
        """Return the rows with a value; None when no row has it."""
        place = self.places.get((facet, value))
        return None if place is None else self.members[place]


def facets_of(values: Iterable[tuple[str, str]], members: Bits, starts: Rows, held: Codes16) -> Facets:
    """Put the arrays of `Facets` under their (facet, value)."""
    named = tuple(values)
    facet_of = np.array([FACETS.index(facet) for facet, _ in named], np.int64)
    return Facets(named, facet_of, members, starts, held, {value: place for place, value in enumerate(named)})


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
    return _of_pairs(list(numbers), np.array(owners, np.int64), np.array(held, np.int64), len(documents))


def merge(parts: Sequence[Facets], places: Sequence[Longs], size: int) -> Facets:
    """Join the values of several segments, row r of part p becoming row places[p][r]; -1 leaves it out."""
    numbers: dict[tuple[str, str], int] = {}
    owners: list[Longs] = []
    held: list[Longs] = []
    for part, place in zip(parts, places, strict=True):
        to = np.array([numbers.setdefault(value, len(numbers)) for value in part.values], np.int64)
        rows = np.repeat(place, (part.starts[1:] - part.starts[:-1]).astype(np.int64))
        owners.append(rows[rows >= 0])
        held.append(to[part.held[rows >= 0]] if len(to) else to)
    return _of_pairs(list(numbers), np.concatenate(owners), np.concatenate(held), size)


def _of_pairs(values: Sequence[tuple[str, str]], owners: Longs, held: Longs, size: int) -> Facets:
    """Make facets of (row, value) pairs; values that no row has are forgotten."""
    used = np.bincount(held, minlength=len(values)) > 0
    order = sorted((value, place) for place, value in enumerate(values) if used[place])
    to = np.zeros(len(values), np.int64)
    to[[place for _, place in order]] = np.arange(len(order))
    here = to[held]
    members = np.zeros((len(order), size), np.bool_)
    members[here, owners] = True
    by_row = np.argsort(owners, kind="stable")
    starts = np.searchsorted(owners[by_row], np.arange(size + 1)).astype(np.uint32)
    named = [value for value, _ in order]
    return facets_of(named, bits.pack(members), starts, here[by_row].astype(np.uint16))


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
