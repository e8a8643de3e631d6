"""What the public sees: frozen releases and their certificates; the counters that number them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.db import Base, Identified, utcnow
from catalog.models.listing import Listing
from catalog.models.organization import Organization


class Release(Identified, Base):
    """A listing exactly as it was approved. Never changed afterwards; a newer release takes its place."""

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("listing_id", "number"),)

    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    #: 1, 2, 3 … within the listing.
    number: Mapped[int]
    #: The listing in full (`listings.snapshot`).
    content: Mapped[dict[str, Any]]
    #: SHA-256 of the canonical JSON of `content`.
    content_hash: Mapped[str] = mapped_column(String(64))
    approved_at: Mapped[datetime] = mapped_column(default=utcnow)

    listing: Mapped[Listing] = relationship()
    certificate: Mapped["Certificate"] = relationship(back_populates="release")


class Certificate(Identified, Base):
    """Says who judged a release, on what scope, and until when that holds."""

    __tablename__ = "certificate"

    #: Public number, such as C-2026-0007.
    number: Mapped[str] = mapped_column(String(20), unique=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), unique=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), unique=True)
    validator_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    #: The person who decided.
    signed_by: Mapped[str] = mapped_column(String(80))
    #: {"industries": […], "capabilities": […], "field_sites": n, "statement": text}: what was looked at.
    scope: Mapped[dict[str, Any]]
    score: Mapped[int]
    issued_on: Mapped[date]
    expires_on: Mapped[date]

    release: Mapped[Release] = relationship(back_populates="certificate")
    validator: Mapped[Organization] = relationship()


class Counter(Base):
    """A named number that only grows. Whoever raises it holds its row's lock until the commit, so that numbers are
    handed out, and revisions become visible, in one order."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger, default=0)
