"""Strict reading of a JSON document: every value knows its place, and what is wrong is said with that place."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

#: The longest identifier or code, in characters; the catalogue's own have 36 and fewer.
MAX_TEXT = 200
#: The largest document, in bytes: 19,999 offers with three plans each need a tenth of it.
MAX_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a document.

    Attributes:
        pointer: where, as a JSON pointer (RFC 6901); "" is the whole document.
        code: what, as a word for programs.
        text: what, as a sentence.
    """

    pointer: str
    code: str
    text: str


class BadInstance(ValueError):
    """The document is no instance; `problem` says what is wrong first, and where."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.pointer or 'the document'}: {problem.text} ({problem.code})")
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the document and its place."""

    value: Any
    pointer: str = ""

    def refuse(self, code: str, text: str) -> NoReturn:
        """Say that this value will not do.

        Raises:
            BadInstance: always.
        """
        raise BadInstance(Problem(self.pointer, code, text))

    def fields(self, needed: Collection[str], optional: Collection[str] = ()) -> "dict[str, Node]":
        """Return the members of an object that has every needed one and none that is not known.

        Raises:
            BadInstance: it is no object, a member is missing or not known.
        """
        members = self.members()
        for name, node in members.items():
            if name not in needed and name not in optional:
                node.refuse("unknown_field", f"{name!r} is no field here")
        for name in needed:
            if name not in members:
                self.refuse("missing", f"the field {name!r} is missing")
        return members

    def members(self) -> "dict[str, Node]":
        """Return the members of an object, whatever their names.

        Raises:
            BadInstance: it is no object, or a name is no text of 1 to `MAX_TEXT` characters.
        """
        if not isinstance(self.value, dict):
            self.refuse("not_an_object", f"expected an object, not {_kind(self.value)}")
        for name in self.value:
            Node(name, self.pointer).text()
        return {name: Node(value, f"{self.pointer}/{_escaped(name)}") for name, value in self.value.items()}

    def items(self, most: int | None = None) -> "list[Node]":
        """Return the elements of a list of at most `most`.

        Raises:
            BadInstance: it is no list, or too long.
        """
        if not isinstance(self.value, list):
            self.refuse("not_a_list", f"expected a list, not {_kind(self.value)}")
        if most is not None and len(self.value) > most:
            self.refuse("too_many", f"expected at most {most:,} elements, not {len(self.value):,}")
        return [Node(value, f"{self.pointer}/{index}") for index, value in enumerate(self.value)]

    def pair(self) -> "tuple[Node, Node]":
        """Return the two elements of a list of two.

        Raises:
            BadInstance: it is no such list.
        """
        both = self.items()
        if len(both) != 2:
            self.refuse("not_a_pair", f"expected a list of two, not of {len(both):,}")
        return both[0], both[1]

    def text(self) -> str:
        """Return a text of 1 to `MAX_TEXT` characters that can be written as UTF-8.

        Raises:
            BadInstance: it is none.
        """
        if not isinstance(self.value, str):
            self.refuse("not_a_text", f"expected a text, not {_kind(self.value)}")
        if not 1 <= len(self.value) <= MAX_TEXT:
            self.refuse("out_of_range", f"expected 1 to {MAX_TEXT} characters, not {len(self.value):,}")
        try:
            self.value.encode()
        except UnicodeEncodeError:
            self.refuse("not_a_text", "the text holds half a character")
        return self.value

    def whole(self, least: int, most: int) -> int:
        """Return a whole number within bounds.

        Raises:
            BadInstance: it is none, or outside.
        """
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self.refuse("not_a_whole_number", f"expected a whole number, not {_kind(self.value)}")
        if not least <= self.value <= most:
            self.refuse("out_of_range", f"expected {least:,} to {most:,}")
        return self.value

    def truth(self) -> bool:
        """Return true or false.

        Raises:
            BadInstance: it is neither.
        """
        if not isinstance(self.value, bool):
            self.refuse("not_true_or_false", f"expected true or false, not {_kind(self.value)}")
        return self.value

    def one_of(self, known: Sequence[str]) -> str:
        """Return one of the known words.

        Raises:
            BadInstance: it is none of them.
        """
        if not isinstance(self.value, str) or self.value not in known:
            self.refuse("unknown_value", f"expected one of {', '.join(known)}")
        return self.value


def parse(document: str | bytes) -> Node:
    """Read the JSON text of a document.

    Raises:
        BadInstance: it is no JSON, too large, nested too deep, a name stands twice in one object, or a number is none.
    """
    root = Node(None)
    if len(document) > MAX_BYTES:
        root.refuse("too_large", f"expected at most {MAX_BYTES:,} bytes")
    try:
        text = document.decode("utf-8-sig") if isinstance(document, bytes) else document
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        root.refuse("not_json", f"byte {error.start:,} is no UTF-8")
    except RecursionError:
        root.refuse("too_deep", "objects and lists are nested too deep")
    except json.JSONDecodeError as error:
        root.refuse("not_json", f"line {error.lineno}, column {error.colno}: {error.msg}")
    except BadInstance:
        raise
    except ValueError:  # Python reads no whole number of more than 4,300 digits
        root.refuse("out_of_range", "a number has too many digits")
    return Node(value)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in found if names.count(name) > 1)
        raise BadInstance(Problem("", "repeated_field", f"{twice[:MAX_TEXT]!a} stands twice in one object"))
    return found


def _no_number(word: str) -> NoReturn:
    raise BadInstance(Problem("", "not_json", f"{word} is no number"))


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    kinds = {int: "a whole number", float: "a fraction", str: "a text", list: "a list", dict: "an object"}
    return kinds.get(type(value), "this")
