"""Every package of a tiny segment, so that the best of them can be proven."""

from collections.abc import Iterator
from math import prod

from matching.packages.growing import Limits
from matching.packages.markets import Draft, Market

#: So many packages are looked at one by one, in well under a second; of more, the search picks.
MOST = 5_000


def every(market: Market, limits: Limits) -> Iterator[Draft] | None:
    """Return every package there is; None when they are too many."""
    hubs = [None, *market.catalogue.hubs]
    if len(hubs) * prod(len(market.ways[code]) + 1 for code in market.codes) > MOST:
        return None
    return (draft for hub in hubs for draft in _growing(market, Draft(hub), market.codes, limits))


def _growing(market: Market, draft: Draft, codes: list[int], limits: Limits) -> Iterator[Draft]:
    if not codes:
        yield draft
        return
    first, *rest = codes
    yield from _growing(market, draft, rest, limits)
    if limits.is_full(draft):
        return
    usable = market.usable(draft, limits.vendors)[market.ways[first]]
    for way in market.ways[first][usable]:
        yield from _growing(market, draft.having(first, int(way)), rest, limits)
