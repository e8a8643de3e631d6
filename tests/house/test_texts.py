"""What must not be written into the project's files."""

from __future__ import annotations

import io
import re
import tokenize
import tomllib
from pathlib import Path

import pytest

from tests.house import tree

#: Spelled in pieces, so that this file does not hold what it looks for.
REGISTRY_HOSTS = [
    ".".join(parts)
    for parts in [
        ("pypi", "org"), ("pythonhosted", "org"), ("registry", "npmjs", "org"), ("crates", "io"),
        ("repo", "maven", "apache", "org"), ("proxy", "golang", "org"), ("deb", "debian", "org"),
    ]
]  # fmt: skip
MACHINE_PATH = re.compile(r"(?<![\w.\-/}])/(?:work|root)/")

TEMPLATES = tree.ROOT / "marketplace" / "templates"
INLINE = {
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "script without src": re.compile(r"<script\b(?![^>]*\bsrc\s*=)", re.IGNORECASE),
    "event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "htmx event attribute": re.compile(r"\bhx-on\b|\bhx-on:", re.IGNORECASE),
    "evaluated htmx value": re.compile(
        r"\bhx-(?:vals|headers|vars|trigger)\s*=\s*[\"']\s*js(?:avascript)?:", re.IGNORECASE
    ),
    "script address": re.compile(r"=\s*[\"']\s*javascript:", re.IGNORECASE),
}

#: An exception names its rule and goes on with the reason.
NOQA = re.compile(r"#\s*(?:ruff:\s*)?noqa\b(?P<rest>.*)", re.IGNORECASE)
NOQA_WITH_REASON = re.compile(r":\s*[A-Z]+[0-9]+(?:\s*,\s*[A-Z]+[0-9]+)*\W+\w.{8,}")
TYPE_IGNORE = re.compile(r"#\s*type:\s*ignore(?P<rest>.*)")
TYPE_IGNORE_WITH_REASON = re.compile(r"\[[a-z\-, ]+\]\W+\w.{8,}")

LOCKED = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>\S+)", re.MULTILINE)


def _inline(html: str) -> list[str]:
    return [what for what, pattern in INLINE.items() if pattern.search(html)]


def _comments(path: Path) -> list[tuple[int, str]]:
    tokens = tokenize.generate_tokens(io.StringIO(tree.text(path)).readline)
    return [(token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT]


def _has_reason(comment: str) -> bool:
    """Whether the exceptions in `comment` name a rule and a reason; true for a comment without any."""
    rules = [(NOQA, NOQA_WITH_REASON), (TYPE_IGNORE, TYPE_IGNORE_WITH_REASON)]
    found = [(match, reason) for pattern, reason in rules if (match := pattern.search(comment))]
    return all(
        reason.match(match["rest"].lstrip() if reason is NOQA_WITH_REASON else match["rest"])
        for match, reason in found
    )


def _pins(lock: str) -> dict[str, set[str]]:
    pins: dict[str, set[str]] = {}
    for match in LOCKED.finditer(tree.text(tree.ROOT / lock)):
        pins.setdefault(match["name"], set()).add(match["version"])
    return pins


def test_no_registry_host_is_named() -> None:
    named = [
        tree.name(path) for path in tree.files() if any(host in tree.text(path) for host in REGISTRY_HOSTS)
    ]
    assert named == []


def test_no_path_of_one_machine_is_named() -> None:
    assert [tree.name(path) for path in tree.files() if MACHINE_PATH.search(tree.text(path))] == []


def test_templates_hold_no_inline_style_or_script() -> None:
    """The Content-Security-Policy allows none, so such a line would silently do nothing."""
    pages = [path for path in tree.files(".html") if path.is_relative_to(TEMPLATES)]
    assert {tree.name(path): found for path in pages if (found := _inline(tree.text(path)))} == {}


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<p style="color: red">', ["style attribute"]),
        ("<style>p { }</style>", ["style element"]),
        ("<script>go()</script>", ["script without src"]),
        ('<button type="button" onclick="go()">', ["event attribute"]),
        ('<div hx-on:click="go()">', ["htmx event attribute"]),
        ('<div hx-vals="js:{a: 1}">', ["evaluated htmx value"]),
        ('<a href="javascript:go()">', ["script address"]),
        ('<script src="/static/js/app.js" defer></script><p class="style">on time = 3</p>', []),
    ],
)
def test_what_counts_as_inline(html: str, found: list[str]) -> None:
    assert _inline(html) == found


def test_every_exception_to_a_rule_has_its_reason() -> None:
    bare = [
        f"{tree.name(path)}:{line}"
        for path in tree.files(".py")
        for line, comment in _comments(path)
        if not _has_reason(comment)
    ]
    assert bare == []


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("# noqa", False),
        ("# noqa: S608", False),
        ("# noqa: S608 - the table's name is a constant", True),
        ("# noqa: S608, S101 (both on the constant table)", True),
        ("# type: ignore", False),
        ("# type: ignore[arg-type]", False),
        ("# type: ignore[arg-type]  # the stubs forget None", True),
        ("# an ordinary comment", True),
    ],
)
def test_what_counts_as_a_reason(comment: str, reason: bool) -> None:
    assert _has_reason(comment) is reason


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_hashes(lock: str) -> None:
    blocks = re.split(r"\n(?=\S)", tree.text(tree.ROOT / lock).strip())
    bad = [
        block.splitlines()[0] for block in blocks if not LOCKED.match(block) or "--hash=sha256:" not in block
    ]
    assert bad == []


def test_locks_cover_the_dependencies_and_agree() -> None:
    project = tomllib.loads(tree.text(tree.ROOT / "pyproject.toml"))
    run, dev = _pins("requirements.lock"), _pins("requirements-dev.lock")

    def wanted(requirements: list[str]) -> set[str]:
        return {re.split(r"[\[<>=~! ;]", requirement)[0].lower() for requirement in requirements}

    assert wanted(project["project"]["dependencies"]) - set(run) == set()
    assert wanted(project["dependency-groups"]["dev"]) - set(dev) == set()
    assert {name: versions for name, versions in run.items() if dev.get(name) != versions} == {}
