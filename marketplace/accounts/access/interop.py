"""Fetching connectors between interfaces and conflicts between listings, for the operator's routes only."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload

from catalog.errors import Invalid
from catalog.models import InterfaceConnector, Listing, ListingConflict
from marketplace.accounts.access.fetching import is_named, one

#: Facts that hold, facts that have ended.
HOLDS, ENDED = STATES = ("holds", "ended")


def connector(session: Session, connector_id: UUID) -> InterfaceConnector:
    """A connector, ended ones too."""
    return one(session, select(InterfaceConnector).where(is_named(InterfaceConnector, connector_id)))


def conflict(session: Session, conflict_id: UUID) -> ListingConflict:
    """A conflict, ended ones too."""
    return one(session, _named(select(ListingConflict).where(is_named(ListingConflict, conflict_id))))


def connectors(session: Session, state: str | None, *, offset: int, limit: int) -> list[InterfaceConnector]:
    """Connectors in a state (None: all), in the order of their pair, the newest of a pair first."""
    rows = select(InterfaceConnector).where(*_in(InterfaceConnector, state))
    order = InterfaceConnector.one, InterfaceConnector.other, InterfaceConnector.id.desc()
    return list(session.scalars(rows.order_by(*order).offset(offset).limit(limit)))


def conflicts(session: Session, state: str | None, *, offset: int, limit: int) -> list[ListingConflict]:
    """Conflicts in a state (None: all), the newest first."""
    rows = select(ListingConflict).where(*_in(ListingConflict, state)).order_by(ListingConflict.id.desc())
    return list(session.scalars(_named(rows).offset(offset).limit(limit)))


def count_connectors(session: Session, state: str | None) -> int:
    """How many `connectors` has in all."""
    return _count(session, InterfaceConnector, state)


def count_conflicts(session: Session, state: str | None) -> int:
    """How many `conflicts` has in all."""
    return _count(session, ListingConflict, state)


def listing_at(session: Session, listing_id: UUID, pointer: str) -> Listing:
    """A public listing that a form or a body names; another is a problem at its field."""
    rows = select(Listing).where(is_named(Listing, listing_id), Listing.live_release.is_not(None))
    row = session.scalars(rows).one_or_none()
    if row is None:
        raise Invalid.at(pointer, "listing_unknown")
    return row


def _named(rows: Select[ListingConflict]) -> Select[ListingConflict]:
    """The same with both listings, whose titles are shown."""
    return rows.options(joinedload(ListingConflict.one), joinedload(ListingConflict.other))


def _in(model: Any, state: str | None) -> list[ColumnElement[bool]]:
    if state is None:
        return []
    return [model.ended_on.is_(None) if state == HOLDS else model.ended_on.is_not(None)]


def _count(session: Session, model: Any, state: str | None) -> int:
    return session.scalar(select(func.count(model.id)).where(*_in(model, state))) or 0
