"""The chain of the demo country: who supplies whom, who has answered, and whom the anchor lets see it."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from catalog import regno
from marketplace import audit
from marketplace.demo import naming
from marketplace.demo.companies import Directory
from marketplace.demo.source import Country, Entry
from matching.models.trade_link import SUPPLIER, ChainViewer, TradeLink
from matching.supply_chain import links

_DECLARED_FROM = date(2026, 5, 4)
_DAYS_TO_ANSWER = 4
#: The last declarations wait; these are their days.
_WAITING_FROM = date(2026, 11, 16)


def link(session: Session, country: Country, directory: Directory) -> None:
    """Declare and answer everything, and open the anchor's chain to the coordinator."""
    told = country.links
    for nth, entry in enumerate(told["confirmed"]):
        declared_on = entry.get("declared", _DECLARED_FROM + timedelta(days=nth))
        row = _declare(session, directory, entry, SUPPLIER, declared_on)
        links.confirm(
            session,
            row,
            directory[entry["customer"]],
            row.declared_on + timedelta(days=_DAYS_TO_ANSWER),
            share_systems=entry["shares"],
            share_chain=False,
        )
        audit.record(session, "link.answer", row, state=row.state)
    for nth, entry in enumerate(told["denied"]):
        row = _declare(session, directory, entry, entry["by"], _DECLARED_FROM + timedelta(days=nth))
        answering = directory[entry[row.answering]]
        links.deny(
            session, row, answering, entry["reason"], row.declared_on + timedelta(days=_DAYS_TO_ANSWER)
        )
        audit.record(session, "link.answer", row, state=row.state)
    for nth, entry in enumerate(told["declared"]):
        _declare(session, directory, entry, entry["by"], _WAITING_FROM + timedelta(days=nth))
    for nth, entry in enumerate(told["outside"]):
        _outside(session, directory, entry, _DECLARED_FROM + timedelta(days=nth))
    _open(session, directory, told)


def _declare(session: Session, directory: Directory, entry: Entry, by: str, on: date) -> TradeLink:
    supplying = by == SUPPLIER
    own = directory[entry["supplier" if supplying else "customer"]]
    partner = directory[entry["customer" if supplying else "supplier"]]
    said = _said("customer" if supplying else "supplier", partner.registration_number or "", entry)
    row = links.declare(session, own, said, on).link
    naming.give(row, naming.moment(on), entry["supplier"], entry["customer"])
    audit.record(session, "link.declare", row, state=row.state)
    return row


def _outside(session: Session, directory: Directory, entry: Entry, on: date) -> None:
    said = _said("supplier", regno.make(entry["first9"]), entry)
    row = links.declare(session, directory[entry["customer"]], said, on).link
    naming.give(row, naming.moment(on), entry["name"], entry["customer"])
    audit.record(session, "link.declare", row, state=row.state)


def _said(direction: str, number: str, entry: Entry) -> links.LinkFields:
    return links.LinkFields(
        direction=direction,
        registration_number=number,
        name=entry.get("name", ""),
        item=entry["item"],
        since=entry["since"],
        until=None,
        share_systems=entry.get("shares", False),
        share_chain=entry.get("shows", False) and direction == "customer",
    )


def _open(session: Session, directory: Directory, told: dict[str, Any]) -> None:
    anchor, viewer = directory[told["anchor"]], directory[told["coordinator"]]
    row = ChainViewer(anchor_id=anchor.id, viewer_id=viewer.id)
    naming.give(row, naming.moment(_WAITING_FROM), told["anchor"], told["coordinator"])
    session.add(row)
    audit.record(session, "chain.open", row, viewer=viewer.public_id)
