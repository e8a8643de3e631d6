"""Demands asked of the engine: what `matching.scoring` says of every listing, found in one pass."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.scoring.score import exclusion, score
from matching.scoring.weights import AXES, BUILT_IN, Weights
from matching.search.embedded import EmbeddedEngine
from matching.search.embedded import state as states
from matching.search.embedded.segment import offer_on
from matching.search.engine import TEXT_SCALE
from matching.search.query import FACETS, InvalidSearch, MatchQuery, SearchQuery
from tests.matching.scoring import cases
from tests.matching.scoring import test_docs as page
from tests.matching.search import naive
from tests.matching.search.factories import ANALYSER, TODAY, listing_id
from tests.matching.search.market import TITLES, catalogues, listed, needs

#: float32 keeps seven digits of 100 points; ten of them are added.
ROUNDING = 1e-4
OTHER = Weights("other", dict(zip(AXES, range(9), strict=True)), ("region",), 7, 5)

filters = st.fixed_dictionaries(
    {},
    optional={
        "capability": st.frozensets(st.sampled_from(cases.CAPABILITIES), max_size=2),
        "region": st.frozensets(st.sampled_from(cases.REGIONS), max_size=2),
        "level": st.frozensets(st.sampled_from(["1", "3", "9"]), max_size=2),
        "validation": st.frozensets(st.sampled_from(["field", "document", "expired"]), max_size=2),
    },
)
queries = st.builds(
    MatchQuery,
    today=st.just(TODAY),
    need=needs,
    weights=st.sampled_from([BUILT_IN, BUILT_IN, OTHER]),
    text=TITLES,
    text_required=st.booleans(),
    filters=filters,
    policy=st.booleans(),
    limit=st.just(100),
)


def documents_of(catalogue):
    return [
        listed(number, offer, title, expires_on=TODAY + timedelta(days=days))
        for number, (offer, title, days) in enumerate(catalogue)
    ]


def engine_of(documents, *, small=states.SMALL):
    """An engine that got the documents in three writes, the last ones twice."""
    engine = EmbeddedEngine(ANALYSER, merge_in_background=False)
    with patch.object(states, "SMALL", small):
        engine.apply([replace(each, words="x", release_number=9) for each in documents[::3]], [], 1)
        engine.apply(documents[1::3], [], 2)
        engine.apply([*documents[::3], *documents[2::3]], [listing_id(77)], 3)
    return engine


@settings(max_examples=200, deadline=None)
@given(catalogues, queries, st.sampled_from([0, 2, 64]))
def test_the_list_is_what_the_scorer_says_of_each_listing(catalogue, query, small):
    documents = documents_of(catalogue)
    result = engine_of(documents, small=small).match(query)
    asked = ANALYSER.query(query.text)
    search = SearchQuery(TODAY, filters=query.filters)
    fitting = [
        each
        for each in documents
        if exclusion(query.need, offer_on(each, TODAY)) is None
        and (not query.text_required or naive.matches(each, asked))
    ]
    expected = {each.id: each for each in fitting if naive.passes(each, search)}
    assert result.total == len(expected)
    assert {hit.id for hit in result.hits} == set(expected)
    for facet in FACETS:
        counted = [
            value
            for each in fitting
            if naive.passes(each, search, without=facet)
            for value in naive.values(each, facet, TODAY)
        ]
        assert result.facets[facet] == {value: counted.count(value) for value in counted}
    for hit in result.hits:
        offer = offer_on(expected[hit.id], TODAY)
        found = score(query.need, offer, query.weights, text=hit.text_score, policy=query.policy)
        assert hit.fit == pytest.approx(found.fit, abs=ROUNDING)
        assert hit.policy_term == found.policy_term
        assert hit.order_value == pytest.approx(found.order_value, abs=ROUNDING)
    assert all(
        (-first.order_value, first.id) < (-second.order_value, second.id)
        for first, second in pairwise(result.hits)
    )


@settings(max_examples=100, deadline=None)
@given(catalogues, queries)
def test_the_text_of_a_match_is_the_text_of_a_search(catalogue, query):
    engine = engine_of(documents_of(catalogue), small=0)
    asked = replace(query, filters={}, text_required=True)
    found = engine.search(SearchQuery(TODAY, query.text, limit=100)).hits
    scores = {hit.id: hit.text_score for hit in found}
    for hit in engine.match(asked).hits:
        assert hit.text_score == scores[hit.id]


@settings(max_examples=150, deadline=None)
@given(catalogues, queries)
def test_an_explanation_adds_up_to_the_very_place_in_the_list(catalogue, query):
    documents = documents_of(catalogue)
    engine = engine_of(documents, small=2)
    hits = {hit.id: hit for hit in engine.match(query).hits}
    for each in documents:
        found = engine.explain(each.id, query)
        offer = offer_on(each, TODAY)
        excluded = exclusion(query.need, offer)
        assert found.excluded == (excluded.codes if excluded else ())
        if each.id in hits:
            assert found.hit == hits[each.id]
        parts = score(query.need, offer, query.weights).parts
        assert found.points == pytest.approx({part.axis: part.points for part in parts}, abs=ROUNDING)
        assert min(found.bm25 / TEXT_SCALE, 1) == found.hit.text_score
        assert sum(clause.points for clause in found.clauses) == pytest.approx(found.bm25, abs=1e-5)
    assert engine.explain(listing_id(88), query) is None


@settings(max_examples=50, deadline=None)
@given(catalogues, st.lists(queries, max_size=4))
def test_many_demands_at_once_get_the_pages_that_each_gets_alone(catalogue, asked):
    engine = engine_of(documents_of(catalogue), small=2)
    assert engine.match_many(asked) == [engine.match(query).hits for query in asked]


@settings(max_examples=50, deadline=None)
@given(catalogues, queries)
def test_pages_cover_the_list_once_and_a_far_page_is_empty(catalogue, query):
    engine = engine_of(documents_of(catalogue), small=2)
    whole = engine.match(query)
    pages = [engine.match(replace(query, offset=offset, limit=5)) for offset in (0, 5, 10, 10**22)]
    assert tuple(hit for page in pages for hit in page.hits) == whole.hits
    assert {page.total for page in pages} == {whole.total}


@pytest.mark.parametrize(
    ("options", "field", "code"),
    [
        ({"filters": {"colour": frozenset({"red"})}}, "colour", "unknown_facet"),
        ({"offset": -1}, "offset", "out_of_range"),
        ({"limit": 101}, "limit", "out_of_range"),
    ],
)
def test_a_demand_that_cannot_be_asked(options, field, code):
    with pytest.raises(InvalidSearch) as refused:
        MatchQuery(TODAY, cases.NEED, BUILT_IN, **options)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_a_budget_beyond_what_is_counted_is_refused():
    need = replace(cases.NEED, budget_amount=10**16)
    with pytest.raises(ValueError, match="budget"):
        EmbeddedEngine(ANALYSER).match(MatchQuery(TODAY, need, BUILT_IN))


def test_the_tables_of_a_demand_are_kept_until_anything_of_it_or_of_the_catalogue_is_another():
    engine = engine_of([listed(1, cases.OFFER, "용접")])
    compiled = engine._compiler.compile
    first = compiled(cases.NEED, BUILT_IN)
    assert compiled(replace(cases.NEED), BUILT_IN) is first
    others = [
        compiled(replace(cases.NEED, budget_amount=cases.NEED.budget_amount + 1), BUILT_IN),
        compiled(replace(cases.NEED, industry_prior={"30": 0.5}), BUILT_IN),
        compiled(cases.NEED, replace(BUILT_IN)),
        compiled(cases.NEED, BUILT_IN, policy=False),
    ]
    engine.apply([listed(2, replace(cases.OFFER, interfaces=frozenset({"new"})), "용접")], [], 4)
    others.append(compiled(cases.NEED, BUILT_IN))
    assert len({id(each) for each in (first, *others)}) == 6
    assert len(others[-1].interface) > len(first.interface)


def test_the_worked_example_of_the_score_is_what_the_engine_gives():
    for row in page.table("variations"):
        need, offer = page.changed(row["change"], *page.example())
        engine = EmbeddedEngine(ANALYSER)
        engine.apply([listed(1, offer, "비전 검사")], [], 1)
        found = engine.explain(listing_id(1), MatchQuery(TODAY, need, BUILT_IN))
        page.check_value(row["fit"], found.hit.fit)
        assert found.excluded == ((row["excluded"],) if row["excluded"] else ())
        assert engine.match(MatchQuery(TODAY, need, BUILT_IN)).hits == (
            () if found.excluded else (found.hit,)
        )
    *rows, _ = page.table("example")
    need, offer = page.example()
    engine.apply([listed(1, offer, "비전 검사")], [], 2)
    found = engine.explain(listing_id(1), MatchQuery(TODAY, need, BUILT_IN))
    for row in rows:
        page.check_value(row["points"], found.points[row["axis"]])
    assert found.plan == "plus"
