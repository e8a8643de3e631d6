"""What makes an edition of the weights valid. Pure; the rows are kept by `matching/editions.py`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from catalog.errors import Problem
from matching.scoring.weights import AXES, Weights

#: The nine weights add up to this, so that a weight reads as a share.
TOTAL = 100
#: The text part and the policy term order a list beside the fit; above these they would order it instead of the fit.
MAX_TEXT_WEIGHT = 30
MAX_POLICY_TERM = 10
#: Counts for every demand, whatever it states: with it in use no denominator is ever 0.
ALWAYS_COUNTED = "evidence"
MAX_VERSION_LENGTH = 20

_VERSION = re.compile(r"20[0-9]{2}-[1-9][0-9]?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Parts:
    """What an edition consists of besides its name.

    Attributes:
        axis: weight of each axis, whole numbers.
        not_in_use: axes that are named and left out of every denominator.
        text_weight: points that a text score of 1 adds to the order of a list.
        policy_term: points that an alliance's listing gets in the order of a list.
    """

    axis: Mapping[str, int]
    not_in_use: Sequence[str]
    text_weight: int
    policy_term: int


def parts_of(edition: Weights) -> Parts:
    """The parts of an edition, as a draft starts from them."""
    return Parts(dict(edition.axis), edition.not_in_use, edition.text_weight, edition.policy_term)


def weights(version: str, parts: Parts) -> Weights:
    """The edition as the scorer takes it. The axes out of use stand in the order of `AXES`.

    Raises:
        ValueError: an axis is missing or unknown, or a weight is negative.
    """
    return Weights(
        version=version,
        axis=MappingProxyType({axis: parts.axis[axis] for axis in AXES if axis in parts.axis}),
        not_in_use=tuple(axis for axis in AXES if axis in parts.not_in_use),
        text_weight=parts.text_weight,
        policy_term=parts.policy_term,
    )


def problems(parts: Parts) -> list[Problem]:
    """Everything that stands in the way of an edition, each at its field; [] for a valid one."""
    found = [Problem(f"axis/{axis}", "required") for axis in AXES if axis not in parts.axis]
    found += [Problem(f"axis/{axis}", "unknown_field") for axis in parts.axis if axis not in AXES]
    found += _out_of_range(parts)
    if not found and sum(parts.axis.values()) != TOTAL:
        found.append(Problem("axis", "weights_total", {"total": TOTAL, "sum": sum(parts.axis.values())}))
    return found + _unusable(parts)


def version_problem(version: str, taken: Iterable[str]) -> Problem | None:
    """What is wrong with a name such as "2026-2", or None."""
    if _VERSION.fullmatch(version) is None:
        return Problem("version", "edition_version")
    return Problem("version", "repeated", {"value": version}) if version in set(taken) else None


def following(versions: Iterable[str], year: int) -> str:
    """The next free name in `year`: one more than its highest number.

    >>> following(["2026-1", "2026-3", "2025-7"], 2026)
    '2026-4'
    """
    numbers = [
        int(version.partition("-")[2])
        for version in versions
        if version.startswith(f"{year}-") and _VERSION.fullmatch(version)
    ]
    return f"{year}-{max(numbers, default=0) + 1}"


def _out_of_range(parts: Parts) -> list[Problem]:
    bounds = [(f"axis/{axis}", weight, TOTAL) for axis, weight in parts.axis.items() if axis in AXES]
    bounds.append(("text_weight", parts.text_weight, MAX_TEXT_WEIGHT))
    bounds.append(("policy_term", parts.policy_term, MAX_POLICY_TERM))
    return [
        Problem(pointer, "range", {"min": 0, "max": high})
        for pointer, value, high in bounds
        if not 0 <= value <= high
    ]


def _unusable(parts: Parts) -> list[Problem]:
    """Axes that an edition must count, and those that it cannot."""
    found = [
        Problem("not_in_use", "unknown_code", {"value": axis})
        for axis in parts.not_in_use
        if axis not in AXES
    ]
    if ALWAYS_COUNTED in parts.not_in_use:
        found.append(Problem("not_in_use", "axis_always_counted"))
    if parts.axis.get(ALWAYS_COUNTED) == 0:
        found.append(Problem(f"axis/{ALWAYS_COUNTED}", "axis_always_counted"))
    return found
