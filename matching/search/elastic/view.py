"""One state of an index, held still: a point in time at the server, and what BM25 counts in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from matching.search.analyser import QueryTokens
from matching.search.elastic.bounds import Query
from matching.search.elastic.connection import Connection, Refused, Unavailable
from matching.search.elastic.indexed import token
from matching.search.elastic.rescoring import TextFacts
from matching.search.elastic.schema import REVISION_ID, Identity
from matching.search.embedded import lexical
from matching.search.embedded.lexical import Statistics
from matching.search.engine import EngineDown

#: How long the server keeps a point in time that nobody asks for.
KEPT = "5m"
#: Tokens and days whose counts a view remembers.
_MOST = 200_000

#: A field ("body" or "gram") and a token of it.
Term = tuple[str, str]
#: Names of the explanation's figures → ours.
_FIGURES = {
    "n, number of documents": "having",
    "N, total number of": "documents",
    "avgdl, average": "average",
}


class Gone(Exception):
    """The point in time is there no longer; another one has to be opened."""


class Served(NamedTuple):
    """What the server's own text score counts: replaced and deleted documents included until they are merged away."""

    having: int
    documents: int
    average: float


@dataclass(eq=False)
class View:
    """What one answer is computed from. Its counts never change, so they are asked for once.

    Attributes:
        pit: the server's name of the point in time.
        mark: changes with every write that is shown.
        words, grams: statistics over the live documents.
        live: of each term that was asked, how many live documents have it.
        served: of each term that was asked, the server's counts; None when no document has it.
        everything: how many listings are visible on a day.
    """

    connection: Connection
    pit: str
    index: str
    shards: int
    revision: int
    mark: tuple[object, ...]
    words: Statistics
    grams: Statistics
    live: dict[Term, int] = field(default_factory=dict)
    served: dict[Term, Served | None] = field(default_factory=dict)
    everything: dict[date, int] = field(default_factory=dict)
    _served_documents: dict[str, int] = field(default_factory=dict)

    def run(self, bodies: Sequence[Mapping[str, Any]], named: bool = False) -> list[Mapping[str, Any]]:
        """Ask several questions of this state at once; returns the answers in order.

        Raises:
            Gone: the point in time is there no longer, or a copy of a shard that it was in.
        """
        kind = "dfs_query_then_fetch" if self.shards > 1 else "query_then_fetch"
        pit = {"id": self.pit, "keep_alive": KEPT}
        options: dict[str, str | int | bool] = {"search_type": kind, "allow_partial_search_results": False}
        naming = {"include_named_queries_score": True} if named else {}
        try:
            if len(bodies) == 1:
                one = self.connection.ask(
                    "POST", "/_search", {**bodies[0], "pit": pit}, {**options, **naming}
                )
                return [one]
            lines = [line for body in bodies for line in (options, {**body, "pit": pit})]
            told = self.connection.ask("POST", "/_msearch", lines, naming)
            answers: list[Mapping[str, Any]] = told["responses"]
        except Refused as error:
            if error.status == 404:
                raise Gone from error
            raise
        for answer in answers:
            if "error" in answer:
                _raise(answer)
        return answers

    def close(self) -> None:
        """Tell the server that this state is needed no longer."""
        try:
            self.connection.ask("DELETE", "/_pit", {"id": self.pit})
        except (EngineDown, Refused):
            return

    def missing_live(self, asked: QueryTokens) -> list[Term]:
        """Return the terms of a text whose live counts are not known yet."""
        return [term for term in terms(asked) if term not in self.live]

    def live_counts(self, missing: Sequence[Term]) -> Query:
        """Return the question for live counts."""
        wanted = {str(place): {"term": {name: token(text)}} for place, (name, text) in enumerate(missing)}
        return {"size": 0, "track_total_hits": False, "aggs": {"live": {"filters": {"filters": wanted}}}}

    def note_live(self, missing: Sequence[Term], answer: Mapping[str, Any]) -> None:
        """Remember the answer to `live_counts`."""
        if len(self.live) > _MOST:
            self.live.clear()
        buckets = answer["aggregations"]["live"]["buckets"]
        self.live.update({term: buckets[str(place)]["doc_count"] for place, term in enumerate(missing)})

    def missing_served(self, asked: QueryTokens) -> list[Term]:
        """Return the terms of a text whose counts at the server are not known and may differ from the live ones."""
        return [
            term
            for term in terms(asked)
            if term not in self.served
            and self._served_documents.get(term[0], -1) != self._statistics(term[0]).documents
            and self.live.get(term, 1)
        ]

    @staticmethod
    def served_counts(missing: Sequence[Term]) -> list[Query]:
        """Return the questions for the server's counts: it explains one score of each term."""
        return [
            {
                "size": 1,
                "track_total_hits": False,
                "explain": True,
                "_source": False,
                "query": {"term": {name: token(text)}},
            }
            for name, text in missing
        ]

    def note_served(self, missing: Sequence[Term], answers: Sequence[Mapping[str, Any]]) -> None:
        """Remember the answers to `served_counts`."""
        if len(self.served) > _MOST:
            self.served.clear()
        for term, answer in zip(missing, answers, strict=True):
            hits = answer["hits"]["hits"]
            self.served[term] = found = _explained(hits[0]["_explanation"]) if hits else None
            if found is not None:
                self._served_documents[term[0]] = found.documents

    def facts(self, asked: QueryTokens) -> TextFacts | None:
        """Return what BM25 counts of a text whose live counts are known; None without a text."""
        if not asked.groups:
            return None
        return TextFacts(
            words=[
                (token(text), boost, self.live["body", text])
                for text, boost in _known(asked.word_boosts(), "body", self)
            ],
            grams=[
                (token(text), boost, self.live["gram", text])
                for text, boost in _known(asked.gram_boosts(), "gram", self)
            ],
            words_statistics=self.words,
            grams_statistics=self.grams,
        )

    def slack(self, asked: QueryTokens, most: float | None) -> float:
        """Return by how much the server's text score can at most be below ours, for any listing.

        Args:
            most: the most that a text's score counts, None when it counts whatever it is.
        """
        total, highest = 0.0, 1.0
        for (name, text), boost in _weighted(asked):
            having, ours = self.live[name, text], self._statistics(name)
            served = self.served.get((name, text))
            if not having or served is None:
                # Without deleted documents the server counts what is live.
                continue
            weight = float(lexical.weight(boost, ours.documents, having))
            theirs = float(lexical.weight(boost, served.documents, served.having))
            average = float(np.float32(ours.length / max(ours.documents, 1)))
            ratio = max(1.0, weight / theirs * max(1.0, average / served.average))
            total += weight * (1 - 1 / ratio)
            highest = max(highest, ratio)
        return total if most is None else min(total, most * (1 - 1 / highest))

    def _statistics(self, name: str) -> Statistics:
        return self.words if name == "body" else self.grams


def terms(asked: QueryTokens) -> list[Term]:
    """Return the terms that a text weighs by."""
    return [term for term, _ in _weighted(asked)]


def _weighted(asked: QueryTokens) -> Iterator[tuple[Term, float]]:
    for text, boost in asked.word_boosts().items():
        yield ("body", text), boost
    for text, boost in asked.gram_boosts().items():
        yield ("gram", text), boost


def _known(boosts: Mapping[str, float], name: str, view: View) -> Iterator[tuple[str, float]]:
    return ((text, boost) for text, boost in boosts.items() if view.live[name, text])


def opened(connection: Connection, alias: str, identity: Identity) -> View:
    """Hold the present state of an index still.

    Raises:
        AnalyserMismatch, EngineUnusable: it is none of ours, see `Identity.check`.
        Refused: there is no such index (status 404).
    """
    behind = connection.ask("GET", f"/{alias}/_mapping", None, {"filter_path": "*.mappings._meta"})
    for index, found in behind.items():
        identity.check(found["mappings"]["_meta"], index)
    pit = connection.ask("POST", f"/{alias}/_pit", None, {"keep_alive": KEPT})["id"]
    view = View(connection, pit, "", 1, 0, (), Statistics(), Statistics())
    lengths = {name: {"stats": {"field": name}} for name in ("words", "grams")}
    [answer] = view.run(
        [
            {
                "size": 1,
                "seq_no_primary_term": True,
                "_source": ["revision"],
                "query": {"ids": {"values": [REVISION_ID]}},
                "aggs": {"all": {"global": {}, "aggs": lengths}},
            }
        ]
    )
    view.shards = answer["_shards"]["total"]
    counted = answer["aggregations"]["all"]
    view.words, view.grams = (
        Statistics(int(counted[name]["count"]), int(counted[name]["sum"] or 0)) for name in ("words", "grams")
    )
    for hit in answer["hits"]["hits"]:
        view.index, view.revision = hit["_index"], hit["_source"]["revision"]
        view.mark = hit["_index"], hit["_seq_no"], hit["_primary_term"]
    if view.index not in ("", *behind):
        # Another index took the place of the one that was looked at.
        raise Gone
    return view


def _explained(told: Mapping[str, Any]) -> Served:
    found: dict[str, Any] = {}
    waiting = [told]
    while waiting:
        one = waiting.pop()
        for start, name in _FIGURES.items():
            if one["description"].startswith(start):
                found[name] = one["value"]
        waiting.extend(one["details"])
    return Served(int(found["having"]), int(found["documents"]), float(found["average"]))


def _raise(answer: Mapping[str, Any]) -> None:
    error = answer["error"]
    if answer.get("status") == 404:
        raise Gone
    if answer.get("status", 500) >= 500 or answer.get("status") == 429:
        raise Unavailable(str(error.get("reason")))
    raise Refused(
        answer["status"], error.get("type", ""), str(error.get("root_cause") or error.get("reason"))[:600]
    )
