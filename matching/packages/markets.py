"""Demands of a segment, or of a part of it, and what each of them accepts: the judge that every search asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from matching.packages.catalogue import APART, Catalogue, Flags, Ints
from matching.packages.instance import SegmentDemand

#: In the place of a budget that has no limit; sums of prices stay below.
_UNLIMITED = 2**62
#: So many answers "this way for this demand" are kept at most, a byte each; of a capability with more of them, the
#: cheapest ways count. 2,000 offers and 500 demands have two million.
_MOST_CELLS = 200_000_000


@dataclass(frozen=True, slots=True)
class Draft:
    """A package in the search.

    Attributes:
        hub: None for a single offer.
        providers: capability → way.
    """

    hub: str | None
    providers: Mapping[int, int] = field(default_factory=dict)

    def having(self, code: int, way: int) -> "Draft":
        """Return it with another provider of a capability."""
        return Draft(self.hub, {**self.providers, code: way})

    def without(self, *codes: int | None) -> "Draft":
        """Return it without some capabilities."""
        return Draft(self.hub, {code: way for code, way in self.providers.items() if code not in codes})


class Market:
    """Demands as arrays.

    Attributes:
        demands: in the segment's order.
        places: of these demands in the segment.
        needing: by capability, places (here) of the demands that have to have it.
        ways: by capability, ways that at least one of them accepts.
        accepts: by capability, ways × needing.
        musts: how many capabilities each demand has to have.
    """

    def __init__(self, catalogue: Catalogue, places: Sequence[int]) -> None:
        self.catalogue, self.places = catalogue, np.array(places, np.int64)
        every = catalogue.segment.demands
        self.demands = [every[place] for place in places]
        self.weight = np.array([one.weight for one in self.demands], np.int64)
        budgets = [one.budget_amount for one in self.demands]
        self.budget = np.array([_UNLIMITED if one is None else one for one in budgets], np.int64)
        self.musts = np.array([len(one.musts) for one in self.demands], np.int64)
        self.needing: list[Ints] = []
        self.ways: list[Ints] = []
        self.accepts: list[Flags] = []
        self.rows: list[dict[int, int]] = []
        self.codes = [code for code in range(len(catalogue.codes)) if self._add(code)]

    def served(self, draft: Draft) -> Flags:
        """Return which demands a package serves."""
        met = (self.musts > 0) & (self.counts(draft) == self.musts)
        found: Flags = met & (self.own_amounts(draft) <= self.budget)
        return found

    def refused(self, draft: Draft) -> Flags:
        """Return which demands do not accept one of the providers that they would have to take."""
        asked = np.zeros(len(self.demands), np.int64)
        for code in draft.providers:
            asked[self.needing[code]] += 1
        found: Flags = asked > self.counts(draft)
        return found

    def counts(self, draft: Draft) -> Ints:
        """Return how many of the capabilities that a demand has to have are met by a provider that it accepts."""
        found = np.zeros(len(self.demands), np.int64)
        for code, way in draft.providers.items():
            row = self.rows[code].get(way)
            if row is not None:
                found[self.needing[code]] += self.accepts[code][row]
        return found

    def own_amounts(self, draft: Draft) -> Ints:
        """Return what each demand would pay for the members that it takes (rule 4)."""
        plans, joints, members = (np.zeros(len(self.demands), np.int64) for _ in range(3))
        joins = self.catalogue.joins(draft.hub)
        for way, taken in self.takers(draft).items():
            plans += taken * self.catalogue.price[way]
            joints += taken * joins[way]
            members += taken
        return plans + np.where(members > 1, joints, 0)

    def takers(self, draft: Draft) -> dict[int, Flags]:
        """Return by way which demands take it: those that have to have one of the capabilities it answers for."""
        found: dict[int, Flags] = {}
        for code, way in draft.providers.items():
            found.setdefault(way, np.zeros(len(self.demands), bool))[self.needing[code]] = True
        return found

    def usable(self, draft: Draft, max_vendors: int | None) -> Flags:
        """Return which of all ways can be added to a package."""
        catalogue, inside = self.catalogue, sorted(set(draft.providers.values()))
        found: Flags = catalogue.joins(draft.hub) != APART
        if not inside:
            return found
        mine = np.zeros(len(found), bool)
        mine[inside] = True
        if draft.hub is None:
            return mine
        bought = {int(offer) for offer in catalogue.offer[inside]}
        is_barred = np.zeros(len(catalogue.segment.offers), bool)
        is_barred[sorted(bought)] = True  # one plan of an offer
        is_barred[[rival for offer in bought for rival in catalogue.rivals.get(offer, ())]] = True
        found &= ~is_barred[catalogue.offer] | mine
        vendors = {int(vendor) for vendor in catalogue.vendor[inside]}
        if max_vendors is not None and len(vendors) >= max_vendors:
            is_vendor = np.zeros(int(catalogue.vendor.max()) + 1, bool)
            is_vendor[sorted(vendors)] = True
            found &= is_vendor[catalogue.vendor]
        return found

    def _add(self, code: int) -> bool:
        """Find out who accepts what of a capability; return whether anybody here requires it."""
        catalogue = self.catalogue
        name = catalogue.codes[code]
        asked = [(place, one) for place, demand in enumerate(self.demands) for one in demand.musts]
        mine = [(place, one) for place, one in asked if one.capability == name]
        needing = np.array([place for place, _ in mine], np.int64)
        ways, quality = catalogue.bringing[code]
        room = _MOST_CELLS // max(1, len(mine) * len(catalogue.codes))
        ways, quality = ways[:room], quality[:room]
        least = np.array([one.min_quality for _, one in mine], np.int64)
        latest = np.array([one.stage + self.demands[place].level - 1 for place, one in mine], np.int64)
        accepts = (quality[:, None] >= least) & (catalogue.entry[ways][:, None] <= latest)
        accepts &= catalogue.price[ways][:, None] <= self.budget[needing]
        for industry in sorted({self.demands[place].industry for place, _ in mine}):
            columns = [column for column, (place, _) in enumerate(mine) if self._of(place) == industry]
            accepts[:, columns] &= catalogue.suits(industry)[ways][:, None]
        wanted = accepts.any(axis=1) if mine else np.zeros(len(ways), bool)
        self.needing.append(needing)
        self.ways.append(ways[wanted])
        self.accepts.append(accepts[wanted])
        self.rows.append({int(way): row for row, way in enumerate(ways[wanted])})
        return bool(mine)

    def _of(self, place: int) -> str:
        return self.demands[place].industry


def industries(demands: Sequence[SegmentDemand]) -> dict[str, list[int]]:
    """Return the places of the demands of each industry."""
    found: dict[str, list[int]] = {}
    for place, demand in enumerate(demands):
        found.setdefault(demand.industry, []).append(place)
    return dict(sorted(found.items()))
