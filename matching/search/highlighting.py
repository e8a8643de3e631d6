"""Show where a text holds what was searched for. Pure: the tokens of a query and a text are enough.

>>> from matching.search.analyser import BigramAnalyser
>>> marked("설비예지보전시스템", BigramAnalyser().query("예지보전"))
[('설비', False), ('예지보전', True), ('시스템', False)]
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from matching.search import english
from matching.search.characters import Run, clean, runs
from matching.search.tokens import QueryTokens, Typed

#: A text is looked through up to this many characters.
MAX_CHARACTERS = 20_000

Span = tuple[int, int]


def spans(text: str, query: QueryTokens) -> list[Span]:
    """Return (start, end) of every place in `text` that a query means, in order, apart from each other.

    Hangul is found inside longer words; other words by their stem. Names of the same thing count too, where the
    text has all their words. The numbers are positions in `text` as it is, whatever Unicode form it is in.
    """
    if query.is_blank:
        return []
    cleaned, places = _aligned(text[:MAX_CHARACTERS])
    held = list(runs(cleaned))
    hangul, others = _sought(query, held)
    found = [
        (places[start][0], places[end - 1][1])
        for run in held
        for start, end in (_inside(run, hangul) if run.is_hangul else _whole(run, others))
    ]
    return _merged(found, text)


def marked(text: str, query: QueryTokens) -> list[tuple[str, bool]]:
    """Return a text in pieces, each with whether it is meant; joined they are the text again, character by character.

    A template writes the pieces one by one, so that each is escaped as any other text.
    """
    pieces: list[tuple[str, bool]] = []
    end = 0
    for start, stop in spans(text, query):
        pieces += [(text[end:start], False), (text[start:stop], True)]
        end = stop
    pieces.append((text[end:], False))
    return [piece for piece in pieces if piece[0]]


def _sought(query: QueryTokens, held: Sequence[Run]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the Hangul to look for, longest first, and the stems of other words."""
    tokens: dict[str, None] = {}
    for group in query.groups:
        tokens.update(dict.fromkeys(group.typed_words()))
        names = (dict.fromkeys(word.token for word in name) for name in group.alternatives)
        for name in names:
            tokens.update(name if all(_stands(token, held) for token in name) else {})
        tokens.update((_joined(group.typed), None) for _ in range(group.typed is not None))
    tokens.pop("", None)
    hangul = sorted((token for token in tokens if "가" <= token[0] <= "힣"), key=len, reverse=True)
    # One syllable stands in every third word: it is looked for only where nothing longer was typed.
    long = [token for token in hangul if len(token) > 1]
    return tuple(long or hangul), frozenset(tokens).difference(hangul)


def _stands(token: str, held: Iterable[Run]) -> bool:
    """Say whether a text has a token; an empty one, which only pairs of syllables tell, it may have."""
    if "가" <= token[:1] <= "힣":
        return any(run.is_hangul and token in run.text for run in held)
    return not token or any(
        True for run in held if not run.is_hangul for _ in _whole(run, frozenset({token}))
    )


def _joined(typed: Typed | None) -> str:
    """Return the typed word that overlapping pairs were made of."""
    grams = typed.grams if typed else ()
    return "".join([grams[0], *(gram[-1] for gram in grams[1:])]) if grams else ""


def _inside(run: Run, sought: Iterable[str]) -> Iterator[Span]:
    for token in sought:
        at = run.text.find(token)
        while at >= 0:
            yield run.start + at, run.start + at + len(token)
            at = run.text.find(token, at + 1)


def _whole(run: Run, stems: frozenset[str]) -> Iterator[Span]:
    words = english.parts(run.text)
    if english.whole(words) in stems or stems.issuperset(words):
        yield run.start, run.end
        return
    at = run.start
    for part in run.text.split("-"):
        if english.fold(part) in stems:
            yield at, at + len(part)
        at += len(part) + 1


def _aligned(text: str) -> tuple[str, list[Span]]:
    """Return a text cleaned, and for each character of it the stretch of the text that it comes from."""
    as_a_whole = clean(text)
    if as_a_whole == text:
        return text, [(at, at + 1) for at in range(len(text))]
    pieces = [(clean(text[start:end]), (start, end)) for start, end in _clusters(text)]
    return "".join(made for made, _ in pieces), [span for made, span in pieces for _ in made]


def _clusters(text: str) -> Iterator[Span]:
    """Yield the stretches that NFKC may join into one character: a base with its marks, letters of one syllable."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not _continues(text[at]):
            yield start, at
            start = at


def _continues(character: str) -> bool:
    return unicodedata.combining(character) > 0 or "\u1160" <= character <= "\u11ff"


def _merged(found: list[Span], text: str) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return [span for span in merged if text[span[0] : span[1]].strip()]
