"""Computed lists: which listings fit a demand, and why. Kept as they were shown."""

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.db import Base, Identified
from matching.models.demand import Demand


class MatchList(Identified, Base):
    """One answer to one demand, with everything needed to understand it later."""

    __tablename__ = "match_list"

    demand_id: Mapped[int] = mapped_column(ForeignKey("demand.id"), index=True)
    #: Version of the weights that ranked it.
    weights: Mapped[str] = mapped_column(String(20))
    #: Revision of the catalogue that was ranked.
    revision: Mapped[int] = mapped_column(BigInteger)
    #: Listings that were looked at: ranked and excluded ones together.
    considered: Mapped[int]
    #: The demand as it was then, as the scorer saw it.
    need: Mapped[dict[str, Any]]
    #: [{"listing", "title", "vendor", "code", "codes", "params"}], in the order of titles.
    excluded: Mapped[list[Any]]

    demand: Mapped[Demand] = relationship()
    matches: Mapped[list["Match"]] = relationship(cascade="all, delete-orphan", order_by="Match.rank")


class Match(Base):
    """One demand × one listing: its place, its score and the parts of it."""

    __tablename__ = "match"
    __table_args__ = (Index("uq_match_list_rank", "list_id", "rank", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("match_list.id", ondelete="CASCADE"))
    rank: Mapped[int]
    #: Public id of the listing and number of the release that was ranked.
    listing: Mapped[str] = mapped_column(String(36))
    release: Mapped[int]
    #: Fit 0–100, policy term and text part, never mixed.
    fit: Mapped[float]
    policy: Mapped[float]
    text: Mapped[float]
    #: What the page shows without asking again: title, vendor, plan, price …
    card: Mapped[dict[str, Any]]
    #: Nine parts: [{"axis", "weight", "state", "value", "points", "shown"}].
    parts: Mapped[list[Any]]
    #: [{"axis", "sign", "code", "params"}].
    reasons: Mapped[list[Any]]
