"""What one version of a charter says otherwise than the one before. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: What is compared as a whole, in the order of the page.
FACTS = ("lead", "level_from", "level_to", "notice_days", "answer_hours", "text", "text_en")

ADDED, GONE, CHANGED = "added", "gone", "changed"


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact and its values; `before` is None when there was no version before."""

    fact: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class PartChange:
    """A member (public id of the organization) that was added, is gone or does something else; the part of each side,
    None where it has none."""

    organization: str
    kind: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Differences:
    """All of it; empty lists for what stays."""

    facts: tuple[FactChange, ...]
    parts: tuple[PartChange, ...]


def between(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> Differences:
    """Compare the contents of two versions; without one before, everything is new."""
    earlier: Mapping[str, Any] = before or {}
    facts = tuple(
        FactChange(fact, earlier.get(fact), after[fact]) for fact in FACTS if earlier.get(fact) != after[fact]
    )
    old = {part["organization"]: part for part in earlier.get("members", ())}
    new = {part["organization"]: part for part in after["members"]}
    parts = tuple(
        PartChange(one, _kind(old.get(one), new.get(one)), old.get(one), new.get(one))
        for one in dict.fromkeys([*old, *new])
        if old.get(one) != new.get(one)
    )
    return Differences(facts, parts)


def part_of(content: Mapping[str, Any], organization: str) -> Mapping[str, Any] | None:
    """A member's part in a version; None: it does not name it."""
    return next((part for part in content["members"] if part["organization"] == organization), None)


def _kind(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str:
    if before is None:
        return ADDED
    return GONE if after is None else CHANGED
