"""Ways to buy the offers of a segment, as arrays: price, vendor, what joins them to a hub."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.composer.instance import Connector
from matching.packages.instance import Segment

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: Of a way that nothing joins to a hub.
APART = -1
#: Of every connector between two interfaces, either way round.
_Prices = Mapping[tuple[str, str], int]


class Catalogue:
    """Ways to buy: an offer with one of its plans. The cheapest come first, then the order of names.

    Attributes:
        codes: capabilities that any demand has to have, sorted; elsewhere they are named by their place here.
        ways: (place of the offer, place of its plan) of each way.
    """

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.codes = sorted({one.capability for demand in segment.demands for one in demand.musts})
        self.place = {code: place for place, code in enumerate(self.codes)}
        offers = segment.offers
        self.ways = sorted(
            (
                (index, number)
                for index, offer in enumerate(offers)
                if offer.capacity != 0
                for number, plan in enumerate(offer.plans)
                if any(quality and code in self.place for code, quality in plan.quality.items())
            ),
            key=lambda way: (offers[way[0]].plans[way[1]].price_amount, way),
        )
        vendors = {name: place for place, name in enumerate(sorted({offer.vendor for offer in offers}))}
        self.offer = self._each(lambda index, _: index)
        self.vendor = self._each(lambda index, _: vendors[offers[index].vendor])
        self.entry = self._each(lambda index, _: offers[index].entry_level)
        self.price = self._each(lambda index, number: offers[index].plans[number].price_amount)
        self._joins: dict[str | None, Ints] = {None: np.zeros(len(self.ways), np.int64)}

    @cached_property
    def bringing(self) -> list[tuple[Ints, Ints]]:
        """By capability: the ways that bring it, and in which quality."""
        found: list[list[tuple[int, int]]] = [[] for _ in self.codes]
        for way, (index, number) in enumerate(self.ways):
            for code, quality in self.segment.offers[index].plans[number].quality.items():
                if quality and code in self.place:
                    found[self.place[code]].append((way, quality))
        return [_columns(pairs) for pairs in found]

    @cached_property
    def breadth(self) -> Ints:
        """How many of the capabilities each way brings."""
        found = np.zeros(len(self.ways), np.int64)
        for ways, _ in self.bringing:
            found[ways] += 1
        return found

    @cached_property
    def hubs(self) -> dict[str, int]:
        """Interfaces and how many ways speak them, the most spoken first."""
        found: dict[str, int] = {}
        for index, _ in self.ways:
            for interface in self.segment.offers[index].interfaces:
                found[interface] = found.get(interface, 0) + 1
        return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))

    @cached_property
    def rivals(self) -> dict[int, list[int]]:
        """By place of an offer, those of the offers that cannot stand beside it."""
        places = {offer.id: place for place, offer in enumerate(self.segment.offers)}
        found: dict[int, list[int]] = {}
        for one, other in self.segment.conflicts:
            found.setdefault(places[one], []).append(places[other])
            found.setdefault(places[other], []).append(places[one])
        return found

    def suits(self, industry: str) -> Flags:
        """Return which ways are made for an industry."""
        made_for = self.segment.industries
        offers = self.segment.offers
        return np.array(
            [
                not industry or offers[index].id not in made_for or industry in made_for[offers[index].id]
                for index, _ in self.ways
            ],
            bool,
        )

    def joins(self, hub: str | None) -> Ints:
        """Return what joins each way to a hub, in won; `APART` where nothing does."""
        if hub not in self._joins:
            prices = least_prices(self.segment.connectors)
            by_offer = {
                index: _join(self.segment.offers[index].interfaces, hub or "", prices)
                for index in {index for index, _ in self.ways}
            }
            self._joins[hub] = self._each(lambda index, _: by_offer[index])
        return self._joins[hub]

    def _each(self, what: Any) -> Ints:
        return np.array([what(index, number) for index, number in self.ways], np.int64)


def least_prices(connectors: tuple[Connector, ...]) -> dict[tuple[str, str], int]:
    """Return the least price of a connector by its two interfaces, in both orders."""
    found: dict[tuple[str, str], int] = {}
    for one in connectors:
        for pair in ((one.one, one.other), (one.other, one.one)):
            found[pair] = min(one.price_amount, found.get(pair, one.price_amount))
    return found


def _join(interfaces: tuple[str, ...], hub: str, prices: _Prices) -> int:
    if hub in interfaces:
        return 0
    return min((prices[one, hub] for one in interfaces if (one, hub) in prices), default=APART)


def _columns(pairs: list[tuple[int, int]]) -> tuple[Ints, Ints]:
    both = np.array(pairs, np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]
