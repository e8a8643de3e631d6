"""Among bundles of equal value, the one that rule 7 names: fewest vendors, then the smallest sorted list of items.

A list is read as a sequence of tokens: an item, its capabilities, an end, the next item … A bundle comes before another
if at the first place where they differ it has the smaller token, an end being the smallest. One question to the solver
finds the first place where any bundle can be smaller, and the smallest token there; when there is none, the bundle at
hand is the first of all. Links need no question: they follow from the items (`columns.joint`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from matching.composer.bundling import Bundling
from matching.composer.goals import Face
from matching.composer.minimising import minimise
from matching.composer.model import Model, dense
from matching.composer.solver import Clock, solve

#: The place before the first one: it stands for fewer vendors.
_VENDORS = -1


@dataclass(frozen=True, slots=True)
class _Place:
    """One place of a list, in columns of the face.

    Attributes:
        token: the column that is 1 because the list has this token here; None = the item ends here.
        after: columns that could stand here or later; all are 0 where something ends.
        smaller: columns whose tokens are smaller than this one, the smallest first.
        may_end: whether an end here would be smaller.
    """

    token: int | None
    after: tuple[int, ...]
    smaller: tuple[int, ...] = ()
    may_end: bool = False


def first(bundling: Bundling, face: Face, point: Sequence[int], clock: Clock) -> list[int] | None:
    """Return the bundle of a face that comes first, begun from one of it; None when there was no time to prove it."""
    best, settled = face.point(point), _VENDORS
    while True:
        places = list(_places(bundling, face, best))
        model, events = _question(bundling, face, places, best, settled)
        objective = dense([(column, rank) for rank, (column, _) in enumerate(events)], len(model.most))
        found = solve(model, objective, clock) if events else None
        if found is None or found.status == "infeasible":
            return face.whole_point(best, len(bundling.model.most))
        if found.status != "proven" or found.point is None:
            return None
        best = found.point[: len(best)]
        place = next(place for column, place in events if found.point[column])
        if place == _VENDORS:
            fewest = _fewest(bundling, face, best, clock)
            if fewest is None:
                return None
            best = fewest
        settled = place + 1


def _fewest(bundling: Bundling, face: Face, point: Sequence[int], clock: Clock) -> list[int] | None:
    """Return a bundle of the face from as few vendors as can be."""
    objective = dense(face.terms(bundling.vendors), len(face.model.most))
    found = minimise(face.model, objective, clock, point)
    return found.point if found.status == "proven" else None


def _vendors(bundling: Bundling, face: Face, point: Sequence[int]) -> int:
    whole = face.whole_point(point, len(bundling.model.most))
    offers = bundling.facts.instance.offers
    return len({offers[place].vendor for (place, _, _), column in bundling.buy.items() if whole[column]})


def _places(bundling: Bundling, face: Face, point: Sequence[int]) -> Iterator[_Place]:
    """Yield the places of a bundle's list."""
    numbers = {column: number for number, column in enumerate(face.kept)}
    buying = [(numbers[column], offer) for (offer, _, _), column in bundling.buy.items() if column in numbers]
    for token, after, before in _runs([number for number, _ in buying], point):
        yield _Place(token, after, before, may_end=True)
        offer = dict(buying)[token]
        serving = [
            numbers[providers[offer]]
            for _, providers in sorted(bundling.serve.items())
            if offer in providers and providers[offer] in numbers
        ]
        rest: tuple[int, ...] = tuple(serving)
        for number, (code, here, smaller) in enumerate(_runs(serving, point)):
            yield _Place(code, here, smaller, may_end=number > 0)
            rest = here[len(smaller) + 1 :]
        yield _Place(None, rest)


def _runs(columns: list[int], point: Sequence[int]) -> Iterator[tuple[int, tuple[int, ...], tuple[int, ...]]]:
    """Yield each column that is 1, the columns from after the one before it, and of these those before it."""
    chosen = [place for place, column in enumerate(columns) if point[column]]
    for before, place in pairwise([-1, *chosen]):
        yield columns[place], tuple(columns[before + 1 :]), tuple(columns[before + 1 : place])


def _question(
    bundling: Bundling, face: Face, places: Sequence[_Place], point: Sequence[int], settled: int
) -> tuple[Model, list[tuple[int, int]]]:
    """Return the model of the bundles that come before `point`, and its events: (column, place), the smallest first.

    Exactly one event is true: the bundle agrees with `point` up to that place and has a smaller token there.
    Everything before `settled` is known to be as small as can be.
    """
    model, events = face.model.copy(), []
    vendors = face.terms(bundling.vendors)
    count = _vendors(bundling, face, point)
    model.row(vendors, most=count)
    if settled == _VENDORS:
        events.append((model.column(), _VENDORS))
        model.row([*vendors, (events[0][0], 1)], most=count)
    agreeing: int | None = None
    for number, place in enumerate(places):
        if number >= settled:
            events += [(column, number) for column in _events(model, place, agreeing)]
        agrees = model.column()
        if agreeing is not None:
            model.row([(agrees, 1), (agreeing, -1)], most=0)
        if place.token is not None:
            model.row([(agrees, 1), (place.token, -1)], most=0)
        else:
            _none_of(model, place.after, agrees)
        agreeing = agrees
        if number == settled - 1:
            model.row([(agrees, 1)], least=1)
    model.row([(column, 1) for column, _ in events], least=1, most=1)
    return model, events


def _events(model: Model, place: _Place, agreeing: int | None) -> Iterator[int]:
    """Add and yield a column for each smaller token, the smallest first."""
    ways: list[int | None] = ([None] if place.may_end else []) + list(place.smaller)
    for token in ways:
        event = model.column()
        if agreeing is not None:
            model.row([(event, 1), (agreeing, -1)], most=0)
        if token is None:
            _none_of(model, place.after, event)
        else:
            model.row([(event, 1), (token, -1)], most=0)
        yield event


def _none_of(model: Model, columns: Sequence[int], condition: int) -> None:
    """If the condition is true, all columns are 0."""
    if columns:
        terms = [(column, 1) for column in columns]
        model.row([*terms, (condition, len(columns))], most=len(columns))
