"""Build the model of an instance. Rows that state a requirement of the demand carry its name."""

from collections import defaultdict
from collections.abc import Iterator

from matching.composer import linking, spending
from matching.composer.bundling import Bundling, Terms
from matching.composer.changing import CAPABILITY, EXCLUSIVE, FORBID, POOL, REQUIRE, VENDORS
from matching.composer.columns import Facts


def build(facts: Facts) -> Bundling:
    """Return the model of an instance; every opened requirement is a row of its own that can be taken out."""
    bundling = Bundling(facts, unit_amount=spending.unit(facts))
    _add_purchases(bundling)
    _add_providers(bundling)
    _add_exclusions(bundling)
    _add_vendors(bundling)
    _add_wishes(bundling)
    connectors: Terms = []
    for link in facts.instance.demand.links:
        connectors += linking.add(bundling, link)
    spending.add(bundling, connectors)
    return bundling


def _add_purchases(bundling: Bundling) -> None:
    """Columns of purchases and of providers; a provider is bought in a way that can answer for the capability."""
    model = bundling.model
    ways: dict[str, dict[int, list[int]]] = {code: defaultdict(list) for code in bundling.facts.asked}
    for purchase in bundling.facts.purchases:
        column = model.column()
        bundling.buy[purchase.offer, purchase.plan, purchase.stage] = column
        for code in purchase.capabilities:
            ways[code][purchase.offer].append(column)
    for code, offers in ways.items():
        bundling.serve[code] = {}
        for offer, columns in offers.items():
            provider = bundling.serve[code][offer] = model.column()
            model.row([(provider, 1), *((column, -1) for column in columns)], most=0)


def _add_providers(bundling: Bundling) -> None:
    """One provider for a must, at most one for a wish; one way to buy an offer, which answers for something."""
    model, answering = bundling.model, defaultdict(list)
    for code, providers in bundling.serve.items():
        terms = [(column, 1) for column in providers.values()]
        for offer, column in providers.items():
            answering[offer].append((column, -1))
        if bundling.facts.is_sure(code):
            model.row(terms, least=1, most=1, name=(CAPABILITY, code))
            continue
        model.row(terms, most=1)
        if bundling.facts.asked[code].must:
            model.row(terms, least=1, name=(CAPABILITY, code))
    for offer, columns in bundling.bought.items():
        bought = [(column, 1) for column in columns]
        if len(columns) > 1:
            model.row(bought, most=1)
        model.row(bought + answering[offer], most=0)


def _add_exclusions(bundling: Bundling) -> None:
    """Rule 4: one plan at most that states an exclusive capability; never both offers of a conflict."""
    model, instance = bundling.model, bundling.facts.instance
    for code in instance.demand.exclusive:
        stating = [
            (column, 1)
            for (offer, plan, _), column in bundling.buy.items()
            if instance.offers[offer].plans[plan].quality.get(code, 0)
        ]
        model.row(stating, most=1, name=(EXCLUSIVE, code))
    places = {offer.id: place for place, offer in enumerate(instance.offers)}
    bought = bundling.bought
    for one, other in instance.conflicts:
        both = [bought.get(places[name], []) for name in (one, other)]
        if all(both):
            model.row([(column, 1) for columns in both for column in columns], most=1)


def _add_vendors(bundling: Bundling) -> None:
    """A vendor counts as soon as one of its offers answers for something; a capability has one provider."""
    model, offers = bundling.model, bundling.facts.instance.offers
    for code in bundling.serve:
        for vendor, columns in sorted(_by_vendor(bundling, code)):
            if vendor not in bundling.vendor:
                bundling.vendor[vendor] = model.column()
            model.row([*((column, 1) for column in columns), (bundling.vendor[vendor], -1)], most=0)
    most = bundling.facts.instance.demand.max_vendors
    is_open = VENDORS in bundling.facts.opened
    if most is not None and (is_open or most < min(len(bundling.serve), len(offers))):
        model.row(bundling.vendors, most=most, name=(VENDORS,))


def _by_vendor(bundling: Bundling, code: str) -> Iterator[tuple[str, list[int]]]:
    found: dict[str, list[int]] = defaultdict(list)
    for offer, column in bundling.serve[code].items():
        found[bundling.facts.instance.offers[offer].vendor].append(column)
    yield from found.items()


def _add_wishes(bundling: Bundling) -> None:
    """Required offers; banned offers and the pool if they are opened."""
    model, facts, bought = bundling.model, bundling.facts, bundling.bought
    offers = facts.instance.offers
    places = {offer.id: place for place, offer in enumerate(offers)}
    for name in facts.instance.require:
        columns = bought.get(places[name], [])
        model.row([(column, 1) for column in columns], least=1, name=(REQUIRE, name))
    for name in facts.instance.forbid if FORBID in facts.opened else ():
        if columns := bought.get(places[name], []):
            model.row([(column, 1) for column in columns], most=0, name=(FORBID, name))
    if facts.instance.demand.pool == "members" and POOL in facts.opened:
        outside = [
            (column, 1)
            for place, columns in bought.items()
            if offers[place].vendor not in facts.members
            for column in columns
        ]
        model.row(outside, most=0, name=(POOL,))
