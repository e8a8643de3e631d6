"""The passes over arrays in NumPy: what small catalogues and machines without numba use, and the kernels' yardstick.

Order of operations, all in float32 unless said otherwise:
    plan  = min(capability, Σ entries' points, in the order of entries) + price × float32(value of the price)
    fit   = min(100, level + industry + interface + delivery + supply + evidence + best plan), from the left
    order = (fit + policy) + text × min(1, BM25 ÷ 26.4)
    BM25  = float32(Σ word clauses + float32(Σ gram clauses)); the sums in float64
"""

from collections.abc import Mapping

import numpy as np

from matching.scoring.formulas import PRICE_ZERO_AT
from matching.search.documents import VALIDATIONS
from matching.search.embedded import bits
from matching.search.embedded.arrays import Bits, Bools, Doubles, Floats, Longs, Rows
from matching.search.embedded.asked import (
    HUNDRED,
    ONE,
    TEXT_SCALE,
    ZERO,
    Best,
    Doubt,
    FieldText,
    Fit,
    Narrowed,
    Text,
    masks_for,
)
from matching.search.embedded.columns import UNKNOWN_AMOUNT, Columns
from matching.search.embedded.demand import Demand
from matching.search.embedded.facets import VALIDATION, Day, Facets
from matching.search.embedded.lexical import clauses

_BASIS_POINTS = 10_000


def of_rows(rows: Rows, size: int) -> Bits:
    """Return the set of these rows."""
    return bits.of_rows(rows, size)


def narrowed(found: Bits, filters: Mapping[int, Bits], doubt: Doubt | None) -> Narrowed:
    """Apply filters, and leave out what the demand excludes."""
    given, mask_of = masks_for(found, filters)
    masks = np.empty_like(given)
    for place in range(len(masks)):
        others = [given[other] for other in range(1, len(given)) if other != place]
        masks[place] = np.bitwise_and.reduce([found, *others])
    if doubt is not None:
        unsure = np.bitwise_or.reduce(masks) & doubt.rows
        masks &= ~unsure | affordable(unsure, doubt.columns, doubt.demand)
    return Narrowed(masks, mask_of, bits.count(masks[0]))


def counted(narrowed: Narrowed, facets: Facets, day: Day) -> Longs:
    """Return for each value of `facets`, and then of `VALIDATIONS`, how many rows it has under its mask."""
    sizes = np.diff(facets.spans)
    sizes[VALIDATION] = len(VALIDATIONS)
    masks = narrowed.masks[np.repeat(narrowed.mask_of, sizes)]
    members = np.concatenate([facets.members, day.validations])
    found: Longs = np.bitwise_count(members & masks).sum(axis=1, dtype=np.int64)
    return found


def affordable(rows: Bits, columns: Columns, demand: Demand) -> Bits:
    """Return which of some rows have a plan that meets every must and is not known to cost too much."""
    here = bits.rows_of(rows, columns.size)
    plans, owner = _plans_of(here, columns)
    _, met = _qualities(plans, columns, demand)
    amounts = columns.plan_amount[plans]
    passing = met == demand.must_count
    if demand.budget >= 0:
        passing &= 2 * amounts <= 3 * demand.budget
    kept = np.zeros(len(here), np.bool_)
    kept[owner[passing]] = True
    kept |= (np.diff(columns.plan_starts.astype(np.int64))[here] == 0) & (demand.must_count == 0)
    return bits.of_rows(here[kept], columns.size)


def best(rows: Bits, size: int, text: Text | None, fit: Fit | None, most: int) -> Best:
    """Return the best `most` of some rows, see `Backend`."""
    here = bits.rows_of(rows, size)
    bm25 = np.zeros(len(here), np.float32) if text is None else scores(text, size)[here]
    if fit is None:
        fits, order = np.zeros(len(here), np.float32), bm25
    else:
        demand = fit.demand
        fits = _fits(here, fit)
        policy = np.where(fit.columns.alliance[here] > 0, demand.policy, ZERO)
        order = (fits + policy) + demand.text * np.minimum(ONE, bm25 / TEXT_SCALE)
    chosen = np.lexsort((here, -order))[:most]
    return Best(here[chosen], order[chosen], fits[chosen], bm25[chosen])


def scores(text: Text, size: int) -> Floats:
    """Return BM25 of every row."""
    grams = _sums(text.grams, size).astype(np.float32)
    total: Floats = (_sums(text.words, size) + grams).astype(np.float32)
    return total


def _sums(field: FieldText, size: int) -> Doubles:
    total = np.zeros(size, np.float64)
    postings = field.postings
    for start, end, weight in zip(field.starts, field.ends, field.weights, strict=True):
        rows = postings.rows[start:end]
        counts = postings.counts[start:end].astype(np.float32)
        total[rows] += clauses(weight, counts, field.norms[postings.norms[rows]])
    return total


def _fits(here: Longs, fit: Fit) -> Floats:
    columns, demand = fit.columns, fit.demand
    supply = np.maximum(
        np.maximum(demand.shown[columns.shown[here]], demand.claimed[columns.industry[here]]),
        demand.supply[columns.interface[here]],
    )
    _replace(supply, here, fit.used_rows, fit.used_supply)
    evidence = columns.evidence[here]
    _replace(evidence, here, fit.own_rows, fit.own_evidence)
    total = demand.level[columns.level[here]] + demand.industry[columns.industry[here]]
    total = total + demand.interface[columns.interface[here]] + demand.delivery[columns.delivery[here]]
    total = total + supply + demand.evidence * evidence + _best_plans(here, columns, demand)
    fits: Floats = np.minimum(HUNDRED, total)
    return fits


def _replace(values: Floats, here: Longs, rows: Rows | Longs, others: Floats) -> None:
    """Write the values of some rows over those of the same rows in `here`; both rise."""
    at = np.searchsorted(here, rows)
    inside = at < len(here)
    inside[inside] = here[at[inside]] == rows[inside]
    values[at[inside]] = others[inside]


def _best_plans(here: Longs, columns: Columns, demand: Demand) -> Floats:
    plans, owner = _plans_of(here, columns)
    quality, met = _qualities(plans, columns, demand)
    points = np.minimum(demand.capability, quality) + demand.price * prices(
        columns.plan_amount[plans], demand
    )
    points = np.where(met == demand.must_count, points, ZERO)
    found = np.zeros(len(here), np.float32)
    np.maximum.at(found, owner, points)
    return found


def _plans_of(here: Longs, columns: Columns) -> tuple[Longs, Longs]:
    """Return the plans of some rows, and of each the place of its row among them."""
    starts = columns.plan_starts.astype(np.int64)
    sizes = np.diff(starts)[here]
    owner = np.repeat(np.arange(len(here)), sizes)
    return starts[here][owner] + np.arange(len(owner)) - (np.cumsum(sizes) - sizes)[owner], owner


def _qualities(plans: Longs, columns: Columns, demand: Demand) -> tuple[Floats, Longs]:
    """Return of each plan the points of its entries, added in their order, and how many musts it meets."""
    points, met = np.zeros(len(plans), np.float32), np.zeros(len(plans), np.int64)
    starts, ends = (columns.entry_starts[plans + side].astype(np.int64) for side in (0, 1))
    for nth in range(int((ends - starts).max(initial=0))):
        here: Bools = starts + nth < ends
        entries = columns.entries[starts[here] + nth]
        points[here] += demand.quality[entries]
        met[here] += demand.musts[entries]
    return points, met


def prices(amounts: Longs, demand: Demand) -> Floats:
    """Return the value of each price as float32; 0 where the price or the budget is not known."""
    left, room = amounts.copy(), amounts.copy()
    for rate, cap in zip(demand.rates, demand.caps, strict=True):
        paid = np.minimum(np.minimum(amounts * rate // _BASIS_POINTS, cap), room)
        left, room = left - paid, room - paid
    if demand.budget < 0:
        return np.zeros(len(amounts), np.float32)
    if demand.budget == 0:
        values = (left == 0).astype(np.float64)
    else:
        values = np.minimum(1.0, np.maximum(0.0, PRICE_ZERO_AT - left / demand.budget))
    return np.where(amounts == UNKNOWN_AMOUNT, 0.0, values).astype(np.float32)
