"""The bench measures the same work: the peers give the engine's own answers, and differences are seen."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from matching.scoring.weights import BUILT_IN
from matching.search.embedded import EmbeddedEngine
from matching.search.query import MatchQuery
from tests.bench.listings import TODAY, Market
from tests.bench.search import asking, comparing, facts, figures, known, preparing
from tests.bench.search.arithmetic import Columns, top
from tests.bench.search.peers.ours import Ours
from tests.bench.search.peers.sqlite_fts import SqliteFts
from tests.bench.search.protocol import Answer, PeerMissing
from tests.matching.search.factories import ANALYSER

LISTINGS, DEMANDS = 600, 40


@pytest.fixture(scope="module")
def drawn():
    """(documents, facts, demands with text)."""
    market = Market(11)
    documents = market.documents(LISTINGS)
    asked = [
        MatchQuery(TODAY, market.need(each), BUILT_IN, market.text(each, 3))
        for each in market.draw.choices(documents, k=DEMANDS)
    ]
    return documents, facts.read(documents), asked


@pytest.fixture(scope="module")
def ours(drawn, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ours")
    Ours.build(drawn[0], drawn[1], folder)
    return Ours(drawn[1], folder)


@pytest.fixture(scope="module")
def sqlite(drawn, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sqlite")
    SqliteFts.build(drawn[0], drawn[1], folder)
    return SqliteFts(drawn[1], folder)


def _compared(ours, answers, queries, *, is_exact):
    agreement = comparing.Agreement()
    for query, answer in zip(queries, answers, strict=True):
        agreement.compare(ours.answer(query), answer, is_exact=is_exact, name="it")
    return agreement


def _in_numpy(columns, asked, bm25):
    rows = columns.passing(asked)
    return columns.answer(asked, rows, bm25[rows])


def test_numpy_over_the_facts_answers_as_the_engine_does(drawn, ours):
    _, read, queries = drawn
    plain = [replace(query, text="") for query in queries]
    columns, tables = Columns(read), asking.Tables(read, ANALYSER)
    nothing = np.zeros(LISTINGS, np.float32)
    found = _compared(
        ours, [_in_numpy(columns, tables.ask(each), nothing) for each in plain], plain, is_exact=True
    )
    assert found.wrong == []
    assert (found.alike, found.answers, found.recall) == (DEMANDS, DEMANDS, 1.0)
    assert max(found.totals) > 0


def test_numpy_adds_the_text_as_the_engine_does(drawn, ours):
    documents, read, queries = drawn
    columns, tables = Columns(read), asking.Tables(read, ANALYSER)
    query = queries[0]
    bm25 = np.array([ours.engine.explain(each.id, query).bm25 for each in documents], np.float32)
    assert bm25.max() > 0
    found = _compared(ours, [_in_numpy(columns, tables.ask(query), bm25)], [query], is_exact=True)
    assert (found.wrong, found.alike) == ([], 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"budget_amount": None},
        {"budget_amount": 0},
        {"level": None, "target_level": None},
        {"region": None},
        {"weeks_left": None},
        {"industry": ("11", "C")},
        {"requirements": ()},
        {"partners": ()},
        {"partners": (), "industry_prior": None},
        {"connections": ()},
    ],
)
def test_a_demand_that_says_less_is_answered_alike(drawn, ours, sqlite, changes):
    _, read, queries = drawn
    asked = [replace(query, need=replace(query.need, **changes), text="") for query in queries[:10]]
    columns, tables = Columns(read), asking.Tables(read, ANALYSER)
    nothing = np.zeros(LISTINGS, np.float32)
    for answers in (
        [_in_numpy(columns, tables.ask(each), nothing) for each in asked],
        [sqlite.answer(each) for each in asked],
    ):
        found = _compared(ours, answers, asked, is_exact=True)
        assert (found.wrong, found.alike) == ([], 10)


def test_sqlite_is_exact_but_for_the_text(drawn, ours, sqlite):
    queries = drawn[2]
    plain = [replace(query, text="") for query in queries]
    assert _compared(ours, [sqlite.answer(each) for each in plain], plain, is_exact=True).wrong == []
    found = _compared(ours, [sqlite.answer(each) for each in queries], queries, is_exact=False)
    assert found.wrong == []
    assert found.recall > 0.9
    assert sqlite.best(queries[0]) == sqlite.answer(queries[0]).rows


def test_a_write_is_found_afterwards(drawn, tmp_path):
    documents, read, _ = drawn
    word = preparing.written_word(3)
    written = replace(documents[5], release_number=2, words=f"{documents[5].words} {word}")
    for engine in (Ours, SqliteFts):
        folder = tmp_path / engine.name
        folder.mkdir()
        engine.build(documents, read, folder)
        opened = engine(read, folder)
        assert opened.having(word) == 0
        opened.write(5, written)
        assert opened.having(word) == 1


def test_a_demand_that_the_bench_does_not_cover_is_refused(drawn):
    _, read, queries = drawn
    query = replace(queries[0], filters={"region": frozenset(["busan"])})
    with pytest.raises(ValueError, match="no further filters"):
        asking.Tables(read, ANALYSER).ask(query)


def _answer(rows, scores, total=9, facets=None):
    return Answer(rows, scores, total, facets or {"level": {"1": 9}})


@pytest.mark.parametrize(
    ("theirs", "alike", "wrong"),
    [
        (_answer([1, 2, 3], [9.0, 8.0, 7.0]), 1, 0),
        (_answer([1, 2, 4], [9.0, 8.0, 7.00001]), 1, 0),  # ties with the last
        (_answer([1, 4, 3], [9.0, 8.0, 7.0]), 0, 1),
        (_answer([1, 2, 3], [9.0, 8.1, 7.0]), 0, 1),
        (_answer([1, 2], [9.0, 8.0]), 0, 1),
        (_answer([1, 2, 3], [9.0, 8.0, 7.0], total=8), 1, 1),
        (_answer([1, 2, 3], [9.0, 8.0, 7.0], facets={"level": {"1": 8}}), 1, 1),
        (_answer([1, 2, 3], [9.0, 8.0, 7.0], facets={"level": {"1": 9, "2": 0}}), 1, 0),
    ],
)
def test_what_counts_as_the_same_work(theirs, alike, wrong):
    agreement = comparing.Agreement()
    agreement.compare(_answer([1, 2, 3], [9.0, 8.0, 7.0]), theirs, is_exact=True, name="it")
    assert (agreement.alike, len(agreement.wrong)) == (alike, wrong)


def test_the_best_are_chosen_with_ties_by_row():
    order = np.array([1.0, 3.0, 2.0, 3.0, 2.0], np.float32)
    rows = np.array([4, 9, 2, 7, 3])
    assert rows[top(order, rows, 3)].tolist() == [7, 9, 2]
    assert rows[top(order, rows, 9)].tolist() == [7, 9, 2, 3, 4]


def test_ratios_are_paired_by_round():
    assert figures.ratios([10.0, 30.0, 8.0], [2.0, 3.0, 4.0]) == {"median": 5.0, "min": 2.0, "max": 10.0}
    assert [figures.quantile(range(1, 11), share) for share in (0.5, 0.95)] == [6, 10]


def test_a_peer_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "tantivy", None)
    with pytest.raises(PeerMissing, match="tantivy is not installed"):
        known.chosen(["sqlite", "tantivy"])
    with pytest.raises(PeerMissing, match="nobody is no peer"):
        known.chosen(["nobody"])


def test_an_opened_snapshot_is_what_is_asked(ours):
    assert isinstance(ours.engine, EmbeddedEngine)
    assert len(ours.engine.all()) == LISTINGS
