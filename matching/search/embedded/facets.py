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
    rows: dict[tuple[str, str], list[int]] = {}
    for row, document in enumerate(documents):
        for facet, values_of in VALUES_OF.items():
            for value in values_of(document):
                rows.setdefault((facet, value), []).append(row)
    return _stacked({key: np.array(found, np.int64) for key, found in rows.items()}, len(documents))


def merge(parts: Sequence[Facets], places: Sequence[Longs], size: int) -> Facets:
    """Join the bitmaps of several segments, row r of part p becoming row places[p][r]; -1 leaves it out."""
    rows: dict[tuple[str, str], list[Longs]] = {}
    for part, place in zip(parts, places, strict=True):
        for key, members in zip(part.values, part.members, strict=True):
            moved = place[bits.rows_of(members, len(place))]
            rows.setdefault(key, []).append(moved[moved >= 0])
    joined = {key: np.concatenate(found) for key, found in rows.items()}
    return _stacked({key: found for key, found in joined.items() if len(found)}, size)


def _stacked(rows: Mapping[tuple[str, str], Longs], size: int) -> Facets:
    members = np.zeros((len(rows), bits.words_for(size)), np.uint64)
    named = sorted(rows)
    for place, key in enumerate(named):
        members[place] = bits.of_rows(rows[key], size)
    owners = np.concatenate([np.empty(0, np.int64), *(rows[key] for key in named)])
    held = np.repeat(np.arange(len(named)), [len(rows[key]) for key in named])
    starts = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=size))]).astype(np.uint32)
    return facets_of(named, members, starts, held[np.argsort(owners, kind="stable")].astype(np.uint16))


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
