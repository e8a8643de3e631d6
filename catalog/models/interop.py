"""What joins products, and what keeps them apart: dated facts with a source, of which only the end is written later."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.db import Base, Identified
from catalog.models.listing import Listing

_HOLDS = text("ended_on IS NULL")


class InterfaceConnector(Identified, Base):
    """What joining two interfaces costs, either way round. Another price is another row, which ends this one."""

    __tablename__ = "interface_connector"
    __table_args__ = (
        CheckConstraint("one < other", name="pair"),
        CheckConstraint("price_amount >= 0", name="price_amount"),
        Index(
            "uq_interface_connector_pair",
            "one",
            "other",
            unique=True,
            sqlite_where=_HOLDS,
            postgresql_where=_HOLDS,
        ),
    )

    #: Two codes of the scheme "interface", the lesser first.
    one: Mapped[str] = mapped_column(String(40))
    other: Mapped[str] = mapped_column(String(40))
    #: Whole won without VAT, once for each link.
    price_amount: Mapped[int] = mapped_column(BigInteger)
    #: Where it was read, and on which day it was so.
    source: Mapped[str] = mapped_column(String(300))
    as_of: Mapped[date]
    #: The day on which it was ended; none while it holds.
    ended_on: Mapped[date | None]


class ListingConflict(Identified, Base):
    """Two listings that cannot stand in one factory, whoever buys them."""

    __tablename__ = "listing_conflict"
    __table_args__ = (
        CheckConstraint("one_id < other_id", name="pair"),
        Index(
            "uq_listing_conflict_pair",
            "one_id",
            "other_id",
            unique=True,
            sqlite_where=_HOLDS,
            postgresql_where=_HOLDS,
        ),
    )

    one_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), index=True)
    #: What happens if they stand together.
    reason: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(300))
    as_of: Mapped[date]
    ended_on: Mapped[date | None]

    one: Mapped[Listing] = relationship(foreign_keys=[one_id])
    other: Mapped[Listing] = relationship(foreign_keys=[other_id])
