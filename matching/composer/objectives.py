"""Rule 6: what is made small, in which order, and what the numbers of a solution mean in won and points."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from math import gcd

from matching.composer.answers import Value
from matching.composer.bundling import Bundling
from matching.composer.goals import Goal
from matching.composer.instance import Weights

#: A lexicographic demand gives up this much of the best fit for less money: one part in fifty, 2 %.
KEPT_FIT = (98, 100)

OUTSIDE, SCORE, FIT, OWN, VENDORS = "outside", "score", "fit", "own", "vendors"


@dataclass(frozen=True, slots=True)
class Objective:
    """The goals of an instance, in their order.

    Attributes:
        scale: a value of the goal `SCORE` in its own units is this much of the demand's objective.
        unit_amount: won in one unit of the model's money.
    """

    goals: tuple[Goal, ...]
    scale: int
    unit_amount: int

    def bound(self, bounds: Sequence[int | None]) -> Value:
        """Return the bounds of the goals in won and points; what was not proven is as good as could be."""
        known = {
            goal.name: bound for goal, bound in zip(self.goals, bounds, strict=False) if bound is not None
        }
        least = {goal.name: known.get(goal.name, goal.least) for goal in self.goals}
        if SCORE in least:
            return least[SCORE] * self.scale
        return -least[FIT], least[OWN] * self.unit_amount, least[VENDORS]


def objective(bundling: Bundling) -> Objective:
    """Return what the demand wants to be made small."""
    demand, weights = bundling.facts.instance.demand, bundling.facts.instance.objective
    goals = [Goal(OUTSIDE, bundling.outside)] if demand.pool == "members-first" else []
    if isinstance(weights, Weights):
        terms = [
            *((column, weights.cost * bundling.unit_amount * a) for column, a in bundling.own),
            *((column, weights.vendors * a) for column, a in bundling.vendors),
            *((column, -weights.fit * a) for column, a in bundling.fit),
        ]
        scale = reduce(gcd, (a for _, a in terms), 0) or 1
        least = -weights.fit * _best_fit(bundling) // scale
        goals.append(Goal(SCORE, [(column, a // scale) for column, a in terms if a], least=least))
        return Objective(tuple(goals), scale, bundling.unit_amount)
    goals += [fit(bundling, kept=KEPT_FIT), own(bundling), Goal(VENDORS, bundling.vendors)]
    return Objective(tuple(goals), 1, bundling.unit_amount)


def fit(bundling: Bundling, *, kept: tuple[int, int] = (1, 1)) -> Goal:
    """Most fit; later goals may give up what `kept` leaves."""
    part, whole = kept

    def limit(least: int) -> int:
        return part * least // whole  # of -F: -⌈part × F ÷ whole⌉

    return Goal(FIT, [(column, -a) for column, a in bundling.fit], limit, -_best_fit(bundling))


def own(bundling: Bundling) -> Goal:
    """Least own money."""
    return Goal(OWN, bundling.own)


def _best_fit(bundling: Bundling) -> int:
    """Return what the fit would be if every capability had its best provider."""
    offers = bundling.facts.instance.offers
    return sum(
        max((offers[place].fit.get(code, 0) for place in providers), default=0)
        for code, providers in bundling.serve.items()
    )
