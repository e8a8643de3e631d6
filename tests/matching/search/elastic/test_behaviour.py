"""What every engine must do, shown on Elasticsearch: the very tests of the embedded engine, and both side by side."""

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.search.embedded import EmbeddedEngine
from matching.search.query import SORTS, SearchQuery
from tests.matching.search import test_engine, test_fitting
from tests.matching.search.factories import ANALYSER, TODAY
from tests.matching.search.market import TITLES, catalogues
from tests.matching.search.test_engine import (  # noqa: F401 — pytest runs what stands in this module
    catalogue,
    test_a_document_of_another_analyser_is_refused_and_nothing_changes,
    test_a_search_that_cannot_be_asked,
    test_a_text_score_is_never_above_one,
    test_an_empty_engine_answers,
    test_an_expired_certificate_stays_90_days_and_goes,
    test_an_id_in_both_lists_is_deleted_and_an_unknown_one_does_no_harm,
    test_control_characters_change_nothing_and_signs_alone_find_nothing,
    test_facets_or_inside_and_between_own_filter_left_out,
    test_half_of_the_words_must_be_there,
    test_hostile_queries_get_an_answer,
    test_korean_and_english_queries,
    test_pages_cover_everything_once_and_a_far_page_is_empty,
    test_replaying_a_batch_changes_nothing_and_an_older_one_is_ignored,
    test_sorts,
    test_the_typed_name_ranks_before_another_name_of_the_same_thing,
)
from tests.matching.search.test_fitting import (  # noqa: F401 — pytest runs what stands in this module
    test_a_budget_beyond_what_is_counted_is_refused,
    test_the_worked_example_of_the_score_is_what_the_engine_gives,
)

pytestmark = pytest.mark.elastic

texts = st.one_of(TITLES, st.sampled_from(["", "\x00", "! ?", "납", "용접 " * 80, "가나다라 robot"]))
searches = st.builds(
    SearchQuery,
    today=st.just(TODAY),
    text=texts,
    filters=test_fitting.filters,
    sort=st.sampled_from(SORTS),
    offset=st.sampled_from([0, 0, 3, 10**22]),
    limit=st.sampled_from([0, 2, 100]),
)


@pytest.fixture(scope="module", autouse=True)
def on_elasticsearch(engines):
    with pytest.MonkeyPatch.context() as patch:
        for module in (test_engine, test_fitting):
            patch.setattr(module, "EmbeddedEngine", engines)
        yield


@pytest.fixture(scope="module")
def one_index(engines):
    """One index for many catalogues, so that it is full of what was replaced and deleted."""
    return engines(), count(1)


def fill(one_index, documents):
    """Both engines with these documents and no others."""
    elastic, revisions = one_index
    revision = next(revisions)
    kept = {each.id for each in documents}
    elastic.apply(documents, [each.id for each in elastic.all() if each.id not in kept], revision)
    embedded = EmbeddedEngine(ANALYSER)
    embedded.apply(documents, [], revision)
    return elastic, embedded


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(catalogues, st.lists(test_fitting.queries, min_size=1, max_size=3), st.lists(searches, max_size=3))
def test_both_engines_answer_the_same(one_index, listings, matches, asked):
    documents = test_fitting.documents_of(listings)
    elastic, embedded = fill(one_index, documents)
    assert elastic.all() == list(embedded.all())
    assert elastic.match_many(matches) == embedded.match_many(matches)
    for query in [*matches, *(replace(each, limit=2, offset=1) for each in matches)]:
        assert elastic.match(query) == embedded.match(query)
    for query in asked:
        assert elastic.search(query) == embedded.search(query)
    for each in documents:
        assert elastic.get(each.id) == each
        assert elastic.explain(each.id, matches[0]) == embedded.explain(each.id, matches[0])
