"""Field-proof records: what was measured, where, how, and by whom it was checked."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.db import Base, Identified
from catalog.models.file import StoredFile
from catalog.models.listing import Listing

#: A vendor's claim, a test body's report, a measurement in a real plant: never mixed.
EVIDENCE_KINDS = ("claim", "test_report", "field")
DIRECTIONS = ("lower", "higher")


class Evidence(Identified, Base):
    """One measured effect at one site. Worse results are evidence too."""

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint(f"kind IN {EVIDENCE_KINDS!r}", name="kind"),
        CheckConstraint(f"direction IN {DIRECTIONS!r}", name="direction"),
    )

    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    kpi: Mapped[str] = mapped_column(String(80))
    unit: Mapped[str] = mapped_column(String(20))
    #: Which way is better.
    direction: Mapped[str] = mapped_column(String(6))
    baseline: Mapped[Decimal]
    after: Mapped[Decimal]
    #: The site's profile: industry by (KSIC revision, code), province, people, company level; the firm stays unnamed.
    industry_revision: Mapped[str | None] = mapped_column(String(4))
    industry_code: Mapped[str | None] = mapped_column(String(5))
    region: Mapped[str | None] = mapped_column(String(30))
    headcount: Mapped[int | None]
    level: Mapped[int | None]
    baseline_from: Mapped[date | None]
    baseline_to: Mapped[date | None]
    after_from: Mapped[date | None]
    after_to: Mapped[date | None]
    method: Mapped[str] = mapped_column(Text, default="")
    sample: Mapped[str] = mapped_column(String(200), default="")
    verified_by: Mapped[str] = mapped_column(String(120), default="")

    listing: Mapped[Listing] = relationship(back_populates="evidence")
    files: Mapped[list[StoredFile]] = relationship(order_by=StoredFile.id, cascade="all, delete-orphan")

    @property
    def improved(self) -> bool:
        """Whether the value after is better than before, in the KPI's own direction."""
        return self.after < self.baseline if self.direction == "lower" else self.after > self.baseline
