"""Editions of the weights that operators drafted and published."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalog.db import Base, Identified, utcnow

DRAFT, PUBLISHED = "draft", "published"


class WeightsEdition(Identified, Base):
    """One edition after the built-in first one. A published one never changes: lists name it for ever."""

    __tablename__ = "weights_edition"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'published')", name="state"),
        CheckConstraint("(state = 'draft') = (version IS NULL)", name="version"),
        CheckConstraint("(state = 'draft') = (from_on IS NULL)", name="from_on"),
    )

    #: Name, such as "2026-2"; a draft has none yet.
    version: Mapped[str | None] = mapped_column(String(20), unique=True)
    state: Mapped[str] = mapped_column(String(10), default=DRAFT)
    #: Version that the draft was made from.
    based_on: Mapped[str] = mapped_column(String(20))
    #: axis → weight, whole numbers that add up to 100.
    axis: Mapped[dict[str, Any]]
    #: Axes that are named and not counted.
    not_in_use: Mapped[list[Any]]
    text_weight: Mapped[int]
    policy_term: Mapped[int]
    #: Counts the saves of a draft: what is published is what was looked at.
    revision: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime] = mapped_column(default=utcnow)
    #: Why it was published; shown to everybody.
    reason: Mapped[str] = mapped_column(Text, default="")
    #: First day on which lists are made with it.
    from_on: Mapped[date | None]
    published_at: Mapped[datetime | None]
