"""`flask search run`: a TREC run of any collection, with the product's analyser and BM25, here or on Elasticsearch."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from marketplace import config, create_app
from matching.search.relevance import server
from tests import elastic_nodes

PASSAGES = [
    {"id": "d1", "title": "예지보전", "text": "설비 고장을 미리 알려요."},
    {"id": "d2", "text": "Predictive maintenance for CNC machines"},
    {"id": "d10", "text": "Predictive maintenance for CNC machines"},
    {"id": 3, "text": "용접 로봇 시스템, OPC-UA"},
]
QUERIES = "q1\t예지보전\nq2\tMES robots\nq3\t!!!\n4\t로봇을\n"


@pytest.fixture(params=["kiwi", "bigram"])
def analyser(request):
    return request.param


@pytest.fixture
def nowhere(tmp_path):
    """A database file that is not there."""
    return tmp_path / "product" / "none.db"


@pytest.fixture
def run(tmp_path, nowhere, analyser):
    """Run the command on `tmp_path`/collection in an application without a database."""
    settings = {
        "DATABASE_URL": f"sqlite:///{nowhere}",
        "FILES_URL": f"file:{tmp_path / 'product' / 'files'}",
        "MAIL_URL": f"file:{tmp_path / 'product' / 'mail'}",
        "SECRET_KEY": "a key for tests only, long enough to sign with",
        "SEARCH_ANALYSER": analyser,
        "IEUM_TEST": "1",
    }
    app = create_app(settings)
    return lambda *args: app.test_cli_runner().invoke(
        args=["search", "run", str(tmp_path / "collection"), *args]
    )


@pytest.fixture
def folder(tmp_path):
    """A small collection in Korean and English."""
    made = tmp_path / "collection"
    made.mkdir()
    fill(made, PASSAGES, QUERIES)
    return made


def fill(folder, passages, queries):
    (folder / "corpus.jsonl").write_text(
        "".join(json.dumps(row) + "\n" for row in passages), encoding="utf-8"
    )
    (folder / "queries.tsv").write_text(queries, encoding="utf-8")


def drawn():
    """Some hundreds of passages and queries: every kind of word, repeated, long, rare, other names."""
    lot = random.Random(20261122)
    words = [
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
        "사출성형기",
    ]
    words += ["🦾", "x" * 300, "5G특화망", "Ⅳ", "naïve", "工場", "검사", "digital", "twin", "디지털", "트윈"]
    passages = [
        {"id": f"p{number}", "text": " ".join(lot.choices(words, k=lot.choice([0, 1, 5, 5, 40, 300])))}
        for number in range(300)
    ]
    queries = [f"q{number}\t{' '.join(lot.choices(words, k=lot.randint(0, 6)))}\n" for number in range(120)]
    return passages, "".join(queries)


@pytest.mark.parametrize("analyser", ["kiwi"], indirect=True)
def test_a_run_names_the_best_passages_of_each_query(run, folder, tmp_path, nowhere):
    out = tmp_path / "run.trec"
    result = run("--out", str(out))
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "indexed 4 (" in result.stderr
    assert "answered 4 of 4" in result.stderr
    rows = [line.split(" ") for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(row[0], row[2], row[3]) for row in rows] == [
        ("q1", "d1", "1"), ("q1", "d10", "2"), ("q1", "d2", "3"), ("q2", "3", "1"), ("4", "3", "1"),
    ]  # fmt: skip
    assert {(row[1], row[5]) for row in rows} == {("Q0", "ieum-kiwi")}
    scores = [float(np.float32(row[4])) for row in rows]
    assert [row[4] for row in rows] == [f"{score:.9g}" for score in scores]
    assert scores[0] > scores[1] == scores[2] > 0
    assert not nowhere.parent.exists()


def test_k_cuts_every_query_after_as_many(run, folder, tmp_path):
    fill(folder, *drawn())
    assert run("--out", str(tmp_path / "all"), "--k", "10000").exit_code == 0
    assert run("--out", str(tmp_path / "five"), "--k", "5").exit_code == 0
    every = (tmp_path / "all").read_text().splitlines()
    assert (tmp_path / "five").read_text().splitlines() == [
        line for line in every if int(line.split()[3]) <= 5
    ]
    assert len(every) > 5000


@pytest.mark.parametrize("analyser", ["bigram"], indirect=True)
@pytest.mark.parametrize("k", ["0", "10001", "ten"])
def test_k_out_of_range_is_refused(run, folder, tmp_path, k):
    result = run("--out", str(tmp_path / "run"), "--k", k)
    assert result.exit_code == 2
    assert "--k" in result.stderr
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("analyser", ["bigram"], indirect=True)
def test_bad_input_is_one_line_and_no_run(run, folder, tmp_path):
    (folder / "corpus.jsonl").write_text('{"id": "a", "text": "b"}\n{"text": "b"}\n')
    result = run("--out", str(tmp_path / "run"))
    assert result.exit_code == 2
    assert result.stderr == f"{folder}/corpus.jsonl:2: lacks 'id'\n"
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("analyser", ["bigram"], indirect=True)
@pytest.mark.parametrize(
    ("elastic", "said"), [("http://127.0.0.1:1", "http://127.0.0.1:1: "), ("nonsense", "nonsense: ")]
)
def test_a_server_that_is_not_there_is_bad_input(run, folder, tmp_path, elastic, said):
    result = run("--out", str(tmp_path / "run"), "--elastic", elastic)
    assert result.exit_code == 2
    assert result.stderr.startswith(said)
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "run").exists()


def indices():
    return [
        row["index"]
        for row in elastic_nodes.ask("_cat/indices?format=json")
        if row["index"].startswith("ieum-run-")
    ]


@pytest.mark.elastic
def test_the_run_through_a_server_is_the_same_to_the_last_bit(run, folder, tmp_path):
    fill(folder, *drawn())
    for number, k in enumerate(["1", "10", "1000"]):
        here, there = tmp_path / f"here{number}", tmp_path / f"there{number}"
        assert run("--out", str(here), "--k", k).exit_code == 0
        assert (
            run("--out", str(there), "--k", k, "--elastic", ",".join(elastic_nodes.addresses())).exit_code
            == 0
        )
        assert there.read_text() == here.read_text()
    assert len(here.read_text().splitlines()) > 5000
    assert indices() == []


@pytest.mark.elastic
@pytest.mark.parametrize("analyser", ["bigram"], indirect=True)
def test_a_corpus_in_several_requests_is_the_same(run, folder, tmp_path, monkeypatch):
    fill(folder, *drawn())
    monkeypatch.setattr(server, "_CHARACTERS_A_REQUEST", 5_000)
    assert run("--out", str(tmp_path / "here")).exit_code == 0
    assert run("--out", str(tmp_path / "there"), "--elastic", elastic_nodes.addresses()[0]).exit_code == 0
    assert (tmp_path / "there").read_text() == (tmp_path / "here").read_text()


@pytest.mark.elastic
@pytest.mark.parametrize("analyser", ["bigram"], indirect=True)
def test_an_error_leaves_no_index_on_the_server(run, folder, tmp_path):
    fill(folder, [*PASSAGES, PASSAGES[0]], QUERIES)
    result = run("--out", str(tmp_path / "run"), "--elastic", elastic_nodes.addresses()[0])
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (
        2,
        f"{folder}/corpus.jsonl:5: id 'd1' stands there twice",
    )
    assert indices() == []


@pytest.mark.elastic
def test_a_run_that_is_told_to_end_leaves_no_index_and_no_file(folder, tmp_path):
    # Nobody writes into this pipe: the command waits for its first passage.
    (folder / "corpus.jsonl").unlink()
    os.mkfifo(folder / "corpus.jsonl")
    out = tmp_path / "out"
    out.mkdir()
    command = [
        "search",
        "run",
        str(folder),
        "--out",
        str(out / "run"),
        "--elastic",
        elastic_nodes.addresses()[0],
    ]
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/none.db", "SEARCH_ANALYSER": "bigram"}
    process = subprocess.Popen([sys.executable, "-m", "flask", *command], cwd=config.ROOT, env=environment)
    deadline = time.monotonic() + 60
    while not indices() or not list(out.iterdir()):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.2)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 128 + signal.SIGTERM
    assert list(out.iterdir()) == []
    assert indices() == []
