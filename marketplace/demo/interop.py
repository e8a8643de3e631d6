"""What joins the products of the demo country and what keeps two of them apart: invented, and said to be."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import interop
from catalog.models import Listing
from marketplace import audit
from marketplace.demo import naming, source

_AS_OF = date(2026, 11, 1)
_SOURCE = "합성 예시"


def note(session: Session) -> None:
    """Everything that the file says, as the operator would note it."""
    told = source.interop()
    for nth, (one, other, amount) in enumerate(told["connectors"]):
        row = interop.note_connector(
            session, one, other, price_amount=amount, source=_SOURCE, as_of=_AS_OF, today=_AS_OF
        )
        naming.give(row, naming.moment(_AS_OF, nth), one, other)
        audit.record(session, "interop.note", row)
    for nth, said in enumerate(told["conflicts"]):
        first, second = (_listing(session, title) for title in said["listings"])
        pair = interop.note_conflict(
            session, first, second, reason=said["reason"], source=_SOURCE, as_of=_AS_OF, today=_AS_OF
        )
        naming.give(pair, naming.moment(_AS_OF, 60 + nth), *said["listings"])
        audit.record(session, "interop.note", pair)


def _listing(session: Session, title: str) -> Listing:
    rows = select(Listing).where(Listing.title == title, Listing.live_release.is_not(None))
    return session.scalars(rows).one()
