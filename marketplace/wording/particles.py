"""Korean particles that follow the sound before them: 을/를, 이/가, 은/는, 과/와, 으로/로.

A message writes both forms, "%(name)s을(를)"; once the name is in its place, `settled` keeps the one that fits.
Texts in other languages hold no such pair and stay as they are.
"""

import re

_FIRST, _LAST, _FINALS, _RIEUL = 0xAC00, 0xD7A3, 28, 8
#: Digits and capitals by their Korean names: those that end in a consonant, and of these the ones that end in ㄹ.
#: 0 is 영, and 십, 백, 천, 만 as the end of a longer number: a consonant in any case.
_CLOSED, _RIEULS = frozenset("013678LMNR"), frozenset("178LR")
#: Words in small letters are read as words: 비전, 시스템 and 툴 end in a consonant, 서버 does not.
_CLOSED_SMALL, _RIEULS_SMALL = frozenset("lmn"), frozenset("l")
#: Pair as messages write it → (after a consonant, after a vowel).
PAIRS = {
    "을(를)": ("을", "를"),
    "이(가)": ("이", "가"),
    "은(는)": ("은", "는"),
    "과(와)": ("과", "와"),
    "(으)로": ("으로", "로"),
}
#: What may stand between the last letter and the particle: quotes and brackets that close, a full stop.
_BETWEEN = "’”'\"」』)]》."
_PAIR = re.compile("|".join(re.escape(pair) for pair in PAIRS))


def particle(word: str, closed: str, open_: str) -> str | None:
    """The form that fits after the word: `closed` after a consonant, `open_` after a vowel.

    ㄹ counts as a vowel where `closed` is "으로". None: the last letter has no Korean reading.
    """
    letter = word.rstrip(_BETWEEN)[-1:]
    final = _final(letter, is_word=word.rstrip(_BETWEEN)[-2:-1].islower() or letter.islower())
    if final is None:
        return None
    return open_ if not final or (final == _RIEUL and closed == "으로") else closed


def settled(text: str) -> str:
    """The text with every pair settled by the letter before it; a pair after a letter without a reading stays."""

    def chosen(found: re.Match[str]) -> str:
        return particle(text[: found.start()], *PAIRS[found.group()]) or found.group()

    return _PAIR.sub(chosen, text)


def _final(letter: str, *, is_word: bool) -> int | None:
    """The final consonant: 0 is none, _RIEUL is ㄹ, anything else another one; None: unknown."""
    if letter and _FIRST <= ord(letter) <= _LAST:
        return (ord(letter) - _FIRST) % _FINALS
    if not letter.isascii() or not letter.isalnum():
        return None
    if is_word and letter.isalpha():
        small = letter.lower()
        return _RIEUL if small in _RIEULS_SMALL else -1 if small in _CLOSED_SMALL or small == "g" else 0
    return _RIEUL if letter.upper() in _RIEULS else -1 if letter.upper() in _CLOSED else 0
