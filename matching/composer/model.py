"""A linear model in whole numbers: columns from 0 to a bound, rows between two bounds. No solver's form."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Row:
    """least ≤ Σ coefficient × column ≤ most; None = no bound on that side.

    Attributes:
        name: of the requirement that this row states, as kind and subjects; () for rows that state how things are.
    """

    columns: Sequence[int]
    coefficients: Sequence[int]
    least: int | None
    most: int | None
    name: tuple[str, ...] = ()


@dataclass(slots=True)
class Model:
    """Columns and rows.

    Attributes:
        most: upper bound of each column; 1 for a choice.
    """

    most: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def column(self, most: int = 1) -> int:
        """Add a column from 0 to `most` and return its number."""
        self.most.append(most)
        return len(self.most) - 1

    def row(
        self,
        terms: Sequence[tuple[int, int]],
        *,
        least: int | None = None,
        most: int | None = None,
        name: tuple[str, ...] = (),
    ) -> None:
        """Add a row of (column, coefficient)."""
        self.rows.append(Row([c for c, _ in terms], [a for _, a in terms], least, most, name))

    def copy(self) -> "Model":
        """Return a model that can grow without changing this one."""
        return Model(list(self.most), list(self.rows))

    def restricted(self, kept: Sequence[int]) -> "Model | None":
        """Return the model in which every column but `kept` is 0; None when a row without columns cannot hold."""
        numbers = {column: number for number, column in enumerate(kept)}
        found = Model([self.most[column] for column in kept])
        for row in self.rows:
            terms = [
                (numbers[c], a) for c, a in zip(row.columns, row.coefficients, strict=True) if c in numbers
            ]
            if terms:
                found.row(terms, least=row.least, most=row.most, name=row.name)
            elif (row.least or 0) > 0 or (row.most or 0) < 0:
                return None
        return found


def value(coefficients: Sequence[int], point: Sequence[int]) -> int:
    """Return Σ coefficient × column, exactly."""
    return sum(a * x for a, x in zip(coefficients, point, strict=True) if x)


def dense(terms: Sequence[tuple[int, int]], columns: int) -> list[int]:
    """Return one coefficient for each column."""
    found = [0] * columns
    for column, coefficient in terms:
        found[column] += coefficient
    return found


def sparse(coefficients: Sequence[int]) -> list[tuple[int, int]]:
    """Return (column, coefficient) where it is not 0."""
    return [(column, a) for column, a in enumerate(coefficients) if a]
