"""Check and store taxonomy codes: every code must exist, and is kept with its scheme and revision."""

from collections.abc import Iterable, Sequence
from typing import TypedDict, TypeVar

from sqlalchemy.orm import Session

from catalog import industries, taxonomy
from catalog.errors import Problem

T = TypeVar("T")


class IndustryKey(TypedDict):
    """An industry as programs write it."""

    revision: str
    code: str


def unknown_codes(pointer: str, scheme: str, codes: Sequence[str]) -> list[Problem]:
    """A problem for every code that the scheme's current edition does not have, at its place."""
    return [
        Problem(f"{pointer}/{i}", "unknown_code", {"value": code})
        for i, code in enumerate(codes)
        if taxonomy.find(scheme, code) is None
    ]


def unknown_industries(session: Session, pointer: str, keys: Sequence[IndustryKey]) -> list[Problem]:
    """A problem for every industry that neither the official list nor the built-in table has."""
    return [
        Problem(f"{pointer}/{i}/code", "unknown_code", {"value": key["code"]})
        for i, key in enumerate(keys)
        if taxonomy.find("ksic", key["code"], key["revision"]) is None
        and industries.lookup(session, key["revision"], key["code"]) is None
    ]


def once(items: Iterable[T]) -> list[T]:
    """The items without repeats, in the order of first mention."""
    return list(dict.fromkeys(items))
