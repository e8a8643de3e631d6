"""What waits for whom: every area of the product adds its kinds; the morning page and the API show them all alike."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from flask import g
from sqlalchemy.orm import Session

from marketplace.accounts import access
from marketplace.accounts.access.colleagues import Beginnings
from marketplace.accounts.permission import is_offered
from marketplace.accounts.principal import Principal
from marketplace.notices import reading
from matching.models import Demand

#: The page and the API show at most this many lines.
MOST = 20
#: What a notice of these events says also stands on the page, for so many days or until it is read.
SHOWN = {"match.new": 1, "search.found": 7}


@dataclass(frozen=True, slots=True)
class Item:
    """One line: what, in which connection, who acts, by when (None: no date), the button."""

    what: str
    #: Path on this site at which it is done.
    href: str
    context: str
    who: str
    due: date | None
    button: str
    #: Name of its kind; the registry fills it in.
    kind: str = ""


T = TypeVar("T")
Source = Callable[[Session, Principal, date], list[Item]]

#: (name, permission, source); lines without a date are shown in this order.
_kinds: list[tuple[str, str, Source]] = []


def kind(name: str, permission: str) -> Callable[[Source], Source]:
    """Register a function that answers the items of one kind; it is asked if the person has `permission`.

    Raises:
        ValueError: the name is taken.
    """

    def register(source: Source) -> Source:
        if name in kinds():
            raise ValueError(name)
        _kinds.append((name, permission, source))
        return source

    return register


def kinds() -> tuple[str, ...]:
    """Every kind there is."""
    return tuple(name for name, _permission, _source in _kinds)


def read_once(name: str, who: Principal, read: Callable[[], T]) -> T:
    """What `read` answers, read once a request and organization however many kinds ask for it."""
    kept: dict[tuple[str, int | None], Any] = g.setdefault("inbox_read", {})
    place = name, who.organization_key
    if place not in kept:
        kept[place] = read()
    found: T = kept[place]
    return found


def beginnings(session: Session, who: Principal) -> Beginnings:
    """How far the organization acted for has got, read once a request."""
    return read_once("beginnings", who, lambda: access.own_beginnings(session, who))


def demands_at_work(session: Session, who: Principal) -> list[tuple[Demand, int | None]]:
    """Drafts and open demands, each with how many listings its newest list ranked, read once a request."""
    return read_once("demands_at_work", who, lambda: access.own_demands_at_work(session, who))


def unread(session: Session, who: Principal, event: str, today: date) -> dict[str, int]:
    """How many unread notices of an event of SHOWN there are, by public id of what they are about; all events are read
    once a request."""
    begun = {event: today - timedelta(days=days) for event, days in SHOWN.items()}
    found = read_once("unread", who, lambda: reading.unread_since(session, who, begun))
    return found.get(event, {})


def everything(session: Session, who: Principal, today: date) -> list[Item]:
    """All that waits for the person in the organization acted for, in the role worked in: oldest due first, then
    without a date."""
    items = [
        replace(item, kind=name)
        for name, permission, source in _kinds
        if is_offered(permission, who)
        for item in source(session, who, today)
    ]
    return sorted(items, key=lambda item: item.due or date.max)
