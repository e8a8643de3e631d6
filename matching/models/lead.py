"""A demand as one vendor may see it: how that vendor's listings stand, and what became of it between the two."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.db import Base, Identified
from catalog.models import Organization
from matching.models.demand import Demand

OFFERED, ACCEPTED, DECLINED, WITHDRAWN, CONTACT, REFUSED = STATES = (
    "offered",
    "accepted",
    "declined",
    "withdrawn",
    "contact",
    "refused",
)
#: Why a vendor declines.
DECLINE_CODES = ("no_capacity", "capability", "budget", "region", "deadline", "other")


class Lead(Identified, Base):
    """One demand × one vendor. The vendor answers, then the manufacturer; names show when both said yes."""

    __tablename__ = "lead"
    __table_args__ = (
        Index("uq_lead_demand_id_organization_id", "demand_id", "organization_id", unique=True),
        Index("ix_lead_organization_id_state", "organization_id", "state"),
        CheckConstraint(f"state IN {STATES!r}", name="state"),
        CheckConstraint("fit BETWEEN 0 AND 100", name="fit"),
        CheckConstraint(f"decline_code IN {DECLINE_CODES!r}", name="decline_code"),
        CheckConstraint("(state = 'declined') = (decline_code IS NOT NULL)", name="declined"),
    )

    demand_id: Mapped[int] = mapped_column(ForeignKey("demand.id", ondelete="CASCADE"))
    #: The vendor.
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    #: Moves only through `leads.TRANSITIONS`.
    state: Mapped[str] = mapped_column(String(10), default=OFFERED)
    #: Each public listing of the vendor, best first, see `standing.Standing`.
    standings: Mapped[list[Any]]
    #: Public id of the listing that stands best, once answered the one that the vendor chose; none = none fits.
    listing: Mapped[str | None] = mapped_column(String(36))
    #: Its fit, 0–100, as the manufacturer's list has it.
    fit: Mapped[float | None]
    #: Version of the weights and revision of the catalogue that it was computed with.
    weights: Mapped[str] = mapped_column(String(20))
    revision: Mapped[int] = mapped_column(BigInteger)
    #: When a listing of the vendor first fitted, or it was named; the answer is due some hours later.
    offered_at: Mapped[datetime | None]
    #: When the vendor was first told that the manufacturer named it.
    named_at: Mapped[datetime | None]

    #: What the vendor answered, when, and its person's name.
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str] = mapped_column(String(80), default="")
    message: Mapped[str] = mapped_column(Text, default="")
    #: How the vendor can be reached; the manufacturer reads it once it has accepted contact.
    vendor_contact: Mapped[str] = mapped_column(String(120), default="")
    decline_code: Mapped[str | None] = mapped_column(String(20))
    decline_text: Mapped[str] = mapped_column(String(300), default="")

    #: What the manufacturer answered, when, and its person's name; how it can be reached once it accepted.
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(String(80), default="")
    buyer_contact: Mapped[str] = mapped_column(String(120), default="")
    refusal: Mapped[str] = mapped_column(String(300), default="")

    demand: Mapped[Demand] = relationship()
    organization: Mapped[Organization] = relationship()

    @property
    def best(self) -> dict[str, Any] | None:
        """The standing of `listing`; None when none fits."""
        return next((row for row in self.standings if row["listing"] == self.listing), None)


class LeadLook(Base):
    """The state of one demand for which every vendor has been looked at."""

    __tablename__ = "lead_look"

    demand_id: Mapped[int] = mapped_column(ForeignKey("demand.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int]
    shared_at: Mapped[datetime | None]
