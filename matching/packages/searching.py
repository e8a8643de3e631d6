"""Packages worth choosing among: grown for a demand, an industry, or what the chosen ones leave, then improved.

Chance comes from a fixed seed and the amount of work is fixed: only a clock that ends it early makes a difference.
"""

from collections.abc import Iterator

import numpy as np

from matching.composer.solver import Clock
from matching.packages.catalogue import Catalogue, Flags, Ints
from matching.packages.choosing import chosen
from matching.packages.growing import Grower, Limits
from matching.packages.markets import Draft, Market, industries
from matching.packages.swapping import improved

_SEED = 7
#: How often each industry is asked with other chances, and how often each demand gets a package of its own.
ROUNDS, OWN_ROUNDS = 20, 1
#: How often a piece of a chosen package is replaced, after how many times the choice is made anew, and the largest
#: piece, in capabilities.
REFINEMENTS, CHOOSE_EVERY, MOST_TORN = 400, 100, 3
#: In an industry's own packages, the demand that they begin with counts so much more than all others.
_FIRST = 1_000
#: The largest part of the time that goes into the first packages; the rest is for choosing and for refining.
_SHARE = 0.6


class Search:
    """A pool of packages that grows.

    Attributes:
        drafts: packages, each with other demands that it serves.
        served: by package, whom of all demands it serves.
        is_whole: whether the pool holds every package that could matter.
    """

    def __init__(self, catalogue: Catalogue, clock: Clock) -> None:
        self.catalogue, self._clock = catalogue, clock
        self.segment = catalogue.segment
        self.limits = Limits.of(self.segment)
        self.market = Market(catalogue, range(len(self.segment.demands)))
        self.drafts: list[Draft] = []
        self.served: list[Flags] = []
        self.is_whole = False
        self._known: set[bytes] = set()
        self._growers: dict[tuple[str | None, str | None], Grower] = {}
        self._chance = np.random.default_rng(_SEED)
        self._parts = {
            name: Market(catalogue, places) for name, places in industries(self.segment.demands).items()
        }

    def add(self, draft: Draft) -> int | None:
        """Add a package and return its place; None when it serves nobody, or the same as another."""
        served = self.market.served(draft)
        if not served.any() or served.tobytes() in self._known:
            return None
        self._known.add(served.tobytes())
        self.drafts.append(draft)
        self.served.append(served)
        return len(self.drafts) - 1

    def greedy(self, count: int) -> list[int]:
        """Add packages one after the other, each the best that is grown for whom the others leave, and return them."""
        free, found = self.market.weight.copy(), []
        for _ in range(count):
            grown = [self._grower(None, hub).grow(free) for hub in self._hubs()]
            best = max(grown, key=lambda one: int(free[self.market.served(one)].sum()), default=None)
            place = None if best is None else self.add(best)
            if place is None or self._clock.is_over:
                break
            found.append(place)
            free = np.where(self.served[place], 0, free)
        return found

    def swapped(self, places: list[int]) -> list[int]:
        """Improve packages one at a time beside the others, until none gets better, and return what they became."""
        places, better = list(places), True
        while better and not self._clock.is_over:
            better = False
            for index, place in enumerate(places):
                free = self._free(places[:index] + places[index + 1 :])
                draft = improved(self.market, self.drafts[place], free, self.limits, exchange=True)
                added = None if draft == self.drafts[place] else self.add(draft)
                if added is not None:
                    places[index], better = added, True
        return places

    def fill(self, share: float) -> None:
        """Add packages for each demand and each industry, in a share of the time that is left."""
        end = self._clock.seconds
        for draft in self._first():
            self.add(draft)
            left = self._clock.seconds
            if self._clock.is_over or (
                left is not None and end is not None and left < end * (1 - _SHARE * share)
            ):
                return

    def refine(self, count: int, picked: list[int]) -> list[int]:
        """Tear pieces out of chosen packages and let them grow again, choose anew now and then; return the best."""
        weight = self.market.weight
        for step in range(1, REFINEMENTS + 1):
            if self._clock.is_over or not picked:
                break
            index = step % len(picked)
            free = self._free(picked[:index] + picked[index + 1 :])
            draft = self._mended(self.drafts[picked[index]], free) if step % 2 else self._fresh(free)
            place = self.add(draft)
            before = int(free[self.served[picked[index]]].sum())
            if place is not None and int(free[self.served[place]].sum()) >= before:
                picked = [*picked[:index], place, *picked[index + 1 :]]
            if step % CHOOSE_EVERY == 0:
                picked = self.swapped(chosen(self.served, weight, count, self._clock, picked)[0])
        return picked

    def alone(self, place: int) -> bool:
        """Whether some package serves a demand, if that is all it has to do; what is found joins the pool."""
        worth = np.zeros(len(self.market.demands), np.int64)
        worth[place] = 1
        industry = self.segment.demands[place].industry
        part = self._parts[industry]
        mine = worth[part.places]
        for hub in self._hubs():
            draft = self._grower(industry, hub).grow(mine)
            if self.market.served(draft)[place]:
                self.add(draft)
                return True
        return False

    def _first(self) -> Iterator[Draft]:
        for round_ in range(max(ROUNDS, OWN_ROUNDS)):
            for name, part in self._parts.items():
                if round_ < OWN_ROUNDS:
                    for place in range(len(part.demands)):
                        worth = part.weight.copy()
                        worth[place] = (worth[place] + 1) * _FIRST
                        yield self._grown(name, worth, part.weight)
                if round_ < ROUNDS:
                    noise = self._chance.integers(1, 4, len(part.weight), endpoint=True)
                    yield self._grown(name, part.weight * noise, part.weight)

    def _grown(self, name: str, worth: Ints, weight: Ints) -> Draft:
        draft = self._grower(name, self._any_hub()).grow(worth, self._chance)
        return improved(self._parts[name], draft, weight, self.limits)

    def _mended(self, draft: Draft, free: Ints) -> Draft:
        """Return a package out of which a few capabilities by chance were torn and replaced by what serves more."""
        codes = sorted(draft.providers)
        torn = int(self._chance.integers(1, min(MOST_TORN, len(codes)), endpoint=True))
        left = draft.without(*(int(code) for code in self._chance.choice(codes, torn, replace=False)))
        name = self._home(draft)
        part = self._parts[name]
        mine = free[part.places]
        grown = self._grower(name, draft.hub).grow(mine, self._chance, left)
        return improved(part, grown, mine, self.limits)

    def _fresh(self, free: Ints) -> Draft:
        """Return a package for an industry by chance, of which more is left more often."""
        left = np.array([int(free[part.places].sum()) for part in self._parts.values()], np.int64).cumsum()
        if not left[-1]:
            return Draft(None)
        at = int(np.searchsorted(left, int(self._chance.integers(0, int(left[-1]))), side="right"))
        name = list(self._parts)[at]
        mine = free[self._parts[name].places]
        grown = self._grower(name, self._any_hub()).grow(mine, self._chance)
        return improved(self._parts[name], grown, mine, self.limits)

    def _home(self, draft: Draft) -> str:
        """Return the industry of which a package serves most weight."""
        served = self.market.served(draft)
        worth = {
            name: int(self.market.weight[part.places][served[part.places]].sum())
            for name, part in self._parts.items()
        }
        return max(worth, key=lambda name: (worth[name], name))

    def _any_hub(self) -> str | None:
        """Return a hub by chance, those that more ways speak more often."""
        hubs = self.catalogue.hubs
        if not hubs:
            return None
        spoken = np.array(list(hubs.values()), np.int64).cumsum()
        at = int(self._chance.integers(0, int(spoken[-1])))
        return list(hubs)[int(np.searchsorted(spoken, at, side="right"))]

    def _hubs(self) -> list[str | None]:
        return [*self.catalogue.hubs, None]

    def _grower(self, name: str | None, hub: str | None) -> Grower:
        if (name, hub) not in self._growers:
            market = self.market if name is None else self._parts[name]
            self._growers[name, hub] = Grower(market, hub, self.limits)
        return self._growers[name, hub]

    def _free(self, places: list[int]) -> Ints:
        """Return the weight of each demand that none of these packages serves, 0 of the others."""
        if not places:
            return self.market.weight
        return np.where(np.array([self.served[place] for place in places]).any(axis=0), 0, self.market.weight)

    def worth(self, places: list[int]) -> int:
        """Return the weight of all demands that one of these packages serves."""
        return int(self.market.weight.sum() - self._free(places).sum())
