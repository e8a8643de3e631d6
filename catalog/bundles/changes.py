"""What a new version of a bundle changes, as lines that are read side by side. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.bundles.form import Form, canonical

#: Lists of the form and what names a line of each.
_LISTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "wanted": lambda each: str(each["capability"]),
    "items": lambda each: str(each["id"]),
    "links": lambda each: " ".join(each["capabilities"]),
    "duties": lambda each: str(each["vendor"]),
    "shares": lambda each: str(each["vendor"]),
}
_PLAIN = (
    "lead",
    "exchanges",
    "charter_hash",
    "level_from",
    "level_to",
    "list_amount",
    "links_amount",
    "discount_amount",
    "price_amount",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not what it was.

    Attributes:
        place: the list it stands in, or the field of the whole.
        key: which line of the list; "" for a field of the whole.
        vendor: whose line it is; None where it is everybody's.
        before, after: None where there was, or is, none.
        difference_amount: by how many won the line's amount moved; None where it has none.
    """

    place: str
    key: str
    vendor: str | None
    before: Any
    after: Any
    difference_amount: int | None


def changes(before: Form, after: Form) -> tuple[Change, ...]:
    """Return everything that differs, in the order of the form; the number of the version does not count."""
    old, new = _readable(before), _readable(after)
    return (*_plain(old, new), *(change for place in _LISTS for change in _lines(place, old, new)))


def public_changes(before: Form, after: Form) -> tuple[Change, ...]:
    """Return those of `changes` that a buyer sees: not what the vendors are paid, nor what they agreed among them."""
    return tuple(one for one in changes(before, after) if one.place not in ("shares", "charter_hash"))


def _readable(form: Form) -> dict[str, Any]:
    """Return the canonical form with each vendor's rule and won in one line."""
    whole = canonical(form)
    return {
        **whole,
        "shares": [{**rule, "amount": whole["shares"][rule["vendor"]]} for rule in whole["rules"]],
    }


def _plain(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for name in _PLAIN:
        if old[name] != new[name]:
            moved = new[name] - old[name] if name.endswith("_amount") else None
            yield Change(name, "", None, old[name], new[name], moved)
    for name in sorted({*old["texts"], *new["texts"]}):
        was, now = old["texts"].get(name), new["texts"].get(name)
        if was != now:
            yield Change("texts", name, None, was, now, None)


def _lines(place: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    key_of = _LISTS[place]
    was = {key_of(each): each for each in old[place]}
    now = {key_of(each): each for each in new[place]}
    for key in sorted({*was, *now}):
        one, other = was.get(key), now.get(key)
        if one != other:
            yield Change(place, key, _vendor(other or one or {}), one, other, _moved(one, other))


def _vendor(line: Mapping[str, Any]) -> str | None:
    return line.get("vendor") or line.get("answers")


def _moved(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> int | None:
    for name in ("list_amount", "price_amount", "amount"):
        if name in (one or other or {}):
            before, after = one or {name: 0}, other or {name: 0}
            return int(after[name] - before[name])
    return None
