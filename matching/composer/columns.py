"""What could be bought at all: offers with a plan and a stage that can answer for a capability; how two are joined."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from matching.composer.answers import CONNECTOR, INTERFACE, SAME_OFFER, Item, Joint
from matching.composer.changing import BUDGET, CAPABILITY, FORBID, POOL
from matching.composer.instance import FULL_RATE_BP, Instance, Offer, Plan, Requirement, Subsidy


@dataclass(frozen=True, slots=True)
class Purchase:
    """One way to buy an offer.

    Attributes:
        offer: its place among the instance's offers.
        plan: its place among the offer's plans.
        capabilities: what it may answer for when bought so, sorted; at least one.
    """

    offer: int
    plan: int
    stage: int
    capabilities: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """An instance with what is looked up in it again and again.

    Attributes:
        opened: kinds of requirements (`changing`) that may be missed, so that it can be asked what would become
            possible: then each is a row of its own, and what it forbids to buy can be bought.
        spare_amount: an opened budget may be passed by so many won; None = by any.
    """

    instance: Instance
    opened: frozenset[str] = frozenset()
    spare_amount: int | None = None

    @cached_property
    def asked(self) -> dict[str, Requirement]:
        """Requirements by capability."""
        return {one.capability: one for one in self.instance.demand.requirements}

    @cached_property
    def subsidies(self) -> dict[int, Subsidy]:
        """Rules that can pay anything, by stage."""
        return {one.stage: one for one in self.instance.subsidies if one.rate_bp and one.cap_amount}

    @cached_property
    def prices(self) -> dict[tuple[str, str], int]:
        """Least price of a connector by its two interfaces, in both orders."""
        found: dict[tuple[str, str], int] = {}
        for one in self.instance.connectors:
            for pair in ((one.one, one.other), (one.other, one.one)):
                found[pair] = min(one.price_amount, found.get(pair, one.price_amount))
        return found

    @cached_property
    def purchases(self) -> tuple[Purchase, ...]:
        """Every way to buy an offer that can be part of a bundle, in the order of offer, plan and stage."""
        return tuple(
            purchase
            for index, offer in enumerate(self.instance.offers)
            if self._is_on_sale(offer)
            for number, plan in enumerate(offer.plans)
            for purchase in self._ways(index, number, offer, plan)
        )

    def is_available(self, offer: Offer) -> bool:
        """Whether pool, bans and capacity let the offer be bought."""
        demand = self.instance.demand
        inside = demand.pool != "members" or offer.vendor in self.members
        return inside and offer.id not in self.forbidden and offer.capacity != 0

    def _is_on_sale(self, offer: Offer) -> bool:
        """Whether the offer can be bought when the opened requirements do not count."""
        demand = self.instance.demand
        inside = POOL in self.opened or demand.pool != "members" or offer.vendor in self.members
        return inside and (FORBID in self.opened or offer.id not in self.forbidden) and offer.capacity != 0

    @cached_property
    def dearest_amount(self) -> int | None:
        """The most won of its own that the buyer can spend; None = no limit."""
        budget = self.instance.demand.budget_amount
        if budget is None or BUDGET not in self.opened:
            return budget
        return None if self.spare_amount is None else budget + self.spare_amount

    def is_sure(self, code: str) -> bool:
        """Whether every bundle has a provider of the capability."""
        return self.asked[code].must and CAPABILITY not in self.opened

    @cached_property
    def members(self) -> frozenset[str]:
        """Vendors of the alliance."""
        return frozenset(self.instance.demand.members)

    @cached_property
    def forbidden(self) -> frozenset[str]:
        """Offers that may not be bought."""
        return frozenset(self.instance.forbid)

    def served(self, offer: Offer, plan: Plan) -> dict[str, int]:
        """Return what a plan may answer for: capability → the latest stage in which it may be installed."""
        first = self.first_stage(offer)
        return {
            code: one.stage
            for code, one in self.asked.items()
            if plan.quality.get(code, 0) >= one.min_quality and first <= one.stage
        }

    def first_stage(self, offer: Offer) -> int:
        """Return the first stage before which the site has reached the offer's entry level (rule 1)."""
        return max(1, offer.entry_level - self.instance.demand.level + 1)

    def alone_amount(self, plan: Plan, stage: int) -> int:
        """Return what a plan costs the buyer if nothing else is installed in that stage; it never costs less."""
        rule = self.subsidies.get(stage)
        if rule is None:
            return plan.price_amount
        return plan.price_amount - min(rule.cap_amount, rule.rate_bp * plan.price_amount // FULL_RATE_BP)

    def _ways(self, index: int, number: int, offer: Offer, plan: Plan) -> Iterator[Purchase]:
        """Stages worth a look: the first possible one, and each later one that is subsidised.

        Any other is no cheaper than the first, serves no more, and comes later in the order of ties.
        """
        latest = self.served(offer, plan)
        first = self.first_stage(offer)
        last = max(latest.values(), default=0)
        most = self.dearest_amount
        for stage in sorted({first, *(stage for stage in self.subsidies if stage > first)}):
            if stage > last:
                return
            if most is not None and self.alone_amount(plan, stage) > most:
                continue
            yield Purchase(index, number, stage, tuple(sorted(c for c in latest if stage <= latest[c])))


def joint(facts: Facts, link: tuple[str, str], one: Offer, other: Offer) -> Joint | None:
    """Return the cheapest way to join the providers of a link, ties by name; None when there is none."""
    if one.id == other.id:
        return Joint(*link, SAME_OFFER)
    shared = sorted(set(one.interfaces) & set(other.interfaces))
    if shared:
        return Joint(*link, INTERFACE, (shared[0],))
    ways = [
        (facts.prices[a, b], (a, b))
        for a in one.interfaces
        for b in other.interfaces
        if (a, b) in facts.prices
    ]
    if not ways:
        return None
    price, pair = min(ways)
    return Joint(*link, CONNECTOR, pair, price)


def joints(facts: Facts, items: tuple[Item, ...]) -> tuple[Joint, ...]:
    """Return the links of a bundle whose providers can be joined, sorted."""
    offers: Mapping[str, Offer] = {offer.id: offer for offer in facts.instance.offers}
    providers = {code: offers[item.offer] for item in items for code in item.capabilities}
    found = (
        joint(facts, (one, other), providers[one], providers[other])
        for one, other in facts.instance.demand.links
        if one in providers and other in providers
    )
    return tuple(sorted(each for each in found if each is not None))
