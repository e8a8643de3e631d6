"""The two Korean maturity scales. A level is always (scale, value), never a bare number."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from catalog.taxonomy.files import read_yaml
from catalog.taxonomy.terms import is_english


@dataclass(frozen=True, slots=True)
class LevelStep:
    """One step of a scale.

    Attributes:
        value: rank on its scale, 1 is the lowest.
        code: "1"–"5" on the company scale; "basic", "mid1", "mid2", "advanced" on the system scale.
        name_ko, name_en: short name for screens.
        definition_ko, definition_en: wording of a source that was read, else None (never a recalled one).
    """

    value: int
    code: str
    name_ko: str
    name_en: str
    definition_ko: str | None
    definition_en: str | None

    def name(self, locale: str) -> str:
        """Return the name for a locale such as "ko" or "en"; Korean for any other."""
        return self.name_en if is_english(locale) else self.name_ko

    def definition(self, locale: str) -> str | None:
        """Return the definition for a locale, or None when no source for it was read."""
        return self.definition_en if is_english(locale) else self.definition_ko


@dataclass(frozen=True, slots=True)
class LevelScale:
    """A maturity scale with its steps, lowest first."""

    code: str
    name_ko: str
    name_en: str
    steps: tuple[LevelStep, ...]

    def name(self, locale: str) -> str:
        """Return the name for a locale such as "ko" or "en"; Korean for any other."""
        return self.name_en if is_english(locale) else self.name_ko

    def step(self, value: int) -> LevelStep | None:
        """Return the step with this rank, or None when the scale has no such rank."""
        return self.steps[value - 1] if 1 <= value <= len(self.steps) else None


@cache
def level_scales() -> Mapping[str, LevelScale]:
    """Return the scales by code: "company_level" (1–5) and "system_level" (기초 · 중간1 · 중간2 · 고도화).

    "ICT 미적용" of the official table stands below the system scale and is no step of it.

    Source:
        Korean smart-factory portal and press 2018–2023, listed in `data/maturity_ksx9001.yaml`.
    """
    data = read_yaml("maturity_ksx9001.yaml")
    scales = (_company_scale(data["company_level"]), _system_scale(data["system_level"]))
    return MappingProxyType({scale.code: scale for scale in scales})


def _company_scale(entry: dict[str, Any]) -> LevelScale:
    steps = tuple(
        LevelStep(
            value=level["level"],
            code=str(level["level"]),
            name_ko=f"수준 {level['level']}",
            name_en=f"Level {level['level']}",
            definition_ko=level["definition_ko"] if level["verified"] else None,
            definition_en=level["definition_en"] if level["verified"] else None,
        )
        for level in entry["levels"]
    )
    return LevelScale(entry["id"], entry["name_ko"], entry["name_en"], steps)


def _system_scale(entry: dict[str, Any]) -> LevelScale:
    steps = tuple(
        LevelStep(
            value=level["order"],
            code=level["id"],
            name_ko=level["name_ko"],
            name_en=level["name_en"],
            definition_ko=level["programme_wording_ko"] or level["summary_ko"],
            definition_en=None,
        )
        for level in entry["levels"]
        if level["order"] > 0
    )
    return LevelScale(entry["id"], entry["name_ko"], entry["name_en"], steps)
