"""What a site needs."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.db import Base, Identified
from catalog.models import Organization, Site

OPEN, CLOSED = "open", "closed"


class Demand(Identified, Base):
    """One need of one site. Private to its organization."""

    __tablename__ = "demand"
    __table_args__ = (CheckConstraint("budget_amount >= 0", name="budget"),)

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    title: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(Text, default="")
    #: Company level the site wants to reach, 1–5.
    target_level: Mapped[int | None]
    #: Won for the first year, or not stated.
    budget_amount: Mapped[int | None] = mapped_column(BigInteger)
    deadline: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(10), default=OPEN)

    organization: Mapped[Organization] = relationship()
    site: Mapped[Site] = relationship()
    requirements: Mapped[list["DemandRequirement"]] = relationship(
        cascade="all, delete-orphan", order_by="DemandRequirement.position"
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
