"""Exact scores of a few listings: the embedded engine's own passes over columns made of what the server returned."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from matching.scoring import axes
from matching.scoring.facts import Offer
from matching.search.elastic.packing import Packed
from matching.search.embedded import bits, columns, lexical, plain
from matching.search.embedded.arrays import Floats
from matching.search.embedded.asked import Best, FieldText, Fit, Text
from matching.search.embedded.codes import Codes, Vocabulary
from matching.search.embedded.columns import STEP, Columns
from matching.search.embedded.demand import Compiler, Demand
from matching.search.embedded.lexical import MAX_COUNT, Postings, Statistics
from matching.search.embedded.lexicon import Lexicon
from matching.search.engine import TEXT_SCALE, MatchHit
from matching.search.query import MatchQuery

_EMPTY = columns.build([], [], Vocabulary())
_NO_BITS = np.zeros((0, 0), np.uint64)
_NO_RANKS = np.zeros((0, 0), np.uint32)
_NO_TOKENS = Lexicon(())
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class TextFacts:
    """A text with what BM25 counts of it over the live documents of a state.

    Attributes:
        words, grams: (token, boost, n) of each token that any live document has.
        words_statistics, grams_statistics: N and the lengths of both fields.
    """

    words: Sequence[tuple[str, float, int]]
    grams: Sequence[tuple[str, float, int]]
    words_statistics: Statistics
    grams_statistics: Statistics


def best_matches(
    found: Sequence[Packed], query: MatchQuery, text: TextFacts | None, most: int
) -> list[MatchHit]:
    """Return the best `most` of some listings for a demand, exactly as the embedded engine has them."""
    listings = sorted(found, key=_key)
    fit = _fit(listings, query)
    best = _best(listings, text, fit, most)
    policy = np.where(fit.columns.alliance[best.rows] > 0, fit.demand.policy, np.float32(0))
    scores = np.minimum(best.bm25.astype(np.float64) / TEXT_SCALE, 1.0)
    ids = [listings[row].id for row in best.rows]
    return list(map(MatchHit, ids, best.order.tolist(), best.fit.tolist(), policy.tolist(), scores.tolist()))


def best_texts(found: Sequence[Packed], text: TextFacts, most: int) -> list[tuple[str, float]]:
    """Return (id, BM25) of the best `most` of some listings."""
    listings = sorted(found, key=_key)
    best = _best(listings, text, None, most)
    return [(listings[row].id, score) for row, score in zip(best.rows, best.bm25.tolist(), strict=True)]


def _key(listing: Packed) -> bytes:
    return listing.key


def _best(listings: Sequence[Packed], text: TextFacts | None, fit: Fit | None, most: int) -> Best:
    size = len(listings)
    clauses = None if text is None else clauses_of(listings, text)
    return plain.best(bits.pack(np.ones(size, np.bool_)), size, clauses, fit, most)


def _fit(listings: Sequence[Packed], query: MatchQuery) -> Fit:
    vocabulary = Vocabulary()
    wanted = {requirement.capability for requirement in query.need.requirements}
    made = _columns(listings, vocabulary, wanted)
    demand = Compiler(vocabulary).compile(query.need, query.weights, policy=query.policy)
    division = axes.site_division(query.need)
    own = np.array([row for row, listing in enumerate(listings) if division in listing.own], np.uint32)
    used = _used(listings, demand)
    return Fit(
        demand,
        made,
        own,
        np.array([listings[row].own[division] for row in own], np.float32),
        np.array(list(used), np.int64),
        np.array(list(used.values()), np.float32),
    )


def _used(listings: Sequence[Packed], demand: Demand) -> dict[int, float]:
    """Return the rows that a trade partner uses and their points of the supply chain, by the scorer itself."""
    using = {listing for partner in axes.known_partners(demand.need) for listing in partner.listings}
    return {
        row: demand.share["supply_chain"] * axes.supply_chain(demand.need, _offer(listing)).value
        for row, listing in enumerate(listings)
        if listing.id in using
    }


def _offer(listing: Packed) -> Offer:
    interfaces = frozenset(listing.interfaces)
    return Offer(listing.id, 1, 1, (), interfaces, frozenset(), (), (), None, certificate_valid=True)


def _columns(listings: Sequence[Packed], vocabulary: Vocabulary, wanted: set[str]) -> Columns:
    """Return the columns that a pass over these rows reads; capabilities that are not wanted bring nothing."""
    plans = [plan for listing in listings for plan in listing.plans]
    of_plans = [
        [vocabulary.capabilities.of(name) * STEP + quality for name, quality in entries if name in wanted]
        for _, entries in plans
    ]
    return replace(
        _EMPTY,
        level=np.array([listing.level for listing in listings], np.uint8),
        industry=_coded(listings, vocabulary.industries, lambda listing: listing.industries),
        interface=_coded(listings, vocabulary.interfaces, lambda listing: listing.interfaces),
        delivery=_coded(listings, vocabulary.deliveries, lambda listing: listing.delivery),
        shown=_coded(listings, vocabulary.shown, lambda listing: listing.shown),
        evidence=np.array([listing.evidence for listing in listings], np.float32),
        alliance=np.array([listing.alliance for listing in listings], np.uint8),
        plan_starts=_starts([len(listing.plans) for listing in listings]),
        plan_amount=np.array([amount for amount, _ in plans], np.int64),
        entry_starts=_starts([len(each) for each in of_plans]),
        entries=np.array([entry for each in of_plans for entry in each], np.uint16),
    )


def _coded(listings: Sequence[Packed], codes: Codes[V], value: Callable[[Packed], V]) -> "np.ndarray":
    return np.array([codes.of(value(listing)) for listing in listings], np.uint32)


def _starts(sizes: Sequence[int]) -> "np.ndarray":
    return np.cumsum([0, *sizes]).astype(np.uint32)


def clauses_of(listings: Sequence[Packed], text: TextFacts) -> Text:
    """Return the BM25 clauses of a text in these rows."""
    return Text(
        _clauses(
            [listing.words for listing in listings],
            [listing.words_length for listing in listings],
            text.words,
            text.words_statistics,
        ),
        _clauses(
            [listing.grams for listing in listings],
            [listing.grams_length for listing in listings],
            text.grams,
            text.grams_statistics,
        ),
    )


def _clauses(
    texts: Sequence[str],
    lengths: Sequence[int],
    tokens: Sequence[tuple[str, float, int]],
    statistics: Statistics,
) -> FieldText:
    apart = [f" {name} " for name, _, _ in tokens]
    counts = np.array([[text.count(one) for text in texts] for one in apart], np.int64).reshape(
        len(apart), len(texts)
    )
    places, rows = np.nonzero(counts)
    starts = np.searchsorted(places, np.arange(len(tokens) + 1))
    long = np.array(lengths, np.int64)
    return FieldText(
        postings=Postings(
            lexicon=_NO_TOKENS,
            starts=starts,
            rows=rows.astype(np.uint32),
            counts=np.minimum(counts[places, rows], MAX_COUNT).astype(np.uint16),
            lengths=long.astype(np.int32),
            norms=lexical.length_bytes(long),
        ),
        starts=starts[:-1],
        ends=starts[1:],
        weights=_weights(tokens, statistics),
        norms=lexical.inverse_norms(statistics.documents, statistics.length),
        frequent=np.full(len(tokens), -1, np.int64),
        members=_NO_BITS,
        ranks=_NO_RANKS,
    )


def _weights(tokens: Sequence[tuple[str, float, int]], statistics: Statistics) -> Floats:
    return np.array(
        [lexical.weight(boost, statistics.documents, having) for _, boost, having in tokens], np.float32
    )
