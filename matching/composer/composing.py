"""Compose: the best bundle with its proof, further ones, and the front between money and fit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from matching.composer import objectives, rows, ties
from matching.composer.answers import Answer, Bundle, Value, Without
from matching.composer.checker import check
from matching.composer.columns import Facts, joints
from matching.composer.explaining import explained
from matching.composer.folding import folded
from matching.composer.funnels import funnel
from matching.composer.goals import Pursuit, pursue
from matching.composer.instance import Instance, ordered
from matching.composer.model import Model, dense, value
from matching.composer.objectives import OUTSIDE
from matching.composer.solver import Clock, Outcome, Stop

#: Two bundles differ if of either at least two in five offers are not in the other.
SHARED = (3, 5)

Progress = Callable[[str, float], None]


class Misjudged(RuntimeError):
    """The solver's bundle breaks a rule or has another value than it says: a defect, and never an answer."""


@dataclass(frozen=True, slots=True)
class Found:
    """The end of a search: the bundle, if there is one, and what was proven.

    Attributes:
        clashing: names of rows that leave no bundle; None when nobody knows.
    """

    status: Outcome
    bundle: Bundle | None = None
    bound: Value | None = None
    clashing: frozenset[tuple[str, ...]] | None = None


class Composer:
    """One instance, its model, and the searches in it."""

    def __init__(self, instance: Instance, clock: Clock) -> None:
        self._instance = instance
        self.facts = Facts(folded(instance))
        self._clock = clock
        self._bundling = rows.build(self.facts)
        self._objective = objectives.objective(self._bundling)

    def best(self) -> Found:
        """Return the best bundle; of several, the one that rule 7 names."""
        pursuit = pursue(self._bundling.model, self._objective.goals, self._clock)
        if pursuit.status == "proven" and pursuit.point is not None:
            point = ties.first(self._bundling, pursuit.face, pursuit.point, self._clock)
            if point is None:
                pursuit.status = "good"
            else:
                pursuit.point = point
        return self._found(pursuit)

    def alternatives(self, best: Bundle, count: int) -> list[Bundle]:
        """Return the best further bundles, each different from the best and from those before it."""
        model = self._bundling.model.copy()
        found = [best]
        while len(found) <= count:
            self._differ(model, found[-1])
            pursuit = pursue(model, self._objective.goals, self._clock)
            bundle = self._found(pursuit).bundle
            if bundle is None:
                break
            found.append(bundle)
        return found[1:]

    def front(self, points: int) -> list[Bundle]:
        """Return bundles from the cheapest to the best fitting; none is cheaper and fits as well as another.

        The steps between the ends' own amounts are equal; a step that brings no more fit gives no point.
        """
        fit, own = objectives.fit(self._bundling), objectives.own(self._bundling)
        before = [goal for goal in self._objective.goals if goal.name == OUTSIDE]
        model = self._bundling.model
        ends = [pursue(model, (*before, *order), self._clock) for order in ((own, fit), (fit, own))]
        if any(end.point is None for end in ends):
            return []
        low, high = (value(dense(own.terms, len(model.most)), end.point or ()) for end in ends)
        found, cheaper = ends[:points], ends[0]
        for step in range(1, points - 1):
            between = model.copy()
            between.row(own.terms, most=low + (high - low) * step // (points - 1))
            cheaper = pursue(between, (*before, fit, own), self._clock, cheaper.point)
            found.append(cheaper)
        bundles = [self._bundle(pursuit, None) for pursuit in found if pursuit.point is not None]
        return _undominated(bundles)

    def without(self, best: Bundle) -> list[Without]:
        """Return for each offer of a bundle that nobody required the best bundle that does without it."""
        required = frozenset(self.facts.instance.require)
        places = {offer.id: place for place, offer in enumerate(self.facts.instance.offers)}
        bought, found = self._bundling.bought, []
        for item in best.items:
            if item.offer in required:
                continue
            model = self._bundling.model.copy()
            model.row([(column, 1) for column in bought[places[item.offer]]], most=0)
            searched = self._found(pursue(model, self._objective.goals, self._clock))
            found.append(Without(item.offer, searched.status, searched.bundle))
        return found

    def _differ(self, model: Model, bundle: Bundle) -> None:
        """Let a model have only bundles that differ from this one."""
        part, whole = SHARED
        offers = self.facts.instance.offers
        used = {item.offer for item in bundle.items}
        bought = [(column, offers[place].id in used) for (place, _, _), column in self._bundling.buy.items()]
        model.row([(column, 1) for column, is_used in bought if is_used], most=part * len(used) // whole)
        model.row([(column, (whole if is_used else 0) - part) for column, is_used in bought], most=0)

    def _found(self, pursuit: Pursuit) -> Found:
        bound = self._objective.bound(pursuit.bounds)
        if pursuit.point is None:
            is_open = pursuit.status != "infeasible"
            return Found(pursuit.status, bound=bound if is_open else None, clashing=pursuit.clashing)
        return Found(pursuit.status, self._bundle(pursuit, bound), bound)

    def _bundle(self, pursuit: Pursuit, bound: Value | None) -> Bundle:
        """Return the bundle that was found, as the independent checker sees it."""
        items = self._bundling.items(pursuit.point or ())
        links = joints(self.facts, items)
        verdict = check(self._instance, items, links)
        if verdict.broken or verdict.money is None or verdict.objective is None:
            raise Misjudged(f"{verdict.broken} in {items}")
        is_proven = pursuit.status == "proven"
        if is_proven and isinstance(bound, int) and bound != verdict.objective:
            raise Misjudged(f"{bound} is no value of {items}")
        return Bundle(
            status="proven" if is_proven else "good",
            items=items,
            links=links,
            money=verdict.money,
            fit=verdict.fit,
            vendors=verdict.vendors,
            objective=verdict.objective,
            bound=bound,
        )


def compose(
    instance: Instance,
    *,
    seconds: float | None = None,
    stop: Stop | None = None,
    progress: Progress | None = None,
) -> Answer:
    """Return the best bundle for a demand, or why there is none.

    Args:
        seconds: after these the best bundle so far is returned, with a bound; None = until it is proven. They bound
            the search, not the explanation of an impossible demand, which has limits that no clock decides.
        stop: asked again and again, also from another thread; once it answers True, the search ends like that.
        progress: told the step that begins and the part of all steps that is done, 0–1.

    Returns:
        The answer; proven and infeasible ones are the same for the same instance, whatever its order.
    """
    clock, tell = Clock(seconds, stop), progress or _nobody
    instance = ordered(instance)
    tell("model", 0.0)
    composer = Composer(instance, clock)
    tell("best", 0.1)
    found = composer.best()
    counts = funnel(Facts(instance))
    answer = Answer(found.status, found.bundle, found.bound, funnel=counts)
    if found.bundle is not None:
        answer = _further(composer, answer, found.bundle, tell)
    elif found.status == "infeasible":
        tell("why", 0.6)
        answer = explained(answer, composer.facts, found.clashing, stop)
    tell("done", 1.0)
    return answer


def _further(composer: Composer, answer: Answer, best: Bundle, tell: Progress) -> Answer:
    """Return the answer with what else was asked: further bundles, the front, and what each offer is there for."""
    instance = composer.facts.instance
    if best.status == "proven":
        tell("alternatives", 0.4)
        answer = replace(answer, alternatives=tuple(composer.alternatives(best, instance.alternatives)))
    if instance.pareto:
        tell("pareto", 0.6)
        answer = replace(answer, pareto=tuple(composer.front(instance.pareto)))
    if instance.reasons:
        tell("reasons", 0.8)
        answer = replace(answer, without=tuple(composer.without(best)))
    return answer


def _undominated(bundles: Sequence[Bundle]) -> list[Bundle]:
    """Return, cheapest first, the bundles that fit better than every cheaper one."""
    found: list[Bundle] = []
    for bundle in sorted(bundles, key=lambda one: (one.money.own_amount, -one.fit, one.items)):
        if not found or bundle.fit > found[-1].fit:
            found.append(bundle)
    return found


def _nobody(_step: str, _part: float) -> None:
    """Nobody wants to know."""
