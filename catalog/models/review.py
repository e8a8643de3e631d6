"""The validation of one submitted listing: who looks at it, what was found, what was decided."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.db import Base, Identified, utcnow
from catalog.models.listing import Listing
from catalog.models.organization import Organization

WAITING, TAKEN, SENT_BACK, APPROVED = "waiting", "taken", "sent_back", "approved"
#: Must be mended before approval · worth mending.
SEVERITIES = ("required", "advice")
AUDIENCES = ("internal", "vendor")


class Review(Identified, Base):
    """One round: from a submission to its decision."""

    __tablename__ = "review"
    __table_args__ = (Index("ix_review_state_submitted_at", "state", "submitted_at"),)

    #: Shown number, such as V-2026-0148.
    number: Mapped[str] = mapped_column(String(20), unique=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    submitted_at: Mapped[datetime] = mapped_column(default=utcnow)
    #: The listing as it was handed in, and the SHA-256 of its canonical form.
    content: Mapped[dict[str, Any]]
    content_hash: Mapped[str] = mapped_column(String(64))
    validator_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    #: The person who declared to have no conflict of interest and took it.
    validator_email: Mapped[str | None] = mapped_column(String(254))
    taken_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    #: Rubric edition and points a criterion: {"edition": "2026-1", "points": {"method": 4, …}}.
    rubric: Mapped[dict[str, Any]] = mapped_column(default=dict)

    listing: Mapped[Listing] = relationship()
    validator: Mapped[Organization | None] = relationship()
    findings: Mapped[list["ReviewFinding"]] = relationship(
        cascade="all, delete-orphan", order_by="ReviewFinding.number"
    )
    notes: Mapped[list["ReviewNote"]] = relationship(cascade="all, delete-orphan", order_by="ReviewNote.id")


class ReviewFinding(Base):
    """A numbered remark of the validator, tied to one field of the listing."""

    __tablename__ = "review_finding"
    __table_args__ = (
        CheckConstraint(f"severity IN {SEVERITIES!r}", name="severity"),
        Index("uq_review_finding", "review_id", "number", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"))
    number: Mapped[int]
    #: Pointer to the field, as in `catalog.errors.Problem`.
    pointer: Mapped[str] = mapped_column(String(120))
    severity: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)


class ReviewNote(Base):
    """A message within the validator's house, or one to the vendor; the audience never changes."""

    __tablename__ = "review_note"
    __table_args__ = (CheckConstraint(f"audience IN {AUDIENCES!r}", name="audience"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), index=True)
    audience: Mapped[str] = mapped_column(String(10))
    author: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(default=utcnow)
