"""Which interfaces can be joined at what cost, and which products cannot stand together: noted by the operator.

A fact is never changed: a newer one of the same pair ends it, and past calculations can still name it.
"""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from catalog import taxonomy
from catalog.bundles.facts import ConflictFact, Connector
from catalog.errors import Conflict, Invalid, Problem
from catalog.models import InterfaceConnector, Listing, ListingConflict
from catalog.money import MAX_AMOUNT

#: Of so many listings the database is asked by name; of more it is asked for every conflict that holds.
BY_NAME = 200


def connectors(session: Session) -> tuple[Connector, ...]:
    """Return every connector that holds, in the order of its pair."""
    rows = select(InterfaceConnector).where(InterfaceConnector.ended_on.is_(None))
    return tuple(
        Connector((row.one, row.other), row.price_amount, row.source, row.as_of)
        for row in session.scalars(rows.order_by(InterfaceConnector.one, InterfaceConnector.other))
    )


def conflicts(session: Session, listings: Collection[str]) -> tuple[ConflictFact, ...]:
    """Return the conflicts that hold between two of these listings (public ids), in the order of the pair."""
    one, other = aliased(Listing), aliased(Listing)
    rows = (
        select(one.public_id, other.public_id, ListingConflict)
        .join(one, one.id == ListingConflict.one_id)
        .join(other, other.id == ListingConflict.other_id)
        .where(ListingConflict.ended_on.is_(None))
    )
    if len(listings) <= BY_NAME:
        rows = rows.where(one.public_id.in_(listings), other.public_id.in_(listings))
    wanted = frozenset(listings)
    found = [
        ConflictFact((min(pair), max(pair)), row.reason, row.source, row.as_of)
        for *pair, row in session.execute(rows)
        if wanted.issuperset(pair)
    ]
    return tuple(sorted(found, key=lambda fact: fact.listings))


def note_connector(
    session: Session, one: str, other: str, *, price_amount: int, source: str, as_of: date, today: date
) -> InterfaceConnector:
    """Note what joining two interfaces costs; what was noted of the pair before has ended.

    Args:
        one, other: codes of the scheme "interface", in either order.
        as_of: the day on which the source says so.

    Raises:
        Invalid: an unknown interface, one twice, a price out of range, no source, a day to come, or one before that
            of the fact which it would end.
    """
    found = [
        Problem(name, "unknown_code", {"value": code})
        for name, code in (("one", one), ("other", other))
        if taxonomy.find("interface", code) is None
    ]
    if not found and one == other:
        found.append(Problem("other", "repeated", {"value": other}))
    if not 0 <= price_amount <= MAX_AMOUNT:
        found.append(Problem("price_amount", "amount_range", {"min": 0, "max": MAX_AMOUNT}))
    found += _dated(source, as_of, today)
    low, high = sorted((one, other))
    rows = select(InterfaceConnector).where(
        InterfaceConnector.one == low,
        InterfaceConnector.other == high,
        InterfaceConnector.ended_on.is_(None),
    )
    before = session.scalars(rows.with_for_update()).one_or_none()
    _end_before(session, before, found, as_of, today)
    made = InterfaceConnector(one=low, other=high, price_amount=price_amount, source=source, as_of=as_of)
    session.add(made)
    session.flush()  # of two at once the second is told here
    return made


def note_conflict(
    session: Session, one: Listing, other: Listing, *, reason: str, source: str, as_of: date, today: date
) -> ListingConflict:
    """Note that two listings cannot stand together; what was noted of the pair before has ended.

    Raises:
        Invalid: one listing twice, no reason, no source, a day to come, or one before that of the fact which it would
            end.
    """
    found = [Problem("other", "repeated", {"value": other.title})] if one.id == other.id else []
    if not reason.strip():
        found.append(Problem("reason", "required"))
    found += _dated(source, as_of, today)
    low, high = sorted((one, other), key=lambda listing: listing.id)
    rows = select(ListingConflict).where(
        ListingConflict.one_id == low.id,
        ListingConflict.other_id == high.id,
        ListingConflict.ended_on.is_(None),
    )
    before = session.scalars(rows.with_for_update()).one_or_none()
    _end_before(session, before, found, as_of, today)
    made = ListingConflict(one=low, other=high, reason=reason, source=source, as_of=as_of)
    session.add(made)
    session.flush()  # of two at once the second is told here
    return made


def end(session: Session, row: InterfaceConnector | ListingConflict, today: date) -> None:
    """Let a fact hold no more. Raises Conflict: it has ended already."""
    session.refresh(row, attribute_names=["ended_on"], with_for_update=True)
    if row.ended_on is not None:
        raise Conflict("interop.ended")
    row.ended_on = today


def _dated(source: str, as_of: date, today: date) -> list[Problem]:
    found = [] if source.strip() else [Problem("source", "required")]
    return [*found, Problem("as_of", "future")] if as_of > today else found


def _end_before(
    session: Session,
    before: InterfaceConnector | ListingConflict | None,
    found: list[Problem],
    as_of: date,
    today: date,
) -> None:
    """End what the new fact replaces, unless something is wrong with the new one."""
    if before is not None and as_of < before.as_of:
        found.append(Problem("as_of", "older_than_known", {"day": before.as_of.isoformat()}))
    if found:
        raise Invalid(found)
    if before is not None:
        before.ended_on = today
        session.flush()  # one fact of a pair holds at a time
