"""From characters to runs: what stands between spaces and signs. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from matching.search import dictionary

# Single letters of Hangul separate: NFKC turns the middle dot of Korean print (ㆍ) into one of them.
_OTHER = r"[^\W_가-힣\u1100-\u11ff]+"
RUN = re.compile(rf"[가-힣]+|\d+(?:\.\d+)+|{_OTHER}(?:-{_OTHER})*")
_WHITE = frozenset("\t\n\v\f\r\x85")


class Run(NamedTuple):
    """One run of a cleaned text; `follows_code`: Hangul written straight onto a code, as in MES를."""

    text: str
    start: int
    follows_code: bool = False

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)

    @property
    def is_hangul(self) -> bool:
        """Whether it is Hangul."""
        return "가" <= self.text[0] <= "힣"


def clean(text: str) -> str:
    """Return NFKC text without control, format and surrogate characters; white space becomes a space."""
    return "".join(
        " " if character in _WHITE else character
        for character in unicodedata.normalize("NFKC", text)
        if character in _WHITE or unicodedata.category(character) not in ("Cc", "Cf", "Cs")
    )


def runs(cleaned: str) -> Iterator[Run]:
    """Yield the runs of a cleaned text; a name of several words that is one code (OPC UA) is one run, OPC-UA."""
    end_of_code = -1
    for match in RUN.finditer(dictionary.hyphened(cleaned)):
        run = Run(match.group(), match.start(), match.start() == end_of_code)
        if not run.is_hangul:
            end_of_code = match.end()
        yield run


def pairs(run: str) -> tuple[str, ...]:
    """Return the overlapping pairs of syllables of a run; a single syllable is its own."""
    return tuple(run[at : at + 2] for at in range(len(run) - 1)) or (run,)


def grams(run: str) -> tuple[str, ...]:
    """Return what a document holds of a Hangul run: each syllable, for queries of one, and the pairs."""
    return (*run, *pairs(run)) if len(run) > 1 else (run,)
