"""The candidates that a demand's people keep in view: put in, taken out, ordered, with notes, and what has changed of
each since.

Every act waits for the demand's row, so that two people at once are one after the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.content import first_year_amount
from catalog.errors import Conflict, Invalid, NotFound
from catalog.models import Release
from matching.models import Demand, ShortlistItem

MOST = 20
MAX_NOTE = 500

ChangeCode = Literal[
    "withdrawn",
    "price",
    "price_unknown",
    "plan_gone",
    "certificate_expired",
    "certificate_extended",
    "certificate_shortened",
    "release",
]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is otherwise than when the listing was put on the list.

    Attributes:
        code: "withdrawn": not public any more. "price": the looked-at plan's first-year list price; "price_unknown":
            it is not stated any more; "plan_gone": there is no such plan. "certificate_expired": its last day has
            passed since; "certificate_extended", "certificate_shortened": it has another last day. "release": a new
            edition was approved and none of the above was touched.
        before, after: whole won for "price", days for certificates, release numbers for "release"; None: nothing known.
    """

    code: ChangeCode
    before: int | date | None = None
    after: int | date | None = None


def items(session: Session, demand: Demand) -> list[ShortlistItem]:
    """What is on the list, in the people's own order."""
    rows = select(ShortlistItem).where(ShortlistItem.demand_id == demand.id)
    return list(session.scalars(rows.order_by(ShortlistItem.position, ShortlistItem.id)))


def add(
    session: Session, demand: Demand, release: Release, plan: str | None = None
) -> tuple[ShortlistItem, bool]:
    """Put a public listing at the end of the list; answers its row, and whether it is new there.

    Args:
        release: what the public sees of it now.
        plan: id of the plan that was looked at; of none, or one that the release has not, the cheapest is taken.

    Raises:
        Conflict: MOST listings are on it.
    """
    _take_turn(session, demand)
    mine = select(ShortlistItem).where(ShortlistItem.demand_id == demand.id)
    known = session.scalar(mine.where(ShortlistItem.listing == release.listing.public_id))
    if known is not None:
        return known, False
    rows = select(func.count(ShortlistItem.id), func.max(ShortlistItem.position))
    count, last = session.execute(rows.where(ShortlistItem.demand_id == demand.id)).one()
    if count >= MOST:
        raise Conflict("shortlist.full", max=MOST)
    chosen = _plan(release.content, plan)
    row = ShortlistItem(
        demand_id=demand.id,
        listing=release.listing.public_id,
        release=release.number,
        position=last + 1 if count else 0,
        plan=None if chosen is None else chosen["id"],
        price_amount=None if chosen is None else first_year_amount(chosen),
        certificate=release.certificate.number,
        certificate_expires_on=release.certificate.expires_on,
        card=_card(release, chosen),
    )
    session.add(row)
    session.flush()
    return row, True


def remove(session: Session, demand: Demand, item: ShortlistItem) -> None:
    """Take a listing off the list. Raises NotFound: somebody else just did."""
    _take_turn(session, demand)
    session.delete(_again(session, item))
    session.flush()


def write(session: Session, demand: Demand, item: ShortlistItem, note: str, revision: int) -> None:
    """Replace the note.

    Args:
        note: at most MAX_NOTE characters.
        revision: the save that the writer read.

    Raises:
        Conflict: somebody else has saved it since ("shortlist.changed").
        Invalid: too long. NotFound: it was taken off.
    """
    if len(note) > MAX_NOTE:
        raise Invalid.at("note", "too_long", max=MAX_NOTE)
    _take_turn(session, demand)
    row = _again(session, item)
    if row.revision != revision:
        if row.note == note:
            return
        raise Conflict("shortlist.changed")
    row.note = note
    row.revision += 1
    session.flush()


def move(session: Session, demand: Demand, item: ShortlistItem, *, up: bool) -> None:
    """Change places with the neighbour above or below; at the end of the list nothing happens."""
    _take_turn(session, demand)
    _again(session, item)
    rows = items(session, demand)
    at = [row.id for row in rows].index(item.id)
    to = at - 1 if up else at + 1
    if 0 <= to < len(rows):
        rows[at], rows[to] = rows[to], rows[at]
    for position, row in enumerate(rows):
        row.position = position
    session.flush()


def changes(item: ShortlistItem, release: Release | None, today: date) -> list[Change]:
    """What is otherwise now than when the listing was put on the list, what matters most first.

    Args:
        release: what the public sees of the listing now; None: it is not public.
    """
    if release is None:
        return [Change("withdrawn")]
    found = [*_price_change(item, release.content), *_certificate_change(item, release, today)]
    if not found and release.number != item.release:
        found.append(Change("release", item.release, release.number))
    return found


def _price_change(item: ShortlistItem, content: Mapping[str, Any]) -> list[Change]:
    if item.plan is None:
        return []
    plan = next((plan for plan in content["plans"] if plan["id"] == item.plan), None)
    if plan is None:
        return [Change("plan_gone", item.price_amount)]
    amount = first_year_amount(plan)
    if amount == item.price_amount:
        return []
    return [Change("price_unknown" if amount is None else "price", item.price_amount, amount)]


def _certificate_change(item: ShortlistItem, release: Release, today: date) -> list[Change]:
    before, after = item.certificate_expires_on, release.certificate.expires_on
    if after < today:
        return [Change("certificate_expired", before, after)]
    if after == before:
        return []
    return [Change("certificate_extended" if after > before else "certificate_shortened", before, after)]


def _card(release: Release, plan: Mapping[str, Any] | None) -> dict[str, Any]:
    """What is shown when the listing is public no more."""
    return {
        "title": release.content["title"],
        "title_en": release.content["title_en"],
        "kind": release.content["kind"],
        "vendor_name": release.listing.organization.name,
        "plan_name": "" if plan is None else plan["name"],
    }


def _plan(content: Mapping[str, Any], wanted: str | None) -> Mapping[str, Any] | None:
    def order(plan: Mapping[str, Any]) -> tuple[bool, bool, int, str]:
        amount = first_year_amount(plan)
        return plan["id"] != wanted, amount is None, amount or 0, plan["id"]

    chosen: Mapping[str, Any] | None = min(content["plans"], key=order, default=None)
    return chosen


def _take_turn(session: Session, demand: Demand) -> None:
    """Wait for whoever else is changing this list, until they have committed."""
    session.execute(select(Demand.id).where(Demand.id == demand.id).with_for_update())


def _again(session: Session, item: ShortlistItem) -> ShortlistItem:
    """The row as it is now that it is our turn. Raises NotFound: it is gone."""
    rows = select(ShortlistItem).where(ShortlistItem.id == item.id)
    row = session.scalar(rows.execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    return row
