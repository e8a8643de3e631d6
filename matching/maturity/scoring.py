"""From answers to a level: the published rule of the self-check. Pure; docs/self-check.md has worked numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from matching.maturity.items import Instrument

#: The mean at which the levels 2, 3, 4 and 5 begin; below the first it is level 1.
CUT_OFFS = (Fraction(3, 2), Fraction(5, 2), Fraction(7, 2), Fraction(9, 2))
#: Fewer answers than this (모르겠어요 is none) give no level.
MIN_ANSWERS = 8
#: How many areas are named as the weakest.
WEAKEST = 3

#: question id → 1–5, or None for 모르겠어요; a question without an entry has not been asked yet.
Answers = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class AreaResult:
    """One area: mean 1–5 of its answers, None when none of its questions was answered; how many of how many were."""

    id: str
    mean: Fraction | None
    answered: int
    asked: int


@dataclass(frozen=True, slots=True)
class Result:
    """What the answers say.

    Attributes:
        level: company level 1–5, None with fewer than `MIN_ANSWERS` answers.
        mean: mean 1–5 of the answers; None when there is none.
        answered, unknown: questions answered with a state, and with 모르겠어요.
        areas: in the order of the edition.
        weakest: ids of up to three answered areas, weakest first, ties in the order of the edition.
    """

    level: int | None
    mean: Fraction | None
    answered: int
    unknown: int
    areas: tuple[AreaResult, ...]
    weakest: tuple[str, ...]


def level_of(mean: Fraction) -> int:
    """Return the level 1–5 of a mean 1–5: a level begins exactly at its cut-off."""
    return 1 + sum(mean >= cut_off for cut_off in CUT_OFFS)


def begins_at(level: int) -> Fraction:
    """Return the mean at which a level 1–5 begins; level 1 begins at 1."""
    return Fraction(1) if level == 1 else CUT_OFFS[level - 2]


def result(instrument: Instrument, answers: Answers) -> Result:
    """Score answers; ids that are not of the instrument are left out."""
    given = {question.id: answers[question.id] for question in instrument.questions if question.id in answers}
    known = [value for value in given.values() if value is not None]
    mean = _mean(known)
    areas = tuple(_area(instrument, area.id, given) for area in instrument.areas)
    return Result(
        level=level_of(mean) if mean is not None and len(known) >= MIN_ANSWERS else None,
        mean=mean,
        answered=len(known),
        unknown=len(given) - len(known),
        areas=areas,
        weakest=tuple(area.id for area in by_weakness(areas)[:WEAKEST]),
    )


def by_weakness(areas: tuple[AreaResult, ...]) -> list[AreaResult]:
    """Return the areas with an answer, weakest first; ties keep their order."""
    return sorted((area for area in areas if area.mean is not None), key=lambda area: area.mean or 0)


def _area(instrument: Instrument, area_id: str, given: Answers) -> AreaResult:
    asked = instrument.of_area(area_id)
    known = [value for question in asked if (value := given.get(question.id)) is not None]
    return AreaResult(area_id, _mean(known), len(known), len(asked))


def _mean(values: list[int]) -> Fraction | None:
    return Fraction(sum(values), len(values)) if values else None
