"""The bodies of requests: text, filters, facet counts, orders."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from matching.scoring.weights import Weights
from matching.search.analyser import QueryTokens
from matching.search.documents import VALIDATIONS, WITHDRAWN_AFTER_DAYS
from matching.search.elastic import bounds
from matching.search.elastic.bounds import Query
from matching.search.elastic.indexed import token
from matching.search.elastic.schema import MAX_VALUES
from matching.search.embedded.demand import shares
from matching.search.engine import TEXT_SCALE
from matching.search.query import FACETS, MatchQuery, SearchQuery
from matching.search.tokens import GRAM_BOOST, Group, Word

#: Name under which the server tells the text's own score.
TEXT = "text"
_COLUMNS = {
    "capability": "capability",
    "industry": "industry",
    "kind": "kind",
    "level": "level",
    "price": "price",
    "region": "region",
    "validation": "proof",
}
_EXPIRED = "expired"
_NOTHING: Query = {"match_none": {}}

Aggregations = dict[str, Any]


def text_clause(asked: QueryTokens) -> list[Query]:
    """Return the query whose score is BM25: float32(sum of words + float32(sum of grams)), [] without a text.

    It bears no boost: the server rounds otherwise when it does.
    """
    words = [_weighted("body", word, boost) for word, boost in asked.word_boosts().items()]
    grams = [_weighted("gram", gram, boost / GRAM_BOOST) for gram, boost in asked.gram_boosts().items()]
    # The boost keeps the grams a query of their own, whose sum is rounded before it is added.
    inner = [{"bool": {"should": grams, "boost": GRAM_BOOST}}] if grams else []
    return [{"bool": {"_name": TEXT, "should": [*words, *inner]}}] if words or grams else []


def _weighted(field: str, text: str, boost: float) -> Query:
    return {"term": {field: {"value": token(text), "boost": boost}}}


def having(asked: QueryTokens) -> list[Query]:
    """Return the filter for listings that have enough of a text; [] when everything has."""
    if asked.is_blank:
        return []
    return (
        [_some([_group(group) for group in asked.groups], asked.groups_needed)]
        if asked.groups
        else [_NOTHING]
    )


def _group(group: Group) -> Query:
    return _some([_every([_word(word) for word in words]) for words in group.alternatives], 1)


def _word(word: Word) -> Query:
    ways = [{"term": {"body": token(word.token)}}] if word.token else []
    if word.grams:
        ways.append(
            _some([{"term": {"gram": gram}} for gram in dict.fromkeys(word.grams)], word.grams_needed)
        )
    return _some(ways, 1)


def _some(ways: list[Query], needed: int) -> Query:
    if not ways:
        return _NOTHING
    return ways[0] if len(ways) == 1 else {"bool": {"should": ways, "minimum_should_match": needed}}


def _every(ways: list[Query]) -> Query:
    return ways[0] if len(ways) == 1 else {"bool": {"filter": ways}}


def shown(today: date) -> Query:
    """Return the filter for listings that are visible on a day."""
    return _on_or_after(today.toordinal() - WITHDRAWN_AFTER_DAYS)


def valid(today: date) -> Query:
    """Return the filter for listings whose certificate holds on a day."""
    return _on_or_after(today.toordinal())


def _on_or_after(ordinal: int) -> Query:
    return {"range": {"last_day": {"gte": ordinal}}}


def searched(query: SearchQuery, asked: QueryTokens) -> Query:
    """Return the query of a search, its score being BM25."""
    return {"bool": {"filter": visible(query, asked), "should": text_clause(asked)}}


def visible(query: SearchQuery, asked: QueryTokens) -> list[Query]:
    """Return what a search finds, its facets' filters apart."""
    return [shown(query.today), *having(asked)]


def scale_of(weights: Weights, asked: QueryTokens) -> float:
    """Return what one point of an order value is in the server's score, where BM25 stands as it is."""
    return TEXT_SCALE / weights.text_weight if asked.groups and weights.text_weight else 1.0


def matched(query: MatchQuery, asked: QueryTokens) -> Query:
    """Return the query of a demand: its hits are not excluded, its score is a bound of the order value, scaled."""
    need, weights = query.need, query.weights
    clauses, functions = bounds.demanded(
        need, shares(need, weights), weights.policy_term if query.policy else 0, scale_of(weights, asked)
    )
    clauses += text_clause(asked) if weights.text_weight else []
    found: Query = {"bool": {"filter": eligible(query, asked), "should": clauses}}
    if not functions:
        return found
    return {
        "function_score": {"query": found, "functions": functions, "score_mode": "sum", "boost_mode": "sum"}
    }


def eligible(query: MatchQuery, asked: QueryTokens) -> list[Query]:
    """Return what a demand does not exclude, its facets' filters apart."""
    need = query.need
    conditions = [valid(query.today)]
    if need.level is not None:
        conditions.append({"term": {"level": str(need.level)}})
    if need.region is not None:
        conditions.append({"term": {"region": need.region}})
    conditions += bounds.affordable(need)
    return [*conditions, *(having(asked) if query.text_required else [])]


def filters(chosen: Mapping[str, frozenset[str]], today: date) -> dict[str, Query]:
    """Return the condition of each facet of which values are chosen."""
    return {facet: _chosen(facet, values, today) for facet, values in chosen.items() if values}


def _chosen(facet: str, values: Iterable[str], today: date) -> Query:
    if facet != "validation":
        return {"terms": {_COLUMNS[facet]: sorted(values)}}
    proofs = sorted(value for value in values if value in VALIDATIONS and value != _EXPIRED)
    ways: list[Query] = [{"bool": {"filter": [{"terms": {"proof": proofs}}, valid(today)]}}] if proofs else []
    if _EXPIRED in values:
        ways.append({"bool": {"must_not": valid(today)}})
    return _some(ways, 1)


def counting(conditions: Mapping[str, Query], today: date, *, all_valid: bool) -> Aggregations:
    """Return the aggregations that count each facet under the other facets' conditions.

    Args:
        all_valid: every listing found has a certificate that holds.
    """
    made: Aggregations = {}
    free = [facet for facet in FACETS if facet not in conditions]
    _add(made, "free", free, list(conditions.values()), today, all_valid=all_valid)
    for facet in conditions:
        others = [condition for name, condition in conditions.items() if name != facet]
        _add(made, facet, [facet], others, today, all_valid=all_valid)
    return made


def _add(
    made: Aggregations, name: str, facets: Sequence[str], under: list[Query], today: date, *, all_valid: bool
) -> None:
    counts: Aggregations = {}
    for facet in facets:
        terms: Aggregations = {"terms": {"field": _COLUMNS[facet], "size": MAX_VALUES}}
        if facet != "validation" or all_valid:
            counts[facet] = terms
        else:
            counts[facet] = {"filter": valid(today), "aggs": {facet: terms}}
            counts[_EXPIRED] = {"filter": {"bool": {"must_not": valid(today)}}}
    if under and counts:
        made[name] = {"filter": _every(under), "aggs": counts}
    else:
        made.update(counts)


def counted(aggregations: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """Read what `counting` asked for."""
    counts: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
    _read(aggregations, counts)
    return counts


def _read(aggregations: Mapping[str, Any], counts: dict[str, dict[str, int]]) -> None:
    for name, found in aggregations.items():
        if not isinstance(found, Mapping):
            continue
        if "buckets" in found:
            counts[name].update({bucket["key"]: bucket["doc_count"] for bucket in found["buckets"]})
        elif name == _EXPIRED:
            counts["validation"].update({_EXPIRED: found["doc_count"]} if found["doc_count"] else {})
        else:
            _read(found, counts)


def ordered(query: SearchQuery) -> list[Any]:
    """Return the server's sort of an order other than by text."""
    by_id: list[Any] = [{"id": "asc"}]
    if query.sort == "newest":
        return [{"approved": "desc"}, *by_id]
    if query.sort == "price":
        return [{"amount": {"order": "asc", "missing": "_last"}}, *by_id]
    if query.sort == "title":
        return [{"title": "asc"}, *by_id]
    # The score is 1 while the certificate holds; see `by_validity`.
    return [
        {"_score": "desc"},
        {"field_sites": "desc"},
        {"test_reports": "desc"},
        {"approved": "desc"},
        *by_id,
    ]


def by_validity(query: SearchQuery, asked: QueryTokens) -> Query:
    """Return a search whose score is 1 for valid certificates, 0 for expired ones."""
    first: Query = {"constant_score": {"filter": valid(query.today)}}
    return {"bool": {"filter": visible(query, asked), "should": [first]}}
