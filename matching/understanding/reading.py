"""Read what a factory wrote about its need; see docs/demand-text.md for every rule with examples.

>>> from datetime import date
>>> found = read("용접 불량을 줄이고 싶고 MES는 있는데 ERP와 연결하고 싶어요. 예산 5천만 원", date(2026, 11, 21))
>>> [(one.field, one.value) for one in found.found][1:]
[('must', 'ai_vision'), ('system', 'mes'), ('link', ('mes', 'erp')), ('budget_amount', 50000000)]
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

from matching.understanding import amounts, days, lexicon, needs, places
from matching.understanding.found import (
    LINK,
    MUST,
    NICE,
    NOT_WANTED,
    Found,
    overlaps,
)

#: Characters that pages and programs may send; the reader itself takes any length.
MOST_CHARACTERS = 10_000
#: Least quality 1–5 that a capability gets when nothing is said about it.
USUAL_QUALITY = 3

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORD = re.compile(r"[0-9A-Za-z가-힣]")
_CLAUSE = re.compile(r"[^.!?\n;。]+(?:(?<=[0-9])\.(?=[0-9])[^.!?\n;。]+)*")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood.

    Attributes:
        text: what was read: composed (NFC), invisible characters turned into blanks. Spans count in it.
        found: in the order of the text.
        left: (start, end) of the clauses in which nothing was understood.
        contradictions: codes that are both asked for and ruled out; they are not among the requirements.
    """

    text: str
    found: tuple[Found, ...]
    left: tuple[tuple[int, int], ...]
    contradictions: tuple[str, ...]

    def words(self, one: Found) -> str:
        """The words that said it."""
        return self.text[one.start : one.end]

    def values(self, field: str) -> list[Any]:
        """What was found for a field, each once, in the order of the text."""
        return list(dict.fromkeys(one.value for one in self.found if one.field == field))

    @property
    def requirements(self) -> list[dict[str, Any]]:
        """Capabilities as a demand states them; what is both needed and wished is needed."""
        must = [code for code in self.values(MUST) if code not in self.contradictions]
        nice = [code for code in self.values(NICE) if code not in must and code not in self.contradictions]
        return [
            {"capability": code, "must": code in must, "min_quality": USUAL_QUALITY}
            for code in (*must, *nice)
        ]

    @property
    def links(self) -> list[list[str]]:
        """Pairs that must exchange data, each once whichever comes first."""
        pairs = {frozenset(pair): list(pair) for pair in reversed(self.values(LINK))}
        return list(reversed(pairs.values()))

    def one(self, field: str) -> Any:
        """The value of a field that a demand has once: the last that was said, or None."""
        said = self.values(field)
        return said[-1] if said else None


def read(text: str, today: date) -> Reading:
    """Everything that the rules understand in `text`; what they do not is left, never guessed.

    Args:
        text: any text, of any length, in Korean or English.
        today: the day from which "next March" and "in six weeks" count.
    """
    text = clean(text)
    found = amounts.read(text) + days.read(text, today)
    taken = [(one.start, one.end) for one in found]
    found += [one for one in places.levels(text) if not overlaps(one, taken)]
    found += places.of_scheme(text, "region", lexicon.regions())
    found += places.of_scheme(text, "industry", lexicon.industries())
    found += places.of_scheme(text, "process", lexicon.processes())
    found += needs.read(text)
    found.sort(key=lambda one: (one.start, one.end, one.field))
    return Reading(text, tuple(found), _left(text, found), _contradictions(found))


def clean(text: str) -> str:
    """Composed letters; what cannot be seen becomes a blank, so that it neither hides nor joins words."""
    return _CONTROL.sub(" ", unicodedata.normalize("NFC", _SURROGATE.sub(" ", text)))


def _left(text: str, found: list[Found]) -> tuple[tuple[int, int], ...]:
    spans = [(one.start, one.end) for one in found]
    left = []
    for match in _CLAUSE.finditer(text):
        words = match[0].strip()
        start = match.start() + match[0].find(words)
        if _WORD.search(words) and not overlaps((start, start + len(words)), spans):
            left.append((start, start + len(words)))
    return tuple(left)


def _contradictions(found: list[Found]) -> tuple[str, ...]:
    ruled_out = {one.value for one in found if one.field == NOT_WANTED}
    wanted = [one.value for one in found if one.field in (MUST, NICE)]
    return tuple(code for code in dict.fromkeys(wanted) if code in ruled_out)
