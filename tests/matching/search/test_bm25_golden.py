"""The embedded engine's BM25 is Elasticsearch's to the last bit: a file of scores that a real server computed."""

import json
import struct
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from matching.search.analyser import Group, QueryTokens, Word
from matching.search.embedded import EmbeddedEngine
from matching.search.tokens import Typed
from tests.matching.search import draw_bm25
from tests.matching.search.factories import ANALYSER, document, listing_id
from tests.matching.search.test_bm25 import found

GOLDEN = Path(__file__).with_name("bm25_golden.jsonl")


def read():
    """For each index its name, its documents as [(words, grams)], and its queries with the scores of all documents."""
    indices = []
    for line in GOLDEN.read_text(encoding="utf-8").splitlines()[1:]:
        parsed = json.loads(line)
        if "index" in parsed:
            texts = [
                tuple(draw_bm25.unpacked(each[field]) for field in draw_bm25.FIELDS)
                for each in parsed["documents"]
            ]
            indices.append((parsed["index"], texts, []))
        else:
            digits = bytes.fromhex(parsed.pop("scores"))
            scores = struct.unpack(f">{len(digits) // 4}f", digits)
            indices[-1][2].append(
                ({key: draw_bm25.unpacked(value).split() for key, value in parsed.items()}, scores)
            )
    return indices


def asked(texts):
    """A query as the analyser would give it: typed tokens, and other names of the same thing."""
    others = [(Word(token),) for token in texts.get("other_words", [])]
    others.append((Word("", tuple(texts.get("other_grams", ()))),))
    typed = Typed(tuple(texts.get("words", ())), tuple(texts.get("grams", ())))
    return QueryTokens((Group(((Word(""),), *others), typed),), is_blank=False, was_cut=False)


def engine_of(texts, pieces):
    """An engine that was given the documents in so many batches."""
    documents = [
        replace(document(number), words=words, grams=grams) for number, (words, grams) in enumerate(texts)
    ]
    engine = EmbeddedEngine(ANALYSER, merge_in_background=False)
    for piece in range(pieces):
        engine.apply(documents[piece::pieces], [], piece + 1)
    return engine


@pytest.mark.parametrize("pieces", [1, 3])
@pytest.mark.parametrize("index", [0, 1, 2])
def test_every_score_is_the_servers(index, pieces):
    _, texts, queries = read()[index]
    engine = engine_of(texts, pieces)
    compared = 0
    for query, scores in queries:
        ours = found(engine, asked(query))
        assert [ours[listing_id(number)] for number in range(len(texts))] == list(scores)
        compared += sum(score > 0 for score in scores)
    assert compared > len(queries) * len(texts) / 4


def test_the_file_holds_what_is_hard():
    indices = read()
    assert [len(texts) for _, texts, _ in indices] == [160, 7, 1]
    counted = [Counter(text.split()) for _, texts, _ in indices for both in texts for text in both]
    lengths = {tokens.total() for tokens in counted}
    assert max(lengths) >= 969
    assert 0 in lengths
    assert sum(length > 255 for length in lengths) > 40
    assert max(times for tokens in counted for times in tokens.values()) >= 400
    having = Counter(token for tokens in counted[:320] for token in tokens)
    assert min(having.values()) < 20
    assert max(having.values()) > 120
    queries = [query for _, _, every in indices for query, _ in every]
    assert any(len(query["words"]) > len(set(query["words"])) for query in queries if "words" in query)
    assert all(any(key in query for query in queries) for key in ("other_words", "other_grams", "grams"))
    assert sum(score > 0 for _, _, every in indices for _, scores in every for score in scores) > 10_000
    assert GOLDEN.stat().st_size < 200_000


@pytest.mark.elastic
def test_the_server_computes_the_file_again():
    assert list(draw_bm25.golden()) == GOLDEN.read_text(encoding="utf-8").splitlines()
