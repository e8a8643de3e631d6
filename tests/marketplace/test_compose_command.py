"""flask compose solve, run as a person runs it."""

import json
import subprocess
import sys

import pytest

from marketplace.cli.compose import solve
from tests.house import tree
from tests.matching.composer import small


@pytest.fixture
def asked(runner, tmp_path):
    """Write an instance and solve it."""

    def ask(instance, *options):
        path = tmp_path / "instance.json"
        path.write_text(instance if isinstance(instance, str) else json.dumps(instance))
        return runner.invoke(args=["compose", "solve", str(path), *options])

    return ask


@pytest.fixture
def runner(app):
    return app.test_cli_runner()


def _solved(seed=0):
    """A small instance that has a bundle."""
    drawn = small.draw(seed)
    return drawn | {
        "demand": drawn["demand"] | {"requirements": [], "links": [], "exclusive": []},
        "require": [],
    }


ONE = {
    "demand": {"level": 1, "requirements": [{"capability": "mes", "min_quality": 3, "stage": 1}]},
    "offers": [
        {
            "id": "o1",
            "vendor": "v1",
            "entry_level": 1,
            "plans": [{"id": "p1", "price_amount": 12_000_000, "quality": {"mes": 4}}],
        }
    ],
    "subsidies": [{"stage": 1, "rate_bp": 5_000, "cap_amount": 50_000_000}],
}


def test_it_prints_one_json_object_and_the_time_elsewhere(asked):
    result = asked(ONE, "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert (answer["status"], answer["objective"], answer["bound"], answer["own_amount"]) == (
        "proven",
        6_000_000,
        6_000_000,
        6_000_000,
    )
    assert answer["items"] == [{"offer": "o1", "plan": "p1", "stage": 1, "capabilities": ["mes"]}]
    for name in ("links", "alternatives", "pareto", "core", "repairs"):
        assert answer[name] == []
    assert answer["funnel"]["mes"]["offers"] == 1
    assert "s of CPU" in result.stderr


def test_without_json_it_can_be_read(asked):
    result = asked(ONE)
    assert result.exit_code == 0
    assert (
        "own amount: 6,000,000 won (12,000,000 prices + 0 connectors - 6,000,000 subsidies)" in result.stdout
    )
    assert "o1, plan p1, stage 1: mes" in result.stdout


def test_an_impossible_demand_ends_with_1_and_says_why(asked):
    impossible = ONE | {"demand": ONE["demand"] | {"budget_amount": 5_999_999}}
    result = asked(impossible, "--json")
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert (answer["status"], answer["objective"], answer["items"]) == ("infeasible", None, [])
    assert (answer["core"], answer["core_minimal"]) == (["budget_amount", "capability:mes"], True)
    assert answer["repairs"][0] == {
        "requirement": "budget_amount",
        "change": "budget_amount=6000000",
        "price_amount": 1,
        "steps": [{"requirement": "budget_amount", "change": "budget_amount=6000000", "price_amount": 1}],
    }
    told = asked(impossible).stdout
    assert "cannot hold together: budget_amount, capability:mes" in told
    assert "repair worth 1 won: budget_amount budget_amount=6000000" in told


def test_too_little_time_is_unknown_and_ends_with_1(asked):
    result = asked(ONE, "--seconds", "0.000001", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["status"] == "unknown"


@pytest.mark.parametrize(
    ("instance", "line"),
    [
        ("{", "the document: line 1, column 2: Expecting property name enclosed in double quotes (not_json)"),
        ({"offers": []}, "the document: the field 'demand' is missing (missing)"),
        (ONE | {"demand": {"level": 9, "requirements": []}}, "/demand/level: expected 1 to 5 (out_of_range)"),
    ],
)
def test_bad_input_ends_with_2_and_one_line(asked, instance, line):
    result = asked(instance, "--json")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{line}\n")


def test_a_name_with_a_line_end_stays_one_line(asked):
    result = asked(ONE | {"new\nline": 1})
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1


def test_bad_options_end_with_2_and_one_line(runner, tmp_path):
    for wrong in (
        [str(tmp_path / "none.json")],
        [str(tmp_path)],
        ["-", "--seconds", "0"],
        ["-", "--seconds", "nan"],
        [],
    ):
        result = runner.invoke(args=["compose", "solve", *wrong])
        assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1), wrong


def test_it_reads_standard_input_and_needs_no_database():
    """As a process of its own, where no database is."""
    command = [sys.executable, "-m", "flask", "compose", "solve", "-", "--json"]
    instance = json.dumps(_solved())
    done = subprocess.run(
        command, input=instance, capture_output=True, text=True, cwd=tree.ROOT, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["items"] == []


def test_its_help_is_complete(runner):
    text = runner.invoke(args=["compose", "solve", "--help"]).stdout
    assert "Exit 0" in text
    assert "Exit 2" in text
    assert solve.help


#: As the interface is described, word for word: a link, an exclusive capability and a conflict name what is not there.
DESCRIBED = """
{"demand": {"level": 1, "budget_amount": null, "max_vendors": null,
            "requirements": [{"capability": "mes", "min_quality": 3, "stage": 1, "must": true}],
            "links": [["mes", "erp"]], "exclusive": ["erp"]},
 "offers": [{"id": "o1", "vendor": "v1", "entry_level": 1, "interfaces": ["rest"],
             "plans": [{"id": "p1", "price_amount": 12000000, "quality": {"mes": 4}}], "fit": {"mes": 700}}],
 "connectors": [{"from": "opcua", "to": "rest", "price_amount": 3000000}],
 "conflicts": [["o1", "o2"]],
 "subsidies": [{"stage": 1, "rate_bp": 5000, "cap_amount": 50000000}],
 "objective": {"cost": 1, "fit": 0, "vendors": 0}}
"""


def test_the_described_instance_is_answered(asked):
    result = asked(DESCRIBED, "--json")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert (answer["status"], answer["own_amount"]) == ("proven", 6_000_000)
    assert answer["items"] == [{"offer": "o1", "plan": "p1", "stage": 1, "capabilities": ["mes"]}]
    assert answer["links"] == []
