"""What the composer is asked: a demand, the offers it may be met with, and the rules that join them.

The rules are numbered as in docs/composer.md. Money is whole won, rates are basis points, levels are company levels.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from catalog.money import MAX_AMOUNT

MIN_LEVEL, MAX_LEVEL = 1, 5
MAX_QUALITY = 5
MAX_FIT = 1_000
FULL_RATE_BP = 10_000
MAX_REQUIREMENTS = 999
MAX_OFFERS = 19_999
#: A level path has at most four steps; the rest is room for stages that split one.
MAX_STAGE = 99
#: No bundle costs more: as many offers and connectors as there can be, each at the largest price.
MAX_BUDGET = 2_000 * MAX_AMOUNT
#: One point of fit, or one vendor, weighs at most as much as the largest price in won.
MAX_WEIGHT = MAX_AMOUNT
#: More of either helps nobody to choose.
MAX_ALTERNATIVES, MAX_POINTS = 20, 50

#: Whose offers may be used: members' only; a non-member's only where no member can serve; everybody's.
Pool = Literal["members", "members-first", "all"]
POOLS: tuple[Pool, ...] = ("members", "members-first", "all")
LEXICOGRAPHIC = "lexicographic"


@dataclass(frozen=True, slots=True)
class Requirement:
    """A capability that is asked for.

    Attributes:
        min_quality: from 1; what is above `MAX_QUALITY` is legal and cannot be met.
        stage: the latest stage in which its provider may be installed, from 1.
        must: whether the bundle has to have it.
    """

    capability: str
    min_quality: int
    stage: int
    must: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """A way to buy an offer: its price and the quality 1–5 of each capability it brings (0 or not named: absent)."""

    id: str
    price_amount: int
    quality: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Offer:
    """A product on sale.

    Attributes:
        entry_level: the least company level at which it can be installed.
        interfaces: what it can be connected by, without repetition.
        fit: capability → how well it fits the demand there, 0–1000; 0 when not named.
        capacity: how many more projects its vendor can take; None = not known, and no hindrance.
    """

    id: str
    vendor: str
    entry_level: int
    interfaces: tuple[str, ...]
    plans: tuple[Plan, ...]
    fit: Mapping[str, int] = field(default_factory=dict)
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class Connector:
    """What joins two interfaces, either way round, once for each link."""

    one: str
    other: str
    price_amount: int


@dataclass(frozen=True, slots=True)
class Subsidy:
    """What public money pays of the plans installed in one stage: a rate of their prices up to a ceiling."""

    stage: int
    rate_bp: int
    cap_amount: int


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much: minimise cost × own amount + vendors × number of vendors - fit × sum of fits."""

    cost: int = 1
    fit: int = 0
    vendors: int = 0


@dataclass(frozen=True, slots=True)
class Demand:
    """What is needed.

    Attributes:
        level: company level of the site now, 1–5.
        links: pairs of required capabilities whose providers must be joined.
        exclusive: capabilities, required or not, of which a second product may not even hold a copy.
        budget_amount: the most of its own money; None = no limit.
        max_vendors: None = no limit.
        members: vendors of the alliance; they matter unless the pool is "all".
    """

    level: int
    requirements: tuple[Requirement, ...]
    links: tuple[tuple[str, str], ...] = ()
    exclusive: tuple[str, ...] = ()
    budget_amount: int | None = None
    max_vendors: int | None = None
    pool: Pool = "all"
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Instance:
    """Everything that decides an answer.

    Attributes:
        conflicts: pairs of offers that may not be bought together.
        subsidies: at most one for a stage.
        objective: weights, or "lexicographic": most fit, then money, then vendors.
        require, forbid: offers that must, and may not, be bought.
        alternatives: how many further bundles are wanted.
        pareto: how many points of the front between own money and fit are wanted.
        reasons: whether the best bundle without each of its offers is wanted.
    """

    demand: Demand
    offers: tuple[Offer, ...] = ()
    connectors: tuple[Connector, ...] = ()
    conflicts: tuple[tuple[str, str], ...] = ()
    subsidies: tuple[Subsidy, ...] = ()
    objective: Weights | Literal["lexicographic"] = field(default_factory=Weights)
    require: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    alternatives: int = 0
    pareto: int = 0
    reasons: bool = False


def ordered(instance: Instance) -> Instance:
    """Return the same instance with everything in the order of its names: the order of the input decides nothing."""
    demand = instance.demand
    return replace(
        instance,
        demand=replace(
            demand,
            requirements=tuple(sorted(demand.requirements, key=lambda one: one.capability)),
            links=tuple(sorted(demand.links)),
            exclusive=tuple(sorted(set(demand.exclusive))),
            members=tuple(sorted(set(demand.members))),
        ),
        offers=ordered_offers(instance.offers),
        connectors=tuple(sorted(instance.connectors, key=lambda one: (one.one, one.other, one.price_amount))),
        conflicts=tuple(sorted({(min(pair), max(pair)) for pair in instance.conflicts})),
        subsidies=tuple(sorted(instance.subsidies, key=lambda one: one.stage)),
        require=tuple(sorted(set(instance.require))),
        forbid=tuple(sorted(set(instance.forbid))),
    )


def ordered_offers(offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """Return the same offers, and everything in them, in the order of their names."""
    return tuple(_ordered_offer(offer) for offer in sorted(offers, key=lambda one: one.id))


def _ordered_offer(offer: Offer) -> Offer:
    return replace(
        offer,
        interfaces=tuple(sorted(set(offer.interfaces))),
        plans=tuple(
            replace(plan, quality=dict(sorted(plan.quality.items())))
            for plan in sorted(offer.plans, key=lambda one: one.id)
        ),
        fit=dict(sorted(offer.fit.items())),
    )
