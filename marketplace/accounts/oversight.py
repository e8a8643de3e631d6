"""The tables of oversight: reports of abuse, and the operator's looks into a customer's pages."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.db import Base, Identified
from catalog.models import Listing, Organization
from marketplace.accounts.models import User

#: What a report says is wrong.
REASONS = ("false_claim", "misleading_price", "impersonation", "infringement", "illegal", "other")
OPEN, NO_ACTION, SUSPENDED = "open", "no_action", "suspended"
REPORT_STATES = (OPEN, NO_ACTION, SUSPENDED)


class AbuseReport(Identified, Base):
    """Somebody says that a public page breaks the rules."""

    __tablename__ = "abuse_report"
    __table_args__ = (
        CheckConstraint(f"reason IN {REASONS!r}", name="reason"),
        CheckConstraint(f"state IN {REPORT_STATES!r}", name="state"),
        Index("ix_abuse_report_state_created_at", "state", "created_at"),
    )

    #: The vendor whose page it is, and the solution if it is the page of one.
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id"), index=True)
    reason: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    #: The person who was signed in; else perhaps an address to ask at.
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    email: Mapped[str] = mapped_column(String(254), default="")
    #: SHA-256 of whoever sent it, to hold back floods; never the address itself.
    source: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[str] = mapped_column(String(10), default=OPEN)
    #: For the operator's people; the reporter hears the outcome only.
    note: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(254))

    organization: Mapped[Organization] = relationship()
    listing: Mapped[Listing | None] = relationship()
    reporter: Mapped[User | None] = relationship()

    @property
    def kind(self) -> str:
        """What the page shows: "listing" or "vendor"."""
        return "vendor" if self.listing_id is None else "listing"


class SupportAccess(Identified, Base):
    """One of the operator's people looks at an organization's pages for a while, for a stated reason."""

    __tablename__ = "support_access"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    #: Who looked; the customer sees this address.
    operator_email: Mapped[str] = mapped_column(String(254))
    #: The sign-in that looks; none once that is over.
    session_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_session.id", ondelete="SET NULL"), index=True
    )
    reason: Mapped[str] = mapped_column(Text)
    ends_at: Mapped[datetime]
    #: When it was ended before its time.
    ended_at: Mapped[datetime | None]

    organization: Mapped[Organization] = relationship()
