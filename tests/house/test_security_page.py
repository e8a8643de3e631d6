"""docs/security.md says which test proves each row: those tests exist."""

import ast
import re

from tests.house.tree import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def _functions(path):
    return {
        node.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    }


def test_every_test_that_the_page_names_exists():
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE)
    assert len(named) >= 40
    for file, test in named:
        path = ROOT / file
        assert path.is_file(), file
        assert not test or test in _functions(path), f"{file}::{test}"


def test_every_row_says_how_far_it_is_done():
    rows = [line for line in PAGE.splitlines() if re.match(r"\| V\d", line)]
    assert len(rows) >= 25
    for row in rows:
        assert re.search(r"\| (done|partly: .+|not done: .+) \|$", row), row
