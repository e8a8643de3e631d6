"""The passes over arrays in compiled code: the same results as `plain`, to the last bit.

Imported only by `backend`: numba takes about a second to load. `compile` comes first.
"""

import threading
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np

from matching.scoring.facts import Need
from matching.scoring.weights import BUILT_IN
from matching.search.analyser import QueryTokens
from matching.search.documents import VALIDATIONS
from matching.search.embedded import bits, compiled, fitting, ranked, segment
from matching.search.embedded.arrays import Bits, Longs, Rows
from matching.search.embedded.asked import Best, Doubt, FieldText, Fit, Narrowed, Text, masks_for
from matching.search.embedded.codes import Vocabulary
from matching.search.embedded.demand import Compiler, Demand
from matching.search.embedded.facets import Day, Facets
from matching.search.embedded.machine import BLOCK
from matching.search.embedded.state import State, part_of


class _Room(threading.local):
    """What a pass works in; memory that every call asked for anew would have to be found and cleared every time."""

    def __init__(self) -> None:
        rows = bits.WORD * BLOCK
        self.arrays = (
            np.empty(rows, np.int64),
            np.empty(BLOCK, np.int64),
            np.empty((2, rows), np.float64),
            np.empty((5, rows), np.float32),
        )


_room = _Room()
_best: Callable[..., int] = ranked.best
#: Arrays and tuples of them, as `compiled` takes them.
_Laid = tuple[Any, ...]


def compile() -> None:  # noqa: A001 — a word of the module: kernels.compile
    """Make every pass ready by running it over nothing; read from a file where an earlier run left it."""
    vocabulary = Vocabulary()
    nothing = segment.build((), vocabulary)
    need = Need((), None, None, None, None, (), None, None)
    demand = Compiler(vocabulary).compile(need, BUILT_IN)
    none, no_place = np.zeros(1, np.uint64), np.zeros(0, np.int64)
    text = State(parts=(part_of(nothing),)).texts(QueryTokens((), is_blank=True, was_cut=False))[0]
    of_rows(np.zeros(0, np.uint32), 1)
    left = narrowed(none, {}, Doubt(demand, nothing.columns, none))
    counted(left, nothing.facets, nothing.day(date.min))
    fit = fitting.fit_in(nothing, demand, no_place, np.zeros(0, np.float32))
    for asked in (None, fit):
        best(none, 1, text, asked, 1)


def of_rows(rows: Rows, size: int) -> Bits:
    """Return the set of these rows."""
    found: Bits = np.zeros((size + 63) // 64, np.uint64)
    compiled.of_rows(rows, found)
    return found


def narrowed(found: Bits, filters: Mapping[int, Bits], doubt: Doubt | None) -> Narrowed:
    """Apply filters, and leave out what the demand excludes."""
    masks, mask_of = masks_for(found, filters)
    if doubt is None:
        total = compiled.narrowed(masks, _NO_BITS, *_NO_DOUBT)
    else:
        of = doubt.demand
        records = doubt.columns.record_starts, doubt.columns.records
        total = compiled.narrowed(masks, doubt.rows, records, of.musts, (of.must_count, of.budget))
    return Narrowed(masks, mask_of, total)


def counted(narrowed: Narrowed, facets: Facets, day: Day) -> Longs:
    """Return for each value of `facets`, and then of `VALIDATIONS`, how many rows it has under its mask."""
    counts: Longs = np.empty(len(facets.members) + len(VALIDATIONS), np.int64)
    laid = facets.spans, facets.members, facets.held
    compiled.counted(narrowed.masks, narrowed.mask_of, laid, day.validations, counts)
    return counts


def best(rows: Bits, size: int, text: Text | None, fit: Fit | None, most: int) -> Best:
    """Return the best `most` of some rows, see `Backend`."""
    most = min(most, size)
    heap = np.empty((most, 4))
    found = 0
    if most:
        words, grams = (_NO_FIELD, _NO_FIELD) if text is None else (_field(text.words), _field(text.grams))
        if fit is None:
            laid: _Laid = False, *_NO_FIT
        else:
            own = fit.own or bits.ranked(of_rows(fit.own_rows, size))
            sparse = *own, fit.own_evidence, fit.used_rows, fit.used_supply
            records = fit.columns.record_starts, fit.columns.records
            laid = True, records, _demand(fit.demand), sparse
        found = _best(rows, words, grams, *laid, heap, _room.arrays)
    order, kept, fits, bm25 = heap[:found].T
    return Best(
        kept.astype(np.int64), order.astype(np.float32), fits.astype(np.float32), bm25.astype(np.float32)
    )


def _field(field: FieldText) -> _Laid:
    postings = field.postings
    return (
        postings.rows,
        postings.counts,
        postings.norms,
        field.ends,
        field.weights,
        field.norms,
        field.frequent,
        field.members,
        field.ranks,
        field.starts,
    )


def _demand(of: Demand) -> _Laid:
    return (
        (of.level, of.industry, of.interface, of.delivery, of.supply, of.shown, of.claimed),
        (of.quality, of.musts, of.rates, of.caps),
        (of.evidence, of.capability, of.price, of.policy, of.text),
        (of.must_count, of.budget),
    )


_NO_BITS, _NO_ROWS = np.empty(0, np.uint64), np.empty(0, np.uint32)
_NO_LONGS, _NO_REALS, _NO_BYTES = np.empty(0, np.int64), np.empty(0, np.float32), np.empty(0, np.uint8)
_NO_FIELD: _Laid = (
    _NO_ROWS,
    np.empty(0, np.uint16),
    _NO_BYTES,
    _NO_LONGS,
    _NO_REALS,
    _NO_REALS,
    _NO_LONGS,
    np.empty((0, 0), np.uint64),
    np.empty((0, 0), np.uint32),
    _NO_LONGS,
)
_NO_RECORDS: _Laid = (_NO_ROWS, _NO_LONGS)
_NO_DOUBT: _Laid = (_NO_RECORDS, _NO_BYTES, (0, 0))
_NO_FIT: _Laid = (
    _NO_RECORDS,
    (
        (_NO_REALS,) * 7,
        (_NO_REALS, _NO_BYTES, _NO_LONGS, _NO_LONGS),
        (np.float32(0),) * 5,
        (0, 0),
    ),
    (_NO_BITS, _NO_ROWS, _NO_REALS, _NO_LONGS, _NO_REALS),
)
