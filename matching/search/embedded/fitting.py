"""A demand asked of one state: who is not excluded, the best of them in the full order, the counts."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import NamedTuple

import numpy as np

from matching.scoring import axes
from matching.search.analyser import QueryTokens
from matching.search.embedded import backend, bits, narrowing
from matching.search.embedded.arrays import Bits, Floats, Longs
from matching.search.embedded.asked import Best, Doubt, Fit, Narrowed, Text
from matching.search.embedded.columns import Columns
from matching.search.embedded.demand import Demand
from matching.search.embedded.facets import Day
from matching.search.embedded.segment import Segment, offer_on
from matching.search.embedded.state import Part, State, matching
from matching.search.engine import TEXT_SCALE, MatchHit, MatchResult
from matching.search.query import FACETS, MatchQuery


class Match(NamedTuple):
    """A query with its demand compiled and its text analysed."""

    query: MatchQuery
    demand: Demand
    asked: QueryTokens


def match(state: State, asked: Match) -> MatchResult:
    """Answer a demand; the order is that of docs/fit-score.md."""
    query = asked.query
    counts: narrowing.Counts = {}
    passing: list[Bits] = []
    total = 0
    for part in state.parts:
        day = part.segment.day(query.today)
        narrowed = _narrowed(part, day, asked)
        narrowing.add_counts(counts, part.segment, day, narrowed)
        passing.append(narrowed.rows)
        total += narrowed.total
    return MatchResult(
        hits=page(state, asked, passing) if query.offset < total and query.limit else (),
        total=total,
        facets=counts or {facet: {} for facet in FACETS},
        everything_total=state.visible(query.today),
        revision=state.revision,
        text_was_cut=asked.asked.was_cut,
    )


def hits(state: State, asked: Match) -> tuple[MatchHit, ...]:
    """Return the page of a demand without counting anything."""
    today = asked.query.today
    return page(state, asked, [_narrowed(part, part.segment.day(today), asked).rows for part in state.parts])


def _narrowed(part: Part, day: Day, asked: Match) -> Narrowed:
    """Return the live rows that the demand does not exclude and that pass the filters."""
    segment, demand = part.segment, asked.demand
    need = demand.need
    rows = part.valid(asked.query.today).copy()
    if need.level is not None:
        rows &= _having(segment, "level", str(need.level))
    if need.region is not None:
        rows &= _having(segment, "region", need.region)
    for entry in demand.must_entries:
        rows &= segment.with_quality(*entry)
    if asked.query.text_required:
        having = matching(part, asked.asked)
        if having is not None:
            rows &= having
    doubt = _in_doubt(rows, segment.columns, demand)
    return narrowing.narrow(segment, day, rows, asked.query.filters, doubt)


def _in_doubt(rows: Bits, of: Columns, demand: Demand) -> Doubt | None:
    """Leave out rows whose every plan is told by bitmaps to be over the limit; returns those that need a look."""
    unsure: Bits | None = None
    if demand.budget >= 0 and len(of.price_steps):
        place = bisect_right(of.price_steps, 3 * demand.budget // 2)
        if place < len(of.price_steps):
            rows &= of.price_bits[place]
            unsure = ~of.price_bits[place - 1] if place else of.price_bits[place]
    if len(demand.must_entries) > 1 or (demand.must_count and demand.budget >= 0):
        unsure = of.many_plans if unsure is None else unsure | of.many_plans
    return None if unsure is None else Doubt(demand, of, unsure)


def page(state: State, asked: Match, passing: Sequence[Bits]) -> tuple[MatchHit, ...]:
    """Return the page that the query asks for, of the rows that pass in each part."""
    query = asked.query
    most = query.offset + query.limit
    texts: Sequence[Text | None] = [None] * len(state.parts)
    if asked.asked.groups:
        texts = state.texts(asked.asked)
    found: list[MatchHit] = []
    used = _used(state, asked.demand)
    for part, rows, text, (used_rows, supply) in zip(state.parts, passing, texts, used, strict=True):
        size = part.segment.size
        fit = fit_in(part.segment, asked.demand, used_rows, supply)
        best = backend.for_rows(size).best(rows, size, text, fit, min(most, size))
        found.extend(_hits(part.segment, asked.demand, best))
    if len(state.parts) > 1:
        found.sort(key=lambda hit: (-hit.order_value, hit.id.encode()))
    return tuple(found[query.offset : most])


def fit_in(segment: Segment, demand: Demand, used_rows: Longs, used_supply: Floats) -> Fit:
    """Return what a pass over a segment needs of a demand."""
    own_rows, own_evidence, own = segment.own_evidence(demand.division)
    return Fit(demand, segment.columns, own_rows, own_evidence, used_rows, used_supply, own)


def _hits(segment: Segment, demand: Demand, best: Best) -> Iterable[MatchHit]:
    ids = map(bytes.decode, segment.ids[best.rows].tolist())
    term = float(demand.policy)
    policy = [term if alliance else 0.0 for alliance in segment.columns.alliance[best.rows].tolist()]
    text = [min(bm25 / TEXT_SCALE, 1.0) for bm25 in best.bm25.tolist()]
    values = zip(ids, best.order.tolist(), best.fit.tolist(), policy, text, strict=True)
    return map(
        tuple.__new__, repeat(MatchHit), values
    )  # the constructor of a named tuple costs three times that


def _used(state: State, demand: Demand) -> list[tuple[Longs, Floats]]:
    """Return for each part the rows that a trade partner uses, rising, and their points of the supply chain."""
    listings = {listing for partner in axes.known_partners(demand.need) for listing in partner.listings}
    if not listings:
        return [_NONE_USED] * len(state.parts)
    rows: dict[int, dict[int, float]] = {}
    for listing in listings:
        found = state.find(listing)
        if found is not None:
            rows.setdefault(id(found[0]), {})[found[1]] = used_points(*found, demand)
    return [_sparse(rows.get(id(part), {})) for part in state.parts]


def used_points(part: Part, row: int, demand: Demand) -> float:
    """Return the points of the supply chain of a listing that a partner uses, by the scorer itself."""
    document = part.segment.documents[row]
    offer = offer_on(document, document.certificate_expires_on)
    return demand.share["supply_chain"] * axes.supply_chain(demand.need, offer).value


def _sparse(points: dict[int, float]) -> tuple[Longs, Floats]:
    rows = sorted(points)
    return np.array(rows, np.int64), np.array([points[row] for row in rows], np.float32)


_NONE_USED: tuple[Longs, Floats] = (np.empty(0, np.int64), np.empty(0, np.float32))


def _having(segment: Segment, facet: str, value: str) -> Bits:
    found = segment.facets.having(facet, value)
    return bits.empty(segment.size) if found is None else found
