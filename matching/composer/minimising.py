"""The least value of a model, proven: bound, a small model of the columns that matter, wider until it is exact.

The relaxation gives a bound and says of most columns that no good solution uses them. What is left is solved exactly.
The result is the optimum as soon as every column left out would cost more than the solution is above the bound.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from matching.composer.bounds import Infeasible, Meter, Relaxation, relax
from matching.composer.model import Model, value
from matching.composer.solver import Clock, Outcome, solve

#: The first small model holds the columns that cost at most this part of the bound (measured: almost always enough) …
_FIRST_PART = 250  # one in 250, 0.4 %
#: … and at least this many, which are solved at once anyway.
_FIRST_COLUMNS = 300
#: How much wider each next one is while there is no solution.
_WIDER = 4
#: Part of the time that the relaxation may take; the rest is for finding a bundle at all.
_RELAXING_SHARE = 0.5
#: No value is beyond it.
_ANY = 2**61
#: What the search has in any case, also when the relaxation took all the work there was: most questions need less.
_LEAST_WORK = 0.3


@dataclass(frozen=True, slots=True)
class Minimum:
    """What was found for one objective.

    Attributes:
        point: of all columns; None when there is none.
        bound: no solution has a smaller value; None when nothing was proven.
        relaxation: None when it was not solved.
        work: what it took, in the solver's deterministic time.
        clashing: names of rows that alone, with those that have none, leave no solution; None when nobody knows.
    """

    status: Outcome
    point: list[int] | None = None
    value: int | None = None
    bound: int | None = None
    relaxation: Relaxation | None = None
    work: float = 0.0
    clashing: frozenset[tuple[str, ...]] | None = None

    def kept(self, most: int, columns: int) -> list[int]:
        """Return the columns that may be above 0 in a solution with a value of at most `most`."""
        return list(range(columns)) if self.relaxation is None else self.relaxation.kept(most)


def minimise(
    model: Model,
    objective: Sequence[int],
    clock: Clock,
    incumbent: Sequence[int] | None = None,
    *,
    work: float | None = None,
    enough: bool = False,
    below: int | None = None,
) -> Minimum:
    """Return the solution of least value, with its proof if there was time for it.

    Args:
        incumbent: a solution to begin with; it is returned when no better one is found.
        work: the most that all of it may take, in the solver's deterministic time; a relaxation is never cut short.
        enough: whether any solution will do.
        below: only solutions of a smaller value are of interest: without one it is infeasible.
    """
    known = None if incumbent is None else list(incumbent)
    left, meter = clock.seconds, Meter()
    try:
        relaxation = relax(model, objective, None if left is None else left * _RELAXING_SHARE, meter)
    except Infeasible as proof:
        return Minimum("infeasible", work=meter.work, clashing=proof.names)
    search = _Search(model, objective, clock, known, work, enough=enough, below=below)
    search.spent = meter.work
    return search.whole() if relaxation is None else search.widening(relaxation)


class _Search:
    """A search that remembers the best solution so far."""

    def __init__(
        self,
        model: Model,
        objective: Sequence[int],
        clock: Clock,
        incumbent: list[int] | None,
        work: float | None,
        *,
        enough: bool,
        below: int | None,
    ) -> None:
        self._model, self._objective, self._clock, self._work = model, objective, clock, work
        self._enough = enough
        #: No solution has a smaller value; one of a larger value is of no interest.
        self._least: int | None = None
        self._most = None if below is None else below - 1
        self.spent = 0.0
        self._point = incumbent
        self._value = None if incumbent is None else value(objective, incumbent)

    def whole(self) -> Minimum:
        """Solve the model as it is."""
        status, bound = self._among(list(range(len(self._model.most))))
        return self._result(status, bound, None)

    def widening(self, relaxation: Relaxation) -> Minimum:
        """Solve among more and more columns until the rest is proven useless."""
        costs = sorted(relaxation.reduced)
        room = max(
            abs(relaxation.bound) * relaxation.scale // _FIRST_PART,
            costs[min(len(costs), _FIRST_COLUMNS) - 1] if costs else 0,
        )
        self._least = relaxation.least
        limit = None if self._most is None else relaxation.room(self._most)
        if limit is not None and limit < 0:
            return self._result("infeasible", None, relaxation)
        while True:
            # With the columns of the solution at hand there is always one among them.
            room = room if limit is None else min(room, limit)
            used = self._point or [0] * len(costs)
            kept = [column for column, cost in enumerate(relaxation.reduced) if cost <= room or used[column]]
            status, bound = self._among(kept)
            if self._value is not None and (self._enough or self._value == relaxation.least):
                is_least = self._value == relaxation.least
                return self._result("proven" if is_least else "good", relaxation.least, relaxation)
            if status in {"good", "unknown"}:
                beyond = relaxation.least if bound is None else min(bound, relaxation.least_beyond(room))
                return self._result(status, max(relaxation.least, beyond), relaxation)
            is_whole = len(kept) == len(costs) or room == limit
            if self._value is None:
                if is_whole:
                    return self._result("infeasible", None, relaxation)
                wider = costs[min(len(costs), _WIDER * len(kept)) - 1]
                room = max(_WIDER * room, wider)
                continue
            needed = relaxation.room(self._value)
            if is_whole or room >= needed:
                return self._result("proven", self._value, relaxation)
            room = needed

    def _among(self, kept: list[int]) -> tuple[Outcome, int | None]:
        """Solve among some columns, keep what is better than before, and return status and bound among them."""
        small = self._model.restricted(kept)
        if small is None:
            return "infeasible", None
        hint = None if self._point is None else [self._point[column] for column in kept]
        left = None if self._work is None else max(_LEAST_WORK, self._work - self.spent)
        terms = [self._objective[column] for column in kept]
        enough = None if self._least is None else _ANY if self._enough else self._least
        found = solve(small, terms, self._clock, hint=hint, work=left, most=self._most, least=enough)
        self.spent += found.work
        if found.point is None or found.value is None:
            return found.status, found.bound
        if self._value is None or found.value < self._value:
            self._value = found.value
            self._point = [0] * len(self._model.most)
            for column, amount in zip(kept, found.point, strict=True):
                self._point[column] = amount
        return found.status, found.bound

    def _result(self, status: Outcome, bound: int | None, relaxation: Relaxation | None) -> Minimum:
        if self._value is None:
            outcome: Outcome = "infeasible" if status == "infeasible" else "unknown"
            return Minimum(outcome, bound=bound, work=self.spent)
        is_proven = status in {"proven", "infeasible"}
        return Minimum(
            "proven" if is_proven else "good",
            self._point,
            self._value,
            self._value if is_proven else bound,
            relaxation,
            self.spent,
        )
