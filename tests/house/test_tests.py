"""Tests that run, and that can fail."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.house import tree

TESTS = tree.ROOT / "tests"
FILE_NAME = re.compile(r"test_\w+\.py")

#: Calls that check by themselves: a test without a bare `assert` must make one of them.
CHECKERS = re.compile(r"(^|\.)(assert_\w+|check_\w+|expect\w*|raises|warns)$")
SKIPS = re.compile(r"(^|\.)(skip|skipif|skipTest|skipUnless|xfail|importorskip|expectedFailure)$")


def _test_files() -> list[Path]:
    return [path for path in tree.files(".py") if path.is_relative_to(TESTS)]


def _tests(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions pytest collects from `path`: at the top, or in a class named Test…"""
    top = tree.syntax(path).body
    classes = [node for node in top if isinstance(node, ast.ClassDef) and node.name.startswith("Test")]
    bodies = [*top, *(node for found in classes for node in found.body)]
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in bodies if isinstance(node, kinds) and node.name.startswith("test")]


def proves_something(test: ast.AST) -> bool:
    """Whether `test` holds an assertion that can fail, or calls something that checks."""
    return any(
        (isinstance(node, ast.Assert) and not _always_true(node.test))
        or (isinstance(node, ast.Call) and CHECKERS.search(tree.dotted(node)))
        for node in ast.walk(test)
    )


def _always_true(test: ast.expr) -> bool:
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
        return any(map(_always_true, test.values))
    if isinstance(test, ast.Tuple | ast.List | ast.Dict):
        return bool(test.elts if not isinstance(test, ast.Dict) else test.keys)
    if (
        isinstance(test, ast.Compare)
        and len(test.comparators) == 1
        and isinstance(test.ops[0], ast.Eq | ast.Is)
    ):
        return ast.dump(test.left) == ast.dump(test.comparators[0]) and not _calls(test.left)
    return isinstance(test, ast.Constant) and bool(test.value)


def _calls(node: ast.AST) -> bool:
    return any(isinstance(part, ast.Call) for part in ast.walk(node))


def test_every_test_can_fail() -> None:
    empty = [
        f"{tree.name(path)}::{test.name}"
        for path in _test_files()
        for test in _tests(path)
        if not proves_something(test)
    ]
    assert empty == []


def test_no_assertion_is_always_true() -> None:
    idle = [
        f"{tree.name(path)}:{node.lineno}"
        for path in _test_files()
        for node in ast.walk(tree.syntax(path))
        if isinstance(node, ast.Assert) and _always_true(node.test)
    ]
    assert idle == []


def test_no_test_is_skipped() -> None:
    skips = [
        f"{tree.name(path)}:{node.lineno} {tree.dotted(node)}"
        for path in _test_files()
        for node in ast.walk(tree.syntax(path))
        if isinstance(node, ast.Attribute | ast.Name) and SKIPS.search(tree.dotted(node))
    ]
    assert skips == []


def test_every_test_is_collected() -> None:
    """A test in a file, a class or a function where pytest does not look never runs."""
    lost = [
        f"{tree.name(path)}::{function.name}"
        for path in _test_files()
        for function in tree.functions(tree.syntax(path))
        if function.name.startswith("test_")
        and (function not in _tests(path) or not FILE_NAME.fullmatch(path.name))
        and not _is_fixture(function)
    ]
    assert lost == []


def _is_fixture(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(tree.dotted(decorator).endswith("fixture") for decorator in function.decorator_list)


def test_no_test_hides_another_of_its_name() -> None:
    hidden = []
    for path in _test_files():
        for node in ast.walk(tree.syntax(path)):
            if isinstance(node, ast.Module | ast.ClassDef):
                names = [
                    f.name for f in node.body if isinstance(f, ast.FunctionDef) and f.name.startswith("test")
                ]
                hidden += [
                    f"{tree.name(path)}::{twice}"
                    for twice in sorted({n for n in names if names.count(n) > 1})
                ]
    assert hidden == []


@pytest.mark.parametrize(
    ("body", "proves"),
    [
        ("assert total == 3", True),
        ("with pytest.raises(ValueError): pay(-1)", True),
        ("expect(page.get_by_role('main')).to_be_visible()", True),
        ("check_ledger(session)", True),
        ("pay(1)", False),
        ("assert True", False),
        ("assert (total == 3, 'wrong')", False),
        ("assert total or 'a text'", False),
        ("assert total == total", False),
    ],
)
def test_what_counts_as_proof(body: str, proves: bool) -> None:
    assert proves_something(ast.parse(f"def test_it():\n    {body}")) is proves
