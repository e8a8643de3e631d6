"""Filters, score, facet counts and the best twenty in NumPy: for the peers that bring only the text's score."""

import numpy as np

from matching.search.documents import VALIDATIONS
from matching.search.engine import TEXT_SCALE
from tests.bench.search.asking import price_values
from tests.bench.search.facts import BANDS, SETS
from tests.bench.search.protocol import Answer


class Columns:
    """Facts laid out for NumPy: one array a column, and one byte for each (listing, facet value)."""

    def __init__(self, facts):
        self.facts = facts
        self.names = [
            *((facet, value) for facet, column in SETS.items() for value in facts.places[column]),
            *(("price", band) for band in BANDS),
            *(("validation", proof) for proof in VALIDATIONS),
        ]
        places = {name: place for place, name in enumerate(self.names)}
        self.members = np.zeros((facts.size, len(self.names)), np.uint8)
        for facet, column in SETS.items():
            for value, place in facts.places[column].items():
                self.members[:, places[facet, value]] = facts.columns[column] >> place & 1
        rows = np.arange(facts.size)
        self.members[rows, places["price", BANDS[0]] + facts.band] = 1
        self.members[rows, places["validation", VALIDATIONS[0]] + facts.proof] = 1
        self.plan_row = np.repeat(rows, np.diff(facts.plan_starts))
        self.quality = np.ascontiguousarray(facts.plan_quality.T)
        self.own = {}
        for division, row, value in facts.own:
            self.own.setdefault(division, ([], []))[0].append(row)
            self.own[division][1].append(value)
        self.own = {
            division: (np.array(rows), np.array(values, np.float32))
            for division, (rows, values) in self.own.items()
        }

    def passing(self, asked):
        """Return the rows that the demand does not exclude, rising."""
        facts = self.facts
        keep = facts.last_day >= asked.today
        if asked.level is not None:
            keep &= (facts.level_from <= asked.level) & (facts.level_to >= asked.level)
        if asked.region:
            keep &= (facts.regions & asked.region) != 0
        rows = np.flatnonzero(keep)
        plans, owner = self.plans_of(rows)
        good = self.meeting(plans, asked)
        if asked.budget >= 0:
            good &= 2 * facts.plan_amount[plans] <= 3 * asked.budget
        having = np.zeros(len(rows), np.bool_)
        having[owner[good]] = True
        if not asked.musts:
            having |= np.diff(facts.plan_starts)[rows] == 0
        return rows[having]

    def plans_of(self, rows):
        """Return the plans of some rows, and of each the place of its row among them."""
        starts = self.facts.plan_starts
        sizes = starts[rows + 1] - starts[rows]
        owner = np.repeat(np.arange(len(rows)), sizes)
        return starts[rows][owner] + np.arange(len(owner)) - (np.cumsum(sizes) - sizes)[owner], owner

    def meeting(self, plans, asked):
        """Return which plans meet every must."""
        good = np.ones(len(plans), np.bool_)
        for must in asked.musts:
            good &= self.quality[must.place][plans] >= must.least if must.place >= 0 else False
        return good

    def fit(self, asked, rows):
        """Return the fit of some rows, 0–100."""
        facts = self.facts
        interfaces = facts.interfaces[rows]
        supply = np.maximum(asked.shown[facts.shown[rows]], asked.claimed[facts.industry[rows]])
        for bits, points in asked.partners:
            supply = supply + np.float32(points) * ((interfaces & bits) != 0)
        total = asked.industry[facts.industry[rows]] + asked.delivery[facts.delivery[rows]] + supply
        if asked.level_points is not None:
            total += asked.level_points.astype(np.float32)[facts.level_from[rows], facts.level_to[rows]]
        for bits, points in asked.systems:
            total += np.float32(points) * ((interfaces & bits) != 0)
        total += np.float32(asked.evidence) * self._evidence(asked.division, rows)
        return np.minimum(np.float32(100), total + self._plans(asked, rows))

    def answer(self, asked, rows, bm25, limit=20):
        """Return the answer over the rows that pass, given BM25 of each."""
        order = self.order(asked, rows, bm25)
        best = top(order, rows, limit)
        counts = np.add.reduce(self.members[rows], axis=0, dtype=np.uint32).tolist()
        facets = {}
        for (facet, value), number in zip(self.names, counts, strict=True):
            if number:
                facets.setdefault(facet, {})[value] = number
        return Answer(rows[best], order[best], len(rows), facets)

    def order(self, asked, rows, bm25):
        """Return what some rows are ordered by."""
        order = self.fit(asked, rows) + np.float32(asked.policy) * self.facts.alliance[rows]
        return order + np.float32(asked.text) * np.minimum(np.float32(1), bm25 / np.float32(TEXT_SCALE))

    def _evidence(self, division, rows):
        values = self.facts.evidence[rows]
        own_rows, own_values = self.own.get(division, _NONE)
        at = np.searchsorted(rows, own_rows)
        at, there = np.minimum(at, len(rows) - 1), at < len(rows)
        if len(rows):
            there &= rows[at] == own_rows
            values[at[there]] = own_values[there]
        return values

    def _plans(self, asked, rows):
        plans, owner = self.plans_of(rows)
        quality = np.zeros(len(plans), np.float32)
        for wanted in asked.wanted:
            if wanted.place >= 0:
                quality += np.array(wanted.points, np.float32)[self.quality[wanted.place][plans]]
        prices = np.float32(asked.price) * price_values(self.facts.plan_amount[plans], asked.budget)
        points = np.minimum(np.float32(asked.capability), quality) + prices
        points[~self.meeting(plans, asked)] = 0
        best = np.zeros(len(rows), np.float32)
        np.maximum.at(best, owner, points)
        return best


_NONE = (np.empty(0, np.int64), np.empty(0, np.float32))


def top(order, rows, limit):
    """Return the places of the best, best first, ties by row."""
    if len(order) > limit:
        least = np.partition(order, len(order) - limit)[len(order) - limit]
        chosen = np.flatnonzero(order >= least)
    else:
        chosen = np.arange(len(order))
    return chosen[np.lexsort((rows[chosen], -order[chosen]))][:limit]
