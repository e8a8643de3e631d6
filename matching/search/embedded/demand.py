"""A demand as the kernel reads it: for every code of every column, the points that it brings.

The definition of the score stays `matching.scoring`: each table is filled by its functions, or by the same few
operations over the values that they return. A value that is not known brings 0 points.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from matching.scoring import axes
from matching.scoring.axes import BASIS_WEIGHT, CLAIMED_PRIOR, PARTNER_CONNECTS, PRIOR_CAP, PROXIMITY
from matching.scoring.facts import Industry, Need, Offer, Requirement
from matching.scoring.formulas import quality_value
from matching.scoring.weights import AXES, Weights
from matching.search.embedded.arrays import Bytes, Doubles, Floats, Longs
from matching.search.embedded.codes import Vocabulary
from matching.search.embedded.columns import MAX_AMOUNT, STEP
from matching.search.embedded.sets import Deliveries, Kept, Members

_LEVELS = range(1, 6)
_KEPT_TABLES = 512
_KEPT_DEMANDS = 256
#: The facts of a need that can be part of a key as they are.
_HASHABLE = tuple(each.name for each in fields(Need) if each.name != "industry_prior")
_NOTHING = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """One need under one edition of the weights.

    Attributes:
        need, weights: what it was compiled from.
        share: of 100 points, how many each axis can bring; 0 where it does not count.
        level: (64,) points by level pair.
        industry, interface, delivery, supply, shown, claimed: points by code. `supply` goes by the code of the
            interfaces and counts partners; `shown` and `claimed` (by the code of the industries) are the statistics,
            of which the higher counts.
        division: code of the site's division, or -1.
        evidence: points that a value of 1 brings.
        quality: (capabilities × 8 + 8,) points by entry of a plan; `capability` is the most that they bring together.
        musts: the same shape, how many must requirements an entry meets, of `must_count`.
        price: points that a value of 1 brings.
        budget: whole won, or -1.
        rates, caps: of each funder, basis points and the most that it pays in won.
        must_entries: capability's code (or -1) and quality of each must.
        policy, text: points of the policy term, and of a text score of 1.
    """

    need: Need
    weights: Weights
    share: Mapping[str, float]
    level: Floats
    industry: Floats
    interface: Floats
    delivery: Floats
    supply: Floats
    shown: Floats
    claimed: Floats
    division: int
    evidence: np.float32
    quality: Floats
    capability: np.float32
    musts: Bytes
    must_count: int
    price: np.float32
    budget: int
    rates: Longs
    caps: Longs
    must_entries: tuple[tuple[int, int], ...]
    policy: np.float32
    text: np.float32


class Compiler:
    """Turns needs into tables over one vocabulary, and keeps the parts that many needs share."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._industries = Members(vocabulary.industries)
        self._interfaces = Members(vocabulary.interfaces)
        self._shown = Members(vocabulary.shown)
        self._deliveries = Deliveries(vocabulary.deliveries)
        self._growing = threading.Lock()
        self._zeros: Floats = np.zeros(0, np.float32)
        # A demand holds its weights, so their identity is theirs alone as long as it is kept.
        self._demands: Kept[tuple[object, ...], Demand] = Kept(_KEPT_DEMANDS)
        self._touched: Kept[tuple[frozenset[str], int], Doubles] = Kept(_KEPT_TABLES)
        # Tables that many demands share: by the facts of the demand, the number of codes, and the shares.
        self._levels: Kept[tuple[int | None, int | None, float], Floats] = Kept(_KEPT_TABLES)
        self._nearness: Kept[tuple[str, str, int, float], Floats] = Kept(_KEPT_TABLES)
        self._statistical: Kept[tuple[object, ...], tuple[Floats, Floats]] = Kept(_KEPT_TABLES)
        self._delivered: Kept[tuple[float | None, ...], Floats] = Kept(_KEPT_TABLES)

    def compile(self, need: Need, weights: Weights, *, policy: bool = True) -> Demand:
        """Return the tables of a need.

        Raises:
            ValueError: the budget is above `MAX_AMOUNT`.
        """
        if (need.budget_amount or 0) > MAX_AMOUNT:
            raise ValueError(f"a budget of {need.budget_amount} won, expected at most {MAX_AMOUNT}")
        prior = None if need.industry_prior is None else tuple(need.industry_prior.items())
        facts = [getattr(need, name) for name in _HASHABLE]
        key = (self._vocabulary.size, id(weights), policy, prior, *facts)
        return self._demands.get(key, lambda: self._compiled(need, weights, policy=policy))

    def _compiled(self, need: Need, weights: Weights, *, policy: bool) -> Demand:
        # The arrays behind the tables grow with the vocabulary, and many threads ask.
        with self._growing:
            return self._tables(need, weights, policy=policy)

    def _tables(self, need: Need, weights: Weights, *, policy: bool) -> Demand:
        share = shares(need, weights)
        site = axes.site_industry(need)
        shown, claimed = self._statistics(need, share["supply_chain"])
        quality, musts = self._qualities(need.requirements, share["capability"])
        funders = need.funders if need.programme is not None else ()
        return Demand(
            need=need,
            weights=weights,
            share=share,
            level=self._level(need, share["maturity"]),
            industry=self._industry(site, share["industry"]),
            interface=_points(share["interfaces"], self._connecting(need)),
            delivery=self._delivery(need, share["region"], share["capacity"]),
            supply=self._partners(need, share["supply_chain"]),
            shown=shown,
            claimed=claimed,
            division=self._vocabulary.divisions.find(site[1][:2]) if site else -1,
            evidence=np.float32(share["evidence"]),
            quality=quality,
            capability=np.float32(share["capability"]),
            musts=musts,
            must_count=sum(requirement.must for requirement in need.requirements),
            price=np.float32(share["price"]),
            budget=-1 if need.budget_amount is None else need.budget_amount,
            rates=np.array([funder.rate_bp or 0 for funder in funders], np.int64) if funders else _NOTHING,
            caps=np.array([_cap(funder.cap_amount) for funder in funders], np.int64) if funders else _NOTHING,
            must_entries=self._must_entries(need.requirements),
            policy=np.float32(weights.policy_term if policy else 0),
            text=np.float32(weights.text_weight),
        )

    def _level(self, need: Need, share: float) -> Floats:
        key = need.level, axes.target_level(need), share
        return self._levels.get(key, lambda: _points(share, _level_values(need)))

    def _industry(self, site: Industry | None, share: float) -> Floats:
        if site is None:
            return self._nothing(len(self._vocabulary.industries))
        key = site[0], site[1][:3], len(self._vocabulary.industries), share
        return self._nearness.get(key, lambda: _points(share, self._nearest(site)))

    def _nothing(self, size: int) -> Floats:
        """Return 0 points for at least so many codes."""
        if len(self._zeros) < size:
            self._zeros = np.zeros(2 * size, np.float32)
        return self._zeros

    def _nearest(self, site: Industry) -> Doubles:
        """Return for each set of claimed industries how near its nearest is."""
        self._industries.current()
        kinds = self._industries.kinds.values
        values = np.zeros(len(kinds) + 1, np.float64)
        for place, claimed in enumerate(kinds):
            if claimed[1][:2] == site[1][:2] or claimed[1] == "C":
                values[place] = PROXIMITY[axes.relation(site, claimed)]
        return self._industries.highest(values)

    def _connecting(self, need: Need) -> Doubles:
        """Return for each set of interfaces the share of the site's systems that it connects with."""
        systems = axes.known_connections(need)
        total = np.zeros(len(self._vocabulary.interfaces), np.float64)
        for system in systems:
            total += self._touching(system)
        return total / max(len(systems), 1)

    def _partners(self, need: Need, share: float) -> Floats:
        """Return for each set of interfaces the supply chain's points where no partner uses the very listing."""
        partners = axes.known_partners(need)
        if not partners:
            return self._nothing(len(self._vocabulary.interfaces))
        total = np.zeros(len(self._vocabulary.interfaces), np.float64)
        for partner in partners:
            one, *others = partner.systems or (frozenset[str](),)
            touched = self._touching(one)
            for other in others:
                touched = np.maximum(touched, self._touching(other))
            total += BASIS_WEIGHT[partner.basis] * PARTNER_CONNECTS * touched
        return _points(
            share, np.minimum(1.0, total / sum(BASIS_WEIGHT[partner.basis] for partner in partners))
        )

    def _touching(self, system: frozenset[str]) -> Doubles:
        """Return 1 for each set of interfaces that a system connects with, else 0; not to be written to."""
        key = system, len(self._vocabulary.interfaces)
        return self._touched.get(key, lambda: self._interfaces.touching(system).astype(np.float64))

    def _statistics(self, need: Need, share: float) -> tuple[Floats, Floats]:
        """Return the supply chain's points by statistics: for each set of shown divisions, of claimed industries."""
        prior = need.industry_prior
        sizes = len(self._vocabulary.shown), len(self._vocabulary.industries)
        if not prior or axes.known_partners(need):
            return self._nothing(sizes[0]), self._nothing(sizes[1])
        key = (tuple(prior.items()), *sizes, share)
        return self._statistical.get(key, lambda: self._by_statistics(prior, share))

    def _by_statistics(self, prior: Mapping[str, float], share: float) -> tuple[Floats, Floats]:
        self._shown.current()
        self._industries.current()
        shown = [_strength(prior, division) for division in self._shown.kinds.values]
        claimed = [
            CLAIMED_PRIOR * _strength(prior, code[:2]) if code != "C" else 0.0
            for _, code in self._industries.kinds.values
        ]
        return (
            _points(share, PRIOR_CAP * self._shown.highest(np.array([*shown, 0.0]))),
            _points(share, PRIOR_CAP * self._industries.highest(np.array([*claimed, 0.0]))),
        )

    def _delivery(self, need: Need, *shares: float) -> Floats:
        """Return for each delivery, where the region is covered, the points of region and capacity together."""
        key = need.weeks_left, need.region is not None, len(self._vocabulary.deliveries), *shares

        def points() -> Floats:
            region, capacity = self._delivered_in(need)
            return _points(shares[0], region) + _points(shares[1], capacity)

        return self._delivered.get(key, points)

    def _delivered_in(self, need: Need) -> tuple[Doubles, Doubles]:
        weeks, week_of, projects = self._deliveries.current()
        offers = [_delivered_after(each, need.region) for each in weeks]
        region = np.array([axes.region(need, offer).value for offer in offers], np.float64)
        windows = np.array([axes.start_window(need, offer) or 0 for offer in offers], np.float64)
        capacity = np.minimum(1.0, np.maximum(projects, 0) * windows[week_of] / axes.WEEKS_A_QUARTER)
        return region[week_of], capacity

    def _qualities(self, requirements: tuple[Requirement, ...], share: float) -> tuple[Floats, Bytes]:
        size = len(self._vocabulary.capabilities) * STEP + STEP
        points, musts = np.zeros(size, np.float64), np.zeros(size, np.uint8)
        weights = [axes.MUST_WEIGHT if each.must else axes.NICE_WEIGHT for each in requirements]
        for each, weight in zip(requirements, weights, strict=True):
            code = self._vocabulary.capabilities.find(each.capability)
            if code >= 0:
                at = code * STEP
                points[at + 1 : at + 6] += weight * _QUALITY[each.min_quality] * (share / sum(weights))
                musts[at + each.min_quality : at + 6] += each.must
        return points.astype(np.float32), musts

    def _must_entries(self, requirements: tuple[Requirement, ...]) -> tuple[tuple[int, int], ...]:
        musts = [each for each in requirements if each.must]
        return tuple(
            {(self._vocabulary.capabilities.find(each.capability), each.min_quality) for each in musts}
        )


def shares(need: Need, weights: Weights) -> dict[str, float]:
    """Return of 100 points how many each axis can bring for a need; 0 for one that does not count."""
    stated = axes.stated(need)
    counted = {axis: weights.counted(axis) if axis in stated else 0 for axis in AXES}
    denominator = sum(counted.values())
    return {axis: 100 * weight / denominator if weight else 0.0 for axis, weight in counted.items()}


def _points(share: float, values: Doubles) -> Floats:
    return (share * values).astype(np.float32)


def _strength(prior: Mapping[str, float], division: str) -> float:
    return min(1.0, max(0.0, prior.get(division, 0.0)))


def _cap(amount: int | None) -> int:
    return MAX_AMOUNT if amount is None else min(amount, MAX_AMOUNT)


def _level_values(need: Need) -> Doubles:
    values = np.zeros(STEP * STEP, np.float64)
    for low in _LEVELS:
        for high in _LEVELS:
            offer = Offer("", low, high, (), frozenset(), frozenset(), (), (), None, certificate_valid=True)
            values[low * STEP + high] = axes.maturity(need, offer).value
    return values


def _delivered_after(weeks: int | None, region: str | None) -> Offer:
    regions = frozenset([region] if region else [])
    return Offer("", 1, 1, (), frozenset(), regions, (), (), weeks, certificate_valid=True)


#: Value of quality 1–5 by the quality that is asked.
_QUALITY = {asked: np.array([quality_value(have, asked) for have in range(1, 6)]) for asked in range(1, 6)}
