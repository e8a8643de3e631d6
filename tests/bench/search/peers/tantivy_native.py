"""tantivy does everything itself: filters, constant-score clauses for the nine axes, facets on fast fields.

Approximate: prices, evidence and delivery are in buckets, and the text is not cut at 1.
"""

import json
from functools import partial
from itertools import pairwise

import numpy as np

from matching.scoring.axes import CLAIMED_PRIOR
from matching.search.engine import TEXT_SCALE
from tests.bench.search.asking import delivered, price_values
from tests.bench.search.peers.tantivy_index import EVIDENCE, FACETS, OCTAVE, Opened, bucket
from tests.bench.search.protocol import Answer

#: The capacity's points depend on the weeks of installation too; they are taken as with the middle number of weeks.
_WEEKS = 14


class TantivyNative(Opened):
    name = "tantivy, native"
    is_exact = False
    how = (
        "boolean query of constant-score and disjunction-max clauses over tags, BM25 unclipped, "
        "terms aggregations on fast fields; prices, evidence and delivery in buckets"
    )

    def __init__(self, facts, folder):
        super().__init__(facts, folder)
        self.weeks, self.starts = map(set, zip(*facts.places["delivery"], strict=True))
        self.prices = sorted(
            {bucket(amount) for amount in np.unique(facts.plan_amount).tolist() if amount >= 0}
        )
        self.values = {facet: {n: v for v, n in self.numbers[facet].items()} for facet in FACETS}
        self.wanted = {facet: {"terms": {"field": facet, "size": 100}} for facet in FACETS}

    def answer(self, query):
        wanted, filters = self._prepared(query)
        found = self.searcher.search(wanted, limit=20, count=True)
        counted = self.searcher.aggregate(filters, self.wanted)
        counted = json.loads(counted) if isinstance(counted, str) else counted
        facets = {
            facet: {self.values[facet][int(b["key"])]: b["doc_count"] for b in counted[facet]["buckets"]}
            for facet in FACETS
        }
        return Answer(*self._hits(found), found.count, facets)

    def best(self, query):
        return self._hits(self.searcher.search(self._prepared(query)[0], limit=20, count=False))[0]

    def _prepared(self, query):
        """Return the whole query and the filters alone."""
        asked = self.tables.ask(query)
        if asked.prepared is None:
            filters = self.filters(asked)
            clauses = [*self._axes(asked), *self.text(asked, asked.text / TEXT_SCALE)]
            asked.prepared = self.all_of(filters, clauses), self.all_of(filters)
        return asked.prepared

    def _hits(self, found):
        rows = self.searcher.fast_field_values("row", [address for _, address in found.hits])
        return np.array(rows, np.int64), np.array([score for score, _ in found.hits], np.float32)

    def _axes(self, asked):
        dismax = self.tantivy.Query.disjunction_max_query
        clauses = [
            *self._delivery(asked),
            *self._touching(asked.systems),
            *self._touching(asked.partners),
        ]
        near = [
            self.points(self.tag(f"n{revision}:{code}"), points)
            for (revision, code), points in asked.near.items()
        ]
        if near:
            clauses.append(dismax(near))
        if asked.level_points is not None:
            pairs = [(low, high) for low in range(1, 6) for high in range(low, 6)]
            clauses += [
                self.points(self.tag(f"l{a}{b}"), asked.level_points[a, b])
                for a, b in pairs
                if asked.level_points[a, b]
            ]
        if asked.prior:
            by_tag = {f"s{division}": points for division, points in asked.prior.items()}
            by_tag |= {f"v{division}": CLAIMED_PRIOR * points for division, points in asked.prior.items()}
            clauses.append(dismax([self.points(self.tag(tag), points) for tag, points in by_tag.items()]))
        if asked.policy:
            clauses.append(self.points(self.tag("alliance"), asked.policy))
        for value in range(1, EVIDENCE + 1):
            points = asked.evidence * value / EVIDENCE
            clauses.append(self.points(self.tag(f"e{value}"), points))
            if asked.division:
                clauses.append(self.points(self.tag(f"o{asked.division}:{value}"), points))
        clauses.append(dismax([self._plan(asked, slot) for slot in range(self.slots)]))
        return clauses

    def _delivery(self, asked):
        need, share = asked.query.need, asked.share
        value = partial(delivered, need.region is not None, need.weeks_left)
        yield from self._grouped(
            "w", {weeks: share["region"] * value(weeks, None)[0] for weeks in self.weeks}
        )
        starts = {start: share["capacity"] * value(_WEEKS, start)[1] for start in self.starts}
        yield from self._grouped("y", starts)

    def _grouped(self, prefix, points):
        """Return a clause for each different number of points, over all codes that bring it."""
        for value in set(points.values()) - {0.0}:
            names = [f"{prefix}{code}" for code, of in points.items() if of == value]
            query = self.tag(names[0]) if len(names) == 1 else self.anyone(names)
            yield self.points(query, value)

    def _touching(self, groups):
        for bits, points in groups:
            tags = [f"i{place}" for place in range(bits.bit_length()) if bits >> place & 1]
            yield self.points(self.anyone(tags), points)

    def _plan(self, asked, slot):
        clauses = []
        for wanted in asked.wanted:
            if wanted.place >= 0:
                clauses += [
                    self.points(self.tag(f"q{slot}:{wanted.place}:{quality}"), more - less)
                    for quality, (less, more) in enumerate(pairwise(wanted.points), start=1)
                    if more > less
                ]
        if asked.budget > 0:
            full, none = bucket(asked.budget / 2), bucket(asked.budget * 1.5)
            for place in range(full + 1, none + 1):
                value = price_values(np.array([2 ** (place / OCTAVE)]), asked.budget)[0]
                clauses.append(self.points(self.tag(f"a{slot}:{place}"), asked.price * value))
            cheap = [f"a{slot}:{place}" for place in self.prices if place <= full]
            clauses.append(self.points(self.anyone(cheap), asked.price))
        musts = [self.points(query, 0) for query in self.meeting(asked, slot)]
        return self.all_of(musts, clauses)
