"""Words that are not Hangul in the one form they are compared in. Pure."""

import re
import threading
from functools import lru_cache

import snowballstemmer

from matching.search import dictionary

_ACRONYM_PLURAL = re.compile(r"[A-Z]{2,}s")
#: Longer words are no words of English; stemming them costs time for nothing.
_LONGEST_WORD = 40

_stemmer = snowballstemmer.stemmer("english")
# The stemmer keeps the word it works on in itself.
_stemming = threading.Lock()


@lru_cache(maxsize=16_384)
def fold(word: str) -> str:
    """Return a word case-folded and, if it is English, stemmed (Porter2).

    Whole stay: codes with a digit (5G, 3D, PT100), the codes listed in the dictionary, and words of up to four
    letters that end in s (MES, APS). Acronyms in capitals lose the s of their plural (PLCs).

    Source: M. Porter, "The English (Porter2) stemming algorithm", snowballstem.org.
    """
    if _ACRONYM_PLURAL.fullmatch(word):
        return word[:-1].casefold()
    folded = word.casefold()
    is_english = folded.isascii() and folded.isalpha() and 2 < len(folded) <= _LONGEST_WORD
    if not is_english or (len(folded) < 5 and folded.endswith("s")) or folded in dictionary.whole_codes():
        return folded
    with _stemming:
        stem: str = _stemmer.stemWord(folded)
    return stem


def parts(run: str) -> tuple[str, ...]:
    """Return the words of a run that is not Hangul: OPC-UA and OPCUA are opc and ua; most are one word."""
    if "-" in run:
        return tuple(fold(part) for part in run.split("-"))
    return tuple(fold(part) for part in dictionary.joined_codes().get(run.casefold(), (run,)))


def whole(words: tuple[str, ...]) -> str:
    """Return the one token under which several words of a code are kept too: opcua."""
    return "".join(words)
