"""flask bench search, run as a person runs it."""

import json
import os
import re
import subprocess
import sys

import pytest

from tests.house import tree

SMALL = ("--n", "300", "--alternations", "3", "--demands", "4")


def _bench(*arguments):
    command = [sys.executable, "-m", "flask", "bench", "search", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=tree.ROOT, timeout=300, check=False)


@pytest.fixture(scope="module")
def done():
    """A small run beside SQLite: (status, what it printed)."""
    return _bench(*SMALL, "--peers", "sqlite", "--json")


def test_it_prints_ratios_with_their_spread(done):
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["listings"], result["alternations"], result["demands_a_round"]) == (300, 3, 4)
    assert set(result["engines"]) == {"ieum", "sqlite"}
    ratio = result["ratios"]["sqlite"]
    assert 0 < ratio["min"] <= ratio["median"] <= ratio["max"]
    ours, theirs = (result["engines"][key]["p50_ms"] for key in ("ieum", "sqlite"))
    paired = [their / our for their, our in zip(theirs, ours, strict=True)]
    assert ratio == {"median": sorted(paired)[1], "min": min(paired), "max": max(paired)}


def test_it_says_what_every_engine_did_and_cost(done):
    result = json.loads(done.stdout)
    for engine in result["engines"].values():
        assert engine["answers"] == 12
        assert engine["recall"] > 0.8
        assert min(engine[key] for key in ("build_s", "disk_mb", "open_ms", "first_answer_ms")) > 0
    assert set(result["write"]) == {"ieum", "sqlite"}
    assert len(result["write"]["sqlite"]["p50_ms"]) == 3
    assert result["batch"]["ieum"]["demands"] == 40
    assert result["wrong"] == []
    assert result["machine"]["cores"] == os.cpu_count()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--peers", "sqlite,nobody", "--json"], "nobody is no peer"),
        (["--peers", "elasticsearch"], "elasticsearch: "),
        (["--n", "0"], "'--n'"),
    ],
)
def test_bad_input_ends_it_before_it_begins(app, arguments, named):
    found = app.test_cli_runner().invoke(args=["bench", "search", *arguments])
    assert (found.exit_code, found.stdout) == (2, "")
    assert named in found.stderr


def test_it_says_where_the_benches_are_when_they_are_not_here(app, monkeypatch):
    monkeypatch.setitem(sys.modules, "tests.bench.search.preparing", None)
    found = app.test_cli_runner().invoke(args=["bench", "search"])
    assert found.exit_code == 2
    assert "tests/bench" in found.stderr


def test_every_result_is_listed_and_every_link_leads_somewhere():
    folder = tree.ROOT / "docs" / "bench"
    text = (folder / "README.md").read_text()
    names = {path.name for path in folder.glob("search-*")}
    linked = set(re.findall(r"\]\((search-[^)]+)\)", text))
    assert names
    assert linked == names
