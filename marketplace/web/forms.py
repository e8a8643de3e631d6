"""From an HTML form to the data of a schema, and from problems back to the fields of the page.

Fields are named by pointers from the root of the data, "plans/0/price_amount". A page says which names it knows and how
each is read; other names are left alone. Reading refuses nothing: what does not fit stays text, and the schema refuses
it at its field. Rows that a page drops (left empty, marked for removal) close ranks in the data; `Form.errors` finds
the way back to the row as it stood on the page.

    FIELDS = {"title": forms.text, "plans/*/price_amount": forms.whole, "regions": forms.many}
    form = forms.read(request.form, FIELDS)
    try:
        …(parse(ListingPatch(), form.data))
    except Invalid as error:
        return render_template("….html", **form.refused(error.problems)), 422
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from catalog.errors import Problem
from marketplace import wording

#: What a reader answers to leave the field out of the data.
MISSING: Final = object()
#: A row of a list with a higher number than this is not read.
MAX_ROW = 99

_WHOLE = re.compile(r"[-−]?(?:[0-9]{1,40}|[0-9]{1,3}(?:,[0-9]{3}){1,13})", re.ASCII)
_DECIMAL = re.compile(r"[-−]?(?:[0-9]{1,40}|[0-9]{1,3}(?:,[0-9]{3}){1,13})(?:\.[0-9]*)?", re.ASCII)
#: A field's texts (more than one for a group of boxes, none for an unticked one) → its value in the data.
Reader = Callable[[Sequence[str]], Any]
#: Whether a row, as read, is to be left out.
Drop = Callable[[Mapping[str, Any]], bool]
Data = dict[str, Any]


def text(texts: Sequence[str]) -> Any:
    """The text as typed; a field that was not sent is missing."""
    return texts[-1] if texts else MISSING


def lines(texts: Sequence[str]) -> Any:
    """Several lines as typed, with plain line breaks: browsers send two characters for one."""
    return texts[-1].replace("\r\n", "\n") if texts else MISSING


def optional(texts: Sequence[str]) -> Any:
    """The text, or None when the field is blank."""
    return MISSING if not texts else texts[-1].strip() or None


def chosen(texts: Sequence[str]) -> Any:
    """The text; blank (nothing chosen, nothing typed) is missing, so that the schema asks for it."""
    return texts[-1].strip() or MISSING if texts else MISSING


def whole(texts: Sequence[str]) -> Any:
    """A whole number, with or without separators of thousands; None when blank; other text stays text."""
    if not texts:
        return MISSING
    typed = texts[-1].strip()
    if _WHOLE.fullmatch(typed) is None:
        return typed or None
    return int(typed.replace(",", "").replace("−", "-"))


def whole_or_zero(texts: Sequence[str]) -> Any:
    """As `whole`, but blank is 0."""
    value = whole(texts)
    return 0 if value is None else value


def decimal(texts: Sequence[str]) -> Any:
    """Decimal text without separators of thousands; missing when blank; other text stays as it is."""
    if not texts or not texts[-1].strip():
        return MISSING
    typed = texts[-1].strip()
    return typed.replace(",", "").replace("−", "-") if _DECIMAL.fullmatch(typed) else typed


def many(texts: Sequence[str]) -> Any:
    """Every ticked value of a group of boxes, in the order of the page."""
    return [value for value in texts if value]


def flag(texts: Sequence[str]) -> Any:
    """Whether a single box is ticked."""
    return any(texts)


def key(texts: Sequence[str]) -> Any:
    """An industry written "11:303" as {"revision", "code"}; None when blank; other text stays text."""
    typed = texts[-1].strip() if texts else ""
    return _key(typed) if typed else None


def keys(texts: Sequence[str]) -> Any:
    """A group of industries, each as `key` reads it."""
    return [_key(value) for value in texts if value]


#: Readers of groups: on the page their value is a list.
_GROUPS = (many, keys)


@dataclass(frozen=True, slots=True)
class Form:
    """What was sent.

    Attributes:
        data: nested, for a schema.
        values: name on the page → typed text, or a list of texts for a group; for showing the form again.
        moved: pointer of a row in `data` → its pointer on the page, where they differ.
        names: the patterns that the page knows.
    """

    data: Data
    values: dict[str, str | list[str]]
    moved: Mapping[str, str]
    names: frozenset[str]

    def errors(self, problems: Iterable[Problem]) -> dict[str, list[str]]:
        """Sentences by the name of the field they belong to; a problem inside a field is the field's."""
        found: dict[str, list[str]] = {}
        for problem in problems:
            sentences = found.setdefault(self._field(problem.pointer), [])
            sentence = wording.problem(problem)
            if sentence not in sentences:
                sentences.append(sentence)
        return found

    def refused(
        self, problems: Iterable[Problem], under: str = "", called: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """What a page needs to show the form again: `values`, `errors`, `labels` (name → its words).

        `under` is the place of the form's data on a page that holds more than this form, such as "evidence/2"; `called`
        names fields that this page calls otherwise than `wording.place` does.
        """
        errors = {_in(under, name): said for name, said in self.errors(problems).items()}
        values = {_in(under, name): value for name, value in self.values.items()}
        return {"values": values, "errors": errors, "labels": {**labels(errors), **(called or {})}}

    def _field(self, pointer: str) -> str:
        parts = pointer.split("/")
        for depth in range(len(parts), 0, -1):
            row = "/".join(parts[:depth])
            if row in self.moved:
                pointer = "/".join([self.moved[row], *parts[depth:]])
                break
        shorter = pointer
        while shorter and pattern(shorter) not in self.names:
            shorter = shorter.rpartition("/")[0]
        return shorter or pointer


def read(
    sent: MultiDict[str, str], fields: Mapping[str, Reader], drop: Mapping[str, Drop] | None = None
) -> Form:
    """Read the fields that the page knows.

    Args:
        sent: such as `request.form`.
        fields: pattern → reader; `*` stands for a row's number, "plans/*/name".
        drop: pattern of a list ("plans", "plans/*/quality") → which of its rows to leave out.
    """
    tree: Data = {}
    values: dict[str, str | list[str]] = {}
    sent_names = [name for name in sent if _is_plain(name)]
    for known, reader in fields.items():
        for name in [n for n in sent_names if pattern(n) == known] if "*" in known else [known]:
            texts = sent.getlist(name)
            if texts or reader in _GROUPS:
                values[name] = texts if reader in _GROUPS else texts[-1]
            value = reader(texts)
            if value is not MISSING:
                _plant(tree, name.split("/"), value)
    moved: dict[str, str] = {}
    return Form(_settle(tree, "", "", drop or {}, moved), values, moved, frozenset(fields))


def flat(data: Any, pointer: str = "") -> dict[str, str | list[str]]:
    """Stored data as the values of a page's fields: the way back from `read`. A list of plain values is a group."""
    if isinstance(data, Mapping):
        if set(data) == {"revision", "code"}:
            return {pointer: industry_value(data)}
        parts = [flat(value, f"{pointer}/{name}".strip("/")) for name, value in data.items()]
        return {name: value for part in parts for name, value in part.items()}
    if isinstance(data, list):
        if all(isinstance(item, str) for item in data):
            return {pointer: data}
        if all(set(item) == {"revision", "code"} for item in data):
            return {pointer: [industry_value(item) for item in data]}
        rows = [flat(item, f"{pointer}/{i}") for i, item in enumerate(data)]
        return {name: value for row in rows for name, value in row.items()}
    return {pointer: "" if data is None else str(data)}


def industry_value(industry: Mapping[str, str]) -> str:
    """An industry as the value of a box or an option: "11:303"."""
    return f"{industry['revision']}:{industry['code']}"


def labels(names: Iterable[str]) -> dict[str, str]:
    """The words of fields, for the summary of errors."""
    return {name: wording.place(name) for name in names if name}


def pattern(name: str) -> str:
    """The name with `*` for every row number: "plans/0/name" → "plans/*/name"."""
    return "/".join("*" if part.isdecimal() else part for part in name.split("/"))


def _is_plain(name: str) -> bool:
    numbers = [part for part in name.split("/") if part.isdecimal()]
    return all(part.isascii() and len(part) <= 2 and int(part) <= MAX_ROW for part in numbers)


def _key(typed: str) -> Any:
    revision, colon, code = typed.partition(":")
    return {"revision": revision, "code": code} if colon else typed


def _plant(tree: Data, parts: list[str], value: Any) -> None:
    for part in parts[:-1]:
        tree = tree.setdefault(part, {})
    tree[parts[-1]] = value


def _settle(node: Any, here: str, page: str, drop: Mapping[str, Drop], moved: dict[str, str]) -> Any:
    """Turn numbered rows into lists; `here` is the pointer in the data, `page` the one in the form."""
    if not isinstance(node, dict) or not all(isinstance(part, str) for part in node):
        return node
    if not node or not all(part.isdecimal() for part in node):
        return {
            name: _settle(child, _in(here, name), _in(page, name), drop, moved)
            for name, child in node.items()
        }
    unwanted = drop.get(pattern(page), lambda _row: False)
    kept = [number for number in sorted(node, key=int) if not unwanted(node[number])]
    for i, number in enumerate(kept):
        if _in(here, str(i)) != _in(page, number):
            moved[_in(here, str(i))] = _in(page, number)
    return [_settle(node[n], _in(here, str(i)), _in(page, n), drop, moved) for i, n in enumerate(kept)]


def _in(pointer: str, name: str) -> str:
    return f"{pointer}/{name}".strip("/")
