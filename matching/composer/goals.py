"""Several objectives, one after the other: each is met as well as those before it allow."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from matching.composer.bundling import Terms
from matching.composer.minimising import minimise
from matching.composer.model import Model, dense
from matching.composer.solver import Clock, Outcome


@dataclass(frozen=True, slots=True)
class Goal:
    """Something to be made small.

    Attributes:
        terms: (column, coefficient).
        limit: what the value may be afterwards, given the least one.
        least: what the value can never be below, without any proof.
    """

    name: str
    terms: Terms
    limit: Callable[[int], int] = int
    least: int = 0


@dataclass(frozen=True, slots=True)
class Face:
    """The solutions that meet some goals as well as can be: a small model, and which columns of the whole it has."""

    model: Model
    kept: list[int]

    @classmethod
    def whole(cls, model: Model) -> "Face":
        """Return the face of no goal: all solutions."""
        return cls(model, list(range(len(model.most))))

    def terms(self, terms: Terms) -> Terms:
        """Return terms over the whole model's columns as terms over this one's."""
        numbers = {column: number for number, column in enumerate(self.kept)}
        return [(numbers[column], a) for column, a in terms if column in numbers]

    def point(self, whole: Sequence[int]) -> list[int]:
        """Return a point of the whole model as one of this."""
        return [whole[column] for column in self.kept]

    def whole_point(self, point: Sequence[int], columns: int) -> list[int]:
        """Return a point of this model as one of the whole, which has so many columns."""
        found = [0] * columns
        for column, amount in zip(self.kept, point, strict=False):
            found[column] = amount
        return found

    def narrowed(self, kept: Sequence[int], terms: Terms, most: int) -> "Face":
        """Return the part of this face where a sum is at most `most`, which only the columns `kept` can reach."""
        model = self.model.restricted(kept)
        if model is None:
            raise AssertionError("a solution needs a column that was proven useless")
        face = Face(model, [self.kept[column] for column in kept])
        face.model.row(face.terms(terms), most=most)
        return face


@dataclass(slots=True)
class Pursuit:
    """How far the goals were met.

    Attributes:
        status: proven only if every goal is.
        point: of the whole model.
        values, bounds: of the goals so far.
        face: the solutions that are as good, if proven.
        clashing: as in `Minimum`, if there is no solution.
    """

    status: Outcome
    face: Face
    point: list[int] | None = None
    values: list[int] = field(default_factory=list)
    bounds: list[int | None] = field(default_factory=list)
    clashing: frozenset[tuple[str, ...]] | None = None


def pursue(
    model: Model, goals: Sequence[Goal], clock: Clock, incumbent: Sequence[int] | None = None
) -> Pursuit:
    """Meet the goals one after the other, begun from a solution if one is known."""
    pursuit = Pursuit("proven", Face.whole(model), None if incumbent is None else list(incumbent))
    columns = len(model.most)
    for goal in goals:
        face = pursuit.face
        terms = face.terms(goal.terms)
        objective = dense(terms, len(face.model.most))
        known = None if pursuit.point is None else face.point(pursuit.point)
        found = minimise(face.model, objective, clock, known)
        if found.point is None or found.value is None:
            pursuit.status, pursuit.clashing = found.status, found.clashing
            pursuit.bounds.append(found.bound)
            return pursuit
        pursuit.point = face.whole_point(found.point, columns)
        pursuit.values.append(found.value)
        pursuit.bounds.append(found.bound)
        if found.status != "proven":
            pursuit.status = "good"
            return pursuit
        most = goal.limit(found.value)
        kept = found.kept(most, len(face.model.most))
        pursuit.face = face.narrowed(kept, goal.terms, most)
    return pursuit
