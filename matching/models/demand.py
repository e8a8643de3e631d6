"""What a site needs, who may see it, and how it was before."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.db import Base, Identified, utcnow
from catalog.models import Organization, Site

if TYPE_CHECKING:
    from matching.models.alliance_lead import AllianceLead

DRAFT, OPEN, CLOSED = "draft", "open", "closed"
STATES = (DRAFT, OPEN, CLOSED)
#: Who sees a demand besides its own organization.
PRIVATE, ORGANIZATIONS, ALLIANCE, BOARD = "private", "organizations", "alliance", "board"
AUDIENCES = (PRIVATE, ORGANIZATIONS, ALLIANCE, BOARD)
#: Why a demand ended.
REASONS = ("bought", "not_now", "elsewhere", "mistake")


class Demand(Identified, Base):
    """One need of one site. Private to its organization until somebody there widens its audience."""

    __tablename__ = "demand"
    __table_args__ = (
        CheckConstraint("budget_amount >= 0", name="budget"),
        CheckConstraint(f"audience IN {AUDIENCES!r}", name="audience"),
        CheckConstraint("audience = 'private' OR state = 'open'", name="shown_while_open"),
        CheckConstraint(f"version >= 1 AND state IN {STATES!r}", name="version"),
        CheckConstraint(f"closed_reason IS NULL OR closed_reason IN {REASONS!r}", name="closed_reason"),
        Index("ix_demand_audience", "audience", "state"),
    )

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    #: May be empty in a draft.
    title: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(Text, default="")
    #: Company level the site wants to reach, 1–5.
    target_level: Mapped[int | None]
    #: Won for the first year, or not stated.
    budget_amount: Mapped[int | None] = mapped_column(BigInteger)
    deadline: Mapped[date | None]
    #: Code of a programme's rule (or the public id of one that has no code), none if nothing was chosen.
    programme: Mapped[str | None] = mapped_column(String(80))
    #: Pairs of capabilities that must exchange data: [["mes", "erp"]].
    links: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default="[]")
    state: Mapped[str] = mapped_column(String(10), default=OPEN)
    #: Counts what an open demand has said; a draft stays at 1.
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    audience: Mapped[str] = mapped_column(String(20), default=PRIVATE, server_default=PRIVATE)
    #: When its audience was last widened; none while private.
    shared_at: Mapped[datetime | None]
    #: A word of REASONS, and what was written to it.
    closed_reason: Mapped[str | None] = mapped_column(String(20))
    closed_note: Mapped[str] = mapped_column(Text, default="", server_default="")

    organization: Mapped[Organization] = relationship()
    site: Mapped[Site] = relationship()
    requirements: Mapped[list["DemandRequirement"]] = relationship(
        cascade="all, delete-orphan", order_by="DemandRequirement.position"
    )
    #: Organizations that see it while the audience is ORGANIZATIONS.
    named: Mapped[list["DemandViewer"]] = relationship(
        cascade="all, delete-orphan", order_by="DemandViewer.id"
    )
    #: The alliance that sees it while the audience is ALLIANCE or wider.
    alliance_lead: Mapped["AllianceLead | None"] = relationship(
        back_populates="demand", cascade="all, delete-orphan", uselist=False
    )


class DemandRequirement(Base):
    """One capability that the demand asks for."""

    __tablename__ = "demand_requirement"
    __table_args__ = (
        CheckConstraint("min_quality BETWEEN 1 AND 5", name="min_quality"),
        Index("uq_demand_requirement", "demand_id", "capability", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    demand_id: Mapped[int] = mapped_column(ForeignKey("demand.id", ondelete="CASCADE"))
    position: Mapped[int]
    capability: Mapped[str] = mapped_column(String(40))
    #: True: a listing without it is excluded; False: nice to have.
    must: Mapped[bool]
    min_quality: Mapped[int]


class DemandViewer(Base):
    """One organization that was named in a demand's audience."""

    __tablename__ = "demand_viewer"
    __table_args__ = (Index("uq_demand_viewer", "demand_id", "organization_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    demand_id: Mapped[int] = mapped_column(ForeignKey("demand.id", ondelete="CASCADE"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)

    organization: Mapped[Organization] = relationship()


class DemandVersion(Base):
    """What a demand said at one time: never changed, one row a version."""

    __tablename__ = "demand_version"
    __table_args__ = (Index("uq_demand_version", "demand_id", "number", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    demand_id: Mapped[int] = mapped_column(ForeignKey("demand.id", ondelete="CASCADE"))
    number: Mapped[int]
    #: Everything that `matching.demands.content_of` names.
    content: Mapped[dict[str, Any]]
    #: Who wrote it, as the organization knows them (email), or "" for a program of the demo.
    by: Mapped[str] = mapped_column(String(254), default="")
    at: Mapped[datetime] = mapped_column(default=utcnow)
