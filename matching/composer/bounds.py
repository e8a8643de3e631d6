"""What the linear relaxation proves, in whole numbers: a bound, and which columns no good solution uses.

HiGHS (through SciPy) solves the relaxation in floating point. Its prices of rows are rounded to fractions, and bound
and reduced costs are computed from these exactly, so that rounding can weaken what is proven but never make it wrong.

Source:
    A. Neumaier, O. Shcherbina, "Safe bounds in linear and mixed-integer linear programming",
    *Mathematical Programming* 99, 2004.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import frexp, inf
from typing import Any

import numpy as np

from matching.composer.model import Model

#: Binary digits of a row's price: more than the 53 of a floating-point number would say nothing.
_DIGITS = 40
#: Products are computed in machine numbers while they stay below 2 to this; else in Python's, which are slower.
_MACHINE_BITS = 61
#: Seconds of a step of the simplex method for each entry of the matrix (measured: 1.5 to 3.6 times this power of ten).
_WORK_OF_A_STEP = 3e-9


@dataclass(frozen=True, slots=True)
class Relaxation:
    """What was proven about every solution of a model.

    Attributes:
        bound: no solution has a smaller value.
        scale: reduced costs are whole numbers of 1/scale.
        reduced: by column, how much the bound grows at least if the column is 1.
    """

    bound: Fraction
    scale: int
    reduced: Sequence[int]

    @property
    def least(self) -> int:
        """The smallest whole number that a value can be."""
        return -(-self.bound.numerator // self.bound.denominator)

    def room(self, best: int) -> int:
        """Return the largest reduced cost of a column that may be above 0 in a solution with a value of `best`."""
        return (best * self.bound.denominator - self.bound.numerator) * self.scale // self.bound.denominator

    def least_beyond(self, room: int) -> int:
        """Return the least value of a solution with a column whose reduced cost is above `room`."""
        beyond = self.bound + Fraction(room, self.scale)
        return -(-beyond.numerator // beyond.denominator)

    def kept(self, best: int) -> list[int]:
        """Return the columns that may be above 0 in a solution with a value of at most `best`."""
        room = self.room(best)
        return [column for column, cost in enumerate(self.reduced) if cost <= room]


@dataclass(slots=True)
class Meter:
    """Counts the work of relaxations in the solver's deterministic time, about seconds: the same on every machine."""

    work: float = 0.0

    def count(self, steps: int, entries: int) -> None:
        """Add the steps of one relaxation with so many entries."""
        self.work += steps * entries * _WORK_OF_A_STEP


class Infeasible(Exception):
    """The relaxation has no solution, and that is proven exactly.

    Attributes:
        names: of the rows that the proof uses; those without a name are left out.
    """

    def __init__(self, names: frozenset[tuple[str, ...]]) -> None:
        super().__init__("the relaxation has no solution")
        self.names = names


def relax(
    model: Model, objective: Sequence[int], seconds: float | None = None, meter: Meter | None = None
) -> Relaxation | None:
    """Return what the relaxation proves; None when it could not be solved in the time.

    Args:
        meter: counts what it took.

    Raises:
        Infeasible: there is no solution.
    """
    if not model.most:
        return Relaxation(Fraction(0), 1, ())  # HiGHS takes no model without columns
    matrix = _Matrix(model, meter)
    status, prices = matrix.solve([float(a) for a in objective], seconds)
    if status == "infeasible":
        proof = matrix.elastic(range(len(model.rows)), seconds)
        if proof is not None and matrix.prove([0] * len(model.most), proof).bound > 0:
            raise Infeasible(matrix.named(proof))
        return None
    return None if prices is None else matrix.prove(objective, prices)


def conflicting(model: Model, meter: Meter | None = None) -> list[tuple[str, ...]] | None:
    """Return names of rows that prove, with those that have none, that there is no solution; None when that is open."""
    named = [place for place, row in enumerate(model.rows) if row.name]
    matrix = _Matrix(model, meter)
    if not named or not model.most:
        return None
    prices = matrix.elastic(named)
    if prices is None or matrix.prove([0] * len(model.most), prices).bound <= 0:
        return None
    return sorted(matrix.named(prices))


class _Matrix:
    """A model as arrays."""

    def __init__(self, model: Model, meter: Meter | None = None) -> None:
        self._meter = meter or Meter()
        self.most = model.most
        self.rows = model.rows
        lengths = [len(row.columns) for row in model.rows]
        self.row = np.repeat(np.arange(len(lengths)), lengths)
        self.column = np.fromiter((c for row in model.rows for c in row.columns), np.int64, sum(lengths))
        self.coefficient = np.fromiter(
            (a for row in model.rows for a in row.coefficients), np.int64, sum(lengths)
        )
        self.least = np.array([-inf if row.least is None else row.least for row in model.rows], float)
        self.most_of_row = np.array([inf if row.most is None else row.most for row in model.rows], float)

    def named(self, prices: Any) -> frozenset[tuple[str, ...]]:
        """Return the names of the rows that have a price."""
        return frozenset(row.name for row, price in zip(self.rows, prices, strict=True) if row.name and price)

    def solve(self, objective: Sequence[float], seconds: float | None) -> tuple[str, Any]:
        """Solve the relaxation and return its status and the price of each row."""
        return self._solve(objective, self._sparse(), np.array(self.most, float), seconds)

    def elastic(self, rows: Sequence[int], seconds: float | None = None) -> Any:
        """Return prices of rows under which missing some of them, by as little as can be, costs least.

        If they cannot hold together, these prices show it.
        """
        from scipy import sparse  # noqa: PLC0415 - a second that only who composes pays

        largest = [max(map(abs, self.rows[row].coefficients), default=1) for row in rows]
        places = (np.array(rows, np.int64), np.arange(len(rows)))
        slack = sparse.csr_matrix((np.ones(len(rows)), places), shape=(len(self.rows), len(rows)))
        matrix = sparse.hstack([self._sparse(), slack, -slack], format="csr")
        most = np.concatenate([np.array(self.most, float), np.full(2 * len(rows), inf)])
        objective = np.concatenate([np.zeros(len(self.most)), 1 / np.array(largest * 2, float)])
        return self._solve(objective, matrix, most, seconds)[1]

    def prove(self, objective: Sequence[int], prices: Any) -> Relaxation:
        """Return bound and reduced costs that follow from any prices of the rows."""
        usable = np.where((prices > 0) & np.isinf(self.least), 0.0, prices)
        usable = np.where((usable < 0) & np.isinf(self.most_of_row), 0.0, usable)
        largest = float(np.abs(usable).max(initial=0.0))
        digits = max(0, _DIGITS - frexp(largest)[1]) if largest else 0
        whole = [round(Fraction(float(price)) * 2**digits) for price in usable]
        reduced = self._reduced(objective, whole, 2**digits)
        bound = sum(
            price * ((row.least if price > 0 else row.most) or 0)
            for price, row in zip(whole, self.rows, strict=True)
            if price
        )
        bound += sum(cost * most for cost, most in zip(reduced, self.most, strict=True) if cost < 0)
        return Relaxation(Fraction(bound, 2**digits), 2**digits, reduced)

    def _reduced(self, objective: Sequence[int], prices: list[int], scale: int) -> list[int]:
        """Objective less the rows at their prices, by column."""
        count = len(self.most)
        widest = int(np.bincount(self.column, minlength=1).max()) if len(self.column) else 1
        largest = max(map(abs, prices), default=0) * int(np.abs(self.coefficient).max(initial=1)) * widest
        kind = np.int64 if largest.bit_length() <= _MACHINE_BITS else object
        products = self.coefficient.astype(kind) * np.array(prices, dtype=kind)[self.row]
        sums = np.zeros(count, dtype=kind)
        np.add.at(sums, self.column, products)
        return [a * scale - int(paid) for a, paid in zip(objective, sums, strict=True)]

    def _sparse(self) -> Any:
        from scipy import sparse  # noqa: PLC0415 - a second that only who composes pays

        shape = (len(self.rows), len(self.most))
        return sparse.csr_matrix((self.coefficient.astype(float), (self.row, self.column)), shape=shape)

    def _solve(self, objective: Any, matrix: Any, most: Any, seconds: float | None) -> tuple[str, Any]:
        from scipy import sparse  # noqa: PLC0415 - a second that only who composes pays
        from scipy.optimize import linprog  # noqa: PLC0415 - a second that only who composes pays

        equal = self.least == self.most_of_row
        above, below = np.isfinite(self.least) & ~equal, np.isfinite(self.most_of_row) & ~equal
        found = linprog(
            objective,
            A_ub=sparse.vstack([matrix[below], -matrix[above]], format="csr"),
            b_ub=np.concatenate([self.most_of_row[below], -self.least[above]]),
            A_eq=matrix[equal] if equal.any() else None,
            b_eq=self.least[equal] if equal.any() else None,
            bounds=np.column_stack([np.zeros(len(most)), most]),
            method="highs-ds",
            options={} if seconds is None else {"time_limit": max(0.01, seconds)},
        )
        self._meter.count(found.nit, len(matrix.data))
        if found.status != 0:
            return ("infeasible" if found.status == 2 else "unknown"), None
        prices = np.zeros(len(self.rows))
        split = int(below.sum())
        prices[below] = found.ineqlin.marginals[:split]
        prices[above] -= found.ineqlin.marginals[split:]
        if equal.any():
            prices[equal] = found.eqlin.marginals
        return "solved", prices
