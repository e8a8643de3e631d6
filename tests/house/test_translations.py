"""Korean is written in the code; English is complete beside it."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Any

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


#: What the templates need so that none is passed over: an extraction that cannot read one says nothing by itself.
STRICT = {"jinja2": {"extensions": "jinja2.ext.do", "silent": "false"}, "python": {}}


def _mappings() -> list[dict[str, Any]]:
    project = tomllib.loads(tree.text(tree.ROOT / "pyproject.toml"))
    return list(project["tool"]["babel"]["mappings"])


@cache
def _written() -> frozenset[str]:
    """Every message in code and templates, found as `make messages` finds it."""
    mappings = _mappings()
    found = extract_from_dir(
        tree.ROOT,
        method_map=[(mapping["pattern"], mapping["method"]) for mapping in mappings],
        options_map={mapping["pattern"]: STRICT[mapping["method"]] for mapping in mappings},
        keywords={**DEFAULT_KEYWORDS, "lazy_gettext": None, "_l": None},
        directory_filter=lambda path: not path.endswith("/.venv"),
    )
    return frozenset(message if isinstance(message, str) else message[0] for _, _, message, _, _ in found)


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


def _sentences() -> list[tuple[str, str]]:
    """(Korean, English) of every message, each form of a plural on its own."""
    pairs = []
    for message in _english():
        korean = [message.id] if isinstance(message.id, str) else list(message.id)
        english = [message.string] if isinstance(message.string, str) else list(message.string)
        pairs += [(korean[min(n, len(korean) - 1)], form) for n, form in enumerate(english)]
    return [(korean, english) for korean, english in pairs if korean]


def test_english_keeps_every_placeholder() -> None:
    name = re.compile(r"%\(\w+\)\w|<[^>]+>")
    lost = [
        korean for korean, english in _sentences() if set(name.findall(korean)) != set(name.findall(english))
    ]
    assert lost == []


def test_plurals_have_both_forms() -> None:
    catalogue = _english()
    plural = [message for message in catalogue if not isinstance(message.id, str)]
    assert (catalogue.num_plurals, len(plural) > 20) == (2, True)
    assert [message.id[0] for message in plural if len(message.string) != 2 or not all(message.string)] == []


#: Words that the product does not use, with the one it uses instead.
NOT_OURS = {
    "catalog": "catalogue", "center": "centre", "color": "colour", "labor": "labour", "e-mail": "email",
    "log in": "sign in", "login": "sign in", "click": "choose", "certification": "certificate", "supplier": "vendor",
}  # fmt: skip


TRADE_PARTNER = re.compile("공급처|협력사|거래처|납품처|공급하는 쪽|납품하는")


def test_english_speaks_the_products_words() -> None:
    wrong = [
        (english, other, ours)
        for korean, english in _sentences()
        for other, ours in NOT_OURS.items()
        if re.search(rf"\b{other}s?\b", english, re.IGNORECASE)
        # Who delivers parts to a factory is its supplier (공급처, 협력사), another thing than who sells in the store.
        and not (other == "supplier" and TRADE_PARTNER.search(korean))
    ]
    assert wrong == []


def test_english_is_calm_and_closes_its_sentences() -> None:
    """No exclamation marks, no stray spaces; a Korean sentence with its full stop ends as a sentence in English."""
    loud = [english for _, english in _sentences() if "!" in english or "  " in english]
    open_ended = [
        english
        for korean, english in _sentences()
        if korean.endswith("요.") and not english.rstrip('”").').endswith("…") and english[-1] not in ".?)”"
    ]
    assert (loud, open_ended) == ([], [])
