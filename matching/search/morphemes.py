"""Take Korean words apart with Kiwi and the dictionary of the trade. Pure but for the model's files.

Kiwi is loaded when the first word is taken apart: about a second and 300 MB, once for a process.
"""

import threading
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import metadata
from importlib.util import find_spec
from typing import TYPE_CHECKING

from matching.search import dictionary

if TYPE_CHECKING:
    from kiwipiepy import Kiwi, Token

#: What is loaded of Kiwi, and how: named in the analyser's stamp.
_LOADING = {"load_multi_dict": False, "load_typo_dict": False}
#: Added to the score of every word of the dictionary: it is taken before what Kiwi would make of it.
_WORD_SCORE = 3.0
#: Makes an unknown word dear: 설비예지보전 is not one word as long as it can be known ones.
_UNKNOWN_WORD_BIAS = 10.0

#: Kiwi's tags of what is looked for: nouns, numerals, roots, stems of verbs and adjectives, adverbs, prefixes.
_NOUNS = ("NNG", "NNP", "XR")
_KEPT = (*_NOUNS, "NR", "VV", "VA", "MAG", "XPN")
#: … of what holds words together and says nothing alone: particles, endings, copula, marks.
_FUNCTION = ("J", "E", "VC", "VX", "XSV", "XSA", "S")
#: Stems and adverbs that say nothing.
_LIGHT = frozenset([
    "하", "되", "있", "위하", "대하", "통하", "따르", "관하", "의하", "같", "싶", "보", "주", "이", "가", "오", "아니",
    "그리고", "또", "더", "가장", "매우", "등", "수", "것",
])  # fmt: skip
#: One syllable at the end of a noun, before which the noun itself stands: 분쇄기, 불량률, 배출량, 열처리로.
_ENDINGS = frozenset("기로량률율도계품식형류용장업성제")
#: Shorter words are not looked into.
_SHORTEST_WITH_PARTS = 4
_SHORTEST_WITH_ENDING = 3
#: Words up to this long are remembered, this many of them.
_LONGEST_WORD = 64
_REMEMBERED_WORDS = 16_384


@dataclass(frozen=True, slots=True)
class Morpheme:
    """A part of a word that can be looked for.

    Attributes:
        text: as it is looked for; of verbs the stem.
        start, end: where it stands in the word, `end` excluded.
        inner: nouns inside it that are words themselves: 인공 and 위성 of 인공위성, 분쇄 of 분쇄기.
        is_noun: whether it can stand for the whole word.
    """

    text: str
    start: int
    end: int
    inner: tuple[str, ...]
    is_noun: bool


@dataclass(frozen=True, slots=True)
class Apart:
    """One word between spaces, taken apart.

    Attributes:
        morphemes: what can be looked for, in order.
        function: the places in the word that only hold it together: 에서 of 공정에서.
    """

    morphemes: tuple[Morpheme, ...]
    function: frozenset[int]


@cache
def is_available() -> bool:
    """Say whether Kiwi and its model are installed."""
    return find_spec("kiwipiepy") is not None and find_spec("kiwipiepy_model") is not None


@cache
def options() -> tuple[str, ...]:
    """Return everything that shapes what words come apart into; Kiwi is not loaded for it."""
    versions = [metadata.version(package) for package in ("kiwipiepy", "kiwipiepy_model")]
    shaping = (_LOADING, _WORD_SCORE, _UNKNOWN_WORD_BIAS, _KEPT, sorted(_LIGHT), sorted(_ENDINGS))
    return (*versions, *map(str, shaping), str((_SHORTEST_WITH_PARTS, _SHORTEST_WITH_ENDING, _LONGEST_WORD)))


def load() -> None:
    """Load the model now; the first word would."""
    _kiwi()


def take_apart(word: str) -> Apart:
    """Take apart what stands between two spaces, in Unicode form NFKC.

    The same word comes apart alike in every sentence: the words around it are not looked at.
    """
    if len(word) <= _LONGEST_WORD:
        return _taken_apart(word)
    pieces = [(at, _taken_apart(word[at : at + _LONGEST_WORD])) for at in range(0, len(word), _LONGEST_WORD)]
    return Apart(
        tuple(
            Morpheme(part.text, part.start + at, part.end + at, part.inner, part.is_noun)
            for at, piece in pieces
            for part in piece.morphemes
        ),
        frozenset(at + place for at, piece in pieces for place in piece.function),
    )


@lru_cache(_REMEMBERED_WORDS)
def _taken_apart(word: str) -> Apart:
    tokens = _tokens(word)
    found = []
    for token in tokens:
        tag = token.tag.partition("-")[0]
        if tag in _KEPT and token.form not in _LIGHT:
            is_noun = tag in _NOUNS and len(token.form) > 1
            inner = _inner(token.form) if tag in ("NNG", "NNP") else ()
            found.append(Morpheme(token.form, token.start, token.end, inner, is_noun))
    function = {place for token in tokens if _is_function(token) for place in range(token.start, token.end)}
    return Apart(tuple(found), frozenset(function.difference(*(range(m.start, m.end) for m in found))))


def _is_function(token: "Token") -> bool:
    return token.tag.startswith(_FUNCTION) or token.form in _LIGHT


def _inner(noun: str) -> tuple[str, ...]:
    """Return the nouns that a noun is made of, or that it has before an ending of one syllable."""
    if noun not in dictionary.words() and len(noun) >= _SHORTEST_WITH_PARTS:
        for at in range(2, len(noun) - 1):
            if _is_noun(noun[:at]) and _is_noun(noun[at:]):
                return noun[:at], noun[at:]
    if len(noun) >= _SHORTEST_WITH_ENDING and noun[-1] in _ENDINGS and _is_noun(noun[:-1]):
        return (noun[:-1],)
    return ()


@lru_cache(_REMEMBERED_WORDS)
def _is_noun(text: str) -> bool:
    if text in dictionary.words():
        return True
    tokens = _tokens(text)
    return len(tokens) == 1 and tokens[0].tag == "NNG" and not tokens[0].oov


def _tokens(word: str) -> list["Token"]:
    kiwi = _kiwi()
    tokens: list[Token] = kiwi.tokenize(word, override_config=kiwi.global_config)
    return tokens


_loading = threading.Lock()


def _kiwi() -> "Kiwi":
    with _loading:
        return _loaded()


@cache
def _loaded() -> "Kiwi":
    from kiwipiepy import Kiwi  # noqa: PLC0415 - a second and 300 MB that only who needs it pays

    kiwi = Kiwi(num_workers=1, **_LOADING)
    for word in sorted(dictionary.words()):
        kiwi.add_user_word(word, "NNG", _WORD_SCORE)
    kiwi.global_config.oov_chr_bias = _UNKNOWN_WORD_BIAS
    return kiwi
