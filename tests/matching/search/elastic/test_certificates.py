"""The bound of every listing is no lower than its exact value, and the server's text is what its own counts make it."""

from dataclasses import replace
from itertools import count

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.scoring.weights import BUILT_IN
from matching.search.elastic import answering, asking, bounds, rescoring
from matching.search.elastic.candidates import Candidates
from matching.search.embedded import EmbeddedEngine
from matching.search.embedded.lexical import Statistics
from matching.search.query import MatchQuery, SearchQuery
from tests.matching.scoring import cases
from tests.matching.search.factories import ANALYSER, TODAY, document, listing_id
from tests.matching.search.market import catalogues
from tests.matching.search.test_fitting import documents_of, queries

pytestmark = pytest.mark.elastic


@pytest.fixture(scope="module")
def one_index(engines):
    return engines(), count(1)


def known(engine, question):
    """The state that an engine reads, with all that a question needs of it."""
    view = engine._current()
    answering._prepare(view, [question])
    return view


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(catalogues, st.lists(queries, min_size=1, max_size=4))
def test_no_score_of_the_server_is_below_the_exact_value_and_few_are_above(one_index, catalogue, asked):
    engine, revisions = one_index
    documents = documents_of(catalogue)
    kept = {each.id for each in documents}
    engine.apply(documents, [each.id for each in engine.all() if each.id not in kept], next(revisions))
    for query in asked:
        question = answering._for_demand(query, ANALYSER.query(query.text))
        view = known(engine, question)
        [answer] = view.run([question.body(100)])
        hits = answer["hits"]["hits"]
        found = Candidates().of(hits)
        scores = {each.id: hit["_score"] for each, hit in zip(found, hits, strict=True)}
        slack = view.slack(question.asked, question.most_text)
        allowed = bounds.ROUNDING * max(question.scale, 1)
        for exact in rescoring.best_matches(found, query, view.facts(question.asked), 100) if found else []:
            value = exact.order_value * question.scale
            assert value <= scores[exact.id] + slack + allowed
            # Steps of statistics are rounded up, and a programme may pay all that a budget of nothing does not.
            is_tight = not query.need.industry_prior and query.need.budget_amount != 0
            if not query.text and is_tight and exact.fit < 100:
                assert scores[exact.id] <= value + allowed


def test_the_servers_text_score_is_that_of_its_own_counts_to_the_last_bit_and_ours_is_within_the_slack(
    engines,
):
    engine = engines()
    words = ["용접", "robot", "mes", "검사", "납땜기"]
    texts = [" ".join(words[: 1 + number % 5] * (1 + number % 7)) for number in range(60)]
    engine.apply([document(number, text) for number, text in enumerate(texts)], [], 1)
    engine.apply(
        [document(number, "다른 것") for number in range(0, 60, 4)], [listing_id(1), listing_id(2)], 2
    )
    asked = ANALYSER.query("용접 robot mes 납땜기 robot")
    wanted = asking.searched(SearchQuery(TODAY), asked)
    question = answering.Question(wanted, (), {}, asked, 1.0, None, 60, 60)
    question.query["bool"]["filter"] = question.query["bool"]["filter"][:1]
    view = known(engine, question)
    [answer] = view.run([question.body(60)], named=True)
    hits = [hit for hit in answer["hits"]["hits"] if hit.get("matched_queries")]
    found = Candidates().of(answer["hits"]["hits"])
    scored = Candidates().of(hits)
    theirs = {each.id: hit["matched_queries"][asking.TEXT] for each, hit in zip(scored, hits, strict=True)}
    facts = view.facts(asked)
    served = replace(
        facts,
        words=[(name, boost, view.served["body", name].having) for name, boost, _ in facts.words],
        grams=[(name, boost, view.served["gram", name].having) for name, boost, _ in facts.grams],
        words_statistics=counts(view, "body", facts.words),
        grams_statistics=counts(view, "gram", facts.grams),
    )
    recomputed = dict(rescoring.best_texts(found, served, 60))
    assert len(theirs) > 30
    assert {listing: np.float32(score) for listing, score in theirs.items()} == {
        listing: np.float32(recomputed[listing]) for listing in theirs
    }
    ours, slack = dict(rescoring.best_texts(found, facts, 60)), view.slack(asked, None)
    higher = [ours[listing] - score for listing, score in theirs.items() if ours[listing] > score]
    assert higher
    assert 0 < max(higher) <= slack


def counts(view, name, tokens):
    """The server's counts of a field, its average length being that of so many documents of so many tokens."""
    [served, *others] = {view.served[name, token][1:] for token, _, _ in tokens}
    assert not others
    return Statistics(served[0], round(served[1] * served[0]))


def test_many_equal_listings_are_all_scored_and_ties_go_by_id(engines):
    certificates = []
    engine = engines(note=certificates.append)
    documents = [document(number, "용접") for number in range(130)]
    engine.apply(documents[::-1], [], 1)
    embedded = EmbeddedEngine(ANALYSER)
    embedded.apply(documents, [], 1)
    need = replace(cases.NEED, region=None, requirements=())
    for query in (
        MatchQuery(TODAY, need, BUILT_IN),
        MatchQuery(TODAY, need, BUILT_IN, text="용접", offset=40),
    ):
        assert engine.match(query) == embedded.match(query)
    assert engine.search(SearchQuery(TODAY, "용접")) == embedded.search(SearchQuery(TODAY, "용접"))
    assert [(each.how, each.candidates) for each in certificates] == [
        ("all", 200),
        ("all", 170),
        ("all", 200),
    ]


def test_every_listing_is_scored_where_no_bound_helps(engines, monkeypatch):
    certificates = []
    engine = engines(note=certificates.append)
    documents = [document(number, "용접") for number in range(130)]
    engine.apply(documents, [], 1)
    monkeypatch.setattr(answering, "MOST", 100)
    monkeypatch.setattr(answering, "_PASS", 30)
    found = engine.search(SearchQuery(TODAY, "용접", limit=100, offset=20))
    assert [hit.id for hit in found.hits] == [listing_id(number) for number in range(20, 120)]
    assert engine.search(SearchQuery(TODAY, "용접")).hits[0].id == listing_id(0)
    assert [(each.how, each.candidates) for each in certificates] == [("pass", 130), ("pass", 130)]


def test_pages_far_behind_in_an_order_of_the_server(engines, monkeypatch):
    engine = engines()
    engine.apply([document(number, f"{number:04}") for number in range(90)], [], 1)
    monkeypatch.setattr(answering, "MAX_PAGE", 20)
    for offset in (0, 15, 20, 41, 75, 89, 90, 10**20):
        found = engine.search(SearchQuery(TODAY, sort="title", offset=offset, limit=10)).hits
        assert [hit.id for hit in found] == [listing_id(number) for number in range(90)][offset : offset + 10]
