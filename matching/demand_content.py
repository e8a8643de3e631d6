"""What a demand says: its fields, what is wrong with them, and what changed between two versions. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NotRequired, TypedDict

from catalog import taxonomy
from catalog.errors import Problem

MAX_REQUIREMENTS = 40
MAX_LINKS = 40
MAX_DESCRIPTION = 4_000

#: What a version keeps, in the order of the page.
FIELDS = (
    "title",
    "description",
    "site",
    "requirements",
    "links",
    "target_level",
    "budget_amount",
    "deadline",
    "programme",
)


class RequirementFields(TypedDict):
    """One capability asked for, with the least quality 1–5 that will do."""

    capability: str
    must: bool
    min_quality: int


class DemandFields(TypedDict):
    """Everything that a demand states; `target_level` is a company level.

    `links` are pairs of capabilities that must exchange data, in either order; `programme` names a published rule.
    """

    title: str
    description: str
    requirements: list[RequirementFields]
    target_level: int | None
    budget_amount: int | None
    deadline: date | None
    links: NotRequired[list[list[str]]]
    programme: NotRequired[str | None]


def problems(fields: DemandFields, today: date, *, draft: bool = False) -> list[Problem]:
    """Everything that stands in the way of keeping these fields; a draft may lack a name, a need, and be late."""
    named = [requirement["capability"] for requirement in fields["requirements"]]
    found = _requirements(named)
    if not draft and not fields["title"].strip():
        found.append(Problem("title", "required"))
    if not draft and not named:
        found.insert(0, Problem("requirements", "required"))
    found += _links(fields.get("links", []))
    deadline = fields["deadline"]
    if not draft and deadline is not None and deadline < today:
        found.append(Problem("deadline", "past"))
    return found


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """(field, before, after) of every field that two versions state differently, in the order of FIELDS."""
    return [
        (name, before.get(name), after.get(name)) for name in FIELDS if before.get(name) != after.get(name)
    ]


def _requirements(named: Sequence[str]) -> list[Problem]:
    found = []
    if len(named) > MAX_REQUIREMENTS:
        found.append(Problem("requirements", "too_many", {"max": MAX_REQUIREMENTS}))
    for i, code in enumerate(named):
        at = f"requirements/{i}/capability"
        if taxonomy.find("capability", code) is None:
            found.append(Problem(at, "unknown_code", {"value": code}))
        elif code in named[:i]:
            found.append(Problem(at, "repeated", {"value": code}))
    return found


def _links(links: Sequence[Sequence[str]]) -> list[Problem]:
    """A pair is two different capabilities, stated once whichever comes first."""
    found = []
    if len(links) > MAX_LINKS:
        found.append(Problem("links", "too_many", {"max": MAX_LINKS}))
    seen: set[frozenset[str]] = set()
    for i, pair in enumerate(links):
        unknown = [
            Problem(f"links/{i}/{side}", "unknown_code", {"value": code})
            for side, code in enumerate(pair)
            if taxonomy.find("capability", code) is None
        ]
        if unknown:
            found += unknown
        elif len(pair) != 2 or pair[0] == pair[1]:
            found.append(Problem(f"links/{i}/1", "link_to_itself"))
        elif frozenset(pair) in seen:
            found.append(Problem(f"links/{i}/1", "repeated", {"value": pair[1]}))
        seen.add(frozenset(pair))
    return found
