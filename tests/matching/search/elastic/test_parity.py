"""Both engines asked the same questions, as `flask search parity` does it."""

import json
import urllib.request
from dataclasses import replace

import pytest
from click.testing import CliRunner
from flask import Flask

from marketplace.cli.parity import parity
from matching.search import parity as comparing
from matching.search.elastic import answering, view
from matching.search.parity import Size
from tests.matching.search.elastic.conftest import addresses

pytestmark = pytest.mark.elastic


def compare(size):
    lines = []
    return comparing.compare(addresses(), size, lines.append), lines


def indices():
    """Names of what comparisons have left at the server."""
    with urllib.request.urlopen(
        f"{addresses()[0]}/_cat/indices/ieum-parity-*?format=json", timeout=30
    ) as answer:
        return [each["index"] for each in json.load(answer)]


@pytest.mark.parametrize(
    "size",
    [
        Size(1_500, 500, 1, updates=1_000),
        Size(900, 300, 2, updates=300, shards=3),
        Size(40, 120, 3, updates=40),
    ],
    ids=["one shard", "three shards", "few listings"],
)
def test_both_engines_answer_the_same(size):
    found, lines = compare(size)
    assert found.differing == ()
    assert found.holds
    assert found.queries == size.queries
    assert found.k_over_1000 <= size.queries / 100
    assert lines == [f"{size.listings} listings", f"{size.updates} updates"]
    assert indices() == []


def without_slack(monkeypatch):
    monkeypatch.setattr(answering, "_is_bound", lambda *_: True)
    monkeypatch.setattr(answering, "FIRST", 0)


def with_the_servers_counts(monkeypatch):
    true = view.View.facts

    def facts(self, asked):
        found = true(self, asked)
        doubled = self.words.documents + 1
        return found and replace(found, words_statistics=replace(self.words, documents=doubled))

    monkeypatch.setattr(view.View, "facts", facts)


@pytest.mark.parametrize("spoiled", [without_slack, with_the_servers_counts])
def test_a_comparison_finds_what_differs(monkeypatch, spoiled):
    spoiled(monkeypatch)
    found, lines = compare(Size(1_500, 200, 4, updates=600))
    assert not found.holds
    assert found.identical < found.queries == 200
    assert any("differs" in line for line in lines)
    assert indices() == []


@pytest.fixture
def run():
    app = Flask(__name__)
    app.config["SEARCH_URL"] = "embedded:"

    def invoked(*arguments):
        with app.app_context():
            return CliRunner().invoke(parity, arguments)

    return invoked


def test_the_command_prints_one_object_and_ends_with_0(run):
    size = ("--listings", "60", "--queries", "20", "--seed", "9", "--elastic", ",".join(addresses()))
    done = run(*size, "--json")
    assert done.exit_code == 0, done.stderr
    assert set(json.loads(done.stdout)) == {
        "queries", "identical", "proven", "k_max", "k_over_1000", "embedded_ms_p50", "elastic_ms_p50",
    }  # fmt: skip
    assert "identical=20 proven=20" in run(*size).stdout


def test_the_command_ends_with_1_when_an_answer_differs(run, monkeypatch):
    with_the_servers_counts(monkeypatch)
    size = ("--listings", "300", "--queries", "60", "--elastic", ",".join(addresses()))
    assert run(*size, "--json").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((), "embedded:"),
        (("--elastic", "localhost:9200"), "localhost:9200"),
        (("--elastic", "http://127.0.0.1:1"), "no node of http://127.0.0.1:1"),
        (("--listings", "0"), "0 is not in the range"),
    ],
)
def test_bad_input_ends_with_2_and_one_line(run, arguments, why):
    done = run(*arguments, "--json")
    assert (done.exit_code, done.stdout) == (2, "")
    assert why in done.stderr
