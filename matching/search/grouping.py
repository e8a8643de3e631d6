"""From typed runs to what is asked for: names of several words, other names, words that say nothing. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from matching.search import english
from matching.search.characters import Run, clean
from matching.search.tokens import Group, QueryTokens, Typed, Word

#: A query is read up to this many characters and this many words; what follows is left out and said so.
MAX_QUERY_CHARACTERS = 200
MAX_QUERY_WORDS = 32
#: Words that a query does without, as long as another word is left.
STOP_WORDS = frozenset(["및", "등", "또는", "and", "or", "the", "of", "for", "a", "an", "in", "to", "with"])

#: A code in capitals: which ones matters only where two codes differ in nothing else.
_CODE = re.compile("[A-Za-z]*[A-Z][A-Za-z]*[A-Z][A-Za-z]*")
#: The longest run of typed words that is looked up as one name.
_LONGEST_NAME_WORDS = 4


@dataclass(frozen=True, slots=True)
class Unit:
    """One typed run with the ways to read it.

    Attributes:
        alternatives: each way is the words it stands for; a document needs all words of one.
        plain: the words under which the run is looked up as (a part of) a name.
        parts: words inside the run that can stand for it, each with its place among the `plain` ones.
        is_telling: False for particles and the like, which a query does without as long as another unit is left.
        typed: the tokens that weigh as typed, or None for those of the first alternative.
        code: a run that is not Hangul, as it was typed.
    """

    alternatives: tuple[tuple[Word, ...], ...]
    plain: tuple[Word, ...]
    is_telling: bool = True
    typed: Typed | None = None
    parts: tuple[tuple[int, Word], ...] = ()
    code: str = ""


def code_unit(run: Run) -> Unit:
    """Read a typed run that is not Hangul: its words, or all of them written as one."""
    words = english.parts(run.text)
    plain = tuple(Word(word) for word in words)
    whole = ((Word(english.whole(words)),),) if len(words) > 1 else ()
    return Unit((plain, *whole), plain, english.whole(words) not in STOP_WORDS, code=run.text)


def code_words(run: Run) -> tuple[str, ...]:
    """Return what a document holds of a run that is not Hangul: its words, and a code's words as one."""
    words = english.parts(run.text)
    return (*words, english.whole(words)) if len(words) > 1 else words


def key(words: Iterable[Word]) -> str:
    """Return what a name is looked up by: 예지 보전 and 예지보전 are one name."""
    return "".join(word.token for word in words)


class Grouping:
    """Reads queries for an analyser, which says how one run is read.

    Args:
        read: the units of cleaned text, in order.
        synonyms: for each name, the other names of the same thing, as people write them.
    """

    def __init__(
        self, read: Callable[[str], list[Unit]], synonyms: Callable[[], Mapping[str, Iterable[str]]]
    ) -> None:
        self._read = read
        self._synonyms = synonyms
        self._names: dict[str, tuple[tuple[Word, ...], ...]] | None = None
        #: names of codes that are other things in other capitals, as they are written: PdM, PDM
        self._as_written: dict[str, tuple[tuple[Word, ...], ...]] = {}

    def query(self, text: str) -> QueryTokens:
        """Return the groups of a query, the longest known names first, each widened by its other names."""
        stripped = text.strip()
        # Cut before and after: one character may become many in NFKC.
        cleaned = clean(stripped[:MAX_QUERY_CHARACTERS])
        units = telling(self._read(cleaned[:MAX_QUERY_CHARACTERS]))
        return QueryTokens(
            groups=tuple(self._groups(units[:MAX_QUERY_WORDS])),
            is_blank=not cleaned.strip(),
            was_cut=max(len(stripped), len(cleaned)) > MAX_QUERY_CHARACTERS or len(units) > MAX_QUERY_WORDS,
        )

    def _groups(self, units: list[Unit]) -> Iterator[Group]:
        names_of = self._known_names()
        start = 0
        while start < len(units):
            for size in range(min(_LONGEST_NAME_WORDS, len(units) - start), 0, -1):
                span = units[start : start + size]
                written = tuple(word for unit in span for word in unit.plain)
                names = self._as_written.get(span[0].code, ()) if size == 1 else ()
                names = names or names_of.get(key(written), ())
                if names or size == 1:
                    typed = span[0].alternatives if size == 1 else (written,)
                    parts = self._parts(span[0]) if size == 1 else ()
                    every = tuple(dict.fromkeys((*typed, *names, *parts)))
                    yield Group(every, span[0].typed if size == 1 else _typed(span))
                    start += size
                    break

    def _parts(self, unit: Unit) -> Iterator[tuple[Word, ...]]:
        """Yield what can stand for a run: the names inside it, longest first, and its other parts."""
        names_of = self._known_names()
        taken: set[int] = set()
        for size in range(len(unit.plain) - 1, 1, -1):
            for start in range(len(unit.plain) - size + 1):
                span = range(start, start + size)
                names = (
                    ()
                    if taken.intersection(span)
                    else names_of.get(key(unit.plain[start : start + size]), ())
                )
                yield from names
                taken.update(span if names else ())
        yield from ((word,) for place, word in unit.parts if place not in taken)

    def _known_names(self) -> dict[str, tuple[tuple[Word, ...], ...]]:
        """Return for each name's key all names of the thing, read when first needed."""
        if self._names is None:
            found: dict[str, dict[str, tuple[tuple[Word, ...], ...]]] = {}
            for name, others in self._synonyms().items():
                # The name itself belongs to them: typed as 예지 보전 it is written otherwise.
                every = tuple(dict.fromkeys(self._words(one) for one in (name, *others)))
                found.setdefault(key(self._words(name)), {})[name] = every
            found.pop("", None)
            for of in found.values():
                if len(set(map(frozenset, of.values()))) > 1:
                    self._as_written |= {name: every for name, every in of.items() if _CODE.fullmatch(name)}
            self._names = {
                name: tuple(dict.fromkeys(one for every in of.values() for one in every))
                for name, of in found.items()
            }
        return self._names

    def _words(self, name: str) -> tuple[Word, ...]:
        return tuple(word for unit in telling(self._read(clean(name))) for word in unit.plain)


def telling(units: list[Unit]) -> list[Unit]:
    """Leave out what says nothing, unless nothing else is there."""
    return [unit for unit in units if unit.is_telling] or units


def _typed(span: list[Unit]) -> Typed | None:
    if all(unit.typed is None for unit in span):
        return None
    parts = [unit.typed or Typed(tuple(word.token for word in unit.plain), ()) for unit in span]
    return Typed(
        tuple(token for part in parts for token in part.words),
        tuple(gram for part in parts for gram in part.grams),
    )
