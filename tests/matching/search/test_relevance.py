"""The index of texts alone, and what is refused of a collection."""

import gzip
import json
import random
from dataclasses import replace

import pytest

from matching.search.analyser import BigramAnalyser
from matching.search.embedded import EmbeddedEngine
from matching.search.kiwi import KiwiAnalyser
from matching.search.relevance import collection, running
from matching.search.relevance.collection import BadCollection, Passage, Question
from matching.search.relevance.indexing import Analysed, EmbeddedIndex
from tests.matching.search.factories import ANALYSER, document, listing_id
from tests.matching.search.test_bm25 import found

SYNONYMS = {"예지보전": ["PdM", "predictive maintenance"], "PdM": ["예지보전", "predictive maintenance"]}
WORDS = [
    "예지보전",
    "설비예지보전시스템",
    "용접을",
    "로봇",
    "MES",
    "welding",
    "robots",
    "PdM",
    "OPC-UA",
    "가",
    "검사",
    "사출성형",
]


def texts(size):
    lot = random.Random(5)
    return [" ".join(lot.choices(WORDS, k=lot.choice([0, 1, 3, 20, 60, 300]))) for _ in range(size)]


def analysed(passage, tokens):
    return Analysed(passage, " ".join(tokens.words), " ".join(tokens.grams))


def index_of(made, sizes):
    index = EmbeddedIndex()
    passages = [analysed(listing_id(number), each) for number, each in enumerate(made)]
    start = 0
    for size in sizes:
        index.add(passages[start : start + size])
        start += size
    assert start == len(made)
    return index


@pytest.mark.parametrize("make", [BigramAnalyser, KiwiAnalyser])
@pytest.mark.parametrize("sizes", [[150], [1, 100, 49]])
def test_every_score_is_the_engines(make, sizes):
    analyser = make(SYNONYMS)
    made = [analyser.document(text) for text in texts(150)]
    engine = EmbeddedEngine(ANALYSER, merge_in_background=False)
    documents = [
        replace(document(number), words=" ".join(each.words), grams=" ".join(each.grams))
        for number, each in enumerate(made)
    ]
    engine.apply(documents, [], 1)
    index = index_of(made, sizes)
    seen = 0
    for text in [
        "예지보전",
        "용접 로봇 로봇",
        "설비예지보전시스템 MES",
        "robot welding",
        "가",
        "opcua pdm 검사",
        "없는말",
    ]:
        asked = analyser.query(text)
        expected = {key: score for key, score in found(engine, asked).items() if score > 0}
        [best] = index.best([asked], 1000)
        assert dict(best) == expected
        assert [each.id for each in best] == sorted(expected, key=lambda key: (-expected[key], key))
        assert index.best([asked], 7) == [best[:7]]
        seen += len(expected)
    assert seen > 300


def test_equal_scores_are_cut_by_id_wherever_they_came():
    index = EmbeddedIndex()
    index.add([Analysed(each, "mes", "") for each in ("d9", "d10", "b")])
    index.add([Analysed("a", "mes", ""), Analysed("c", "erp", "")])
    assert [each.id for each in index.best([ANALYSER.query("mes")], 3)[0]] == ["a", "b", "d10"]
    assert index.best([ANALYSER.query("!!!"), ANALYSER.query("  "), ANALYSER.query("wms")], 3) == [[], [], []]


def write(folder, corpus, queries="q1\t용접\n"):
    if corpus is not None:
        (folder / "corpus.jsonl").write_bytes(corpus.encode() if isinstance(corpus, str) else corpus)
    if queries is not None:
        (folder / "queries.tsv").write_bytes(queries.encode() if isinstance(queries, str) else queries)


def test_what_a_collection_may_look_like(tmp_path):
    rows = [
        {"id": "가-1", "title": "용접", "text": "로봇", "url": "more is no harm"},
        {"id": 7, "text": "", "title": None},
        {"id": "b", "text": "a\nb"},
    ]
    lines = "\ufeff" + "\r\n\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    write(tmp_path, None, "\ufeffq1\t용접 로봇\r\n\r\n2\t\n")
    (tmp_path / "corpus.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    expected = [Passage("가-1", "용접\n로봇"), Passage("7", ""), Passage("b", "a\nb")]
    assert list(collection.passages(tmp_path)) == expected
    assert collection.questions(tmp_path) == [Question("q1", "용접 로봇"), Question("2", "")]


GOOD = '{"id": "a", "text": "용접"}\n'


@pytest.mark.parametrize(
    ("corpus", "said"),
    [
        (None, "corpus.jsonl: no such file, nor corpus.jsonl.gz"),
        ("", "corpus.jsonl: holds no passage"),
        (GOOD + '{"id": "b", "text": \n', "corpus.jsonl:2: no JSON: "),
        (GOOD + "\n[]\n", "corpus.jsonl:3: no object"),
        ("[" * 100_000, "corpus.jsonl:1: no JSON: "),
        (GOOD + '{"text": "b"}\n', "corpus.jsonl:2: lacks 'id'"),
        ('{"id": "b", "title": "b"}\n', "corpus.jsonl:1: lacks 'text'"),
        ('{"id": "b", "text": null}\n', "corpus.jsonl:1: title and text are to be texts"),
        ('{"id": "b", "text": "b", "title": 5}\n', "corpus.jsonl:1: title and text are to be texts"),
        (GOOD + GOOD, "corpus.jsonl:2: id 'a' stands there twice"),
        ('{"id": "a b", "text": ""}', "corpus.jsonl:1: an id is one word of up to 512 characters, not 'a b'"),
        ('{"id": "", "text": ""}', "corpus.jsonl:1: an id is one word"),
        ('{"id": true, "text": ""}', "corpus.jsonl:1: an id is one word of up to 512 characters, not True"),
        ('{"id": "' + "a" * 513 + '", "text": ""}', "corpus.jsonl:1: an id is one word"),
        (r'{"id": "a", "text": "\ud83d"}', "corpus.jsonl:1: half a character"),
        (GOOD.encode() + b'{"id": "b", "text": "\xff"}\n', "corpus.jsonl:2: not UTF-8"),
    ],
)
def test_a_bad_corpus_is_refused_with_its_line(tmp_path, corpus, said):
    write(tmp_path, corpus)
    with pytest.raises(BadCollection) as refused:
        list(collection.passages(tmp_path))
    assert str(refused.value).startswith(f"{tmp_path}/{said}")
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < len(str(tmp_path)) + 250


def test_two_corpora_and_half_a_gzip_file_are_refused(tmp_path):
    packed = gzip.compress(GOOD.encode() * 500)
    (tmp_path / "corpus.jsonl.gz").write_bytes(packed[:-9])
    with pytest.raises(BadCollection, match=r"corpus\.jsonl\.gz: no whole gzip file, after line \d+$"):
        list(collection._lines(tmp_path / "corpus.jsonl.gz"))
    (tmp_path / "corpus.jsonl.gz").write_bytes(b"no gzip")
    with pytest.raises(BadCollection, match=r"corpus\.jsonl\.gz: no whole gzip file, after line 0$"):
        list(collection.passages(tmp_path))
    write(tmp_path, GOOD)
    with pytest.raises(BadCollection, match=r"holds both corpus\.jsonl and corpus\.jsonl\.gz$"):
        list(collection.passages(tmp_path))


@pytest.mark.parametrize(
    ("queries", "said"),
    [
        (None, "queries.tsv: no such file"),
        ("\n\n", "queries.tsv: holds no query"),
        ("q1 용접\n", "queries.tsv:1: wants an id, one tab and a text"),
        ("q1\t용접\nq2\t로봇\t0\n", "queries.tsv:2: wants an id, one tab and a text"),
        ("\t용접\n", "queries.tsv:1: an id is one word"),
        ("q1\ta\nq1\tb\n", "queries.tsv:2: id 'q1' stands there twice"),
        (b"q1\t\xea\xb0\n", "queries.tsv:1: not UTF-8"),
    ],
)
def test_bad_queries_are_refused_with_their_line(tmp_path, queries, said):
    write(tmp_path, GOOD, queries)
    with pytest.raises(BadCollection) as refused:
        collection.questions(tmp_path)
    assert str(refused.value).startswith(f"{tmp_path}/{said}")


def test_a_run_that_fails_leaves_what_was_there_and_nothing_else(tmp_path):
    write(tmp_path, GOOD * 2)
    out = tmp_path / "run"
    out.write_text("of before")
    with pytest.raises(BadCollection):
        running.run(tmp_path, out, EmbeddedIndex(), ANALYSER, most=5, say=lambda _line: None)
    assert out.read_text() == "of before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus.jsonl", "queries.tsv", "run"]


@pytest.mark.parametrize("out", ["missing/run", "taken"])
def test_where_no_run_can_be_written_nothing_is_begun(tmp_path, out):
    write(tmp_path, GOOD)
    (tmp_path / "taken").mkdir()
    said = []
    with pytest.raises(BadCollection, match=out):
        running.run(tmp_path, tmp_path / out, EmbeddedIndex(), ANALYSER, most=5, say=said.append)
    assert said == []
