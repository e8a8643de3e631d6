"""Searches and demands: candidates from the server, exact scores here, and the proof that no listing is missing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar

from matching.search.analyser import QueryTokens
from matching.search.elastic import asking, rescoring
from matching.search.elastic.bounds import ROUNDING, Query
from matching.search.elastic.candidates import FIELDS, Candidates
from matching.search.elastic.certificate import Certificate
from matching.search.elastic.packing import Packed
from matching.search.elastic.rescoring import TextFacts
from matching.search.elastic.schema import MAX_PAGE
from matching.search.elastic.view import View
from matching.search.embedded.columns import MAX_AMOUNT
from matching.search.engine import TEXT_SCALE, Hit, MatchHit, MatchResult, Result
from matching.search.query import MatchQuery, SearchQuery

#: How many candidates are asked for at first, and at most before every listing is scored.
FIRST, MOST = 50, MAX_PAGE
#: Listings read at once in a pass over all.
_PASS = 2_000
#: Demands asked in one request.
_BATCH = 32
T = TypeVar("T")
Answer = Mapping[str, Any]


class Question(NamedTuple):
    """What is asked for candidates.

    Attributes:
        query: the query whose score orders candidates; where: the same without a score.
        conditions: what the facets' filters demand beside.
        asked: the text.
        scale: what one unit of an exact value is in the server's score.
        most_text: the most that a text counts in the server's score, None without a limit.
        limit, needed: how many are shown, and how many of the best are needed for it.
    """

    query: Query
    where: Sequence[Query]
    conditions: Mapping[str, Query]
    asked: QueryTokens
    scale: float
    most_text: float | None
    limit: int
    needed: int

    def body(self, size: int) -> dict[str, Any]:
        """Return the request for so many candidates; who is too far behind them need not be scored for it."""
        return self._filtered({"size": size, "query": self.query, "track_total_hits": False, **FIELDS})

    def counts(self, aggregations: Mapping[str, Any]) -> dict[str, Any]:
        """Return the request for how many there are; nothing is scored for it, and the server keeps its answers."""
        where = {"bool": {"filter": list(self.where)}}
        return self._filtered({"size": 0, "query": where, "track_total_hits": True, "aggs": aggregations})

    def _filtered(self, made: dict[str, Any]) -> dict[str, Any]:
        if self.conditions:
            made["post_filter"] = {"bool": {"filter": list(self.conditions.values())}}
        return made


def _for_demand(query: MatchQuery, asked: QueryTokens) -> Question:
    if (query.need.budget_amount or 0) > MAX_AMOUNT:
        raise ValueError(f"a budget of {query.need.budget_amount} won, expected at most {MAX_AMOUNT}")
    return Question(
        asking.matched(query, asked),
        asking.eligible(query, asked),
        asking.filters(query.filters, query.today),
        asked,
        asking.scale_of(query.weights, asked),
        TEXT_SCALE,
        query.limit,
        query.offset + query.limit,
    )


def match(
    view: View, candidates: Candidates, query: MatchQuery, asked: QueryTokens
) -> tuple[MatchResult, Certificate]:
    """Answer a demand."""
    question = _for_demand(query, asked)
    counting = asking.counting(question.conditions, query.today, all_valid=True)
    first = _first(view, question, counting, query.today)

    def exact(found: Sequence[Packed], text: TextFacts | None) -> list[tuple[float, MatchHit]]:
        return [(hit.order_value, hit) for hit in rescoring.best_matches(found, query, text, question.needed)]

    hits, certificate = _proven(view, candidates, question, first.hits, exact)
    result = MatchResult(
        hits=tuple(hits[query.offset :]),
        total=first.total,
        facets=first.facets,
        everything_total=first.everything,
        revision=view.revision,
        text_was_cut=asked.was_cut,
    )
    return result, certificate


def search(
    view: View, candidates: Candidates, query: SearchQuery, asked: QueryTokens
) -> tuple[Result, Certificate]:
    """Answer a search."""
    by_text = bool(asked.groups) and query.sort == "relevance"
    needed = query.offset + query.limit
    wanted = asking.searched(query, asked) if by_text else asking.by_validity(query, asked)
    conditions = asking.filters(query.filters, query.today)
    where = asking.visible(query, asked)
    question = Question(wanted, where, conditions, asked, 1.0, None, query.limit, needed)
    counting = asking.counting(question.conditions, query.today, all_valid=False)
    first = _first(view, question, counting, query.today, with_hits=by_text)
    if by_text:
        hits, certificate = _proven(view, candidates, question, first.hits, _by_text(needed))
        hits = hits[query.offset :]
    else:
        hits, certificate = _in_order(view, candidates, question, query, first)
    result = Result(
        hits=tuple(hits),
        total=first.total,
        facets=first.facets,
        everything_total=first.everything,
        revision=view.revision,
        text_was_cut=asked.was_cut,
    )
    return result, certificate


def _by_text(needed: int) -> "Exact[Hit]":
    def exact(found: Sequence[Packed], text: TextFacts | None) -> list[tuple[float, Hit]]:
        if text is None:
            return []
        best = rescoring.best_texts(found, text, needed)
        return [(score, Hit(listing, min(score / TEXT_SCALE, 1.0))) for listing, score in best]

    return exact


#: Scores candidates exactly: the best that are needed, best first, each with the value that orders them.
Exact = Callable[[Sequence[Packed], TextFacts | None], list[tuple[float, T]]]


class First(NamedTuple):
    """The answer to the first request of a question, with all that is known after it.

    Attributes:
        hits: the candidates, none where none were asked for.
        total, facets, everything: as `Result` has them.
    """

    hits: "Hits"
    total: int
    facets: dict[str, dict[str, int]]
    everything: int


class Hits(NamedTuple):
    """The best candidates as the server orders them, of whom `size` were asked for."""

    hits: Sequence[Answer]
    size: int


def _first(
    view: View, question: Question, counting: Mapping[str, Any], today: date, *, with_hits: bool = True
) -> First:
    """Ask for the first candidates, the counts, and what is not known yet of the text and the day, all at once."""
    size = _size(question) if with_hits else 0
    bodies: list[Mapping[str, Any]] = [question.counts(counting), *([question.body(size)] if size else [])]
    missing = view.missing_live(question.asked)
    if missing:
        bodies.append(view.live_counts(missing))
    is_counted = today in view.everything
    if not is_counted:
        bodies.append({"size": 0, "track_total_hits": True, "query": asking.shown(today)})
    unserved = view.missing_served(question.asked) if size else []
    bodies.extend(view.served_counts(unserved))
    counted, *others = view.run(bodies)
    hits = Hits(others.pop(0)["hits"]["hits"] if size else (), size)
    if missing:
        view.note_live(missing, others.pop(0))
    if not is_counted:
        view.everything[today] = others.pop(0)["hits"]["total"]["value"]
    view.note_served(unserved, others)
    total = counted["hits"]["total"]["value"]
    return First(hits, total, asking.counted(counted["aggregations"]), view.everything[today])


def _size(question: Question) -> int:
    """Return how many candidates to begin with: none where all are scored anyway."""
    wanted = max(FIRST, question.needed + FIRST // 2)
    return wanted if question.limit and wanted <= MOST else 0


def _proven(
    view: View,
    candidates: Candidates,
    question: Question,
    first: Hits,
    exact: Exact[T],
) -> tuple[list[T], Certificate]:
    """Return the best listings, exactly: as many as are needed or as there are."""
    if not question.limit:
        return [], Certificate("all", 0, 1, 0.0)
    text = view.facts(question.asked)
    slack = view.slack(question.asked, question.most_text) if text else 0.0
    (hits, size), rounds = first, 1
    while size:
        best = exact(candidates.of(hits), text)
        if len(hits) < size:
            return [hit for _, hit in best], Certificate("all", size, rounds, slack)
        if _is_bound(best, question, float(hits[-1]["_score"]), slack):
            return [hit for _, hit in best], Certificate("bound", size, rounds, slack)
        size = 0 if size >= MOST else min(MOST, 2 * size)
        if size:
            rounds += 1
            hits = view.run([question.body(size)])[0]["hits"]["hits"]
    every = _every(view, candidates, question)
    return [hit for _, hit in exact(every, text)], Certificate("pass", len(every), rounds + 1, slack)


def _is_bound(
    best: Sequence[tuple[float, object]], question: Question, last_score: float, slack: float
) -> bool:
    """Tell whether no listing behind the last candidate can reach the page."""
    if len(best) < question.needed:
        return False
    rounding = ROUNDING * max(question.scale, 1.0)
    return best[question.needed - 1][0] * question.scale > last_score + slack + rounding


def _every(view: View, candidates: Candidates, question: Question) -> list[Packed]:
    """Return every listing that passes."""
    found: list[Packed] = []
    conditions = [*question.where, *question.conditions.values()]
    body: dict[str, Any] = {
        **question.body(_PASS),
        "query": {"bool": {"filter": conditions}},
        "post_filter": {"match_all": {}},
        "sort": ["_shard_doc"],
    }
    while True:
        [answer] = view.run([body])
        hits = answer["hits"]["hits"]
        found.extend(candidates.of(hits))
        if len(hits) < _PASS:
            return found
        body["search_after"] = hits[-1]["sort"]


def _in_order(
    view: View, candidates: Candidates, question: Question, query: SearchQuery, first: First
) -> tuple[list[Hit], Certificate]:
    """Return a page of an order that the server keeps by itself."""
    if not query.limit or query.offset >= first.total:
        return [], Certificate("order", 0, 1, 0.0)
    body = {**question.body(query.limit), "sort": asking.ordered(query), "track_scores": False}
    rounds, before = 2, query.offset
    while before + query.limit > MAX_PAGE:
        step = min(before, MAX_PAGE)
        skipped = {**body, "size": step, "docvalue_fields": []}
        body["search_after"] = view.run([skipped])[0]["hits"]["hits"][-1]["sort"]
        before -= step
        rounds += 1
    # A page behind others is asked for with those before it: the server has no `from` beside `search_after`.
    [answer] = view.run([{**body, "size": before + query.limit}])
    listings = candidates.of(answer["hits"]["hits"][before:])
    scores: dict[str, float] = {}
    text = view.facts(question.asked)
    if text is not None:
        scores = dict(rescoring.best_texts(listings, text, len(listings)))
    hits = [Hit(each.id, min(scores.get(each.id, 0.0) / TEXT_SCALE, 1.0)) for each in listings]
    return hits, Certificate("order", len(listings), rounds, 0.0)


def match_many(
    view: View,
    candidates: Candidates,
    queries: Sequence[tuple[MatchQuery, QueryTokens]],
    note: Callable[[Certificate], None],
) -> list[tuple[MatchHit, ...]]:
    """Return the page of each of many demands; nothing is counted."""
    pages: list[tuple[MatchHit, ...]] = []
    for start in range(0, len(queries), _BATCH):
        batch = queries[start : start + _BATCH]
        questions = [_for_demand(query, asked) for query, asked in batch]
        _prepare(view, questions)
        sizes = [_size(question) for question in questions]
        answers = view.run([question.body(size) for question, size in zip(questions, sizes, strict=True)])
        for (query, _), question, size, answer in zip(batch, questions, sizes, answers, strict=True):
            found, certificate = _page(view, candidates, query, question, Hits(answer["hits"]["hits"], size))
            note(certificate)
            pages.append(found)
    return pages


def _page(
    view: View, candidates: Candidates, query: MatchQuery, question: Question, first: Hits
) -> tuple[tuple[MatchHit, ...], Certificate]:
    def exact(found: Sequence[Packed], text: TextFacts | None) -> list[tuple[float, MatchHit]]:
        return [(hit.order_value, hit) for hit in rescoring.best_matches(found, query, text, question.needed)]

    hits, certificate = _proven(view, candidates, question, first, exact)
    return tuple(hits[query.offset :]), certificate


def _prepare(view: View, questions: Sequence[Question]) -> None:
    """Ask for what is not known yet of the texts of several questions."""
    for question in questions:
        missing = view.missing_live(question.asked)
        if missing:
            view.note_live(missing, view.run([view.live_counts(missing)])[0])
        unserved = view.missing_served(question.asked)
        if unserved:
            view.note_served(unserved, view.run(view.served_counts(unserved)))
