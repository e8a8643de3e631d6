"""Hangul letter by letter: as typed on a keyboard, by first consonants, by distance. Pure.

A *stroke* is one key press of the Korean two-set keyboard, written as the letter on the key: 사출 is ㅅㅏㅊㅜㄹ, 닭 is ㄷㅏㄹㄱ.
"""

import re
import unicodedata


def _listed(letters: str) -> list[str]:
    return letters.split(" ")


_LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = _listed("ㅏ ㅐ ㅑ ㅒ ㅓ ㅔ ㅕ ㅖ ㅗ ㅗㅏ ㅗㅐ ㅗㅣ ㅛ ㅜ ㅜㅓ ㅜㅔ ㅜㅣ ㅠ ㅡ ㅡㅣ ㅣ")
#: The first is none.
_TAILS = _listed(
    " ㄱ ㄲ ㄱㅅ ㄴ ㄴㅈ ㄴㅎ ㄷ ㄹ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ ㅁ ㅂ ㅂㅅ ㅅ ㅆ ㅇ ㅈ ㅊ ㅋ ㅌ ㅍ ㅎ"
)
#: Letters that stand alone but take two strokes.
_DOUBLE = dict(
    zip(
        "ㅘㅙㅚㅝㅞㅟㅢㄳㄵㄶㄺㄻㄼㄽㄾㄿㅀㅄ",
        _listed("ㅗㅏ ㅗㅐ ㅗㅣ ㅜㅓ ㅜㅔ ㅜㅣ ㅡㅣ ㄱㅅ ㄴㅈ ㄴㅎ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ ㅂㅅ"),
        strict=True,
    )
)
#: NFKC makes of a letter that stands alone (ㅅ) one that waits for others (U+1109): back again.
_ALONE = {
    ord(unicodedata.normalize("NFKC", chr(code))): chr(code) for code in range(ord("ㄱ"), ord("ㅣ") + 1)
}
_FIRST, _LAST = ord("가"), ord("힣")

#: key of a Latin keyboard → stroke; capitals are keys pressed with shift
_KEYS = dict(
    zip(
        "qwertyuiopasdfghjklzxcvbnmQWERTOP",
        "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡㅃㅉㄸㄲㅆㅒㅖ",
        strict=True,
    )
)
_KEY_OF = {stroke: key for key, stroke in _KEYS.items()}


def _either(strokes: list[str]) -> str:
    return "|".join(sorted(filter(None, strokes), key=len, reverse=True))


_SYLLABLE = re.compile(f"([{_LEADS}])({_either(_VOWELS)})(?:({_either(_TAILS)})(?![ㅏ-ㅣ]))?")
_LETTERS = re.compile("[ㄱ-ㅣ]")


def _strokes_of(code: int) -> str:
    lead, rest = divmod(code - _FIRST, len(_VOWELS) * len(_TAILS))
    vowel, tail = divmod(rest, len(_TAILS))
    return _LEADS[lead] + _VOWELS[vowel] + _TAILS[tail]


#: For `str.translate`: every syllable and double letter → its strokes, and → its first consonant.
STROKES = {code: _strokes_of(code) for code in range(_FIRST, _LAST + 1)} | {
    ord(one): two for one, two in _DOUBLE.items()
}
_INITIALS = {code: _strokes_of(code)[0] for code in range(_FIRST, _LAST + 1)}


def strokes(text: str) -> str:
    """Return a text with every syllable as its strokes; whatever is not Hangul stays."""
    return text.translate(STROKES)


def alone(cleaned: str) -> str:
    """Return a text in NFKC with the letters that stand alone as they are typed."""
    return cleaned.translate(_ALONE)


def initials(text: str) -> str:
    """Return a text with every syllable as its first consonant: 사출성형 is ㅅㅊㅅㅎ."""
    return text.translate(_INITIALS)


def is_initials(text: str) -> bool:
    """Say whether a text is nothing but consonants that can begin a syllable, spaces aside."""
    letters = text.replace(" ", "")
    return bool(letters) and all(letter in _LEADS for letter in letters)


def composed(typed: str) -> str:
    """Return strokes as the syllables that a keyboard makes of them; strokes that make none stay letters."""
    return _SYLLABLE.sub(_syllable, typed)


def on_other_keyboard(typed: str) -> str | None:
    """Return what would stand there had the keyboard been the other one: tkcnf and 사출, ㅡㄷㄴ and mes.

    Of Latin letters come strokes made into syllables, of Hangul small Latin letters; capitals count as shift where the
    key has a second letter. None for anything that holds other characters, and for nothing.
    """
    if typed.isascii():
        pressed = [_KEYS.get(key) or _KEYS.get(key.lower()) for key in typed]
        return composed("".join(filter(None, pressed))) if pressed and None not in pressed else None
    keys = [_KEY_OF.get(stroke) for stroke in strokes(typed)]
    return "".join(filter(None, keys)).lower() if None not in keys else None


def is_whole(text: str) -> bool:
    """Say whether a text holds no letter of Hangul that stands alone."""
    return _LETTERS.search(text) is None


def distance(one: str, other: str, most: int) -> int:
    """Return how many insertions, deletions, replacements and swaps of neighbours lie between two texts.

    Args:
        most: larger distances are returned as `most` + 1.

    Source:
        Optimal string alignment: F. Damerau, CACM 7(3), 1964; R. Wagner, R. Lowrance, JACM 22(2), 1975.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before, row = [0] * (len(other) + 1), list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        older, before, row = before, row, [at, *[0] * len(other)]
        for place, against in enumerate(other, start=1):
            row[place] = min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (letter != against))
            if at > 1 < place and letter == other[place - 2] and one[at - 2] == against:
                row[place] = min(row[place], older[place - 2] + 1)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def _syllable(match: re.Match[str]) -> str:
    lead, vowel, tail = match.groups()
    place = (_LEADS.index(lead) * len(_VOWELS) + _VOWELS.index(vowel)) * len(_TAILS) + _TAILS.index(
        tail or ""
    )
    return chr(_FIRST + place)
