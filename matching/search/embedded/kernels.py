"""The passes over arrays in compiled code: the same results as `plain`, to the last bit.

Imported only by `backend`: numba takes about a second to load. `compile` comes first.
"""

from typing import Any

import numpy as np

from matching.scoring.facts import Need
from matching.scoring.weights import BUILT_IN
from matching.search.analyser import QueryTokens
from matching.search.embedded import compiled, segment
from matching.search.embedded.arrays import Bits, Codes16, Longs, Rows
from matching.search.embedded.asked import Best, FieldText, Fit, Text
from matching.search.embedded.codes import Vocabulary
from matching.search.embedded.columns import Columns, own_evidence
from matching.search.embedded.demand import Compiler, Demand
from matching.search.embedded.state import State, part_of

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
    counted(none[None, :], none[None, :], np.zeros(1, np.int64))
    tallied(none[None, :], no_place, nothing.facets.starts, nothing.facets.held)
    affordable(none, nothing.columns, demand)
    own = own_evidence(nothing.columns, -1)
    fit = Fit(demand, nothing.columns, *own, no_place, np.zeros(0, np.float32))
    for asked in (None, fit):
        best(none, 1, text, asked, 1)


def of_rows(rows: Rows, size: int) -> Bits:
    """Return the set of these rows."""
    found: Bits = np.zeros((size + 63) // 64, np.uint64)
    compiled.of_rows(rows, found)
    return found


def counted(members: Bits, masks: Bits, mask_of: Longs) -> Longs:
    """Return for each value how many rows it has under its mask."""
    counts: Longs = np.zeros(len(members), np.int64)
    compiled.counted(members, masks, mask_of, counts)
    return counts


def tallied(masks: Bits, mask_of: Longs, starts: Rows, values: Codes16) -> Longs:
    """Return for each value how many rows it has under its mask, looking at those rows alone."""
    counts: Longs = np.zeros(len(mask_of), np.int64)
    for mask in range(len(masks)):
        compiled.tallied(masks[mask], starts, values, mask_of, mask, counts)
    return counts


def affordable(rows: Bits, columns: Columns, demand: Demand) -> Bits:
    """Return which of some rows have a plan that meets every must and is not known to cost too much."""
    kept: Bits = np.zeros_like(rows)
    compiled.affordable(
        rows, _plans(columns), (demand.quality, demand.musts), (demand.must_count, demand.budget), kept
    )
    return kept


def best(rows: Bits, size: int, text: Text | None, fit: Fit | None, most: int) -> Best:
    """Return the best `most` of some rows, see `Backend`."""
    most = min(most, size)
    heap = (
        np.empty(most, np.float32),
        np.empty(most, np.int64),
        np.empty(most, np.float32),
        np.empty(most, np.float32),
    )
    if not most:
        return Best(heap[1], heap[0], heap[2], heap[3])
    words, word_cursors = _NO_FIELD if text is None else _field(text.words)
    grams, gram_cursors = _NO_FIELD if text is None else _field(text.grams)
    if fit is None:
        found = compiled.best_by_text(rows, size, words, word_cursors, grams, gram_cursors, heap)
    else:
        sparse = fit.own_rows, fit.own_evidence, fit.used_rows, fit.used_supply
        columns, demand = _columns(fit.columns), _demand(fit.demand)
        found = compiled.best_by_fit(
            rows, size, words, word_cursors, grams, gram_cursors, columns, demand, sparse, heap
        )
    orders, places, fits, bm25 = heap[0][:found], heap[1][:found], heap[2][:found], heap[3][:found]
    chosen = np.lexsort((places, -orders))
    return Best(places[chosen], orders[chosen], fits[chosen], bm25[chosen])


_NO_FIELD: tuple[_Laid, Longs] = (
    (
        np.empty(0, np.uint32),
        np.empty(0, np.uint16),
        np.empty(0, np.uint8),
        np.empty(0, np.int64),
        np.empty(0, np.float32),
        np.empty(0, np.float32),
        np.empty(0, np.int64),
        np.empty((0, 0), np.uint64),
        np.empty((0, 0), np.uint32),
    ),
    np.empty(0, np.int64),
)


def _field(field: FieldText) -> tuple[_Laid, Longs]:
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
    ), field.starts.copy()


def _plans(columns: Columns) -> _Laid:
    return columns.plan_starts, columns.plan_amount, columns.entry_starts, columns.entries


def _columns(columns: Columns) -> _Laid:
    plans = columns.plan_amount, columns.entry_starts, columns.entries
    return columns.packed, columns.packed.view(np.float32), plans


def _demand(demand: Demand) -> _Laid:
    of = demand
    return (
        (of.level, of.industry, of.interface, of.delivery, of.supply, of.shown, of.claimed),
        (of.quality, of.musts, of.rates, of.caps),
        (of.evidence, of.capability, of.price, of.policy, of.text),
        (of.must_count, of.budget),
    )
