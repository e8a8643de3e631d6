"""Sector divisions of the ministry's alliances: a reference list that our alliances may point at."""

from dataclasses import dataclass
from functools import cache

from catalog.taxonomy.files import read_yaml
from catalog.taxonomy.terms import is_english


@dataclass(frozen=True, slots=True)
class Division:
    """One division of one of the two bodies.

    Attributes:
        code: the year of its body and its id, "2025:ai_factory"; the bodies are different ones.
        body_ko, body_en: the body that it belongs to. complete: whether the whole list of that body is known.
    """

    code: str
    name_ko: str
    name_en: str
    body_ko: str
    body_en: str
    complete: bool

    def name(self, locale: str) -> str:
        """The name with that of its body, for a locale such as "ko" or "en"."""
        return (
            f"{self.name_en} · {self.body_en}" if is_english(locale) else f"{self.name_ko} · {self.body_ko}"
        )


@cache
def divisions() -> tuple[Division, ...]:
    """Return every division, the newer body first."""
    editions = sorted(
        read_yaml("divisions.yaml")["editions"], key=lambda edition: edition["id"], reverse=True
    )
    return tuple(
        Division(
            f"{edition['id']}:{entry['id']}",
            entry["name_ko"],
            entry["name_en"],
            edition["name_ko"],
            edition["name_en"],
            edition["complete"],
        )
        for edition in editions
        for entry in edition["divisions"]
    )


def division(code: str) -> Division | None:
    """Return a division by its code, or None."""
    return next((one for one in divisions() if one.code == code), None)
