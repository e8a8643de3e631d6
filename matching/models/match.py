"""Computed lists: which listings fit a demand, and why. Kept as they were shown."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.db import Base, Identified
from matching.models.demand import Demand


class MatchList(Identified, Base):
    """One answer to one demand, with everything needed to understand it later."""

    __tablename__ = "match_list"

    demand_id: Mapped[int] = mapped_column(ForeignKey("demand.id"), index=True)
    #: Version of the weights that ranked it.
    weights: Mapped[str] = mapped_column(String(20))
    #: Weights that somebody tried out instead: {"axis": {…}, "not_in_use": […], "text_weight", "policy_term"}.
    what_if: Mapped[dict[str, Any] | None]
    #: Whether the policy term for alliances was counted in the order.
    policy: Mapped[bool] = mapped_column(default=True, server_default=true())
    #: Version of the demand that was ranked; none for lists from before there were versions.
    demand_version: Mapped[int | None]
    #: Revision of the catalogue that was ranked.
    revision: Mapped[int] = mapped_column(BigInteger)
    #: Listings that were looked at: ranked and excluded ones together.
    considered: Mapped[int]
    #: Of a catalogue too large to keep whole, its counts (`matching.considering.Beyond`); the list then holds the best
    #: and the nearest misses.
    beyond: Mapped[dict[str, Any] | None]
    #: The demand as it was then, as the scorer saw it.
    need: Mapped[dict[str, Any]]
    #: The day on which certificates, rules and deadlines were looked at; none for lists from before it was kept.
    day: Mapped[date | None]
    #: [{"listing", "release", "seen", "title", "vendor_name", "code", "codes", "params"}], in the order of titles.
    excluded: Mapped[list[Any]]
    #: What would cost the first place its place: rows of `matching.scoring.flips.Flip`.
    flips: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default="[]")
    #: The support rules that counted, or that hold now: `catalog.programmes.support.Support.as_json`.
    support: Mapped[dict[str, Any] | None]
    #: SHA-256 of the facts: need, offers by release, weights (`matching.keeping.digest`).
    facts_digest: Mapped[str | None] = mapped_column(String(64))

    @property
    def fitting(self) -> int:
        """How many listings no hard condition excluded, kept or not."""
        return self.considered - len(self.excluded) if self.beyond is None else int(self.beyond["fitting"])

    @property
    def kept(self) -> int:
        """How many of those the list holds, from the first on."""
        return self.fitting if self.beyond is None else int(self.beyond["kept"])

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
    #: What counted beside the release: {"certificate_valid", "capacity_per_quarter", "alliance"}.
    seen: Mapped[dict[str, Any] | None]
    #: Its rank were there no policy term.
    rank_without_policy: Mapped[int | None]
    #: Fit 0–100, policy term and text part, never mixed.
    fit: Mapped[float]
    policy: Mapped[float]
    text: Mapped[float]
    #: What the page shows without asking again: title, vendor, plan; "money": the first year by payer, or None;
    #: "lift": {"levels", "own_amount", "per_10m"}, or None.
    card: Mapped[dict[str, Any]]
    #: Nine parts: [{"axis", "weight", "state", "value", "points", "shown"}].
    parts: Mapped[list[Any]]
    #: [{"axis", "sign", "code", "params"}].
    reasons: Mapped[list[Any]]
