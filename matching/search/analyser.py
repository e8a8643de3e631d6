"""Turn text into the tokens that search compares: words, and pairs of Hangul syllables.

Two fields are made of every text. *Words* are what stands between spaces and punctuation, taken apart as far as the
analyser can. *Grams* are the overlapping pairs of syllables of every Hangul word, so that 예지보전 is found inside
설비예지보전시스템 whatever a dictionary says. An engine compares tokens only; it never sees text.

Pure: no clock, no database; the only files are the dictionary's.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Protocol

from matching.search import dictionary
from matching.search.characters import RUN, Run, clean, grams, pairs, runs
from matching.search.grouping import (
    MAX_QUERY_CHARACTERS,
    MAX_QUERY_WORDS,
    STOP_WORDS,
    Grouping,
    Unit,
    code_unit,
    code_words,
)
from matching.search.tokens import (
    GRAM_BOOST,
    OTHER_NAME_SHARE,
    WORD_BOOST,
    Group,
    QueryTokens,
    Tokens,
    Word,
)

__all__ = [
    "GRAM_BOOST",
    "MAX_DOCUMENT_CHARACTERS",
    "MAX_QUERY_CHARACTERS",
    "MAX_QUERY_WORDS",
    "OTHER_NAME_SHARE",
    "PARTICLES",
    "WORD_BOOST",
    "Analyser",
    "BigramAnalyser",
    "Group",
    "QueryTokens",
    "Tokens",
    "Word",
]

#: A document is read up to this many characters.
MAX_DOCUMENT_CHARACTERS = 100_000
#: An analyser remembers this many analysed queries.
REMEMBERED_QUERIES = 2048

#: Endings of Korean nouns that carry no meaning of their own. 도 is missing on purpose: 정밀도, 온도, 습도.
PARTICLES = frozenset([
    "은", "는", "이", "가", "을", "를", "의", "와", "과", "에", "로", "에서", "으로", "부터", "까지", "에게", "에는",
])  # fmt: skip


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

    def warm(self) -> None:
        """Load now what the first text would load; safe in a thread beside queries, which then wait for it."""


class BigramAnalyser:
    """Words and pairs of Hangul syllables, by rule alone.

    Text is put into Unicode form NFKC; control and format characters are removed. Hangul words lose a
    particle when at least two syllables are left. Other words are read as `english.fold` says; OPC-UA is indexed
    as opc, ua and opcua. A query of one syllable finds every Hangul word that holds it.

    Args:
        synonyms: for each name, the other names of the same thing, as people write them. They widen queries
            only, so they are no part of the stamp. A name is found however it is spaced.

    Source:
        Bigrams for Korean: J. H. Lee, J. S. Ahn, "Using n-grams for Korean text retrieval", SIGIR 1996.
    """

    name = "bigram"
    version = "2"

    def __init__(self, synonyms: Mapping[str, Iterable[str]] | None = None) -> None:
        self._grouping = Grouping(_units, lambda: synonyms or {})
        self._remembered = lru_cache(REMEMBERED_QUERIES)(self._grouping.query)

    def stamp(self) -> str:
        """Return for example `bigram/2/5f3c9a0e`."""
        return stamp(self, *sorted(PARTICLES))

    def document(self, text: str) -> Tokens:
        """Return every word and gram of a text; single syllables are grams too, for one-syllable queries."""
        words: list[str] = []
        found: list[str] = []
        for run in runs(clean(text[:MAX_DOCUMENT_CHARACTERS])):
            if not run.is_hangul:
                words.extend(code_words(run))
            elif not _is_particle_of_code(run):
                words.append(_without_particle(run.text))
                found.extend(grams(run.text))
        return Tokens(tuple(words), tuple(found))

    def query(self, text: str) -> QueryTokens:
        """Return the groups of a query, the longest known names first, each widened by its other names."""
        return self._remembered(readable(text))

    def warm(self) -> None:
        """Read the other names now."""
        self._grouping.warm()


def stamp(analyser: Analyser, *options: str) -> str:
    """Return name, version and a digest of the options and of everything that shapes every analyser's documents."""
    every = "|".join([*options, str(MAX_DOCUMENT_CHARACTERS), RUN.pattern, dictionary.digest()])
    return f"{analyser.name}/{analyser.version}/{hashlib.sha256(every.encode()).hexdigest()[:8]}"


def readable(text: str) -> str:
    """Return as much of a query as is needed to read it and to see that it was too long."""
    return text.strip()[: MAX_QUERY_CHARACTERS + 1]


def _units(cleaned: str) -> list[Unit]:
    return [_unit(run) for run in runs(cleaned) if not _is_particle_of_code(run)]


def _unit(run: Run) -> Unit:
    """Return the ways to read one typed run: as written and, if it ends in a particle, without it."""
    if not run.is_hangul:
        return code_unit(run)
    token = _without_particle(run.text)
    as_written = (Word(token, pairs(run.text)),)
    shorter = (Word(token, pairs(token)),)
    alternatives = (as_written,) if token == run.text else (as_written, shorter)
    return Unit(alternatives, shorter, token not in STOP_WORDS)


def _is_particle_of_code(run: Run) -> bool:
    return run.follows_code and run.text in PARTICLES


def _without_particle(run: str) -> str:
    for length in (3, 2, 1):
        if len(run) - length >= 2 and run[-length:] in PARTICLES:
            return run[:-length]
    return run
