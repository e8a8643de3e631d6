"""Rule 3 as rows: a link is realised inside one offer, by a shared interface, or by a connector.

Columns are interfaces and not pairs of offers: thousands of offers speak a handful of interfaces.
"""

from collections import defaultdict
from collections.abc import Mapping

from matching.composer.bundling import Bundling, Terms

#: Side of a link → interface → columns that pass through it.
_Passing = Mapping[str, list[int]]


def add(bundling: Bundling, link: tuple[str, str]) -> Terms:
    """Add columns and rows of one link and return what its connectors cost, in units."""
    one, other = link
    model, facts = bundling.model, bundling.facts
    inside = {offer: model.column() for offer in bundling.serve[one] if offer in bundling.serve[other]}
    for offer, column in inside.items():
        for code in link:
            model.row([(column, 1), (bundling.serve[code][offer], -1)], most=0)
    ways, costs = _ways(bundling, link)
    passing: tuple[dict[str, list[int]], dict[str, list[int]]] = (defaultdict(list), defaultdict(list))
    for pair, column in ways.items():
        for side, interface in zip(passing, pair, strict=True):
            side[interface].append(column)
    realised = [(column, 1) for column in (*inside.values(), *ways.values())]
    if all(facts.is_sure(code) for code in link):
        model.row(realised, least=1, most=1, name=("link", *link))
    else:
        absent = [(column, -1) for code in link for column in bundling.serve[code].values()]
        model.row(realised + absent, least=-1, name=("link", *link))
        model.row(realised, most=1)
    for code, side in zip(link, passing, strict=True):
        _join_through_what_is_spoken(bundling, code, side)
        _tighten(bundling, link, code, side, inside)
    return costs


def _ways(bundling: Bundling, link: tuple[str, str]) -> tuple[dict[tuple[str, str], int], Terms]:
    """Columns by the interfaces of the two sides, and what the connectors among them cost."""
    offers, model = bundling.facts.instance.offers, bundling.model
    one, other = (
        {interface for place in bundling.serve[code] for interface in offers[place].interfaces}
        for code in link
    )
    ways = {(interface, interface): model.column() for interface in sorted(one & other)}
    costs = []
    for pair, price in sorted(bundling.facts.prices.items()):
        if pair not in ways and pair[0] in one and pair[1] in other:
            ways[pair] = model.column()
            costs.append((ways[pair], price // bundling.unit_amount))
    return ways, costs


def _join_through_what_is_spoken(bundling: Bundling, code: str, side: _Passing) -> None:
    """A way through an interface needs a provider that speaks it."""
    offers = bundling.facts.instance.offers
    speaking: dict[str, list[int]] = defaultdict(list)
    for place, column in bundling.serve[code].items():
        for interface in offers[place].interfaces:
            speaking[interface].append(column)
    for interface, columns in side.items():
        terms = [(column, 1) for column in columns] + [(column, -1) for column in speaking[interface]]
        bundling.model.row(terms, most=0)


def _tighten(
    bundling: Bundling,
    link: tuple[str, str],
    code: str,
    side: _Passing,
    inside: Mapping[int, int],
) -> None:
    """A provider that speaks one interface only is joined through it, or inside itself, if there is a partner.

    This follows from the other rows for whole bundles, and makes the relaxation nearly exact. It states the link once
    more, so it goes by the link's name.
    """
    model, facts = bundling.model, bundling.facts
    offers, name = facts.instance.offers, ("link", *link)
    partner = link[1] if code == link[0] else link[0]
    alone: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place in bundling.serve[code]:
        if len(offers[place].interfaces) <= 1:
            alone[offers[place].interfaces].append(place)
    for interfaces, places in sorted(alone.items()):
        terms = [(column, 1) for interface in interfaces for column in side.get(interface, ())]
        terms += [(inside[place], 1) for place in places if place in inside]
        terms += [(bundling.serve[code][place], -1) for place in places]
        if facts.is_sure(partner):
            model.row(terms, least=0, name=name)
        else:
            terms += [(column, -1) for column in bundling.serve[partner].values()]
            model.row(terms, least=-1, name=name)
