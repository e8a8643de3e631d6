"""Documents as lines of JSON, one after the other, each read when it is asked for."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date
from typing import Any

from matching.search.documents import Document
from matching.search.embedded.arrays import Longs

_DAYS = ("approved_on", "certificate_expires_on")
_SETS = ("capabilities", "divisions", "levels", "regions")


def lines(documents: Iterable[Document]) -> Iterator[bytes]:
    """Yield the line of each document."""
    return map(line, documents)


def line(document: Document) -> bytes:
    """Return a document as a line of JSON in UTF-8."""
    values = {each.name: getattr(document, each.name) for each in fields(document)}
    values |= {name: values[name].isoformat() for name in _DAYS}
    values |= {name: sorted(values[name]) for name in _SETS}
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def document_from(written: bytes) -> Document:
    """Return the document of one line.

    Raises:
        ValueError, KeyError, TypeError: the line is none that `line` wrote.
    """
    values: dict[str, Any] = json.loads(written)
    values |= {name: date.fromisoformat(values[name]) for name in _DAYS}
    values |= {name: frozenset(values[name]) for name in _SETS}
    return Document(**values | {"lent": tuple(values["lent"])})


class StoredDocuments:
    """Lines in a mapped file; `bounds` (documents + 1,) tells where each begins and the last one ends."""

    def __init__(self, text: memoryview, bounds: Longs) -> None:
        self._text = text
        self._bounds = bounds

    def read(self, place: int) -> Document:
        """Return the document at a place."""
        return document_from(self.line(place))

    def line(self, place: int) -> bytes:
        """Return the document at a place as it was written."""
        return bytes(self._text[int(self._bounds[place]) : int(self._bounds[place + 1])])
