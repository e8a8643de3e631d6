"""Korean is written in the code; English is complete beside it."""

from __future__ import annotations

import tomllib
from functools import cache

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from tests.house import tree

ENGLISH = tree.ROOT / "marketplace" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
HANGUL = range(0xAC00, 0xD7A4)

#: Messages whose English shows Hangul on purpose, each with its reason.
HANGUL_IN_ENGLISH: dict[str, str] = {}


@cache
def _english() -> Catalog:
    with ENGLISH.open("rb") as lines:
        return read_po(lines, locale="en")


def _written() -> set[str]:
    """Every message in code and templates, found as `make messages` finds it."""
    project = tomllib.loads(tree.text(tree.ROOT / "pyproject.toml"))
    mappings = [(mapping["pattern"], mapping["method"]) for mapping in project["tool"]["babel"]["mappings"]]
    keywords = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "_l": None}
    found = extract_from_dir(
        tree.ROOT,
        method_map=mappings,
        keywords=keywords,
        directory_filter=lambda path: not path.endswith("/.venv"),
    )
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def _translated() -> dict[str, str]:
    entries = {}
    for message in _english():
        singular = message.id if isinstance(message.id, str) else message.id[0]
        parts = [message.string] if isinstance(message.string, str) else list(message.string)
        entries[singular] = "\n".join(parts) if all(parts) else ""
    return {korean: english for korean, english in entries.items() if korean}


def test_every_message_is_translated() -> None:
    english = _translated()
    assert sorted(message for message in _written() if not english.get(message)) == []


def test_no_translation_is_left_over() -> None:
    assert sorted(set(_translated()) - _written()) == []


def test_no_translation_is_a_guess() -> None:
    assert [message.id for message in _english() if message.fuzzy] == []


def test_english_is_english() -> None:
    hangul = {
        korean
        for korean, english in _translated().items()
        if any(ord(letter) in HANGUL for letter in english)
    }
    assert hangul - set(HANGUL_IN_ENGLISH) == set()
