"""Judge a bundle by the rules of docs/composer.md and by nothing else: it has never heard of a model or a solver."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from matching.composer.answers import CONNECTOR, INTERFACE, SAME_OFFER, Item, Joint, Money, Value
from matching.composer.instance import FULL_RATE_BP, Instance, Offer, Plan, Weights


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a bundle breaks.

    Attributes:
        rule: its number in docs/composer.md.
        code: what of it.
        where: the names it is about.
    """

    rule: int
    code: str
    where: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a bundle is worth, and which rules it breaks.

    Attributes:
        money: None when an item names an offer or a plan that is not there.
    """

    broken: tuple[Broken, ...]
    money: Money | None
    fit: int
    vendors: int
    objective: Value | None

    @property
    def is_valid(self) -> bool:
        """Whether no rule is broken."""
        return not self.broken


@dataclass(frozen=True, slots=True)
class _Bundle:
    """A bundle beside the facts that it names."""

    instance: Instance
    items: Sequence[Item]
    links: Sequence[Joint]
    offers: Mapping[str, Offer]
    plans: Mapping[tuple[str, str], Plan]

    @property
    def providers(self) -> dict[str, Item]:
        """By capability, the item that answers for it."""
        return {capability: item for item in self.items for capability in item.capabilities}

    @property
    def bought(self) -> set[str]:
        return {item.offer for item in self.items}

    @property
    def vendors(self) -> set[str]:
        return {self.offers[offer].vendor for offer in self.bought}


def check(instance: Instance, items: Sequence[Item], links: Sequence[Joint]) -> Verdict:
    """Return which rules the bundle breaks, and its figures by rules 5 and 6."""
    offers = {offer.id: offer for offer in instance.offers}
    plans = {(offer.id, plan.id): plan for offer in instance.offers for plan in offer.plans}
    bundle = _Bundle(instance, items, links, offers, plans)
    unknown = [
        Broken(1, "unknown_plan", (item.offer, item.plan))
        for item in items
        if (item.offer, item.plan) not in plans
    ]
    if unknown:
        return Verdict(tuple(unknown), None, 0, 0, None)
    money = _money(bundle)
    fit = sum(offers[item.offer].fit.get(code, 0) for item in items for code in item.capabilities)
    rules = (_installation, _provision, _joints, _togetherness, _membership)
    broken = [one for rule in rules for one in rule(bundle)]
    budget = instance.demand.budget_amount
    if budget is not None and money.own_amount > budget:
        broken.append(Broken(5, "over_budget"))
    vendors = len(bundle.vendors)
    return Verdict(tuple(broken), money, fit, vendors, _objective(instance, money.own_amount, fit, vendors))


def _installation(bundle: _Bundle) -> Iterator[Broken]:
    """Rule 1: one plan and one stage, not before the level is reached; it answers for something."""
    for offer, times in Counter(item.offer for item in bundle.items).items():
        if times > 1:
            yield Broken(1, "bought_twice", (offer,))
    for item in bundle.items:
        earliest = bundle.offers[item.offer].entry_level - bundle.instance.demand.level + 1
        if item.stage < max(1, earliest):
            yield Broken(1, "too_early", (item.offer,))
        if not item.capabilities:
            yield Broken(1, "answers_for_nothing", (item.offer,))


def _provision(bundle: _Bundle) -> Iterator[Broken]:
    """Rule 2: providers bring the quality in time; a must has one, a wish at most one."""
    asked = {one.capability: one for one in bundle.instance.demand.requirements}
    times: Counter[str] = Counter()
    for item in bundle.items:
        for capability in item.capabilities:
            times[capability] += 1
            requirement = asked.get(capability)
            if requirement is None:
                yield Broken(2, "not_asked_for", (item.offer, capability))
                continue
            quality = bundle.plans[item.offer, item.plan].quality.get(capability, 0)
            if quality < max(1, requirement.min_quality):
                yield Broken(2, "quality", (item.offer, capability))
            if item.stage > requirement.stage:
                yield Broken(2, "too_late", (item.offer, capability))
    for capability, requirement in asked.items():
        if times[capability] > 1:
            yield Broken(2, "two_providers", (capability,))
        if requirement.must and not times[capability]:
            yield Broken(2, "no_provider", (capability,))


def _joints(bundle: _Bundle) -> Iterator[Broken]:
    """Rule 3: a link between two providers that exist is joined once, by something that really joins them."""
    providers = bundle.providers
    stated = Counter((joint.one, joint.other) for joint in bundle.links)
    for pair in bundle.instance.demand.links:
        needed = 1 if all(code in providers for code in pair) else 0
        if stated.pop(pair, 0) != needed:
            yield Broken(3, "not_joined_once" if needed else "joined_without_need", pair)
    for pair in stated:
        yield Broken(3, "no_such_link", pair)
    for joint in bundle.links:
        if joint.one in providers and joint.other in providers and not _joins(bundle, joint):
            yield Broken(3, "does_not_join", (joint.one, joint.other))


def _joins(bundle: _Bundle, joint: Joint) -> bool:
    one, other = (bundle.offers[bundle.providers[code].offer] for code in (joint.one, joint.other))
    if joint.how == SAME_OFFER:
        return one.id == other.id and not joint.interfaces and joint.price_amount == 0
    if joint.how == INTERFACE:
        shared = set(one.interfaces) & set(other.interfaces)
        return len(joint.interfaces) == 1 and joint.interfaces[0] in shared and joint.price_amount == 0
    if joint.how != CONNECTOR or joint.interfaces not in set(product(one.interfaces, other.interfaces)):
        return False
    return any(
        {connector.one, connector.other} == set(joint.interfaces)
        and connector.price_amount == joint.price_amount
        for connector in bundle.instance.connectors
    )


def _togetherness(bundle: _Bundle) -> Iterator[Broken]:
    """Rule 4: no second copy of an exclusive capability, no conflict, not too many vendors."""
    demand = bundle.instance.demand
    for code in demand.exclusive:
        if sum(bundle.plans[item.offer, item.plan].quality.get(code, 0) >= 1 for item in bundle.items) > 1:
            yield Broken(4, "exclusive", (code,))
    for pair in bundle.instance.conflicts:
        if set(pair) <= bundle.bought:
            yield Broken(4, "conflict", pair)
    if demand.max_vendors is not None and len(bundle.vendors) > demand.max_vendors:
        yield Broken(4, "too_many_vendors")


def _membership(bundle: _Bundle) -> Iterator[Broken]:
    """Rule 8: what is required, forbidden, outside the pool or without room for a project."""
    instance = bundle.instance
    for offer in instance.require:
        if offer not in bundle.bought:
            yield Broken(8, "required", (offer,))
    for offer in sorted(bundle.bought):
        if offer in instance.forbid:
            yield Broken(8, "forbidden", (offer,))
        if instance.demand.pool == "members" and bundle.offers[offer].vendor not in instance.demand.members:
            yield Broken(8, "not_a_member", (offer,))
        if bundle.offers[offer].capacity == 0:
            yield Broken(8, "no_capacity", (offer,))


def _money(bundle: _Bundle) -> Money:
    """Rule 5: prices, connectors, and of each stage min(ceiling, ⌊rate × prices in it ÷ 10,000⌋)."""
    installed: Counter[int] = Counter()
    for item in bundle.items:
        installed[item.stage] += bundle.plans[item.offer, item.plan].price_amount
    subsidies = {
        rule.stage: min(rule.cap_amount, rule.rate_bp * installed[rule.stage] // FULL_RATE_BP)
        for rule in bundle.instance.subsidies
        if installed[rule.stage]
    }
    return Money(sum(installed.values()), sum(joint.price_amount for joint in bundle.links), subsidies)


def _objective(instance: Instance, own_amount: int, fit: int, vendors: int) -> Value:
    """Rule 6."""
    if isinstance(instance.objective, Weights):
        weights = instance.objective
        return weights.cost * own_amount + weights.vendors * vendors - weights.fit * fit
    return fit, own_amount, vendors
