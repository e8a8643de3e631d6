"""A demand as the peers are handed it: for every coded value, the points that it brings. Made outside the clock."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from matching.scoring import axes
from matching.scoring.facts import Offer
from matching.scoring.formulas import PRICE_ZERO_AT, quality_value
from matching.scoring.weights import AXES


@dataclass(frozen=True)
class Wanted:
    """A requirement: the capability's place (-1: no plan has it), its least quality, points of quality 0–5."""

    place: int
    least: int
    must: bool
    points: tuple[float, ...]


@dataclass(frozen=True)
class Asked:
    """One demand; points are of 100.

    Attributes:
        query: what our engine is asked.
        words, grams: token → boost.
        today: proleptic ordinal.
        level, region, budget: None, 0 (a bit set), -1 where the demand does not state them.
        level_points: (6, 6) by level from and to; None where no level is stated.
        industry, claimed: by code of the industries; shown: by code of the divisions with a success.
        delivery: by code of the delivery.
        systems, partners: (bits of interfaces, points of touching them).
        division: of the site, "" when not stated.
    """

    query: object
    words: dict
    grams: dict
    today: int
    level: int | None
    region: int
    budget: int
    level_points: np.ndarray | None
    industry: np.ndarray
    claimed: np.ndarray
    shown: np.ndarray
    delivery: np.ndarray
    systems: tuple
    partners: tuple
    division: str
    evidence: float
    wanted: tuple[Wanted, ...]
    capability: float
    price: float
    policy: float
    text: float

    @property
    def musts(self):
        return [wanted for wanted in self.wanted if wanted.must]


def ask(query, facts, analyser):
    """Return what the peers are handed of a query.

    Raises:
        ValueError: the demand has facts that the bench does not cover: a programme, listings in use at partners.
    """
    need, weights, places = query.need, query.weights, facts.places
    if need.programme is not None or any(partner.listings for partner in need.partners) or query.filters:
        raise ValueError("the bench covers no programmes, no listings in use and no further filters")
    share = shares(need, weights)
    site = axes.site_industry(need)
    tokens = analyser.query(query.text)
    claimed, shown = _statistics(need, share["supply_chain"], places)
    return Asked(
        query=query,
        words=tokens.word_boosts(),
        grams=tokens.gram_boosts(),
        today=query.today.toordinal(),
        level=need.level,
        region=0 if need.region is None else 1 << places["regions"][need.region],
        budget=-1 if need.budget_amount is None else need.budget_amount,
        level_points=_levels(need.level, axes.target_level(need), share["maturity"]),
        industry=share["industry"] * _highest(places["industry"], lambda kind: _near(site, kind)),
        claimed=claimed,
        shown=shown,
        delivery=_delivery(need, places["delivery"], share),
        systems=_systems(need, share["interfaces"], places["interfaces"]),
        partners=_partners(need, share["supply_chain"], places["interfaces"]),
        division=site[1][:2] if site else "",
        evidence=share["evidence"],
        wanted=_wanted(need.requirements, share["capability"], places["plans"]),
        capability=share["capability"],
        price=share["price"],
        policy=weights.policy_term if query.policy else 0,
        text=weights.text_weight,
    )


def shares(need, weights):
    """Return of 100 points how many each axis can bring."""
    stated = axes.stated(need)
    counted = {axis: weights.counted(axis) if axis in stated else 0 for axis in AXES}
    return {axis: 100 * weight / sum(counted.values()) for axis, weight in counted.items()}


def price_values(amounts, budget):
    """Return 0–1 for each first-year amount; 0 where it or the budget is unknown."""
    if budget < 0:
        return np.zeros(len(amounts), np.float32)
    if budget == 0:
        return (amounts == 0).astype(np.float32)
    return np.where(amounts < 0, 0.0, np.clip(PRICE_ZERO_AT - amounts / budget, 0.0, 1.0)).astype(np.float32)


def _levels(level, target, share):
    if level is None:
        return None
    points = np.zeros((6, 6))
    for low in range(1, 6):
        for high in range(max(low, level), 6):
            if low <= level:
                lift = 1.0 if target <= level else (min(high, target) - level) / (target - level)
                points[low, high] = share * (
                    1.0 if target <= level else axes.NO_LIFT + (1 - axes.NO_LIFT) * lift
                )
    return points


def _near(site, kind):
    return axes.PROXIMITY[axes.relation(site, kind)] if site else 0.0


def _highest(sets, value_of):
    """Return for each coded set the highest value of its members, 0 for an empty one."""
    values = {kind: value_of(kind) for kind in {kind for members in sets for kind in members}}
    return np.array([max((values[kind] for kind in members), default=0.0) for members in sets], np.float32)


def _statistics(need, share, places):
    prior = {} if axes.known_partners(need) else need.industry_prior or {}
    most = share * axes.PRIOR_CAP
    claimed = _highest(
        places["industry"],
        lambda kind: axes.CLAIMED_PRIOR * prior.get(kind[1][:2], 0.0) if kind[1] != "C" else 0.0,
    )
    shown = _highest(places["shown"], lambda division: prior.get(division, 0.0))
    return most * claimed, most * shown


def _systems(need, share, interfaces):
    systems = axes.known_connections(need)
    return tuple((interfaces.bits(system), share / len(systems)) for system in systems)


def _partners(need, share, interfaces):
    partners = axes.known_partners(need)
    total = sum(axes.BASIS_WEIGHT[partner.basis] for partner in partners)
    return tuple(
        (
            interfaces.bits(frozenset().union(*partner.systems)),
            share * axes.PARTNER_CONNECTS * axes.BASIS_WEIGHT[partner.basis] / total,
        )
        for partner in partners
    )


def _delivery(need, deliveries, share):
    points = [
        share["region"] * region + share["capacity"] * capacity
        for region, capacity in (
            _delivered(need.region is not None, need.weeks_left, *pair) for pair in deliveries
        )
    ]
    return np.array(points, np.float32)


@lru_cache(maxsize=200_000)
def _delivered(asks_region, weeks_left, install_weeks, projects):
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


def _wanted(requirements, share, plans):
    weights = [axes.MUST_WEIGHT if each.must else axes.NICE_WEIGHT for each in requirements]
    return tuple(
        Wanted(
            plans.get(each.capability, -1),
            each.min_quality,
            each.must,
            tuple(
                share * weight / sum(weights) * quality_value(quality, each.min_quality)
                for quality in range(6)
            ),
        )
        for each, weight in zip(requirements, weights, strict=True)
    )
