"""Small files, small functions, names that say what they hold."""

from __future__ import annotations

from pathlib import Path

from tests.house import tree

FILE_LINES = 400
FUNCTION_LINES = 40
#: The formatter breaks code at 110 columns; texts it cannot break may go on to here.
COLUMNS = 120

#: Files that may be longer than FILE_LINES, each with its reason. An entry that is no longer needed fails a test.
LONGER: dict[str, str] = {}

#: Functions that may be longer than FUNCTION_LINES ("path::name"), each with its reason.
LONGER_FUNCTIONS: dict[str, str] = {}

VAGUE = {"util", "utils", "helper", "helpers", "common", "misc", "service", "services", "manager", "managers"}

#: Alembic writes these and nobody edits them after they have run.
VERSIONS = tree.ROOT / "marketplace" / "migrations" / "versions"


def _sources(*suffixes: str) -> list[Path]:
    return [path for path in tree.files(*suffixes) if not path.is_relative_to(VERSIONS)]


def _long_files() -> dict[str, int]:
    paths = _sources(".py", ".html", ".css", ".js", ".sh")
    lengths = {tree.name(path): len(tree.text(path).splitlines()) for path in paths}
    return {name: lines for name, lines in lengths.items() if lines > FILE_LINES}


def _long_functions() -> dict[str, int]:
    lengths = {
        f"{tree.name(path)}::{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for path in _sources(".py")
        for function in tree.functions(tree.syntax(path))
    }
    return {name: lines for name, lines in lengths.items() if lines > FUNCTION_LINES}


def test_files_are_short() -> None:
    assert {name: lines for name, lines in _long_files().items() if name not in LONGER} == {}


def test_functions_are_short() -> None:
    assert {name: lines for name, lines in _long_functions().items() if name not in LONGER_FUNCTIONS} == {}


def test_every_exception_is_still_needed() -> None:
    assert set(LONGER) - set(_long_files()) == set()
    assert set(LONGER_FUNCTIONS) - set(_long_functions()) == set()


def test_lines_are_short() -> None:
    """Counted in characters: ruff counts a Hangul syllable as two columns."""
    long = [
        f"{tree.name(path)}:{number} ({len(line)})"
        for path in _sources(".py")
        for number, line in enumerate(tree.text(path).splitlines(), start=1)
        if len(line) > COLUMNS
    ]
    assert long == []


def test_modules_are_named_for_a_subject_or_an_act() -> None:
    names = {part.removesuffix(".py"): tree.name(path) for path in _sources(".py") for part in path.parts}
    assert {vague: names[vague] for vague in VAGUE & set(names)} == {}


def test_only_the_four_packages_hold_product_code() -> None:
    homes = {tree.name(path).split("/")[0] for path in _sources(".py")}
    assert homes <= {*tree.PACKAGES, "tests", "scripts", "wsgi.py"}
