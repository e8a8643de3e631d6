"""flask packages solve, run as a person runs it."""

import json
import subprocess
import sys

import pytest

from tests.house import tree

ONE = {
    "demands": [
        {
            "id": name,
            "weight": weight,
            "industry": "food",
            "level": 1,
            "budget_amount": budget,
            "requirements": [{"capability": "mes", "min_quality": 3, "stage": 1, "must": True}],
        }
        for name, weight, budget in (("d1", 4, None), ("d2", 2, 11_999_999))
    ],
    "offers": [
        {
            "id": "o1",
            "vendor": "v1",
            "entry_level": 1,
            "interfaces": ["rest"],
            "plans": [{"id": "p1", "price_amount": 12_000_000, "quality": {"mes": 4}}],
        }
    ],
    "connectors": [],
    "max_vendors": 5,
    "max_capabilities": 7,
}


@pytest.fixture
def asked(app, tmp_path):
    """Write a segment and solve it."""

    def ask(segment, *options):
        path = tmp_path / "segment.json"
        path.write_text(segment if isinstance(segment, str) else json.dumps(segment))
        return app.test_cli_runner().invoke(args=["packages", "solve", str(path), *options])

    return ask


def test_it_prints_one_json_object_and_the_time_elsewhere(asked):
    result = asked(ONE, "--k", "3", "--seconds", "10", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "status": "proven",
        "weight": 4,
        "packages": [
            {
                "hub": None,
                "items": [{"offer": "o1", "plan": "p1", "capabilities": ["mes"]}],
                "demands": ["d1"],
            }
        ],
        "served": [{"demand": "d1", "package": 0, "own_amount": 12_000_000}],
        "left_out": [{"demand": "d2", "code": "over_budget"}],
    }
    assert "s of CPU" in result.stderr


def test_without_json_it_can_be_read(asked):
    result = asked(ONE)
    assert result.exit_code == 0
    assert "status: proven, weight 4, 1 demands served" in result.stdout
    assert "o1, plan p1: mes" in result.stdout
    assert "left out, over_budget: 1" in result.stdout


@pytest.mark.parametrize(
    ("segment", "line"),
    [
        ("{", "the document: line 1, column 2: Expecting property name enclosed in double quotes (not_json)"),
        ({"offers": []}, "the document: the field 'demands' is missing (missing)"),
        (ONE | {"max_vendors": -1}, "/max_vendors: expected 0 to 19,999 (out_of_range)"),
    ],
)
def test_bad_input_ends_with_2_and_one_line(asked, segment, line):
    result = asked(segment, "--json")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{line}\n")


@pytest.mark.parametrize(
    "options",
    [("--k", "0"), ("--k", "51"), ("--k", "x"), ("--seconds", "0"), ("--seconds", "nan"), ("--no",)],
)
def test_bad_options_end_with_2_and_one_line(asked, options):
    result = asked(ONE, *options)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)


def test_it_reads_standard_input_and_needs_no_database():
    command = [sys.executable, "-m", "flask", "packages", "solve", "-", "--k", "1", "--json"]
    done = subprocess.run(
        command,
        input=json.dumps(ONE),
        capture_output=True,
        text=True,
        cwd=tree.ROOT,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["weight"] == 4
