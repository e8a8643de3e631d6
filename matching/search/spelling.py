"""Say what somebody probably meant: a slip of the finger, the other keyboard, first consonants alone. Pure.

>>> Speller({"사출성형": 3, "사출": 9}).suggest("사츨성형 tkcnf")
'사출성형 사출'
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from matching.search import hangul
from matching.search.analyser import MAX_QUERY_CHARACTERS, PARTICLES
from matching.search.characters import clean

#: Words of this many letters or strokes may have two slips; from `_ONE_SLIP` on one; shorter ones none.
_TWO_SLIPS = 9
_ONE_SLIP = 4
_MOST_SLIPS = 2
#: What a word is cut into to find its neighbours: with two slips one of three pieces is still whole.
_PIECES = _MOST_SLIPS + 1
_TYPED = re.compile(r"[ㄱ-ㅣ가-힣]+|\d+(?:\.\d+)+|[^\W_ㄱ-ㅣ가-힣]+")
#: A query is put right up to this many words: each may cost milliseconds.
_MOST_WORDS = 8
#: Longer runs are no words.
_LONGEST_RUN = 40


class Speller:
    """Knows the words that are there to be found.

    Args:
        words: each word as people write it, with how often it is there; Hangul of two syllables or more, other
            words of two letters or more.
    """

    def __init__(self, words: Mapping[str, int]) -> None:
        self._count: dict[str, int] = {}
        self._written: dict[str, str] = {}
        for word, count in words.items():
            folded = word.casefold()
            if len(folded) > 1:
                self._count[folded] = self._count.get(folded, 0) + count
                self._written.setdefault(folded, word)
        self._neighbours: defaultdict[tuple[int, int, str], list[str]] = defaultdict(list)
        for word in self._count:
            letters = hangul.strokes(word)
            for number, (_, piece) in enumerate(_pieces(letters)):
                self._neighbours[len(letters), number, piece].append(word)

    def suggest(self, text: str) -> str | None:
        """Return the text with every word that is not there put right, or None when nothing can be.

        What comes before and after stays: particles, signs, words that are there. Eight words are read,
        and no more than of any query.
        """
        read = hangul.alone(clean(text.strip()[:MAX_QUERY_CHARACTERS]))[:MAX_QUERY_CHARACTERS]
        parts: list[str] = []
        end = 0
        for number, match in enumerate(_typed(read)):
            if number == _MOST_WORDS:
                break
            parts += [read[end : match[0]], self._put_right(match[1]) or match[1]]
            end = match[0] + len(match[1])
        suggested = "".join([*parts, read[end:]])
        return None if suggested.casefold() == read.casefold() else " ".join(suggested.split())

    def is_known(self, word: str) -> bool:
        """Say whether a word is there, whole or as a compound of words that are."""
        return bool(word) and self._made_of_known(word.casefold())

    def _put_right(self, run: str) -> str | None:
        """Return what a run should be; None when it is right, or nobody knows."""
        if len(run) > _LONGEST_RUN or run.isdecimal() or self.is_known(run):
            return None
        word, particle = _without_particle(run)
        if particle and self.is_known(word):
            return None
        # Once more in small letters: the caps lock may have been on.
        for other in map(hangul.on_other_keyboard, (run, run.lower())):
            if other and hangul.is_whole(other) and self.is_known(other):
                return self._written.get(other, other)
        for candidate, rest in ((run, ""), (word, particle)):
            if nearest := self._nearest(candidate):
                return nearest + rest
        return self._part_put_right(run)

    def _part_put_right(self, run: str) -> str | None:
        """Put right the one part of a compound that is not there: 사츨|공정 and 공정|사츨."""
        for at in range(len(run) - 2, 1, -1):
            if self.is_known(run[:at]) and (nearest := self._nearest(run[at:])):
                return run[:at] + nearest
            if self.is_known(run[-at:]) and (nearest := self._nearest(run[:-at])):
                return nearest + run[-at:]
        return None

    def _nearest(self, typed: str) -> str | None:
        letters = hangul.strokes(typed.casefold())
        allowed = _MOST_SLIPS if len(letters) >= _TWO_SLIPS else int(len(letters) >= _ONE_SLIP)
        best: tuple[int, int, str] | None = None
        for word in self._close(letters) if allowed else ():
            slips = hangul.distance(letters, hangul.strokes(word), allowed)
            if 0 < slips <= allowed:
                best = min(best or (slips, -self._count[word], word), (slips, -self._count[word], word))
        if best is None:
            return None
        written = self._written[best[2]]
        # Predictive stands so at the head of a title; who types small letters means the word.
        return written.lower() if typed.islower() and written[1:].islower() else written

    def _close(self, letters: str) -> set[str]:
        """Return every word with one swap or up to two other slips, and some with more."""
        found: set[str] = set()
        for length in range(max(len(letters) - _MOST_SLIPS, 1), len(letters) + _MOST_SLIPS + 1):
            for number, (start, size) in enumerate(_cuts(length)):
                for at in range(max(start - _MOST_SLIPS, 0), start + _MOST_SLIPS + 1):
                    found.update(self._neighbours.get((length, number, letters[at : at + size]), ()))
        return found

    def _made_of_known(self, word: str) -> bool:
        """Say whether known words of two letters or more follow each other without a gap."""
        reached = {0}
        for end in range(2, len(word) + 1):
            if any(start in reached and word[start:end] in self._count for start in range(end - 1)):
                reached.add(end)
        # Compounds are a thing of Hangul: in English nearly every slip would be one.
        return len(word) in reached if "가" <= word[0] <= "힣" else word in self._count


def _typed(read: str) -> Iterator[tuple[int, str]]:
    """Yield start and text of every run, letters of Hangul that stand alone included."""
    for match in _TYPED.finditer(read):
        yield match.start(), match.group()


def _pieces(letters: str) -> list[tuple[int, str]]:
    return [(start, letters[start : start + size]) for start, size in _cuts(len(letters))]


def _cuts(length: int) -> list[tuple[int, int]]:
    """Return start and size of the pieces of a word of this length; they differ by one at most."""
    bounds = [length * number // _PIECES for number in range(_PIECES + 1)]
    return [(bounds[number], bounds[number + 1] - bounds[number]) for number in range(_PIECES)]


def _without_particle(run: str) -> tuple[str, str]:
    for length in (3, 2, 1):
        if len(run) - length >= 2 and run[-length:] in PARTICLES:
            return run[:-length], run[-length:]
    return run, ""
