"""A demand asked of one state: who is not excluded, the best of them in the full order, the counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from matching.scoring import axes
from matching.search.analyser import QueryTokens
from matching.search.embedded import backend, bits, columns, narrowing
from matching.search.embedded.arrays import Bits, Floats, Longs
from matching.search.embedded.asked import Best, Fit, Text
from matching.search.embedded.columns import Columns
from matching.search.embedded.demand import Demand
from matching.search.embedded.facets import Day
from matching.search.embedded.segment import Segment, offer_on
from matching.search.embedded.state import Part, State, matching
from matching.search.engine import TEXT_SCALE, MatchHit, MatchResult
from matching.search.query import MatchQuery


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """A query with its demand compiled and its text analysed."""

    query: MatchQuery
    demand: Demand
    asked: QueryTokens


def match(state: State, asked: Match) -> MatchResult:
    """Answer a demand; the order is that of docs/fit-score.md."""
    query = asked.query
    counts = narrowing.no_counts()
    passing: list[Bits] = []
    everything = 0
    for part in state.parts:
        day = part.segment.day(query.today)
        everything += bits.count(narrowing.shown(part.segment, part.live, query.today))
        narrowed = narrowing.narrow(part.segment, day, fitting(part, day, asked), query.filters)
        narrowing.add_counts(counts, part.segment, day, narrowed)
        passing.append(narrowed.rows)
    total = sum(map(bits.count, passing))
    return MatchResult(
        hits=page(state, asked, passing) if query.offset < total and query.limit else (),
        total=total,
        facets=counts,
        everything_total=everything,
        revision=state.revision,
        text_was_cut=asked.asked.was_cut,
    )


def hits(state: State, asked: Match) -> tuple[MatchHit, ...]:
    """Return the page of a demand without counting anything."""
    passing: list[Bits] = []
    for part in state.parts:
        day = part.segment.day(asked.query.today)
        found = fitting(part, day, asked)
        if asked.query.filters:
            found = narrowing.narrow(part.segment, day, found, asked.query.filters).rows
        passing.append(found)
    return page(state, asked, passing)


def fitting(part: Part, day: Day, asked: Match) -> Bits:
    """Return the live rows that the demand does not exclude."""
    segment, demand = part.segment, asked.demand
    need = demand.need
    sets = [day.valid if part.dead == 0 else day.valid & part.live]
    if need.level is not None:
        sets.append(_having(segment, "level", str(need.level)))
    if need.region is not None:
        sets.append(_having(segment, "region", need.region))
    sets.extend(segment.with_quality(*entry) for entry in demand.must_entries)
    if asked.query.text_required:
        having = matching(part, asked.asked)
        sets.extend([] if having is None else [having])
    rows = sets[0] if len(sets) == 1 else bits.at_least(sets, len(sets))
    return _affordable(rows, segment.columns, demand)


def _affordable(rows: Bits, of: Columns, demand: Demand) -> Bits:
    """Leave out rows whose every plan is over the limit or misses a must; most are told by bitmaps alone."""
    unsure: Bits | None = None
    if demand.budget >= 0 and len(of.price_steps):
        place = int(np.searchsorted(of.price_steps, 3 * demand.budget // 2, side="right"))
        if place < len(of.price_steps):
            rows = rows & of.price_bits[place]
            unsure = rows & ~of.price_bits[place - 1] if place else rows
    if len(demand.must_entries) > 1 or (demand.must_count and demand.budget >= 0):
        many = rows & of.many_plans
        unsure = many if unsure is None else unsure | many
    if unsure is None or not unsure.any():
        return rows
    return (rows & ~unsure) | backend.for_rows(of.size).affordable(unsure, of, demand)


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
    own = columns.own_evidence(segment.columns, demand.division)
    return Fit(demand, segment.columns, *own, used_rows, used_supply)


def _hits(segment: Segment, demand: Demand, best: Best) -> Iterable[MatchHit]:
    policy = np.where(segment.columns.alliance[best.rows] > 0, demand.policy, np.float32(0))
    ids = map(bytes.decode, segment.ids[best.rows].tolist())
    text = np.minimum(best.bm25.astype(np.float64) / TEXT_SCALE, 1.0)
    return map(MatchHit, ids, best.order.tolist(), best.fit.tolist(), policy.tolist(), text.tolist())


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
