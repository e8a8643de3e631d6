"""What helps somebody who types: completions and spelling, made of what is in the index. Pure but for a thread."""

import re
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from matching.search import dictionary, hangul, vocabulary
from matching.search.analyser import PARTICLES
from matching.search.characters import clean, runs
from matching.search.completion import Completions
from matching.search.documents import Document
from matching.search.engine import Engine
from matching.search.query import SearchQuery
from matching.search.spelling import Speller

#: Up to this many listings help is made anew at once, in some hundredths of a second; beyond, beside the answers.
AT_ONCE = 2_000
#: … and then at most this often.
EVERY_SECONDS = 60.0
#: With so few results the conditions that hide more are named, and another text need not find more than the one typed.
FEW = 3
#: A name of the taxonomy stands before titles.
_NAME_WEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class Help:
    """Completions and spelling as of one revision of the index; never changed."""

    revision: int
    completions: Completions
    speller: Speller

    def meant(self, text: str) -> str | None:
        """Return what somebody probably meant: first consonants become the best completion, slips are put right."""
        if hangul.is_initials(hangul.strokes(hangul.alone(clean(text[:40])))):
            return next(iter(self.completions.complete(text, 1)), None)
        return self.speller.suggest(text)


class Helper:
    """One process's help, made anew when the index has moved. Safe to use from many threads."""

    def __init__(self) -> None:
        self._help = help_of((), -1)
        self._making = threading.Lock()
        self._made_at = float("-inf")

    def current(self, engine: Engine) -> Help:
        """Return the help for an engine; with many listings perhaps that of an earlier revision."""
        if self._help.revision != engine.revision:
            documents = engine.all()
            if len(documents) <= AT_ONCE:
                with self._making:
                    self._make(engine)
            elif time.monotonic() - self._made_at >= EVERY_SECONDS and self._making.acquire(blocking=False):
                threading.Thread(
                    target=self._make_beside, args=(engine,), name="search-help", daemon=True
                ).start()
        return self._help

    def _make_beside(self, engine: Engine) -> None:
        try:
            self._make(engine)
        finally:
            self._made_at = time.monotonic()
            self._making.release()

    def _make(self, engine: Engine) -> None:
        # Read before the documents: if they are newer, the help is made once more.
        revision = engine.revision
        if self._help.revision != revision:
            self._help = help_of(engine.all(), revision)


def meant_text(engine: Engine, known: Help, query: SearchQuery, total: int) -> str | None:
    """Return what the text of a search was probably meant to be, if that finds something and more.

    A slip that still finds much, by a part of the word that is right, is a slip all the same.

    Args:
        total: what the search finds as it is; with at most `FEW` as much is enough.
    """
    text = known.meant(query.text) if query.text else None
    if text is None:
        return None
    found = engine.search(replace(query, text=text, offset=0, limit=0)).total
    return text if found >= (max(total, 1) if total <= FEW else total + 1) else None


def help_of(documents: Iterable[Document], revision: int) -> Help:
    """Make help of the titles that are there, the names of the taxonomy and the dictionary."""
    names = [name for name in vocabulary.names() if not _SEVERAL_NAMES.search(name)]
    known = list(documents)
    titles = [title for document in known for title in _titles(document) if title]
    vendors = {document.vendor_name for document in known}
    counted = Counter(word for text in (*names, *titles, *vendors) for word in _words(text))
    counted.update(dictionary.words())
    weighted = [*((name, _NAME_WEIGHT) for name in names), *((title, 1.0) for title in titles)]
    return Help(revision, Completions(weighted), Speller(counted))


_SEVERAL_NAMES = re.compile(r"[·/,()]")


def _titles(document: Document) -> tuple[str, str]:
    return document.content["title"], document.content["title_en"]


def _words(text: str) -> Iterator[str]:
    """Yield the words of a text as they are written, Hangul also without a particle."""
    for run in runs(clean(text)):
        yield run.text
        if run.is_hangul:
            yield from (
                run.text[:-size]
                for size in (1, 2)
                if len(run.text) - size >= 2 and run.text[-size:] in PARTICLES
            )
