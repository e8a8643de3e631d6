"""Every setting and every command is in the README."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from marketplace.config import SETTINGS
from tests.house import tree

if TYPE_CHECKING:
    from flask import Flask

README = tree.ROOT / "README.md"
TABLE_NAME = re.compile(r"^\|\s*`([A-Z][A-Z0-9_]+)`", re.MULTILINE)
READERS = {"os.environ.get", "os.getenv", "environ.get", "getenv", "os.environ.setdefault", "os.environ.pop"}


def _settings() -> set[str]:
    return {setting.name for setting in SETTINGS}


def _environment_names(path: Path) -> set[str]:
    """Names of environment variables that a file reads with a literal."""
    names = set()
    for node in ast.walk(tree.syntax(path)):
        literal: ast.expr | None = None
        if isinstance(node, ast.Call) and tree.dotted(node.func) in READERS and node.args:
            literal = node.args[0]
        elif isinstance(node, ast.Subscript) and tree.dotted(node.value) in {"os.environ", "environ"}:
            literal = node.slice
        if isinstance(literal, ast.Constant) and isinstance(literal.value, str):
            names.add(literal.value)
    return names


def _commands(group: click.Group, before: str = "flask") -> set[str]:
    found = set()
    for name, command in group.commands.items():
        full = f"{before} {name}"
        found |= _commands(command, full) if isinstance(command, click.Group) else {full}
    return found


def test_the_settings_table_is_complete_and_true() -> None:
    assert set(TABLE_NAME.findall(tree.text(README))) == _settings()


def test_every_environment_variable_is_a_setting() -> None:
    product = [path for path in tree.files(".py") if tree.name(path).startswith((*tree.PACKAGES, "wsgi.py"))]
    read = {(tree.name(path), name) for path in product for name in _environment_names(path)}
    assert {(path, name) for path, name in read if name not in _settings()} == set()


def test_every_command_is_in_the_readme(app: Flask) -> None:
    commands = _commands(app.cli)
    assert "flask serve" in commands
    assert {command for command in commands if command not in tree.text(README)} == set()


def test_every_make_target_named_in_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", tree.text(tree.ROOT / "Makefile"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z-]+)", tree.text(README)))
    assert {"run", "test"} <= named
    assert named - targets == set()
