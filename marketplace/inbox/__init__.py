"""The morning page's lines. Each module adds kinds of its area when it is imported.

`of` answers at most MOST lines, `count` how many there are in all.
"""

from datetime import date

from sqlalchemy.orm import Session

from marketplace.accounts.principal import Principal

# Importing registers the kinds, in this order.
from marketplace.inbox import (  # noqa: F401  # see above
    alliances,
    beginning,
    bundles,
    demands,
    desk,
    leads,
    levels,
    operators,
    oversight,
    people,
    plants,
    self_checks,
    supply_chain,
    workshop,
)
from marketplace.inbox.beginning import NextStep, next_step
from marketplace.inbox.checklist import Check, checklist
from marketplace.inbox.coordinating import AllianceNow, alliances_now
from marketplace.inbox.registry import MOST, Item, everything, kind, kinds

__all__ = [
    "MOST",
    "AllianceNow",
    "Check",
    "Item",
    "NextStep",
    "alliances_now",
    "checklist",
    "count",
    "everything",
    "kind",
    "kinds",
    "next_step",
    "of",
]


def of(session: Session, who: Principal, today: date) -> list[Item]:
    """What waits for the person in the organization acted for: oldest due first, at most MOST."""
    return everything(session, who, today)[:MOST]


def count(session: Session, who: Principal, today: date) -> int:
    """How many things wait for the person in the organization acted for."""
    return len(everything(session, who, today))
