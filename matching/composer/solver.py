"""Solve a model exactly with CP-SAT, on one thread: the same model gives the same solution."""

import threading
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal

from matching.composer.model import Model, Row, value

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How often somebody who wants to stop is asked, in seconds.
_POLL_SECONDS = 0.05
#: Of columns with a larger range than this, CP-SAT's presolve makes a model that it cannot solve any more (measured:
#: subsidies of odd prices in won, some hundredths of a second without presolve, no proof in 20 s with it).
_LARGE = 2**20
#: … and from here on the relaxation's floating point is no help either.
_HUGE = 2**36
#: In between, search without and with the relaxation have so much each, in deterministic time, and the one without so
#: much again before the rest. With it that clock may all but stand still (measured: 0.02 of it in a second, for
#: minutes, with 12 columns and prices of some hundred million won), where the search without proves the same at once.
_AT_ONCE, _FIRST_WORK = 0.05, 0.5
#: Only of an objective that counts (vendors, not won) every better solution is looked at: of won there are millions.
_COUNTED = 2**16
#: CP-SAT computes in 64 bits and refuses sums that could pass half of that range.
_SAFE_BITS = 61
#: No value is beyond it.
_ANY = 2**_SAFE_BITS

Outcome = Literal["proven", "good", "infeasible", "unknown"]
Stop = Callable[[], bool]


class Clock:
    """How much time is left, and whether somebody wants it to end. It never decides a proven answer, only whether one
    is found in time."""

    def __init__(self, seconds: float | None = None, stop: Stop | None = None) -> None:
        self._end = None if seconds is None else monotonic() + seconds
        self._stop = stop

    @property
    def seconds(self) -> float | None:
        """Seconds that are left, at least 0; None = no limit."""
        return None if self._end is None else max(0.0, self._end - monotonic())

    @property
    def is_over(self) -> bool:
        """Whether to end now."""
        return self.is_stopped or self.seconds == 0.0

    @property
    def is_stopped(self) -> bool:
        """Whether somebody wants it to end."""
        return self._stop is not None and self._stop()

    @contextmanager
    def watching(self, end: Callable[[], Any]) -> "Iterator[None]":
        """Call `end` from another thread when somebody wants it to end."""
        if self._stop is None:
            yield
            return
        done = threading.Event()

        def watch() -> None:
            while not done.wait(_POLL_SECONDS):
                if self.is_stopped:
                    end()

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


@dataclass(frozen=True, slots=True)
class Solution:
    """What a solver found.

    Attributes:
        point: value of each column; None when there is none.
        value: of the objective at `point`.
        bound: no solution of this model has a smaller value.
        work: what it took, in deterministic time.
    """

    status: Outcome
    point: list[int] | None = None
    value: int | None = None
    bound: int | None = None
    work: float = 0.0


def solve(
    model: Model,
    objective: Sequence[int] | None,
    clock: Clock,
    *,
    hint: Sequence[int] | None = None,
    work: float | None = None,
    most: int | None = None,
    least: int | None = None,
) -> Solution:
    """Minimise the objective over a model; without one, find any solution.

    Args:
        hint: a solution to begin with.
        work: the most deterministic time, in CP-SAT's unit of about a second: the same on every machine.
        most, least: no larger value is of interest; with one of at most `least` the search ends.
    """
    from ortools.sat.python import cp_model  # noqa: PLC0415 - two seconds that only who composes pays

    if clock.is_over:
        return Solution("unknown")
    built, columns, shift = _built(model, objective, hint, most)
    ends = None if least is None or objective is None else _until(least, objective, columns)
    best, took = Solution("unknown"), 0.0
    for setting in _settings(max(model.most, default=0), work):
        solver = cp_model.CpSolver()
        setting.apply(solver.parameters, clock)
        with clock.watching(solver.stop_search):
            status = solver.solve(built, ends)
        took += solver.deterministic_time
        if status == cp_model.INFEASIBLE:
            return Solution("infeasible", work=took)
        if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            found = _solution(objective, solver, columns, shift, is_best=status == cp_model.OPTIMAL)
            if best.value is None or found.status == "proven" or (found.value or 0) < best.value:
                best = found
        is_enough = least is not None and best.value is not None and best.value <= least
        if is_enough or best.status == "proven" or status == cp_model.OPTIMAL or clock.is_over:
            break
    return replace(best, work=took)


def _until(least: int, objective: Sequence[int], columns: list[Any]) -> Any:
    """Return what ends a search as soon as a solution of this value is found; None when that is not looked at."""
    if sum(map(abs, objective)) > _COUNTED:
        return None
    from ortools.sat.python import cp_model  # noqa: PLC0415 - a second that only who composes pays

    class Until(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            if value(objective, [self.value(column) for column in columns]) <= least:
                self.stop_search()

    return Until()


def _built(
    model: Model, objective: Sequence[int] | None, hint: Sequence[int] | None, most: int | None
) -> tuple[Any, list[Any], int]:
    """Return CP-SAT's form of a model, its columns, and by how many bits the objective was cut."""
    from ortools.sat.python import cp_model  # noqa: PLC0415 - a second that only who composes pays

    built = cp_model.CpModel()
    columns = [_column(built, most) for most in model.most]
    for row in model.rows:
        _add_row(built, columns, row, model.most)
    for column, hinted in zip(columns, hint or (), strict=False):
        built.add_hint(column, hinted)
    shift = _add_objective(built, columns, objective, model.most)
    if most is not None and not shift:
        built.proto.objective.domain.extend((-_ANY, most))
    return built, columns, shift


def _solution(
    objective: Sequence[int] | None, solver: Any, columns: list[Any], shift: int, *, is_best: bool
) -> Solution:
    """Return what a solver's point is worth; without an objective any point is the best."""
    point = [solver.value(column) for column in columns]
    if objective is None:
        return Solution("proven", point, 0, 0)
    found = value(objective, point)
    if is_best and not shift:
        return Solution("proven", point, found, found)
    return Solution("good", point, found, int(solver.response_proto.inner_objective_lower_bound) << shift)


@dataclass(frozen=True, slots=True)
class _Setting:
    """One way to search, and the most deterministic time that it may take."""

    relaxation: int
    presolve: bool
    work: float | None

    def apply(self, parameters: Any, clock: Clock) -> None:
        parameters.num_workers = 1  # more workers pick different solutions of equal value
        parameters.random_seed = 1
        parameters.linearization_level = self.relaxation
        parameters.cp_model_presolve = self.presolve
        if clock.seconds is not None:
            parameters.max_time_in_seconds = clock.seconds
        if self.work is not None:
            parameters.max_deterministic_time = self.work


def _settings(largest: int, work: float | None) -> tuple[_Setting, ...]:
    """Return the ways to search a model with columns of such a range, one after the other."""
    if largest <= _LARGE:
        return (
            _Setting(2, presolve=True, work=work),
        )  # the whole model in the relaxation: it is what proves
    if largest > _HUGE:
        return (_Setting(0, presolve=False, work=work),)
    first = min(_FIRST_WORK, work or _FIRST_WORK)
    return (
        _Setting(0, presolve=False, work=min(_AT_ONCE, first)),
        _Setting(2, presolve=False, work=min(_AT_ONCE, first)),
        _Setting(0, presolve=False, work=first),
        _Setting(2, presolve=False, work=work),
    )


def _column(built: Any, most: int) -> Any:
    return built.new_bool_var("") if most == 1 else built.new_int_var(0, most, "")


def _add_row(built: Any, columns: list[Any], row: Row, most: Sequence[int]) -> None:
    """Add a row; one that picks one of several is said as such, which CP-SAT knows better."""
    terms = [columns[column] for column in row.columns]
    is_choice = all(a == 1 for a in row.coefficients) and all(most[column] == 1 for column in row.columns)
    if is_choice and row.most == 1 and row.least in {1, None}:
        (built.add_exactly_one if row.least else built.add_at_most_one)(terms)
        return
    from ortools.sat.python import cp_model  # noqa: PLC0415 - a second that only who composes pays

    low = cp_model.INT_MIN if row.least is None else row.least
    high = cp_model.INT_MAX if row.most is None else row.most
    built.add_linear_constraint(cp_model.LinearExpr.weighted_sum(terms, row.coefficients), low, high)


def _add_objective(
    built: Any, columns: list[Any], objective: Sequence[int] | None, most: Sequence[int]
) -> int:
    """Set the objective and return by how many bits it had to be cut to fit into CP-SAT's numbers."""
    from ortools.sat.python import cp_model  # noqa: PLC0415 - a second that only who composes pays

    if objective is None:
        return 0
    size = sum(abs(a) * top for a, top in zip(objective, most, strict=True))
    shift = max(0, size.bit_length() - _SAFE_BITS)
    built.minimize(cp_model.LinearExpr.weighted_sum(columns, [a >> shift for a in objective]))
    return shift
