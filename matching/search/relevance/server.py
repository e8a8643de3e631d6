"""The same index on a real Elasticsearch, under a name of its own, for as long as a run takes."""

import contextlib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np

from matching.search.relevance.indexing import Analysed, Found
from matching.search.tokens import GRAM_BOOST, QueryTokens

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

_MAJOR = "9"
#: The server gives so many hits at most.
MOST = 10_000
#: Passages go out in requests of about so many characters.
_CHARACTERS_A_REQUEST = 4_000_000
#: The server cuts tokens after 255 halves of UTF-16.
_LONGEST_TOKEN = 100
_CREATED, _ALREADY_THERE = 201, 409
# More shards would count words apart; deleted passages would count too, but there are none.
_SETTINGS: dict[str, Any] = {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "-1"}
_TEXT = {"type": "text", "analyzer": "whitespace", "index_options": "freqs"}
_MAPPINGS: dict[str, Any] = {
    "dynamic": "strict",
    "_source": {"enabled": False},
    "properties": {"id": {"type": "keyword"}, "words": _TEXT, "grams": _TEXT},
}


class ServerTrouble(RuntimeError):
    """The server cannot be asked; the message is one line."""


class ServerIndex:
    """An index of texts on a server: `indexing.Index`."""

    def __init__(self, client: "Elasticsearch", name: str) -> None:
        self._client = client
        self._name = name
        self._count = 0

    def add(self, passages: Sequence[Analysed]) -> None:
        """Take in passages; none comes twice."""
        lines: list[Mapping[str, Any]] = []
        size = 0
        for passage in passages:
            row = {"id": passage.id, "words": _text(passage.words), "grams": _text(passage.grams)}
            lines += [{"create": {"_id": str(self._count)}}, row]
            self._count += 1
            size += sum(map(len, row.values()))
            if size > _CHARACTERS_A_REQUEST:
                self._write(lines)
                lines, size = [], 0
        if lines:
            self._write(lines)

    def _write(self, lines: Sequence[Mapping[str, Any]]) -> None:
        answer = self._client.bulk(index=self._name, operations=lines)
        results = [item["create"] for item in answer["items"]]
        # What is there already came with a request that was sent again.
        refused = [each["error"] for each in results if each["status"] not in (_CREATED, _ALREADY_THERE)]
        if refused:
            cause = f"a passage was refused: {refused[0]['type']}: {refused[0]['reason']}"
            raise ServerTrouble(_one_line(cause))

    def best(self, asked: Sequence[QueryTokens], most: int) -> list[list[Found]]:
        """Return for each query the `most` passages with the highest BM25 above 0, ties by id."""
        self._client.indices.refresh(index=self._name)
        return [self._best(each, most) for each in asked]

    def _best(self, asked: QueryTokens, most: int) -> list[Found]:
        clauses = _clauses("words", asked.word_boosts(), 1)
        if grams := _clauses("grams", asked.gram_boosts(), GRAM_BOOST):
            # Boosted as a whole, so that the server rounds their sum by itself, as the engine does.
            clauses.append({"bool": {"should": grams, "boost": GRAM_BOOST}})
        if not clauses:
            return []
        answer = self._client.search(
            index=self._name,
            query={"bool": {"should": clauses}},
            size=most,
            sort=[{"_score": "desc"}, {"id": "asc"}],
            track_total_hits=False,
            stored_fields="_none_",
            allow_partial_search_results=False,
        )
        return [Found(hit["sort"][1], float(np.float32(hit["_score"]))) for hit in answer["hits"]["hits"]]


def _clauses(field: str, boosts: Mapping[str, float], share: float) -> list[dict[str, Any]]:
    return [
        {"term": {field: {"value": _token(token), "boost": boost / share}}} for token, boost in boosts.items()
    ]


def _text(tokens: str) -> str:
    return " ".join(map(_token, tokens.split()))


def _token(token: str) -> str:
    """Return a token as the server gets it, which would cut longer ones; no token of an analyser has a #."""
    return token if len(token) <= _LONGEST_TOKEN else "#" + hashlib.sha256(token.encode()).hexdigest()


@contextlib.contextmanager
def opened(addresses: Sequence[str], api_key: str | None = None) -> Iterator[ServerIndex]:
    """Make an empty index `ieum-run-…`; it is removed when the block ends, even by an error.

    Args:
        addresses: one or more nodes of one cluster.

    Raises:
        ServerTrouble: no node answers, it is of another version, or it refuses.
    """
    from elasticsearch import (  # noqa: PLC0415 - a second that only who needs it pays
        ApiError,
        Elasticsearch,
        TransportError,
        UnsupportedProductError,
    )

    where = ",".join(addresses)
    try:
        client = Elasticsearch(
            list(addresses), api_key=api_key, request_timeout=120, max_retries=5, retry_on_timeout=True
        )
    except ValueError as refused:
        raise ServerTrouble(f"{where}: {_one_line(refused)}") from None
    name = f"ieum-run-{uuid4()}"
    try:
        with contextlib.closing(client):
            _check_version(client)
            client.indices.create(index=name, settings=_SETTINGS, mappings=_MAPPINGS)
            try:
                yield ServerIndex(client, name)
            finally:
                client.indices.delete(index=name, ignore_unavailable=True)
    except (ApiError, TransportError, UnsupportedProductError) as refused:
        raise ServerTrouble(f"{where}: {_one_line(refused)}") from None


def _check_version(client: "Elasticsearch") -> None:
    nodes = client.nodes.info(metric="http", filter_path="nodes.*.version")["nodes"]
    versions = sorted({node["version"] for node in nodes.values()})
    if any(version.partition(".")[0] != _MAJOR for version in versions):
        raise ServerTrouble(
            f"Elasticsearch {', '.join(versions)}: this version of the product knows {_MAJOR}"
        )


def _one_line(refused: object) -> str:
    return " ".join(str(refused).split())[:300]
