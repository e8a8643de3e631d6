from matching.search.conditions import TEXT, Lighter, lighter_queries, worth_dropping
from matching.search.query import SearchQuery
from tests.matching.search.factories import TODAY

FILTERS = {"region": frozenset({"busan"}), "price": frozenset({"under_10m", "10m_30m"}), "level": frozenset()}


def test_every_condition_is_left_out_once():
    asked = SearchQuery(TODAY, "사출", FILTERS, offset=40)
    lighter = lighter_queries(asked)
    assert list(lighter) == ["region", "price", TEXT]
    assert lighter["region"].filters == {"price": FILTERS["price"], "level": frozenset()}
    assert (lighter[TEXT].text, lighter[TEXT].filters) == ("", FILTERS)
    assert {(query.offset, query.limit) for query in lighter.values()} == {(0, 0)}
    assert lighter_queries(SearchQuery(TODAY, " ")) == {}


def test_only_what_finds_more_is_worth_dropping_most_first():
    assert worth_dropping(3, {"region": 5, "price": 3, TEXT: 40, "level": 5}) == [
        Lighter(TEXT, 40),
        Lighter("region", 5),
        Lighter("level", 5),
    ]
