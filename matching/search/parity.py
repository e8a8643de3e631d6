"""The embedded engine held against Elasticsearch: synthetic listings and questions of every kind, the same answers."""

import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any

from catalog.subsidy import Funder
from matching.scoring.facts import Need, Partner, Requirement
from matching.scoring.weights import AXES, BUILT_IN, Weights
from matching.search import vocabulary
from matching.search.analyser import BigramAnalyser
from matching.search.documents import ON_REQUEST, Document
from matching.search.elastic import ElasticEngine
from matching.search.elastic.certificate import Certificate
from matching.search.embedded import EmbeddedEngine
from matching.search.query import FACETS, SORTS, MatchQuery, SearchQuery
from matching.search.synthetic import CAPABILITIES, REGIONS, TODAY, Market, listing_id

Query = SearchQuery | MatchQuery

#: Words of the trade, which stand in many listings and queries.
_TRADE = (
    "예지보전", "설비예지보전시스템", "PdM", "predictive maintenance", "용접 로봇", "사출성형", "비전 검사", "MES",
    "5G특화망", "OPC-UA", "PLC", "robot welding", "vision inspection", "생산관리 시스템", "ISO 9001", "디지털 트윈", "3D",
)  # fmt: skip
_HOSTILE = (
    "", " ", "\x00", "\x00용\x00접", "용접 " * 300, "가" * 5_000, ".*+?[](){}|^$\\", "😀🏭", "%' OR 1=1 --", "-" * 300,
    "\ufdfa" * 40, "ㅅㅊㅅㅎ", "은 는 이 가 을 를", "<script>", "a-" * 99, "x" * 199, "body:*", "_id",
    '{"query":{"match_all":{}}}',
)  # fmt: skip
_EDITIONS = (
    BUILT_IN, BUILT_IN, BUILT_IN,
    Weights("other", dict(zip(AXES, range(9), strict=True)), ("region",), 7, 5),
    Weights("without text", BUILT_IN.axis, (), 0, 0),
)  # fmt: skip
#: Candidates from which on a question counts as an expensive one.
_MANY = 1_000
#: Listings in one write of an update, and in one of those that fill the engines.
_WRITE, _PART = 100, 100_000


@dataclass(frozen=True, slots=True)
class Parity:
    """What a comparison found.

    Attributes:
        queries: how many questions; identical: with equal answers; proven: with a certificate.
        k_max: the most candidates that any needed; k_over_1000: how many needed more than 1,000.
        embedded_ms_p50, elastic_ms_p50: milliseconds of wall time, the median question.
        differing: the first questions that differ, as text.
    """

    queries: int
    identical: int
    proven: int
    k_max: int
    k_over_1000: int
    embedded_ms_p50: float
    elastic_ms_p50: float
    differing: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether all answers were equal and proven."""
        return self.identical == self.proven == self.queries

    def to_json(self) -> dict[str, Any]:
        """Return the numbers."""
        return {name: value for name, value in asdict(self).items() if name != "differing"}


class Questions:
    """A market with everything that listings and questions can be, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.analyser = BigramAnalyser(vocabulary.synonyms())
        self._market = Market(seed)
        self._draw = random.Random(seed + 1)
        self._documents: dict[int, Document] = {}

    def listing(self, number: int) -> Document:
        """Return a new content of a listing."""
        draw = self._draw
        made = self._market.document(number)
        trade = self.analyser.document(" ".join(draw.choices(_TRADE, k=draw.randrange(4))))
        times = 40 if draw.random() < 0.02 else 1
        words, grams = [made.words, *trade.words] * times, [made.grams, *trade.grams] * times
        content: Mapping[str, Any] = made.content
        if draw.random() < 0.04:
            made = replace(made, first_year_amount=None, price_band=ON_REQUEST)
            content = {**content, "plans": []}
        made = replace(
            made,
            content=content,
            words=" ".join(words),
            grams=" ".join(grams),
            alliance=draw.random() < 0.1,
            certificate_expires_on=TODAY + timedelta(days=draw.randrange(-120, 700)),
        )
        self._documents[number] = made
        return made

    def queries(self, count: int) -> Iterator[Query]:
        """Yield questions of every kind."""
        for _ in range(count):
            yield self._search() if self._draw.random() < 0.35 else self._match()

    def _search(self) -> SearchQuery:
        draw = self._draw
        sort = draw.choice([*SORTS, *["relevance"] * 5])
        return SearchQuery(TODAY, self._text(), self._filters(), sort, draw.choice([0, 0, 0, 20, 500]), 20)

    def _match(self) -> MatchQuery:
        draw = self._draw
        return MatchQuery(
            today=TODAY,
            need=self._need(),
            weights=draw.choice(_EDITIONS),
            text=self._text() if draw.random() < 0.7 else "",
            text_required=draw.random() < 0.3,
            filters=self._filters(),
            policy=draw.random() < 0.8,
            offset=draw.choice([0, 0, 0, 0, 20]),
        )

    def _text(self) -> str:
        draw = self._draw
        kind = draw.random()
        if kind < 0.12:
            return draw.choice(_HOSTILE)
        if kind < 0.45:
            return " ".join(draw.choices(_TRADE, k=draw.randrange(1, 4)))
        text = self._market.text(self._some(), draw.randrange(1, 5))
        return f"{text} {draw.choice(_TRADE)}" if kind < 0.65 else text

    def _some(self) -> Document:
        return self._documents[self._draw.randrange(len(self._documents))]

    def _filters(self) -> dict[str, frozenset[str]]:
        draw = self._draw
        if draw.random() < 0.5:
            return {}
        values: dict[str, Sequence[str]] = {
            "capability": CAPABILITIES,
            "industry": [str(division) for division in range(10, 35)],
            "kind": ["solution", "bundle", "no such kind\x00"],
            "level": "12345",
            "price": ["under_10m", "10m_30m", "30m_50m", "50m_100m", ON_REQUEST],
            "region": REGIONS,
            "validation": ["field", "test_report", "document", "expired", "no such value\x00"],
        }
        chosen = draw.sample(FACETS, draw.randrange(1, 3))
        return {facet: frozenset(draw.sample(list(values[facet]), draw.randrange(4))) for facet in chosen}

    def _need(self) -> Need:
        draw = self._draw
        need = self._market.need(self._some())
        unstated: dict[str, Any] = {
            "level": None, "region": None, "budget_amount": None, "weeks_left": None, "industry": None,
            "connections": (), "partners": (), "industry_prior": None, "requirements": (),
        }  # fmt: skip
        left_out = {
            name: unstated[name] for name in draw.sample(list(unstated), draw.choice([0, 0, 0, 1, 1, 2, 5]))
        }
        need = replace(need, **left_out)
        if need.requirements and draw.random() < 0.3:
            need = replace(
                need, requirements=(*need.requirements, Requirement(draw.choice(CAPABILITIES), True, 3))
            )
        if need.budget_amount is not None and draw.random() < 0.3:
            need = replace(need, programme="p", funders=self._funders())
        if draw.random() < 0.2:
            using = frozenset(listing_id(draw.randrange(len(self._documents))) for _ in range(2))
            need = replace(need, partners=(*need.partners, Partner("customer", "confirmed", using, ())))
        return replace(need, weeks_left=draw.choice([-3, 0, 2])) if draw.random() < 0.05 else need

    def _funders(self) -> tuple[Funder, ...]:
        draw = self._draw
        return tuple(
            Funder(
                "national",
                f"r{nth}",
                draw.choice([None, 1_000, 3_000, 5_000]),
                draw.choice([None, 3_000_000, 20_000_000]),
            )
            for nth in range(draw.randrange(1, 4))
        )


@dataclass(frozen=True, slots=True)
class Size:
    """How much is compared.

    Attributes:
        updates: how many listings are written anew halfway, a tenth of them deleted; nothing is merged for it.
        shards, replicas: of the index.
    """

    listings: int
    queries: int
    seed: int
    updates: int = 0
    shards: int = 1
    replicas: int = 0


def compare(urls: Sequence[str], size: Size, say: Callable[[str], None] = lambda _: None) -> Parity:
    """Ask both engines the same questions, half of them before the updates and half right after.

    The index at the server is a new one with a name of its own and is removed at the end.

    Args:
        say: is told how it goes on.

    Raises:
        EngineDown: no server answers.
    """
    market = Questions(size.seed)
    notes: list[Certificate] = []
    embedded = EmbeddedEngine(market.analyser, merge_in_background=False)
    elastic = ElasticEngine(
        market.analyser,
        urls,
        alias=f"ieum-parity-{token_hex(6)}",
        shards=size.shards,
        replicas=size.replicas,
        note=notes.append,
    )
    try:
        asked = list(_compared(embedded, elastic, market, size, say))
    finally:
        elastic.remove()
        elastic.close()
    return _found(asked, notes)


def _compared(
    embedded: EmbeddedEngine,
    elastic: ElasticEngine,
    market: Questions,
    size: Size,
    say: Callable[[str], None],
) -> "Iterator[_Asked]":
    with TemporaryDirectory(prefix="ieum-parity-") as folder:
        filled = _filled(embedded, elastic, market, size, Path(folder))
        say(f"{size.listings} listings")
        first = size.queries // 2 if size.updates else size.queries
        yield from _asked(filled, elastic, market.queries(first), say)
        if size.updates:
            _update((filled, elastic), market, size)
            say(f"{size.updates} updates")
            yield from _asked(filled, elastic, market.queries(size.queries - first), say)


def _filled(
    embedded: EmbeddedEngine, elastic: ElasticEngine, market: Questions, size: Size, folder: Path
) -> EmbeddedEngine:
    """Give both engines the listings, `_PART` at a time; returns the embedded one.

    Between two parts its documents go to a file: a million of them as Python objects would take 10 GB.
    """
    for first in range(0, size.listings, _PART):
        documents = [market.listing(number) for number in range(first, min(first + _PART, size.listings))]
        if first:
            embedded.merge()
            embedded.save(folder)
            embedded = EmbeddedEngine.open(market.analyser, folder)
            elastic.apply(documents, [], elastic.revision + 1)
        else:
            elastic.rebuild(documents, 1)
        embedded.apply(documents, [], embedded.revision + 1)
    return embedded


@dataclass(frozen=True, slots=True)
class _Asked:
    query: Query
    is_same: bool
    embedded_seconds: float
    elastic_seconds: float


def _asked(
    embedded: EmbeddedEngine, elastic: ElasticEngine, queries: Iterator[Query], say: Callable[[str], None]
) -> Iterator[_Asked]:
    for place, query in enumerate(queries):
        began = time.perf_counter()
        expected = _answer(embedded, query)
        between = time.perf_counter()
        found = _answer(elastic, query)
        ended = time.perf_counter()
        if found != expected:
            say(f"question {place} differs: {query}")
        yield _Asked(query, found == expected, between - began, ended - between)


def _answer(engine: EmbeddedEngine | ElasticEngine, query: Query) -> object:
    return engine.search(query) if isinstance(query, SearchQuery) else engine.match(query)


def _update(engines: Sequence[EmbeddedEngine | ElasticEngine], market: Questions, size: Size) -> None:
    draw = random.Random(size.seed + 2)
    revision = engines[0].revision
    for start in range(0, size.updates, _WRITE):
        revision += 1
        numbers = [draw.randrange(size.listings) for _ in range(min(_WRITE, size.updates - start))]
        gone = numbers[: len(numbers) // 10]
        documents = [market.listing(number) for number in dict.fromkeys(numbers[len(gone) :])]
        for engine in engines:
            engine.apply(documents, [listing_id(number) for number in gone], revision)


def _found(asked: Sequence[_Asked], notes: Sequence[Certificate]) -> Parity:
    candidates = [note.candidates for note in notes]
    return Parity(
        queries=len(asked),
        identical=sum(each.is_same for each in asked),
        proven=len(notes),
        k_max=max(candidates, default=0),
        k_over_1000=sum(count > _MANY for count in candidates),
        embedded_ms_p50=_middle([each.embedded_seconds for each in asked]),
        elastic_ms_p50=_middle([each.elastic_seconds for each in asked]),
        differing=tuple(str(each.query) for each in asked if not each.is_same)[:3],
    )


def _middle(seconds: Sequence[float]) -> float:
    return round(1_000 * statistics.median(seconds), 3) if seconds else 0.0
