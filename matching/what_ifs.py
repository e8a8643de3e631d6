"""A list looked at with something changed: other weights, no policy term, another budget, a must made nice.

The demand stays as it is; the list is kept like any other, and marked.
"""

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from math import fsum
from types import MappingProxyType
from typing import Any, Protocol

from sqlalchemy.orm import Session

from catalog.errors import Conflict, Invalid, Problem
from catalog.money import MAX_AMOUNT
from matching import editions, keeping, matchmaking
from matching.models import Demand, MatchList, WhatIf
from matching.models.demand import OPEN
from matching.scoring import facts
from matching.scoring.score import whole_points
from matching.scoring.weights import AXES, Weights

#: The nine weights are brought to this sum, so that one reads as a share.
TOTAL = 100
#: The largest weight that somebody may type.
MAX_WEIGHT = 100


@dataclass(frozen=True, slots=True)
class Changes:
    """What is tried out; the defaults try nothing.

    Attributes:
        weights: each counted axis → 0 to MAX_WEIGHT, as typed; None: the edition in force.
        policy: whether alliances get the policy term.
        budget_amount: whole won instead of the demand's; None: the demand's.
        nice: capabilities that are asked for as nice instead of must.
    """

    weights: Mapping[str, int] | None = None
    policy: bool = True
    budget_amount: int | None = None
    nice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flip:
    """The least weight of one axis with which another listing would be the first."""

    axis: str
    weight: int
    listing: str


class Placed(Protocol):
    """A stored place, as far as it says who would overtake whom (`matching.models.Match`)."""

    listing: str
    policy: float
    text: float
    parts: list[Any]


def look(session: Session, engine: Any, demand: Demand, today: date, changes: Changes) -> MatchList:
    """Rank the store with those changes and keep the list, marked. The demand itself is not changed.

    Raises:
        Conflict: the demand is not open.
        Invalid: nothing is changed, or a value does not fit, each at its field.
    """
    if demand.state != OPEN:
        raise Conflict(f"demand.{demand.state}")
    need = matchmaking.need_of(session, demand, today)
    edition = editions.in_force(session, today)
    _check(changes, need, edition)
    weights = None if changes.weights is None else tried(edition, changes.weights)
    found = matchmaking.match(
        session,
        engine,
        demand,
        today,
        weights=weights,
        policy=changes.policy,
        need=changed(need, changes),
    )
    kept = {**asdict(changes), "weights": None if weights is None else dict(weights.axis)}
    session.add(WhatIf(match_list=found, changes={**kept, "nice": list(changes.nice)}))
    session.flush()
    return found


def edition_of(session: Session, found: MatchList) -> Weights:
    """The weights that ranked a list: an edition, or what somebody tried instead of it."""
    if not found.what_if:
        return editions.by_version(session, found.weights)
    return keeping.weights_of(found.weights, found.what_if)


def tried(edition: Weights, typed: Mapping[str, int]) -> Weights:
    """The edition with other weights, brought to TOTAL by largest remainders; what it does not use stays unused.

    >>> from matching.scoring.weights import BUILT_IN
    >>> tried(BUILT_IN, {"price": 1, "evidence": 1}).axis["price"]
    50
    """
    counted = [axis for axis in AXES if axis not in edition.not_in_use]
    total = sum(typed.get(axis, 0) for axis in counted)
    shares = whole_points([TOTAL * typed.get(axis, 0) / total for axis in counted])
    axis = {**dict.fromkeys(AXES, 0), **dict(zip(counted, shares, strict=True))}
    return replace(edition, axis=MappingProxyType(axis))


def changed(need: facts.Need, changes: Changes) -> facts.Need:
    """The need with another budget, and some musts made nice."""
    requirements = tuple(
        replace(row, must=row.must and row.capability not in changes.nice) for row in need.requirements
    )
    budget = need.budget_amount if changes.budget_amount is None else changes.budget_amount
    return replace(need, requirements=requirements, budget_amount=budget)


def weight_problems(typed: Mapping[str, int], edition: Weights) -> list[Problem]:
    """What is wrong with weights that somebody typed, each at its field; [] for good ones."""
    found = [
        Problem(f"weights/{axis}", "range", {"min": 0, "max": MAX_WEIGHT})
        for axis, weight in typed.items()
        if not 0 <= weight <= MAX_WEIGHT
    ]
    found += [Problem(f"weights/{axis}", "unknown_field") for axis in typed if axis not in AXES]
    counted = [typed.get(axis, 0) for axis in AXES if axis not in edition.not_in_use]
    if not found and sum(counted) == 0:
        found.append(Problem("weights", "weights_nothing"))
    return found


def nearest_flip(places: Sequence[Placed], edition: Weights) -> Flip | None:
    """Which single weight, raised least (but for rounding), makes another of `places` the first; None: none up to
    MAX_WEIGHT does.

    Raised means typed higher beside the others as they are; the nine are then brought to TOTAL as in `tried`. Every
    place is taken with the plan that it was ranked with.

    Args:
        places: best first, ranked with `edition`; the first is the one to be overtaken.
    """
    found: list[tuple[int, Flip]] = []
    for axis in AXES:
        if axis in edition.not_in_use or not any(_gains(place, places[0], axis) for place in places[1:]):
            continue
        now = edition.axis[axis]

        def leader(weight: int, axis: str = axis) -> Placed:
            return _first(places, tried(edition, {**edition.axis, axis: weight}))

        # Between two listings the comparison turns at most once as one weight rises, but for the rounding to TOTAL:
        # near the turn it may waver by one, and the weight that is found always turns it.
        weight = bisect_left(range(MAX_WEIGHT + 1), True, now + 1, key=lambda n: leader(n) is not places[0])
        if weight <= MAX_WEIGHT:
            found.append((weight - now, Flip(axis, weight, leader(weight).listing)))
    return min(found, key=lambda row: row[0])[1] if found else None


def _first(places: Sequence[Placed], weights: Weights) -> Placed:
    """Which of the places would stand first with those weights; of equals the one with the lesser id."""

    def key(place: Placed) -> tuple[float, str]:
        counted = [(weights.axis[part["axis"]], part["value"]) for part in place.parts if _counts(part)]
        denominator = sum(weight for weight, _value in counted)
        fit = 100 * fsum(weight * value for weight, value in counted) / denominator if denominator else 0.0
        return -fsum((fit, place.policy, place.text)), place.listing

    return min(places, key=key)


def _gains(place: Placed, first: Placed, axis: str) -> bool:
    part, firsts = place.parts[AXES.index(axis)], first.parts[AXES.index(axis)]
    return _counts(part) and bool(part["value"] > firsts["value"])


def _counts(part: Mapping[str, Any]) -> bool:
    return part["state"] in ("known", "unknown_offer")


def _check(changes: Changes, need: facts.Need, edition: Weights) -> None:
    if changes == Changes():
        raise Invalid.at("", "nothing_changed")
    found = [] if changes.weights is None else weight_problems(changes.weights, edition)
    budget = changes.budget_amount
    if budget is not None and not 0 <= budget <= MAX_AMOUNT:
        found.append(Problem("budget_amount", "amount_range", {"min": 0, "max": MAX_AMOUNT}))
    found += _nice_problems(changes.nice, {row.capability for row in need.requirements if row.must})
    if found:
        raise Invalid(found)


def _nice_problems(nice: Collection[str], musts: Collection[str]) -> list[Problem]:
    return [
        Problem(f"nice/{i}", "unknown_code", {"value": code})
        for i, code in enumerate(nice)
        if code not in musts
    ]
