"""The search of docs/search.md once more, slowly and without NumPy, to hold the engine against."""

import math
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from matching.search.analyser import Analyser, QueryTokens
from matching.search.documents import Document
from matching.search.query import FACETS, SearchQuery

K1, B = 1.2, 0.75


def bm25(texts: Sequence[str], boosts: dict[str, float]) -> list[float]:
    counted = [Counter(text.split()) for text in texts]
    lengths = [tokens.total() for tokens in counted]
    having_field = sum(length > 0 for length in lengths)
    average = sum(lengths) / max(having_field, 1)
    scores = [0.0] * len(texts)
    for token, boost in boosts.items():
        having = sum(token in tokens for tokens in counted)
        idf = math.log(1 + (having_field - having + 0.5) / (having + 0.5))
        for row, tokens in enumerate(counted):
            if token in tokens:
                norm = K1 * (1 - B + B * one_byte(lengths[row]) / average)
                scores[row] += boost * 2.2 * idf * tokens[token] / (tokens[token] + norm)
    return scores


def one_byte(length: int) -> int:
    """The largest length Lucene can write in one byte that is not above this one, found by counting."""
    known = list(range(40))
    step, value = 2, 40
    while value <= length:
        known.extend(range(value, value + 8 * step, step))
        value, step = value + 8 * step, 2 * step
    return max(number for number in known if number <= length)


def matches(document: Document, query: QueryTokens) -> bool:
    words, grams = set(document.words.split()), set(document.grams.split())

    def has(word: Any) -> bool:
        wanted = set(word.grams)
        enough = len(wanted) if len(wanted) < 3 else -(-2 * len(wanted) // 3)
        return word.token in words or (bool(wanted) and len(wanted & grams) >= enough)

    held = [any(all(has(word) for word in names) for names in group.alternatives) for group in query.groups]
    return query.is_blank or (bool(held) and 2 * sum(held) >= len(held))


def values(document: Document, facet: str, today: date) -> set[str]:
    release = document.content
    codes = {industry["code"] for industry in release["industries"]}
    kinds = {record["kind"] for record in (*release["evidence"], *document.lent)}
    proof = "field" if "field" in kinds else "test_report" if "test_report" in kinds else "document"
    return {
        "capability": set(release["capabilities"]),
        "industry": {str(n) for n in range(10, 35)} if "C" in codes else {code[:2] for code in codes},
        "kind": {release.get("kind", "solution")},
        "level": {str(level) for level in range(release["level"]["from"], release["level"]["to"] + 1)},
        "region": set(release["regions"]),
        "price": {document.price_band},
        "validation": {"expired" if document.certificate_expires_on < today else proof},
    }[facet]


def passes(document: Document, query: SearchQuery, *, without: str = "") -> bool:
    return all(
        wanted & values(document, facet, query.today)
        for facet, wanted in query.filters.items()
        if wanted and facet != without
    )


class Answer:
    def __init__(self, documents: Sequence[Document], query: SearchQuery, analyser: Analyser) -> None:
        asked = analyser.query(query.text)
        documents = sorted(documents, key=lambda document: document.id)
        shown = [d for d in documents if query.today - timedelta(days=90) <= d.certificate_expires_on]
        found = [document for document in shown if matches(document, asked)]
        hits = [document for document in found if passes(document, query)]
        words = bm25([d.words for d in documents], asked.word_boosts())
        grams = bm25([d.grams for d in documents], asked.gram_boosts())
        self.score = {d.id: w + g for d, w, g in zip(documents, words, grams, strict=True)}
        self.everything_total = len(shown)
        self.total = len(hits)
        self.facets = {
            facet: dict(
                Counter(
                    v for d in found if passes(d, query, without=facet) for v in values(d, facet, query.today)
                )
            )
            for facet in FACETS
        }
        self.by_text = bool(asked.groups) and query.sort == "relevance"
        self.ids = [d.id for d in sorted(hits, key=lambda d: self._key(d, query))]

    def _key(self, document: Document, query: SearchQuery) -> tuple[Any, ...]:
        newest = -document.approved_on.toordinal()
        amount = document.first_year_amount
        if self.by_text:
            return (-self.score[document.id],)
        return {
            "newest": (newest,),
            "price": (amount is None, amount or 0),
            "title": (document.content["title"].casefold(),),
        }.get(
            query.sort,
            (
                document.certificate_expires_on < query.today,
                -document.field_sites,
                -document.test_reports,
                newest,
            ),
        )
