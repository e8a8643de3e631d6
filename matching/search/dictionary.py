"""The words and codes of the trade, from the files beside this package. Read once, then shared."""

import hashlib
import re
from functools import cache
from pathlib import Path

import yaml

_FOLDER = Path(__file__).parent / "data"
_WORDS = _FOLDER / "words.yaml"
_CODES = _FOLDER / "codes.yaml"


@cache
def words() -> frozenset[str]:
    """Return every word of the trade, all Hangul."""
    return frozenset(word for listed in _read(_WORDS).values() for word in listed.split())


@cache
def whole_codes() -> frozenset[str]:
    """Return the codes that are never stemmed, in small letters."""
    return frozenset(_listed("whole"))


@cache
def joined_codes() -> dict[str, tuple[str, ...]]:
    """Return for every code of several words, written as one (opcua), its words (opc, ua)."""
    return {"".join(parts): parts for parts in map(tuple, map(str.split, _listed("joined")))}


@cache
def digest() -> str:
    """Return eight hexadecimal digits that change whenever one of the files does."""
    return hashlib.sha256(_WORDS.read_bytes() + _CODES.read_bytes()).hexdigest()[:8]


def hyphened(text: str) -> str:
    """Return a text of the same length in which codes of several words have hyphens: OPC-UA, ISO-9001."""
    return _spaced_codes().sub(lambda match: match.group().replace(" ", "-"), text)


@cache
def _spaced_codes() -> re.Pattern[str]:
    names = "|".join(map(re.escape, sorted(_listed("joined"), key=len, reverse=True)))
    bodies = "|".join(_listed("standards"))
    # A letter or digit on either side would make it another word; Hangul may follow (OPC UA로).
    return re.compile(
        rf"(?<![^\W_가-힣])(?:{names}|(?:{bodies}) \d+)(?![^\W_가-힣])".replace(r"\ ", " "), re.IGNORECASE
    )


def _listed(key: str) -> list[str]:
    return [name.strip().lower() for name in _read(_CODES)[key].split(",")]


@cache
def _read(path: Path) -> dict[str, str]:
    found: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found
