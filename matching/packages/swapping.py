"""One member for another, as long as a package serves more by it."""

import numpy as np

from matching.packages.catalogue import Ints
from matching.packages.growing import Limits
from matching.packages.markets import Draft, Market


def improved(market: Market, draft: Draft, worth: Ints, limits: Limits, *, exchange: bool = False) -> Draft:
    """Return a package that no better provider of a single capability makes worth more.

    Args:
        worth: of each demand.
        exchange: whether one capability may also be given up for another.
    """
    value = int(worth[market.served(draft)].sum())
    while True:
        found = _better(market, draft, worth, limits, value, exchange=exchange)
        if found is None:
            return draft
        draft, value = found


def _better(
    market: Market, draft: Draft, worth: Ints, limits: Limits, value: int, *, exchange: bool
) -> tuple[Draft, int] | None:
    """Return the best package that is one step away, if it is better than this one."""
    best, found = value, None
    for code in market.codes:
        is_new = code not in draft.providers
        given_up = [one for one in draft.providers if one != code] if exchange else []
        full = is_new and limits.is_full(draft)
        for dropped in given_up if full else (None, *given_up):
            rest = draft.without(code, dropped)
            row, worth_of_it = _best_way(market, rest, code, worth, limits)
            if worth_of_it > best:
                best, found = worth_of_it, rest.having(code, int(market.ways[code][row]))
    return None if found is None else (found, int(worth[market.served(found)].sum()))


def _best_way(market: Market, rest: Draft, code: int, worth: Ints, limits: Limits) -> tuple[int, int]:
    """Return the best provider of a capability beside the rest of a package, and what the whole is worth.

    Connectors are charged to everybody, also to who would take one member only: it may serve more than is said here.
    """
    ways = market.ways[code]
    if not len(ways):
        return 0, 0
    catalogue, needing = market.catalogue, market.needing[code]
    joins = catalogue.joins(rest.hub)
    takers = market.takers(rest)
    spent = np.zeros(len(market.demands), np.int64)
    for way, taken in takers.items():
        spent += taken * (catalogue.price[way] + joins[way])
    lacks = market.musts - market.counts(rest)
    others = (lacks == 0) & (market.musts > 0) & (spent <= market.budget)
    base = int(worth[others].sum())
    free = np.where(lacks == 1, worth, 0)[needing]
    if not free.any():
        return 0, base
    room = market.budget[needing] - spent[needing]
    fits = market.accepts[code] & ((catalogue.price[ways] + joins[ways])[:, None] <= room)
    for way, taken in takers.items():
        row = market.rows[code].get(way)
        if row is not None:
            charge = np.where(taken[needing], 0, catalogue.price[way] + joins[way])
            fits[row] = market.accepts[code][row] & (charge <= room)
    gains = np.where(market.usable(rest, limits.vendors)[ways], fits @ free, 0)
    row = int(gains.argmax())
    return row, base + int(gains[row])
