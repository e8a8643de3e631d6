"""Sentences with gaps, filled in Korean and English; a Korean word brings the particle that fits its last sound. Pure.

>>> "{x:을} 봅니다".format(x=Word("금형"))
'금형을 봅니다'
>>> "{x:으로}".format(x=Word("설비"))
'설비로'
"""

from collections.abc import Mapping

from marketplace.demo.naming import draw

#: After a closed syllable → after an open one.
_PARTICLES = {"을": "를", "이": "가", "은": "는", "과": "와", "으로": "로"}
_FIRST, _LAST, _FINALS = ord("가"), ord("힣"), 28
#: The final sound that the particle 으로 does not mind.
_RIEUL = 8
#: Names of letters that end in a closed syllable: 엘, 엠, 엔, 알.
_CLOSED_LETTERS = "LMNR"

#: [Korean, English].
Pair = list[str]


class Word(str):
    """A Korean word; its format specification is the particle it takes, as after a closed syllable."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        if spec not in _PARTICLES:
            return str(self) + spec
        final = _final(self)
        closed = final != 0 and not (spec == "으로" and final == _RIEUL)
        return str(self) + (spec if closed else _PARTICLES[spec])


def fill(pair: Pair, words: Mapping[str, Pair]) -> Pair:
    """Both sentences of a pair with their gaps filled from pairs."""
    korean = {name: Word(word[0]) for name, word in words.items()}
    english = {name: word[1] for name, word in words.items()}
    return [pair[0].format_map(korean), _capital(pair[1].format_map(english))]


def join(*pairs: Pair) -> Pair:
    """Sentences one after the other."""
    return [" ".join(pair[i] for pair in pairs) for i in (0, 1)]


def between(low: int, high: int, *words: str) -> int:
    """The whole number from `low` to `high` that these words always give."""
    return low + draw(*words) % (high - low + 1)


def number(value: int) -> Pair:
    """A number as a word of both languages."""
    return [str(value), str(value)]


def _final(word: str) -> int:
    """The final consonant of the last syllable, 0 for none."""
    last = word[-1:]
    if _FIRST <= ord(last or " ") <= _LAST:
        return (ord(last) - _FIRST) % _FINALS
    return 1 if last in _CLOSED_LETTERS else 0


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
