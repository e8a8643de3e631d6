"""The answer: packages, whom they serve, and why the others are left out."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from matching.composer.solver import Clock, Stop
from matching.packages import answers, listing, reasons
from matching.packages.answers import Answer, LeftOut, Member, Package, Served
from matching.packages.catalogue import Catalogue, Flags
from matching.packages.checker import check
from matching.packages.choosing import chosen
from matching.packages.instance import Segment
from matching.packages.markets import Draft, Market
from matching.packages.searching import Search

#: How often it begins anew with other chances: what one start misses by two in a hundred, another finds.
STARTS = 2
#: Told the step that begins and the part of all steps that is done, 0–1.
Progress = Callable[[str, float], None]


class Misjudged(AssertionError):
    """The independent checker does not agree with the search: an error in the program, never shown as an answer."""


def solve(
    segment: Segment,
    count: int,
    *,
    seconds: float | None = None,
    stop: Stop | None = None,
    progress: Progress | None = None,
) -> Answer:
    """Return packages that together serve as much weight of a segment as was found.

    Args:
        count: how many packages at most.
        seconds: after these the best so far is the answer; None = as much work as is always done.
        stop: asked again and again; once it answers True, the search ends like that.
        progress: told how far it is.

    Returns:
        The answer, judged by the independent checker. It is the same for the same segment unless time cut it short.
    """
    clock, tell = Clock(seconds, stop), progress or _nobody
    tell("pool", 0.0)
    search = Search(Catalogue(segment), clock)
    picked, is_proven = _picked(search, count, clock, tell)
    tell("why", 0.9)
    answer = _answer(search, picked)
    answer = replace(answer, status="proven" if is_proven else "good", left_out=_left_out(search, answer))
    broken = check(segment, count, answer)
    if broken:
        raise Misjudged(f"{broken}")
    tell("done", 1.0)
    return answer


def _picked(search: Search, count: int, clock: Clock, tell: Progress) -> tuple[list[int], bool]:
    """Return places of the packages that are chosen, and whether none serve more."""
    weight = search.market.weight
    drafts = listing.every(search.market, search.limits)
    if drafts is not None:
        for draft in drafts:
            search.add(draft)
        search.is_whole = True
        return chosen(search.served, weight, count, clock)
    best = search.swapped(search.greedy(count))
    for start in range(STARTS):
        tell("pool", 0.05 + 0.85 * start / STARTS)
        first = len(search.drafts)
        search.fill(1 / (STARTS - start))
        picked, _ = chosen(search.served[first:], weight, count, clock)
        picked = search.refine(count, search.swapped([first + place for place in picked]))
        best = max(best, picked, key=search.worth)
    return search.swapped(chosen(search.served, weight, count, clock, best)[0]), False


def _answer(search: Search, picked: Sequence[int]) -> Answer:
    """Return the chosen packages, each with the members that somebody takes, the most served first."""
    market = search.market
    drafts, takers = _assigned(market, [search.drafts[place] for place in picked])
    worth = [int(market.weight[by].sum()) for by in takers]
    order = sorted(range(len(drafts)), key=lambda at: (-worth[at], _named(market, drafts[at]).members))
    packages: list[Package] = []
    served: list[Served] = []
    for at in order:
        if not takers[at].any():
            continue
        draft = _used(market, drafts[at], takers[at])
        amounts = market.own_amounts(draft)
        served += [
            Served(market.demands[place].id, len(packages), int(amounts[place]))
            for place in np.flatnonzero(takers[at])
        ]
        packages.append(_named(market, draft))
    weight = {demand.id: demand.weight for demand in market.demands}
    return Answer(
        status="good",
        packages=tuple(packages),
        served=tuple(sorted(served, key=lambda one: one.demand)),
        left_out=(),
        weight=sum(weight[one.demand] for one in served),
    )


def _assigned(market: Market, drafts: list[Draft]) -> tuple[list[Draft], list[Flags]]:
    """Return packages, and for each the demands for which it is the cheapest that serves them (ties: the first)."""
    if not drafts:
        return [], []
    beyond = np.iinfo(np.int64).max
    amounts = np.array([np.where(market.served(one), market.own_amounts(one), beyond) for one in drafts])
    cheapest = amounts.argmin(axis=0)
    is_served = amounts.min(axis=0) < beyond
    return drafts, [is_served & (cheapest == at) for at in range(len(drafts))]


def _used(market: Market, draft: Draft, takers: Flags) -> Draft:
    """Return a package without capabilities that nobody requires of it."""
    idle = [code for code in draft.providers if not takers[market.needing[code]].any()]
    kept = draft.without(*idle)
    return Draft(None, kept.providers) if len(set(kept.providers.values())) == 1 else kept


def _named(market: Market, draft: Draft) -> Package:
    catalogue = market.catalogue
    by_way: dict[int, list[str]] = {}
    for code, way in draft.providers.items():
        by_way.setdefault(way, []).append(catalogue.codes[code])
    members = []
    for way, codes in by_way.items():
        index, number = catalogue.ways[way]
        offer = catalogue.segment.offers[index]
        members.append(Member(offer.id, offer.plans[number].id, tuple(sorted(codes))))
    return Package(draft.hub, tuple(sorted(members)))


def _left_out(search: Search, answer: Answer) -> tuple[LeftOut, ...]:
    """Return every demand that is not served, and why."""
    served = {one.demand for one in answer.served}
    known = {int(place) for by in search.served for place in np.flatnonzero(by)}
    found, why = [], reasons.Reasons(search.segment)
    for place, demand in enumerate(search.market.demands):
        if demand.id in served:
            continue
        code = why.of(demand)
        if code is None and reasons.is_over_budget(demand, _least_amounts(search.market, place)):
            code = answers.OVER_BUDGET
        if code is None:
            has_one = place in known or (not search.is_whole and search.alone(place))
            code = answers.NOT_CHOSEN if has_one else answers.NO_PACKAGE
        found.append(LeftOut(demand.id, code))
    return tuple(found)


def _least_amounts(market: Market, place: int) -> list[int]:
    """Return for each requirement of a demand the least share of a price that it can cost."""
    catalogue, found = market.catalogue, []
    for code in market.codes:
        for column in np.flatnonzero(market.needing[code] == place):
            ways = market.ways[code][market.accepts[code][:, column]]
            shares = catalogue.price[ways] // catalogue.breadth[ways]
            found.append(int(shares.min()) if len(shares) else 0)
    return found


def _nobody(_step: str, _part: float) -> None:
    """Nobody wants to know."""
