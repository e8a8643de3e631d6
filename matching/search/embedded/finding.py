"""A search of one state: text, filters, an order, a page."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from matching.search.analyser import QueryTokens
from matching.search.documents import Document
from matching.search.embedded import backend, bits, narrowing
from matching.search.embedded.arrays import Bits, Longs
from matching.search.embedded.asked import Text
from matching.search.embedded.segment import Segment
from matching.search.embedded.state import Part, State, matching
from matching.search.engine import TEXT_SCALE, Hit, Result
from matching.search.query import FACETS, SearchQuery

#: (part, row, text score as BM25) of a listing with what it is ordered by.
Candidate = tuple[Any, int, int, float]


def search(state: State, asked: QueryTokens, query: SearchQuery) -> Result:
    """Answer a search; what ranks it stands in docs/search.md."""
    counts: narrowing.Counts = {}
    passing: list[Bits] = []
    total = 0
    for part in state.parts:
        day = part.segment.day(query.today)
        visible, having = part.visible(query.today), matching(part, asked)
        narrowed = narrowing.narrow(
            part.segment, day, visible if having is None else visible & having, query.filters
        )
        narrowing.add_counts(counts, part.segment, day, narrowed)
        passing.append(narrowed.rows)
        total += narrowed.total
    return Result(
        hits=_page(state, asked, query, passing) if query.offset < total and query.limit else (),
        total=total,
        facets=counts or {facet: {} for facet in FACETS},
        everything_total=state.visible(query.today),
        revision=state.revision,
        text_was_cut=asked.was_cut,
    )


def _page(state: State, asked: QueryTokens, query: SearchQuery, passing: Sequence[Bits]) -> tuple[Hit, ...]:
    most = query.offset + query.limit
    texts: Sequence[Text | None] = state.texts(asked) if asked.groups else [None] * len(state.parts)
    candidates: list[Candidate] = []
    for place, (part, rows, text) in enumerate(zip(state.parts, passing, texts, strict=True)):
        if asked.groups and query.sort == "relevance":
            candidates.extend(_by_text(place, part, rows, text, most))
        else:
            candidates.extend(_by_order(place, part.segment, rows, query, most))
    if len(state.parts) > 1:
        candidates.sort(key=lambda found: (found[0], state.parts[found[1]].segment.id(found[2])))
    page = candidates[query.offset : most]
    bm25 = _scores(state, texts, page) if asked.groups and query.sort != "relevance" else {}
    return tuple(
        Hit(
            state.parts[place].segment.id(row),
            min(bm25.get((place, row), score) / TEXT_SCALE, 1.0),
        )
        for _, place, row, score in page
    )


def _by_text(place: int, part: Part, rows: Bits, text: Text | None, most: int) -> list[Candidate]:
    size = part.segment.size
    best = backend.for_rows(size).best(rows, size, text, None, min(most, size))
    return [
        (-score, place, row, score) for row, score in zip(best.rows.tolist(), best.bm25.tolist(), strict=True)
    ]


def _by_order(place: int, segment: Segment, rows: Bits, query: SearchQuery, most: int) -> list[Candidate]:
    order = segment.order(query.sort, query.today)
    chosen = order[bits.unpack(rows, segment.size)[order]][:most].tolist()
    return [(_key(segment.documents[row], query), place, row, 0.0) for row in chosen]


def _key(document: Document, query: SearchQuery) -> tuple[int | str | bool, ...]:
    """Return what orders documents of different segments, the same as `Segment.order` within one."""
    newest = -document.approved_on.toordinal()
    amount = document.first_year_amount
    if query.sort == "newest":
        return (newest,)
    if query.sort == "price":
        return (amount is None, amount or 0)
    if query.sort == "title":
        return (document.content["title"].casefold(),)
    expired = document.certificate_expires_on < query.today
    return (expired, -document.field_sites, -document.test_reports, newest)


def _scores(
    state: State, texts: Sequence[Text | None], page: Sequence[Candidate]
) -> dict[tuple[int, int], float]:
    """Return BM25 of a page that is ordered by something else."""
    scores: dict[tuple[int, int], float] = {}
    for place, (part, text) in enumerate(zip(state.parts, texts, strict=True)):
        rows: Longs = np.array([row for _, where, row, _ in page if where == place], np.int64)
        size = part.segment.size
        best = backend.for_rows(size).best(bits.of_rows(rows, size), size, text, None, len(rows))
        for row, score in zip(best.rows.tolist(), best.bm25.tolist(), strict=True):
            scores[place, row] = score
    return scores
