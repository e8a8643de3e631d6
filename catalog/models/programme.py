"""Rules of support programmes: dated, with their source."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalog.db import Base, Identified, utcnow

DRAFT, PUBLISHED, ENDED = "draft", "published", "ended"


class ProgrammeRule(Identified, Base):
    """How much one programme pays for one kind of project in a time. A published rule changes no more; it ends."""

    __tablename__ = "programme_rule"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'published', 'ended')", name="state"),
        CheckConstraint("valid_from <= valid_to", name="validity"),
        CheckConstraint("rate_bp BETWEEN 0 AND 10000", name="rate_bp"),
        CheckConstraint("cap_amount >= 0", name="cap_amount"),
        CheckConstraint("(state = 'ended') = (ended_on IS NOT NULL)", name="ended_on"),
        Index("ix_programme_rule_valid", "valid_from", "region"),
    )

    #: Name in the data that the product brings along; none for rules that an operator wrote.
    code: Mapped[str | None] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    #: Ministry or province that pays.
    body: Mapped[str] = mapped_column(String(80))
    #: Province (scheme "region"), none for the whole country.
    region: Mapped[str | None] = mapped_column(String(40))
    #: Tier of the project, a word of LEVELS, none for any.
    level: Mapped[str | None] = mapped_column(String(20))
    #: Most that is paid, in won, for one CAP_UNITS; none if the source does not state it.
    cap_amount: Mapped[int | None] = mapped_column(BigInteger)
    cap_unit: Mapped[str] = mapped_column(String(20))
    #: Highest share of the whole cost that is paid, in basis points; none if the source does not state it.
    rate_bp: Mapped[int | None]
    #: Months that a project may take.
    months: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
    #: Where it was read.
    source: Mapped[str] = mapped_column(String(300))
    source_url: Mapped[str] = mapped_column(String(500), default="")
    #: First and last day on which it holds.
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    #: Invented for the demo.
    synthetic: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(10), default=DRAFT)
    saved_at: Mapped[datetime] = mapped_column(default=utcnow)
    published_at: Mapped[datetime | None]
    #: Last day on which an ended rule held, and why it was ended.
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(Text, default="")

    @property
    def last_day(self) -> date:
        """The last day on which it holds or held."""
        return self.valid_to if self.ended_on is None else min(self.ended_on, self.valid_to)

    def time(self, today: date) -> str:
        """Where it stands in time: "past", "present" or "future"."""
        if self.last_day < today:
            return "past"
        return "present" if self.valid_from <= today else "future"
