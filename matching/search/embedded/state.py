"""One state of the index: a few segments, which of their rows are live, and exact statistics over them.

Never changed: a write makes the next state beside it, and the segments that did not change are shared.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from matching.search.analyser import QueryTokens, Word
from matching.search.documents import Document
from matching.search.embedded import backend, bits, lexical
from matching.search.embedded import segment as segments
from matching.search.embedded.arrays import Bits, Floats, Ints, Longs
from matching.search.embedded.asked import FieldText, Text
from matching.search.embedded.codes import Vocabulary
from matching.search.embedded.lexical import Postings, Statistics
from matching.search.embedded.segment import Segment
from matching.search.embedded.sets import Kept

#: A write joins the newest segment while that has at most so many rows; else it begins another.
SMALL = 16
#: Texts whose clauses a state keeps.
_KEPT_TEXTS = 256
#: Days for which a state keeps how much is shown.
_KEPT_DAYS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A segment as a state sees it.

    Attributes:
        live: rows that were not replaced or deleted.
        dead: how many are not live.
        dead_words, dead_grams: for each token of the segment, how many rows that are not live have it.
    """

    segment: Segment
    live: Bits
    dead: int
    dead_words: Ints
    dead_grams: Ints

    @property
    def count(self) -> int:
        """How many rows are live."""
        return self.segment.size - self.dead

    def valid(self, today: date) -> Bits:
        """Return the live rows whose certificate holds on a day; not to be written to."""
        found = self.segment.day(today).valid
        return found & self.live if self.dead else found

    def visible(self, today: date) -> Bits:
        """Return the live rows that are shown on a day; not to be written to."""
        found = self.segment.day(today).visible
        return found & self.live if self.dead else found


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """What one search reads.

    Attributes:
        revision: the newest catalogue revision in it.
        parts: the segments; no listing is live in two of them.
        words, grams: statistics of the two fields over the live documents.
    """

    revision: int = 0
    parts: tuple[Part, ...] = ()
    words: Statistics = field(default_factory=Statistics)
    grams: Statistics = field(default_factory=Statistics)
    _texts: Kept[QueryTokens, tuple[Text, ...]] = field(default_factory=lambda: Kept(_KEPT_TEXTS), repr=False)
    _visible: Kept[date, int] = field(default_factory=lambda: Kept(_KEPT_DAYS), repr=False)

    @property
    def count(self) -> int:
        """How many documents are live."""
        return sum(part.count for part in self.parts)

    def visible(self, today: date) -> int:
        """Return how many documents are shown on a day, whatever is asked."""
        return self._visible.get(today, lambda: sum(bits.count(part.visible(today)) for part in self.parts))

    def find(self, listing_id: str) -> tuple[Part, int] | None:
        """Return where a listing is live, or None."""
        for part in self.parts:
            row = part.segment.row(listing_id)
            if row >= 0 and part.live[row >> 6] >> np.uint64(row & 63) & np.uint64(1):
                return part, row
        return None

    def texts(self, asked: QueryTokens) -> tuple[Text, ...]:
        """Return the BM25 clauses of a query for each part."""
        return self._texts.get(asked, lambda: _texts(self, asked))


def part_of(segment: Segment) -> Part:
    """Return a segment all of whose rows are live."""
    return Part(
        segment,
        bits.pack(np.ones(segment.size, np.bool_)),
        0,
        np.zeros(len(segment.words.lexicon), np.int32),
        np.zeros(len(segment.grams.lexicon), np.int32),
    )


def without(part: Part, rows: Longs) -> Part:
    """Return a part of which these live rows are live no longer."""
    live = part.live.copy()
    np.bitwise_and.at(live, rows >> 6, ~(np.uint64(1) << (rows & 63).astype(np.uint64)))
    documents = [part.segment.documents[int(row)] for row in rows]
    return Part(
        part.segment,
        live,
        part.dead + len(rows),
        _died(part.dead_words, part.segment.words, (document.words for document in documents)),
        _died(part.dead_grams, part.segment.grams, (document.grams for document in documents)),
    )


def _died(dead: Ints, postings: Postings, texts: Iterable[str]) -> Ints:
    after = dead.copy()
    for text in texts:
        after[postings.tokens_of(text)] += 1
    return after


def applied(
    state: State, upserts: Sequence[Document], deletes: Sequence[str], revision: int, vocabulary: Vocabulary
) -> State:
    """Return the state after a batch; an id in both lists is deleted.

    Raises:
        ValueError, KeyError: a document's content cannot be read, or a figure is out of range.
    """
    gone = set(deletes)
    newest = {document.id: document for document in upserts if document.id not in gone}
    made = segments.build(list(newest.values()), vocabulary) if newest else None
    before = _removed(state, {*gone, *newest})
    if made is None:
        return replace(before, revision=revision, _texts=Kept(_KEPT_TEXTS))
    return State(
        revision,
        _with(before.parts, made),
        before.words.with_lengths(made.words.lengths),
        before.grams.with_lengths(made.grams.lengths),
    )


def _removed(state: State, ids: Iterable[str]) -> State:
    rows: dict[int, list[int]] = {}
    places = {id(part): place for place, part in enumerate(state.parts)}
    for listing_id in ids:
        found = state.find(listing_id)
        if found is not None:
            rows.setdefault(places[id(found[0])], []).append(found[1])
    parts, words, grams = list(state.parts), state.words, state.grams
    for place, dead in rows.items():
        here = np.array(sorted(dead), np.int64)
        part = parts[place]
        words = words.with_lengths(part.segment.words.lengths[here], -1)
        grams = grams.with_lengths(part.segment.grams.lengths[here], -1)
        parts[place] = without(part, here)
    return State(state.revision, tuple(part for part in parts if part.count), words, grams)


def _with(parts: tuple[Part, ...], made: Segment) -> tuple[Part, ...]:
    """Join a new segment to the newest one while both are small, else put it behind."""
    last = parts[-1] if parts else None
    if last is None or last.segment.size + made.size > SMALL:
        return (*parts, part_of(made))
    whole = bits.pack(np.ones(made.size, np.bool_))
    return (*parts[:-1], part_of(segments.merge([last.segment, made], [last.live, whole])))


def merged(state: State, taken: Sequence[Part], segment: Segment) -> State:
    """Return the state with parts replaced by the segment that was merged from them, perhaps some writes ago.

    Args:
        taken: the parts as they were when the merge began; rows that died since are dead in the segment too.
    """
    of = {id(part.segment) for part in taken}
    now = {id(part.segment): part.live for part in state.parts}
    whole = part_of(segment)
    died = [
        segment.row(part.segment.id(int(row)))
        for part in taken
        for row in bits.rows_of(part.live & ~now.get(id(part.segment), np.uint64(0)), part.segment.size)
    ]
    if died:
        whole = without(whole, np.array(sorted(died), np.int64))
    newer = [part for part in state.parts if id(part.segment) not in of]
    parts = tuple(part for part in (whole, *newer) if part.count)
    return replace(state, parts=parts, _texts=Kept(_KEPT_TEXTS))


def matching(part: Part, query: QueryTokens) -> Bits | None:
    """Return the rows that have enough of what a query asks for; None for every row."""
    if query.is_blank:
        return None
    if not query.groups:
        return bits.empty(part.segment.size)
    groups = [
        _any([_all([_has(part.segment, word) for word in words]) for words in group.alternatives])
        for group in query.groups
    ]
    return bits.at_least(groups, query.groups_needed)


def _has(segment: Segment, word: Word) -> Bits:
    present = _bitmap(segment.words, word.token)
    if not word.grams:
        return present
    grams = [_bitmap(segment.grams, gram) for gram in dict.fromkeys(word.grams)]
    return present | bits.at_least(grams, word.grams_needed)


def _bitmap(postings: Postings, token: str) -> Bits:
    return postings.bitmap(postings.lexicon.find(token), backend.for_rows(len(postings.norms)).of_rows)


def _any(sets: Sequence[Bits]) -> Bits:
    return sets[0] if len(sets) == 1 else bits.at_least(sets, 1)


def _all(sets: Sequence[Bits]) -> Bits:
    return sets[0] if len(sets) == 1 else bits.at_least(sets, len(sets))


def _texts(state: State, asked: QueryTokens) -> tuple[Text, ...]:
    words = _clauses(
        [(part.segment.words, part.dead_words) for part in state.parts], state.words, asked.word_boosts()
    )
    grams = _clauses(
        [(part.segment.grams, part.dead_grams) for part in state.parts], state.grams, asked.gram_boosts()
    )
    return tuple(Text(*pair) for pair in zip(words, grams, strict=True))


def _clauses(
    fields: Sequence[tuple[Postings, Ints]], statistics: Statistics, boosts: Mapping[str, float]
) -> list[FieldText]:
    """Return the clauses of one field for each part; n and N count live documents of all parts."""
    tokens = list(boosts)
    numbers = [[postings.lexicon.find(token) for token in tokens] for postings, _ in fields]
    having = [0] * len(tokens)
    for (postings, dead), found in zip(fields, numbers, strict=True):
        for place, number in enumerate(found):
            if number >= 0:
                having[place] += postings.having(number) - int(dead[number])
    weights = [
        lexical.weight(boosts[token], statistics.documents, count) if count else np.float32(0)
        for token, count in zip(tokens, having, strict=True)
    ]
    norms = lexical.inverse_norms(statistics.documents, statistics.length)
    made: list[FieldText] = []
    for (postings, _), found in zip(fields, numbers, strict=True):
        here = [place for place, number in enumerate(found) if number >= 0 and having[place]]
        of = np.array([weights[place] for place in here], np.float32)
        made.append(_field_text(postings, [found[place] for place in here], of, norms))
    return made


def _field_text(postings: Postings, tokens: Sequence[int], weights: Floats, norms: Floats) -> FieldText:
    frequent = [token for token in tokens if postings.is_frequent(token)]
    of_rows = backend.for_rows(len(postings.norms)).of_rows
    shape = len(frequent), bits.words_for(len(postings.norms))
    members, ranks = np.empty(shape, np.uint64), np.empty(shape, np.uint32)
    for place, token in enumerate(frequent):
        members[place], ranks[place] = postings.ranked(token, of_rows)
    return FieldText(
        postings=postings,
        starts=postings.starts[tokens],
        ends=postings.starts[[token + 1 for token in tokens]],
        weights=weights,
        norms=norms,
        frequent=np.array([frequent.index(token) if token in frequent else -1 for token in tokens], np.int64),
        members=members,
        ranks=ranks,
    )
