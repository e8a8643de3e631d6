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

_HANGUL = re.compile("[가-힣]")
_Names = tuple[tuple[Word, ...], ...]
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
        #: for names without and with Hangul, by what they are looked up by, each as it is written
        self._written: dict[bool, dict[str, tuple[str, ...]]] = {}
        self._remembered: dict[tuple[str, ...], _Names] = {}

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
        start = 0
        while start < len(units):
            for size in range(min(_LONGEST_NAME_WORDS, len(units) - start), 0, -1):
                span = units[start : start + size]
                written = tuple(word for unit in span for word in unit.plain)
                names = self._names_of(key(written), span[0].code if size == 1 else "")
                if names or size == 1:
                    typed = span[0].alternatives if size == 1 else (written,)
                    parts = self._parts(span[0]) if size == 1 else ()
                    every = tuple(dict.fromkeys((*typed, *names, *parts)))
                    yield Group(every, span[0].typed if size == 1 else _typed(span))
                    start += size
                    break

    def _parts(self, unit: Unit) -> Iterator[tuple[Word, ...]]:
        """Yield what can stand for a run: the names inside it, longest first, and its other parts."""
        taken: set[int] = set()
        for size in range(len(unit.plain) - 1, 1, -1):
            for start in range(len(unit.plain) - size + 1):
                span = range(start, start + size)
                names = (
                    () if taken.intersection(span) else self._names_of(key(unit.plain[start : start + size]))
                )
                yield from names
                taken.update(span if names else ())
        yield from ((word,) for place, word in unit.parts if place not in taken)

    def warm(self) -> None:
        """Read every name now and not with the first query that needs it."""
        for hangul in (False, True):
            for names in self._keys(hangul).values():
                self._all_names(names)

    def _names_of(self, key_: str, code: str = "") -> _Names:
        """Return all names of what a key is a name of, in its order; nothing if it is none.

        Args:
            code: the run that it was typed as, if it is one and not Hangul.
        """
        names = self._keys(bool(_HANGUL.search(key_))).get(key_, ())
        if code in names and _CODE.fullmatch(code):
            names = (code,)
        return self._all_names(names) if names else ()

    def _keys(self, hangul: bool) -> dict[str, tuple[str, ...]]:
        # Names in Hangul are taken apart for queries in Hangul only: that may take a model.
        if hangul not in self._written:
            found: dict[str, list[str]] = {}
            for name in self._synonyms():
                if bool(_HANGUL.search(name)) == hangul:
                    found.setdefault(key(self._words(name)), []).append(name)
            found.pop("", None)
            self._written[hangul] = {each: tuple(names) for each, names in found.items()}
        return self._written[hangul]

    def _all_names(self, names: tuple[str, ...]) -> _Names:
        if names not in self._remembered:
            synonyms = self._synonyms()
            # The name itself belongs to them: typed as 예지 보전 it is written otherwise.
            every = (self._words(one) for name in names for one in (name, *synonyms[name]))
            self._remembered[names] = tuple(dict.fromkeys(every))
        return self._remembered[names]

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
