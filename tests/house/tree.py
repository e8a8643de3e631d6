"""The project's own files, as the house tests read them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("catalog", "matching", "billing", "marketplace")

#: Folders that hold nothing we write: tools' caches, the environment, run-time data.
_NOT_OURS = {
    ".git", ".venv", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".import_linter_cache",
    ".schemathesis", "__pycache__", "instance", "node_modules", "failures",
}  # fmt: skip


@cache
def files(*suffixes: str) -> tuple[Path, ...]:
    """All files of the project whose name ends in one of `suffixes` (all files without), third-party files left out."""
    vendor = ROOT / "static" / "vendor"
    return tuple(
        path
        for path in sorted(_walk(ROOT))
        if (not suffixes or path.name.endswith(suffixes)) and not path.is_relative_to(vendor)
    )


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir():
            if path.name not in _NOT_OURS:
                yield from _walk(path)
        elif path.is_file():
            yield path


def name(path: Path) -> str:
    """The path as people write it: from the project's root, with slashes."""
    return path.relative_to(ROOT).as_posix()


@cache
def text(path: Path) -> str:
    """The file's text; an empty string for files that are not UTF-8 (pictures, fonts)."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@cache
def syntax(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(text(path), filename=name(path))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method in `tree`, nested ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def dotted(node: ast.AST) -> str:
    """`pytest.mark.skip` for the expression of that name (calls and subscripts looked through), else ""."""
    if isinstance(node, ast.Call):
        return dotted(node.func)
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else node.attr
    return node.id if isinstance(node, ast.Name) else ""
