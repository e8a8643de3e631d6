"""The analyser of the product: Korean by morphemes, with the pairs of syllables beside them. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from matching.search import morphemes
from matching.search.analyser import (
    MAX_DOCUMENT_CHARACTERS,
    PARTICLES,
    REMEMBERED_QUERIES,
    Analyser,
    BigramAnalyser,
    readable,
    stamp,
)
from matching.search.characters import Run, clean, grams, pairs, runs
from matching.search.grouping import STOP_WORDS, Grouping, Unit, code_unit, code_words
from matching.search.morphemes import Apart, Morpheme
from matching.search.tokens import QueryTokens, Tokens, Typed, Word

#: Parts of a compound that do not stand for it: nearly everything in a store of software is one.
NEVER_ALONE = frozenset([
    "시스템", "솔루션", "소프트웨어", "프로그램", "플랫폼", "서비스", "관리", "통합", "기반", "지원", "제조", "생산", "공정",
    "공장", "설비", "데이터", "스마트", "자동",
])  # fmt: skip
_BETWEEN_SPACES = re.compile(r"\S+")


class KiwiAnalyser:
    """Morphemes and pairs of syllables; everything else as `BigramAnalyser` does it.

    A compound comes apart into the words of the trade it is made of, so that 예지보전 and 설비예지보전시스템 find each
    other. A query's compound is found where all its parts are, or two thirds of its pairs of syllables, or one of
    its telling parts; what has more of it scores more. Particles and endings are left out, verbs are their stems.

    Args:
        synonyms: as for `BigramAnalyser`; they are taken apart when the first query comes, as that takes the model.

    Source:
        Kiwi: M. Lee, "Kiwi: Developing a Korean Morphological Analyzer Based on Statistical Language Models and
        Skip-Bigram", Korean Journal of Digital Humanities 1(1), 2024.
    """

    name = "kiwi"
    version = "1"

    def __init__(self, synonyms: Mapping[str, Iterable[str]] | None = None) -> None:
        self._grouping = Grouping(_units, lambda: synonyms or {})
        self._remembered = lru_cache(REMEMBERED_QUERIES)(self._grouping.query)

    def stamp(self) -> str:
        """Return for example `kiwi/1/5f3c9a0e`; it holds the versions of Kiwi, of its model and of the dictionary."""
        return stamp(self, *morphemes.options())

    def document(self, text: str) -> Tokens:
        """Return every morpheme and gram of a text."""
        words: list[str] = []
        found: list[str] = []
        for run, parts in _taken(clean(text[:MAX_DOCUMENT_CHARACTERS])):
            if not run.is_hangul:
                words.extend(code_words(run))
                continue
            found.extend(grams(run.text))
            if parts.morphemes:
                words.extend(token for part in parts.morphemes for token in (part.text, *part.inner))
            elif not parts.is_function:
                words.append(run.text)
        return Tokens(tuple(words), tuple(found))

    def query(self, text: str) -> QueryTokens:
        """Return the groups of a query, the longest known names first, each widened by its other names."""
        return self._remembered(readable(text))

    def warm(self) -> None:
        """Load the model and read the other names now: about a second and 300 MB, once for a process."""
        morphemes.load()
        self._grouping.warm()


def best_analyser(
    synonyms: Mapping[str, Iterable[str]] | None = None,
    is_available: Callable[[], bool] = morphemes.is_available,
) -> Analyser:
    """Return the analyser by morphemes, or where Kiwi is not installed the one by pairs of syllables."""
    return KiwiAnalyser(synonyms) if is_available() else BigramAnalyser(synonyms)


class _Parts:
    """What of a word taken apart stands in one run of it."""

    def __init__(self, run: Run, apart: Apart, offset: int) -> None:
        start, end = run.start - offset, run.end - offset
        is_particle = run.text in PARTICLES
        found = tuple(part for part in apart.morphemes if start <= part.start < end)
        self.morphemes = () if is_particle else found
        self.is_function = is_particle or (not found and apart.function.issuperset(range(start, end)))
        #: the run without what follows its last morpheme, except an ending of one syllable: 사출성형기 of 사출성형기를
        last = max((part.end for part in self.morphemes), default=end)
        while last < end and last not in apart.function:
            last += 1
        self.core = run.text[: last - start]


def _taken(cleaned: str) -> Iterator[tuple[Run, _Parts]]:
    """Yield the runs of a cleaned text; words come apart as a whole, for 를 is a particle in MES를."""
    words = list(_BETWEEN_SPACES.finditer(cleaned))
    place = 0
    nothing = Apart((), frozenset())
    for run in runs(cleaned):
        while words[place].end() < run.end:
            place += 1
        word = words[place]
        apart = morphemes.take_apart(word.group()) if run.is_hangul else nothing
        yield run, _Parts(run, apart, word.start())


def _units(cleaned: str) -> list[Unit]:
    return [_unit(run, parts) if run.is_hangul else code_unit(run) for run, parts in _taken(cleaned)]


def _unit(run: Run, parts: _Parts) -> Unit:
    """Read a Hangul run: as a whole by its pairs, by all its morphemes, and by each part that stands for it."""
    found = parts.morphemes
    if not found:
        word = Word(run.text, pairs(run.text))
        return Unit(((word,),), (word,), not parts.is_function and run.text not in STOP_WORDS)
    plain = tuple(_word(part.text) for part in found)
    alternatives = [plain]
    if len(parts.core) > 1 and (len(found) > 1 or found[0].text != parts.core):
        alternatives.insert(0, (Word("", pairs(parts.core)),))
    typed = Typed(tuple(part.text for part in found), pairs(parts.core))
    return Unit(tuple(alternatives), plain, run.text not in STOP_WORDS, typed, tuple(_standing_alone(found)))


def _standing_alone(found: tuple[Morpheme, ...]) -> Iterator[tuple[int, Word]]:
    for place, part in enumerate(found):
        texts = (part.text, *part.inner) if len(found) > 1 else part.inner
        if part.is_noun:
            yield from ((place, _word(text)) for text in texts if text not in NEVER_ALONE)


def _word(text: str) -> Word:
    return Word(text, pairs(text))
