"""A package, greedily: member after member, each the one that brings most demands nearest to being served."""

from dataclasses import dataclass

import numpy as np

from matching.packages.catalogue import APART, Flags, Ints
from matching.packages.instance import Segment
from matching.packages.markets import Draft, Market

#: The worth of a demand is divided by the square of what it still misses; this many parts of it are told apart.
_PARTS = 3_600
#: The most that chance makes of a gain, in sixteenths; the least is half of it.
_LOUDEST = 32
_NOBODY = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Limits:
    """What a package may be at most."""

    vendors: int | None
    capabilities: int | None

    @classmethod
    def of(cls, segment: Segment) -> "Limits":
        """Return those of a segment."""
        return cls(segment.max_vendors, segment.max_capabilities)

    def is_full(self, draft: Draft) -> bool:
        """Whether no further capability may be added."""
        return self.capabilities is not None and len(draft.providers) >= self.capabilities


class Grower:
    """Packages with one hub for one market."""

    def __init__(self, market: Market, hub: str | None, limits: Limits) -> None:
        self._market, self._hub, self._limits = market, hub, limits
        joins = market.catalogue.joins(hub)
        self._joined = [joins[ways] != APART for ways in market.ways]
        self._charge = [market.catalogue.price[ways] + np.maximum(joins[ways], 0) for ways in market.ways]
        self._least = [self._least_share(code) for code in range(len(market.ways))]

    def grow(
        self, worth: Ints, chance: np.random.Generator | None = None, start: Draft | None = None
    ) -> Draft:
        """Return a package for demands of such worth; 0 = does not matter.

        Args:
            chance: makes each gain louder or quieter, so that many different packages come about.
            start: a package of the same hub to begin with.
        """
        market = self._market
        draft = start or Draft(self._hub)
        alive = (market.musts > 0) & ~market.refused(draft)
        while not self._limits.is_full(draft):
            best, added = 0, None
            state = _State(market, draft, worth, alive, self._least)
            state.usable = market.usable(draft, self._limits.vendors)
            for code in market.codes:
                if code in draft.providers or not state.value[market.needing[code]].any():
                    continue
                gains: Ints = self._gains(state, code)
                if chance is not None:
                    gains = gains * chance.integers(_LOUDEST // 2, _LOUDEST, len(gains), endpoint=True)
                row = int(gains.argmax()) if len(gains) else 0
                if len(gains) and gains[row] > best:
                    best, added = int(gains[row]), (code, int(market.ways[code][row]))
            if added is None:
                break
            draft = draft.having(*added)
            row = market.rows[added[0]][added[1]]
            needing = market.needing[added[0]]
            alive[needing] &= market.accepts[added[0]][row]
        return draft

    def _gains(self, state: "_State", code: int) -> Ints:
        """Return what each way of a capability would bring."""
        market = self._market
        needing = market.needing[code]
        room = market.budget[needing] - state.spent[needing] - (state.rest[needing] - self._least[code])
        fits = market.accepts[code] & (self._charge[code][:, None] <= room)
        for way, taken in state.takers.items():  # who has a member already does not pay for it again
            row = market.rows[code].get(way)
            if row is not None:
                charge = np.where(taken[needing], 0, self._charge[code][row])
                fits[row] = market.accepts[code][row] & (charge <= room)
        gains = fits @ state.value[needing]
        found: Ints = np.where(state.usable[market.ways[code]], gains, 0)
        return found

    def _least_share(self, code: int) -> Ints:
        """Return the least that a demand pays for a capability: the price shared by all that the way brings."""
        market = self._market
        ways = market.ways[code]
        if not len(ways) or not len(market.needing[code]):
            return np.zeros(len(market.needing[code]), np.int64)
        shares = self._charge[code] // market.catalogue.breadth[ways]
        fits: Flags = market.accepts[code] & self._joined[code][:, None]
        least: Ints = np.where(fits, shares[:, None], _NOBODY).min(axis=0)
        return np.where(least == _NOBODY, 0, least)


class _State:
    """How far each demand is with a package that grows.

    Attributes:
        usable: which ways can be added.
        value: what a step towards it is worth; 0 when it is served or out of reach.
        spent: what it pays so far.
        rest: the least that it will pay for what it misses.
    """

    def __init__(self, market: Market, draft: Draft, worth: Ints, alive: Flags, least: list[Ints]) -> None:
        self.usable: Flags = np.zeros(0, bool)
        self.takers = market.takers(draft)
        joins = market.catalogue.joins(draft.hub)
        self.spent = np.zeros(len(market.demands), np.int64)
        for way, taken in self.takers.items():
            self.spent += taken * (market.catalogue.price[way] + joins[way])
        missing = market.musts - market.counts(draft)
        self.rest = np.zeros(len(market.demands), np.int64)
        for code in market.codes:
            if code not in draft.providers:
                self.rest[market.needing[code]] += least[code]
        open_ones = alive & (missing > 0) & (self.spent + self.rest <= market.budget)
        self.value = np.where(open_ones, worth * (_PARTS // np.maximum(missing, 1) ** 2), 0)
