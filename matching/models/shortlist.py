"""What a manufacturer keeps of its lists: candidates with notes, and lists that only tried something out."""

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.db import Base, Identified
from matching.models.demand import Demand
from matching.models.match import MatchList


class ShortlistItem(Identified, Base):
    """One listing that a demand's people keep in view, with what was public of it on that day."""

    __tablename__ = "shortlist_item"
    __table_args__ = (
        Index("uq_shortlist_item_demand_id_listing", "demand_id", "listing", unique=True),
        CheckConstraint("price_amount >= 0", name="price_amount"),
        CheckConstraint("position >= 0", name="position"),
    )

    demand_id: Mapped[int] = mapped_column(ForeignKey("demand.id", ondelete="CASCADE"))
    #: Public id of the listing, and the release that was public when it was put here.
    listing: Mapped[str] = mapped_column(String(36), index=True)
    release: Mapped[int]
    #: Place in the people's own order, from 0.
    position: Mapped[int]
    note: Mapped[str] = mapped_column(String(500), default="")
    #: Saves of the note; whoever writes says which one they read.
    revision: Mapped[int] = mapped_column(default=1)
    #: The plan that was looked at, and its first-year list price in won; None: there was none, or none is stated.
    plan: Mapped[str | None] = mapped_column(String(36))
    price_amount: Mapped[int | None] = mapped_column(BigInteger)
    certificate: Mapped[str] = mapped_column(String(20))
    certificate_expires_on: Mapped[date]
    #: What is shown when the listing is public no more: {"title", "title_en", "vendor_name", "plan_name"}.
    card: Mapped[dict[str, Any]]

    demand: Mapped[Demand] = relationship()


class WhatIf(Base):
    """Marks a list that tried something out: it is never a demand's list, only one that was looked at."""

    __tablename__ = "what_if"

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("match_list.id", ondelete="CASCADE"), unique=True)
    #: {"weights": {axis: n} or None, "policy": bool, "budget_amount": won or None, "nice": [capability]}.
    changes: Mapped[dict[str, Any]]

    match_list: Mapped[MatchList] = relationship()
