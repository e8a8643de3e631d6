"""The instrument of the self-check: twelve questions in six areas, each with five described states. Frozen data.

Its texts are part of the edition, in both languages: answers name the edition, and an edition never changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

from catalog.taxonomy.terms import is_english

#: The edition that is asked now.
EDITION = "ieum-self-check/1"
_FILES: Mapping[str, str] = MappingProxyType({EDITION: "self-check-1.yaml"})
# libyaml reads the file in a twentieth of the time of the pure Python loader
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages."""

    ko: str
    en: str

    def text(self, locale: str) -> str:
        """Return the text for a locale such as "ko" or "en_GB"; Korean for any other."""
        return self.en if is_english(locale) else self.ko


@dataclass(frozen=True, slots=True)
class State:
    """One of the five states of a question: `value` 1–5, what it is, and how that looks."""

    value: int
    name: Words
    more: Words


@dataclass(frozen=True, slots=True)
class Question:
    """One question: `number` 1–12, a short name, the question itself, why it is asked, its states 1 to 5."""

    id: str
    number: int
    area: str
    name: Words
    ask: Words
    why: Words
    states: tuple[State, ...]

    def state(self, value: int) -> State:
        """Return one of the five states, by its value 1–5."""
        return self.states[value - 1]


@dataclass(frozen=True, slots=True)
class Area:
    """Two questions that belong together, and the capabilities that lift them, in the order to ask for them."""

    id: str
    name: Words
    capabilities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Instrument:
    """One edition.

    Attributes:
        builds_on: capability → the capabilities that must stand before it (our own proposal).
    """

    id: str
    name: Words
    areas: tuple[Area, ...]
    questions: tuple[Question, ...]
    builds_on: Mapping[str, tuple[str, ...]]

    def question(self, question_id: str) -> Question | None:
        """Return the question of that id, or None."""
        return next((question for question in self.questions if question.id == question_id), None)

    def area(self, area_id: str) -> Area:
        """Return the area of that id. Raises KeyError: there is none."""
        for area in self.areas:
            if area.id == area_id:
                return area
        raise KeyError(area_id)

    def of_area(self, area_id: str) -> tuple[Question, ...]:
        """Return the questions of an area, in the order of the edition."""
        return tuple(question for question in self.questions if question.area == area_id)


@cache
def instrument(edition: str = EDITION) -> Instrument:
    """Return an edition of the self-check. Raises KeyError: there is none of that name."""
    text = resources.files(__package__).joinpath("data", _FILES[edition]).read_text(encoding="utf-8")
    data = yaml.load(text, Loader=_Loader)  # noqa: S506 - both are safe loaders
    return Instrument(
        id=data["meta"]["id"],
        name=_words(data["meta"], "name"),
        areas=tuple(
            Area(row["id"], _words(row, "name"), tuple(row["capabilities"])) for row in data["areas"]
        ),
        questions=tuple(_question(number, row) for number, row in enumerate(data["questions"], start=1)),
        builds_on=MappingProxyType({code: tuple(before) for code, before in data["builds_on"].items()}),
    )


def _question(number: int, row: Mapping[str, Any]) -> Question:
    return Question(
        id=row["id"],
        number=number,
        area=row["area"],
        name=_words(row, "name"),
        ask=_words(row, "ask"),
        why=_words(row, "why"),
        states=tuple(
            State(value, Words(state["ko"], state["en"]), _words(state, "more"))
            for value, state in enumerate(row["states"], start=1)
        ),
    )


def _words(row: Mapping[str, Any], name: str) -> Words:
    return Words(row[f"{name}_ko"], row[f"{name}_en"])
