"""Turn text into the tokens that search compares: words, and pairs of Hangul syllables.

Two fields are made of every text. *Words* are what stands between spaces and punctuation. *Grams* are the
overlapping pairs of syllables of every Hangul word, so that 예지보전 is found inside 설비예지보전시스템 without
a dictionary. An engine compares tokens only; it never sees text.

Pure: no files, no clock, no database.
"""

import hashlib
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

#: A query is read up to this many characters and this many words; what follows is left out and said so.
MAX_QUERY_CHARACTERS = 200
MAX_QUERY_WORDS = 32
#: A document is read up to this many characters.
MAX_DOCUMENT_CHARACTERS = 100_000

#: Weight of a typed word, of the pairs of syllables of a typed word, and the share that other names of the
#: same thing get of either.
WORD_BOOST = 1.0
GRAM_BOOST = 0.25
OTHER_NAME_SHARE = 0.5

#: Endings of Korean nouns that carry no meaning of their own. 도 is missing on purpose: 정밀도, 온도, 습도.
PARTICLES = frozenset(
    [
        "은",
        "는",
        "이",
        "가",
        "을",
        "를",
        "의",
        "와",
        "과",
        "에",
        "로",
        "에서",
        "으로",
        "부터",
        "까지",
        "에게",
        "에는",
    ]
)
#: Words that a query does without, as long as another word is left.
STOP_WORDS = frozenset(["및", "등", "또는", "and", "or", "the", "of", "for", "a", "an", "in", "to", "with"])

#: The longest run of typed words that is looked up as one name.
_LONGEST_NAME_WORDS = 4
# Single letters of Hangul separate: NFKC turns the middle dot of Korean print (ㆍ) into one of them.
_OTHER = r"[^\W_가-힣\u1100-\u11ff]+"
_RUN = re.compile(rf"[가-힣]+|\d+(?:\.\d+)+|{_OTHER}(?:-{_OTHER})*")
_ACRONYM_PLURAL = re.compile(r"[A-Z]{2,}s")
_SPACES = frozenset("\t\n\v\f\r\x85")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one document, in order and with repetitions."""

    words: tuple[str, ...]
    grams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a query. A document has it when it has the token, or enough of the grams."""

    token: str
    grams: tuple[str, ...] = ()

    @property
    def grams_needed(self) -> int:
        """How many different grams a document must have: all of one or two, two thirds of more."""
        different = len(set(self.grams))
        return different if different <= 2 else math.ceil(2 * different / 3)


@dataclass(frozen=True, slots=True)
class Group:
    """One thing that a query asks for, under all its names.

    A document has it when it has every word of at least one of `alternatives`. The first is what the person
    wrote; the others are the same without a particle, and other names of the same thing.
    """

    alternatives: tuple[tuple[Word, ...], ...]


@dataclass(frozen=True, slots=True)
class QueryTokens:
    """A query as an engine reads it.

    Attributes:
        groups: the things asked for; empty when the text holds no word at all.
        is_blank: nothing was typed, so nothing is asked; a text of signs only is not blank and finds nothing.
        was_cut: the text was longer than `MAX_QUERY_CHARACTERS` or `MAX_QUERY_WORDS`.
    """

    groups: tuple[Group, ...]
    is_blank: bool
    was_cut: bool

    @property
    def groups_needed(self) -> int:
        """How many groups a document must have: half of them, rounded up."""
        return (len(self.groups) + 1) // 2

    def word_boosts(self) -> dict[str, float]:
        """Return the weight of each word token: 1 for each time it was typed, half for another name."""
        return self._boosts(WORD_BOOST, lambda word: (word.token,))

    def gram_boosts(self) -> dict[str, float]:
        """Return the weight of each gram: a quarter for each time typed, an eighth for another name."""
        return self._boosts(GRAM_BOOST, lambda word: word.grams)

    def _boosts(self, boost: float, tokens_of: "_TokensOf") -> dict[str, float]:
        typed: dict[str, float] = {}
        other: dict[str, float] = {}
        for group in self.groups:
            for word in group.alternatives[0]:
                for token in tokens_of(word):
                    typed[token] = typed.get(token, 0.0) + boost
            for alternative in group.alternatives[1:]:
                for word in alternative:
                    other.update(dict.fromkeys(tokens_of(word), boost * OTHER_NAME_SHARE))
        return {**other, **typed}


#: The ways to read one typed word; each is the words it stands for.
Readings = tuple[tuple[Word, ...], ...]


class _TokensOf(Protocol):
    def __call__(self, word: Word, /) -> tuple[str, ...]: ...


class Analyser(Protocol):
    """What an engine needs to know of an analyser."""

    @property
    def name(self) -> str:
        """A short name, for people and for the stamp."""

    @property
    def version(self) -> str:
        """Changes whenever the tokens of any document may change."""

    def stamp(self) -> str:
        """Name, version and a digest of every option that shapes the tokens of documents."""

    def document(self, text: str) -> Tokens:
        """Return the tokens of a document."""

    def query(self, text: str) -> QueryTokens:
        """Return what a query asks for."""


class BigramAnalyser:
    """Words and pairs of Hangul syllables, by rule alone.

    Text is put into Unicode form NFKC; control and format characters are removed. Hangul words lose a
    particle when at least two syllables are left. Other words are case-folded; English plurals lose their
    ending when the word has five letters or more, or is an acronym (PLCs). Codes such as 5G, 3D, PLC or MES
    are therefore kept whole; OPC-UA is indexed as opc, ua and opcua. A query of one syllable finds every
    Hangul word that holds it.

    Args:
        synonyms: for each name, the other names of the same thing, as people write them. They widen queries
            only, so they are no part of the stamp. A name is found however it is spaced.

    Source:
        Plurals: D. Harman, "How effective is suffixing?", JASIS 42(1), 1991, with one rule of our own for
        -sses, -shes, -ches and -xes. Bigrams for Korean: J. H. Lee, J. S. Ahn, "Using n-grams for Korean text
        retrieval", SIGIR 1996.
    """

    name = "bigram"
    version = "1"

    def __init__(self, synonyms: Mapping[str, Iterable[str]] | None = None) -> None:
        self._names: dict[str, dict[tuple[Word, ...], None]] = {}
        for name, others in (synonyms or {}).items():
            known = self._names.setdefault(_key(_words(name)), {})
            # The name itself belongs to them: typed as 예지 보전 it is written otherwise.
            known.update((_words(one), None) for one in (name, *others))
        self._names.pop("", None)

    def stamp(self) -> str:
        """Return for example `bigram/1/5f3c9a0e`."""
        options = "|".join([*sorted(PARTICLES), str(MAX_DOCUMENT_CHARACTERS), _RUN.pattern])
        return f"{self.name}/{self.version}/{hashlib.sha256(options.encode()).hexdigest()[:8]}"

    def document(self, text: str) -> Tokens:
        """Return every word and gram of a text; single syllables are grams too, for one-syllable queries."""
        words: list[str] = []
        grams: list[str] = []
        for run in _runs(_clean(text[:MAX_DOCUMENT_CHARACTERS])):
            if _is_hangul(run):
                words.append(_without_particle(run))
                grams.extend(run)
                grams.extend(_pairs(run) if len(run) > 1 else ())
            else:
                parts = [_fold(part) for part in run.split("-")]
                words.extend(parts)
                words.extend(["".join(parts)] if len(parts) > 1 else ())
        return Tokens(tuple(words), tuple(grams))

    def query(self, text: str) -> QueryTokens:
        """Return the groups of a query, the longest known names first, each widened by its other names."""
        stripped = text.strip()
        # Cut before and after: one character may become many in NFKC.
        cleaned = _clean(stripped[:MAX_QUERY_CHARACTERS])
        units = _telling([_typed_words(run) for run in _runs(cleaned[:MAX_QUERY_CHARACTERS])])
        return QueryTokens(
            groups=tuple(self._groups(units[:MAX_QUERY_WORDS])),
            is_blank=not cleaned.strip(),
            was_cut=max(len(stripped), len(cleaned)) > MAX_QUERY_CHARACTERS or len(units) > MAX_QUERY_WORDS,
        )

    def _groups(self, units: list[Readings]) -> Iterator[Group]:
        start = 0
        while start < len(units):
            for size in range(min(_LONGEST_NAME_WORDS, len(units) - start), 0, -1):
                span = units[start : start + size]
                written = tuple(word for unit in span for word in unit[0])
                names = self._names.get(_key(written), {})
                if names or size == 1:
                    typed = span[0] if size == 1 else (written,)
                    yield Group((*typed, *(name for name in names if name not in typed)))
                    start += size
                    break


def _clean(text: str) -> str:
    """Return NFKC text without control, format and surrogate characters; white space becomes a space."""
    return "".join(
        " " if character in _SPACES else character
        for character in unicodedata.normalize("NFKC", text)
        if character in _SPACES or unicodedata.category(character) not in ("Cc", "Cf", "Cs")
    )


def _runs(text: str) -> Iterator[str]:
    """Yield the words of cleaned text; a particle written onto a code (MES를) is left out."""
    end_of_code = -1
    for match in _RUN.finditer(text):
        run = match.group()
        if _is_hangul(run):
            if match.start() == end_of_code and run in PARTICLES:
                continue
        else:
            end_of_code = match.end()
        yield run


def _telling(units: list[Readings]) -> list[Readings]:
    """Leave out stop words, unless nothing else is there."""
    return [unit for unit in units if _key(unit[0]) not in STOP_WORDS] or units


def _typed_words(run: str) -> Readings:
    """Return the ways to read one typed run: as written and, if it ends in a particle, without it."""
    if not _is_hangul(run):
        return (tuple(Word(_fold(part)) for part in run.split("-")),)
    token = _without_particle(run)
    as_written = (Word(token, _pairs(run)),)
    return (as_written,) if token == run else (as_written, (Word(token, _pairs(token)),))


def _words(name: str) -> tuple[Word, ...]:
    """Return a name as words, each without its particle."""
    units = _telling([_typed_words(run) for run in _runs(_clean(name))])
    return tuple(word for unit in units for word in unit[-1])


def _key(words: tuple[Word, ...]) -> str:
    return "".join(word.token for word in words)


def _is_hangul(run: str) -> bool:
    return "가" <= run[0] <= "힣"


def _pairs(run: str) -> tuple[str, ...]:
    return tuple(run[at : at + 2] for at in range(len(run) - 1)) or (run,)


def _without_particle(run: str) -> str:
    for length in (3, 2, 1):
        if len(run) - length >= 2 and run[-length:] in PARTICLES:
            return run[:-length]
    return run


def _fold(part: str) -> str:
    """Return a word that is not Hangul in the one form it is compared in."""
    if _ACRONYM_PLURAL.fullmatch(part):
        return part[:-1].casefold()
    word = part.casefold()
    if len(word) < 5 or not (word.isascii() and word.isalpha()) or not word.endswith("s"):
        return word
    if word.endswith(("us", "ss", "is")):
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "shes", "ches", "xes")) else word[:-1]
