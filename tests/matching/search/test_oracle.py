"""Random small catalogues, searched by the engine and by plain Python: the same answers."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.search.analyser import BigramAnalyser
from matching.search.embedded import EmbeddedEngine
from matching.search.engine import TEXT_SCALE
from matching.search.query import SORTS, SearchQuery
from tests.matching.search import naive
from tests.matching.search.factories import TODAY, document, evidence, kept_length, listing_id, plan

SYNONYMS = {"예지보전": ["predictive maintenance", "PdM"], "PdM": ["예지보전", "predictive maintenance"]}
ANALYSER = BigramAnalyser(SYNONYMS)

words = st.sampled_from(
    [
        "예지보전",
        "설비예지보전시스템",
        "보전",
        "예지",
        "PdM",
        "predictive",
        "maintenance",
        "용접",
        "용접을",
        "검사",
        "시스템",
        "5G",
        "납",
        "!",
    ]
)
texts = st.lists(words, max_size=12).map(" ".join)
subsets = st.sets(st.sampled_from(["a", "b", "c"]), max_size=2).map(sorted)
plans = st.lists(
    st.builds(
        plan,
        st.sampled_from([None, 0, 9_000_000, 20_000_000, 10**9]),
        kind=st.sampled_from(["one_off", "project", "usage"]),
    ),
    max_size=2,
)
levels = st.tuples(st.integers(1, 5), st.integers(1, 5)).map(
    lambda pair: {"scale": "company_level", "from": min(pair), "to": max(pair)}
)
industries = st.lists(st.sampled_from(["C", "30", "303", "25"]), max_size=2).map(
    lambda codes: [{"revision": "11", "code": code} for code in codes]
)
records = st.lists(
    st.builds(evidence, st.sampled_from(["claim", "test_report", "field"]), headcount=st.integers(1, 2)),
    max_size=3,
)
days = st.integers(-120, 30).map(lambda number: TODAY + timedelta(days=number))
changes = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["solution", "bundle"]),
        "title": texts,
        "description": texts,
        "capabilities": subsets,
        "regions": subsets,
        "plans": plans,
        "level": levels,
        "industries": industries,
        "evidence": records,
        "expires_on": days,
        "approved_on": days,
    }
)
catalogues = st.lists(changes, max_size=9)
filters = st.fixed_dictionaries(
    {},
    optional={
        "capability": st.frozensets(st.sampled_from(["a", "b", "zz"]), max_size=2),
        "industry": st.frozensets(st.sampled_from(["30", "25", "11"]), max_size=2),
        "kind": st.frozensets(st.sampled_from(["solution", "bundle", "zz"]), max_size=2),
        "level": st.frozensets(st.sampled_from(["1", "3", "5"]), max_size=2),
        "price": st.frozensets(st.sampled_from(["under_10m", "10m_30m", "on_request"]), max_size=2),
        "region": st.frozensets(st.sampled_from(["a", "c"]), max_size=2),
        "validation": st.frozensets(st.sampled_from(["field", "document", "expired"]), max_size=2),
    },
)


@settings(max_examples=150, deadline=None)
@given(catalogues, texts, filters, st.sampled_from(SORTS))
def test_the_engine_agrees_with_plain_python(catalogue, text, chosen, sort):
    documents = [document(number, analyser=ANALYSER, **change) for number, change in enumerate(catalogue)]
    engine = EmbeddedEngine(ANALYSER)
    engine.apply(documents[::2], [], 1)
    engine.apply(documents[1::2], [listing_id(99)], 2)
    query = SearchQuery(TODAY, text, chosen, sort, limit=100)
    result, expected = engine.search(query), naive.Answer(documents, query, ANALYSER)

    assert (result.total, result.everything_total) == (expected.total, expected.everything_total)
    assert result.facets == expected.facets
    found = [hit.id for hit in result.hits]
    assert sorted(found) == sorted(expected.ids)
    for hit in result.hits:
        assert hit.text_score == pytest.approx(min(expected.score[hit.id] / TEXT_SCALE, 1), abs=1e-6)
    if expected.by_text:
        # float32 may tie or part what float64 does not: the order must fall within that error.
        scores = [expected.score[listing] for listing in found]
        assert all(first >= second - 1e-5 for first, second in pairwise(scores))
    else:
        assert found == expected.ids


@given(st.integers(0, 5000))
def test_lengths_are_rounded_as_lucene_writes_them(length):
    assert kept_length(length) == naive.one_byte(length)


@pytest.mark.parametrize(
    ("length", "kept"), [(0, 0), (23, 23), (39, 39), (40, 40), (41, 40), (57, 56), (300, 280), (969, 920)]
)
def test_rounded_lengths_by_hand(length, kept):
    assert kept_length(length) == kept


@settings(max_examples=40, deadline=None)
@given(st.lists(texts, min_size=1, max_size=6), texts)
def test_synonyms_find_the_same_listings(titles, rest):
    engine = EmbeddedEngine(ANALYSER)
    engine.apply([document(number, title, analyser=ANALYSER) for number, title in enumerate(titles)], [], 1)
    asked = [SearchQuery(date(2026, 11, 21), f"{name} {rest}", limit=100) for name in ("예지보전", "PdM")]
    first, second = ({hit.id for hit in engine.search(query).hits} for query in asked)
    assert first == second
