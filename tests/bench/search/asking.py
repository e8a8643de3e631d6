"""A demand as the peers read it: for every coded value, the points that it brings.

Every peer starts from the same `MatchQuery` on the clock. What a peer does not read is not made for it, and what many
demands share is kept, as the product's engine does.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from matching.scoring import axes
from matching.scoring.facts import Offer
from matching.scoring.formulas import PRICE_ZERO_AT, quality_value
from matching.scoring.weights import AXES

_KEPT = 512


@dataclass(frozen=True)
class Wanted:
    """A requirement: the capability's place (-1: no plan has it), its least quality, points of quality 0–5."""

    place: int
    least: int
    must: bool
    points: tuple[float, ...]


class Tables:
    """Points by code over one set of facts; those that many demands share are kept."""

    def __init__(self, facts, analyser):
        self.places, self.analyser = facts.places, analyser
        self.kept = {}
        self.industries, self.shown = _Sets(facts.places["industry"]), _Sets(facts.places["shown"])
        self.deliveries = list(facts.places["delivery"])
        self.near = lru_cache(_KEPT)(self._near)
        self.levels = lru_cache(_KEPT)(_levels)
        self.delivery = lru_cache(_KEPT)(self._delivery)

    def ask(self, query):
        """Return what a peer reads of a query; that of the last `_KEPT` queries is kept, as the product keeps it.

        Raises:
            ValueError: the demand has facts that the bench does not cover.
        """
        need = query.need
        if need.programme is not None or any(partner.listings for partner in need.partners) or query.filters:
            raise ValueError("the bench covers no programmes, no listings in use and no further filters")
        found = self.kept.get(id(query))
        if found is None:
            if len(self.kept) == _KEPT:
                del self.kept[next(iter(self.kept))]
            # It holds its query, whose identity is therefore its own alone.
            found = self.kept[id(query)] = Asked(query, self)
        return found

    def _near(self, site, share):
        values = {
            kind: share * axes.PROXIMITY[axes.relation(site, kind)] if site else 0.0
            for kind in self.industries.kinds
        }
        return {kind: value for kind, value in values.items() if value}, self.industries.highest(
            list(values.values())
        )

    def _delivery(self, asks_region, weeks_left, region_share, capacity_share):
        points = []
        for pair in self.deliveries:
            region, capacity = delivered(asks_region, weeks_left, *pair)
            points.append(region_share * region + capacity_share * capacity)
        return np.array(points, np.float32)


class _Sets:
    """Coded sets laid end to end; each begins with a kind that stands for none."""

    def __init__(self, sets):
        self.kinds = list(dict.fromkeys(kind for members in sets for kind in members))
        place = {kind: nth for nth, kind in enumerate(self.kinds)}
        flat = [[-1, *(place[kind] for kind in members)] for members in sets]
        self.starts = np.cumsum([0, *map(len, flat)])[:-1]
        self.flat = np.array([each for members in flat for each in members], np.int64)

    def highest(self, values):
        """Return for each set the highest value of its members, 0 for an empty one."""
        return np.maximum.reduceat(np.array([*values, 0.0], np.float32)[self.flat], self.starts)


class Asked:
    """One demand; points are of 100.

    Attributes:
        query: what our engine is asked; prepared: what a peer has made of it, if that can be used again.
        today: proleptic ordinal.
        level, region, budget: None, 0 (a bit set), -1 where the demand does not state them.
        division: of the site, "" when not stated.
        evidence, capability, price: points that a value of 1 brings; policy, text as in the weights.
    """

    def __init__(self, query, tables):
        need = query.need
        self.query, self.tables, self.prepared = query, tables, None
        self.share = _shares(need, query.weights)
        self.site = axes.site_industry(need)
        self.today = query.today.toordinal()
        self.level = need.level
        self.region = 0 if need.region is None else 1 << tables.places["regions"][need.region]
        self.budget = -1 if need.budget_amount is None else need.budget_amount
        self.division = self.site[1][:2] if self.site else ""
        self.evidence, self.capability, self.price = map(
            self.share.__getitem__, ("evidence", "capability", "price")
        )
        self.policy = query.weights.policy_term if query.policy else 0
        self.text = query.weights.text_weight

    @cached_property
    def tokens(self):
        """The text as the analyser reads it."""
        return self.tables.analyser.query(self.query.text)

    @cached_property
    def words(self):
        """Word token → boost."""
        return self.tokens.word_boosts()

    @cached_property
    def grams(self):
        """Gram → boost."""
        return self.tokens.gram_boosts()

    @property
    def near(self):
        """Points of each single industry that brings any."""
        return self.tables.near(self.site, self.share["industry"])[0]

    @property
    def industry(self):
        """Points by code of the industries."""
        return self.tables.near(self.site, self.share["industry"])[1]

    @cached_property
    def prior(self):
        """Points by statistics of each division at full strength; empty where partners are known."""
        need, most = self.query.need, self.share["supply_chain"] * axes.PRIOR_CAP
        prior = {} if axes.known_partners(need) else need.industry_prior or {}
        return {division: most * strength for division, strength in prior.items() if strength}

    @cached_property
    def claimed(self):
        """Points by statistics, by code of the industries."""
        sets = self.tables.industries
        return sets.highest(
            [
                axes.CLAIMED_PRIOR * self.prior.get(code[:2], 0.0) if code != "C" else 0.0
                for _, code in sets.kinds
            ]
        )

    @cached_property
    def shown(self):
        """Points by statistics, by code of the divisions with a success."""
        sets = self.tables.shown
        return sets.highest([self.prior.get(division, 0.0) for division in sets.kinds])

    @property
    def level_points(self):
        """(6, 6) by level from and to; None where no level is stated."""
        need = self.query.need
        return self.tables.levels(need.level, axes.target_level(need), self.share["maturity"])

    @property
    def delivery(self):
        """Points by code of the delivery."""
        need = self.query.need
        shares = self.share["region"], self.share["capacity"]
        return self.tables.delivery(need.region is not None, need.weeks_left, *shares)

    @cached_property
    def systems(self):
        """(Bits of interfaces, points of touching them) of each system in use."""
        systems, bits = axes.known_connections(self.query.need), self.tables.places["interfaces"].bits
        return tuple((bits(system), self.share["interfaces"] / len(systems)) for system in systems)

    @cached_property
    def partners(self):
        """The same of each trade partner."""
        partners, bits = axes.known_partners(self.query.need), self.tables.places["interfaces"].bits
        total = sum(axes.BASIS_WEIGHT[partner.basis] for partner in partners)
        return tuple(
            (
                bits(frozenset().union(*partner.systems)),
                self.share["supply_chain"] * axes.PARTNER_CONNECTS * axes.BASIS_WEIGHT[partner.basis] / total,
            )
            for partner in partners
        )

    @cached_property
    def wanted(self):
        """The requirements."""
        requirements, plans = self.query.need.requirements, self.tables.places["plans"]
        weights = [axes.MUST_WEIGHT if each.must else axes.NICE_WEIGHT for each in requirements]
        return tuple(
            Wanted(
                plans.get(each.capability, -1),
                each.min_quality,
                each.must,
                tuple(
                    self.capability * weight / sum(weights) * value for value in _QUALITY[each.min_quality]
                ),
            )
            for each, weight in zip(requirements, weights, strict=True)
        )

    @cached_property
    def musts(self):
        """The requirements that bind."""
        return [wanted for wanted in self.wanted if wanted.must]


_QUALITY = {least: [quality_value(quality, least) for quality in range(6)] for least in range(1, 6)}


def price_values(amounts, budget):
    """Return 0–1 for each first-year amount; 0 where it or the budget is unknown."""
    if budget < 0:
        return np.zeros(len(amounts), np.float32)
    if budget == 0:
        return (amounts == 0).astype(np.float32)
    return np.where(amounts < 0, 0.0, np.clip(PRICE_ZERO_AT - amounts / budget, 0.0, 1.0)).astype(np.float32)


def _shares(need, weights):
    stated = axes.stated(need)
    counted = {axis: weights.counted(axis) if axis in stated else 0 for axis in AXES}
    denominator = sum(counted.values())
    return {axis: 100 * weight / denominator for axis, weight in counted.items()}


def _levels(level, target, share):
    if level is None:
        return None
    points = np.zeros((6, 6))
    for low in range(1, level + 1):
        for high in range(level, 6):
            lift = 1.0 if target <= level else (min(high, target) - level) / (target - level)
            points[low, high] = share * (axes.NO_LIFT + (1 - axes.NO_LIFT) * lift)
    return points


@lru_cache(maxsize=200_000)
def delivered(asks_region, weeks_left, install_weeks, projects):
    """Return 0–1 for region and for capacity of a listing that covers the region."""
    regions = frozenset(["here"] if asks_region else [])
    offer = Offer(
        "", 1, 1, (), frozenset(), regions, (), (), install_weeks, certificate_valid=True, capacity_per_quarter=projects
    )  # fmt: skip
    need = _Place("here" if asks_region else None, weeks_left)
    return axes.region(need, offer).value, axes.capacity(need, offer).value


@dataclass(frozen=True)
class _Place:
    """The two facts of a need that delivery reads."""

    region: str | None
    weeks_left: int | None
