"""flask bench composer, run as a person runs it, at a small size."""

import json

import pytest

from matching.composer import read
from matching.composer.columns import Facts
from tests.bench.composer import aims, instances, peers, report, running

SMALL = ("--offers", "80", "--capabilities", "3", "--seeds", "1", "--seconds", "20")


def _bench(app, *arguments):
    return app.test_cli_runner().invoke(args=["bench", "composer", *arguments])


def test_it_measures_everybody_at_the_same_demands_and_writes_it_down(app, tmp_path):
    (tmp_path / "README.md").write_text("<!-- composer -->\n<!-- /composer -->\n")
    done = _bench(app, *SMALL, "--peers", "greedy,highs,cpsat", "--json")
    assert done.exit_code == 0, done.stderr
    result = json.loads(done.stdout)
    assert {(row["kind"], row["engine"]) for row in result["rows"]} == {
        (kind, engine) for kind in ("easy", "hard") for engine in ("ieum", "greedy", "highs", "cpsat")
    }
    for group in result["groups"]:
        assert [group["engines"][name]["best"] for name in ("ieum", "highs", "cpsat")] == [1, 1, 1]
        assert {engine["cut"] for engine in group["engines"].values()} == {0}
        ratio = group["engines"]["cpsat"]["ratio"]
        assert 0 < ratio["min"] <= ratio["median"] <= ratio["max"]
    assert result["wrong"] == []
    page = report.page(result)
    assert "80 offers" in page
    assert "CP-SAT on the whole model" in page
    assert {row["aim"] for row in result["aims"]} == set(aims.AIMS)
    assert all(row["is_right"] and row["cpu_s"] > 0 for row in result["aims"])
    assert "five bundles that differ: 4 s" in page


def test_what_was_cut_short_would_have_taken_longer():
    facts = Facts(read(instances.draw(0, offers=300, capabilities=6)))
    for name in ("highs", "cpsat"):
        engine = peers.PEERS[name][1]
        assert [engine(facts, seconds)[1] for seconds in (0.001, 60)] == [False, True], name


def test_an_aim_that_is_missed_is_named():
    row = {"aim": "core", "kind": "hard", "capabilities": 8, "seed": 1, "case": "one vendor"}
    assert aims.wrong([row | {"is_right": True}]) == []
    assert aims.wrong([row | {"is_right": False}]) == ["core one vendor hard 8 1: not as promised"]


def test_packages_are_measured_beside_greedy_with_swaps(app, tmp_path):
    sizes = ("--demands", "30", "--offers", "80", "--seeds", "2", "--k", "2")
    done = app.test_cli_runner().invoke(args=["bench", "packages", *sizes, "--out", str(tmp_path), "--json"])
    assert done.exit_code == 0, done.stderr
    result = json.loads(done.stdout)
    assert result == json.loads((tmp_path / "composer-packages.json").read_text())
    assert [row["seed"] for row in result["rows"]] == [0, 1]
    assert all(row["is_valid"] and row["ratio"] >= 1 for row in result["rows"])
    assert result["ratio"] >= 1
    assert "30 demands, 80 offers" in (tmp_path / "composer-packages.md").read_text()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [(("--peers", "nobody"), "nobody is no peer"), (("--capabilities", "8,x"), "--capabilities: expected")],
)
def test_bad_input_ends_it_before_it_begins(app, arguments, named):
    done = _bench(app, *arguments)
    assert done.exit_code == 2
    assert named in done.stderr


def test_a_peer_with_a_better_bundle_is_named():
    row = {"kind": "easy", "capabilities": 3, "seed": 0}
    rows = [
        row | {"engine": name, "objective": value}
        for name, value in (("ieum", 5), ("cbc", 4), ("greedy", None))
    ]
    assert running._wrong(rows) == ["cbc is better at easy 3 0"]


def test_an_instance_is_the_same_for_the_same_seed():
    assert instances.draw(4, offers=100) == instances.draw(4, offers=100)
    assert instances.draw(4, offers=100) != instances.draw(5, offers=100)
