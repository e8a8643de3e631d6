"""Reading a JSON body strictly: a field that stands twice in one object is refused at its place, never chosen among."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from catalog.errors import Invalid, Problem


def read(body: bytes) -> Any:
    """The value of a body.

    Raises:
        ValueError: it is no JSON, or not in a Unicode encoding.
        RecursionError: it is nested too deep.
        Invalid: a field stands twice in one object.
    """
    repeated: list[tuple[dict[str, Any], list[str]]] = []

    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            counts = Counter(name for name, _ in pairs)
            repeated.append((found, [name for name, count in counts.items() if count > 1]))
        return found

    value = json.loads(body, object_pairs_hook=build)
    if repeated:
        names = {id(found): twice for found, twice in repeated}
        raise Invalid([Problem(pointer, "given_twice") for pointer in _pointers(value, names, "")])
    return value


def _pointers(value: Any, names: dict[int, list[str]], at: str) -> Iterator[str]:
    """Where the repeated fields of these objects (names by identity) stand, but those inside what was dropped."""
    if isinstance(value, dict):
        yield from (f"{at}{_escaped(name)}" for name in names.get(id(value), ()))
    if isinstance(value, dict | list):
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        for key, part in parts:
            yield from _pointers(part, names, f"{at}{_escaped(str(key))}/")


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
