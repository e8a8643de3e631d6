"""Which packages together serve most weight: exactly, among those that were found."""

from collections.abc import Sequence

import numpy as np

from matching.composer.model import Model
from matching.composer.solver import Clock, solve
from matching.packages.catalogue import Flags, Ints

#: The most that one choice may take, in the solver's deterministic time (about seconds).
WORK = 3.0


def chosen(
    served: Sequence[Flags], weight: Ints, count: int, clock: Clock, known: Sequence[int] = ()
) -> tuple[list[int], bool]:
    """Return places of at most `count` packages that serve most weight together, and whether that is proven.

    Args:
        served: by package, which demands it serves.
        known: a choice to begin with; a worse one is never returned.
    """
    model = Model([1] * len(served))
    model.row([(place, 1) for place in range(len(served))], most=count)
    objective = [0] * len(served)
    for by, worth in _alike(served, weight).items():
        column = model.column()
        objective.append(-worth)
        model.row([(column, 1), *((place, -1) for place in by)], most=0)
    start = list(known) or _greedily(served, weight, count)
    found = solve(model, objective, clock, work=WORK, hint=_hint(model, start, len(served)))
    if found.point is None or found.value is None or -found.value < _worth(served, weight, start):
        return sorted(start), False
    picked = [place for place in range(len(served)) if found.point[place]]
    return picked, found.status == "proven"


def _alike(served: Sequence[Flags], weight: Ints) -> dict[tuple[int, ...], int]:
    """Return the weight of all demands that the same packages serve."""
    found: dict[tuple[int, ...], int] = {}
    if not served:
        return found
    table = np.array(served)
    for place in range(len(weight)):
        by = tuple(int(one) for one in np.flatnonzero(table[:, place]))
        if by and weight[place]:
            found[by] = found.get(by, 0) + int(weight[place])
    return found


def _greedily(served: Sequence[Flags], weight: Ints, count: int) -> list[int]:
    """Return one package after the other, each the one that adds most."""
    table = np.array(served)
    free = weight.copy()
    found: list[int] = []
    for _ in range(min(count, len(served))):
        gains = table @ free
        place = int(gains.argmax())
        if not gains[place]:
            break
        found.append(place)
        free = np.where(table[place], 0, free)
    return found


def _worth(served: Sequence[Flags], weight: Ints, places: Sequence[int]) -> int:
    if not places:
        return 0
    return int(weight[np.array([served[place] for place in places]).any(axis=0)].sum())


def _hint(model: Model, start: Sequence[int], packages: int) -> list[int]:
    found = [0] * len(model.most)
    for place in start:
        found[place] = 1
    for column, row in enumerate(model.rows[1:], packages):
        found[column] = int(any(found[place] for place in row.columns[1:]))
    return found
