"""docs/bundles.md is true: states, checks and limits are read from the page and compared with the code."""

import ast
import inspect
import re
from pathlib import Path

from catalog.bundle_states import VERSION_STATES, VERSION_TRANSITIONS
from catalog.bundles import checks, knowing, reopening, signing

PAGE = (Path(__file__).parents[3] / "docs" / "bundles.md").read_text(encoding="utf-8")


def table(heading):
    """Rows of the table below a heading, as lists of cells."""
    part = PAGE.split(f"## {heading}")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_state_is_told_with_what_ends_it():
    told = {row[0]: set(re.findall(r"`(\w+)`", row[2])) for row in table("Life")}
    assert told.pop("working copy") == set()
    ways = {state: set() for state in VERSION_STATES}
    for (state, _act), target in VERSION_TRANSITIONS.items():
        ways[state].add(target)
    assert {state.strip("`"): ends for state, ends in told.items()} == ways


def codes_of_the_checks():
    """Every code of a finding that the checks can bring, as it is written there."""
    tree = ast.parse(inspect.getsource(checks))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    named = (call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Finding")
    return {call.args[0].value for call in named if isinstance(call.args[0], ast.Constant)}


def test_every_check_is_told_with_what_it_breaks():
    told = {row[0].strip("`"): row[2] == "no" for row in table("Checks")}
    assert {*told} == codes_of_the_checks()
    assert {code for code, breaks in told.items() if breaks} == reopening.BREAKING


def test_the_limits_are_those_of_the_code():
    assert f"within {signing.MIN_DAYS} to {signing.MAX_DAYS} days, usually {signing.USUAL_DAYS}" in PAGE
    assert f"for fewer than {checks.SOON_DAYS} days" in PAGE
    listed = re.search(r"one system of record for (.+?):", PAGE).group(1)
    assert set(re.findall(r"`(\w+)`", listed)) == knowing.SYSTEMS_OF_RECORD
