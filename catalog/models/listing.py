"""A listing as its vendor works on it. What the public sees is a frozen `Release` of it."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.bundle_states import SOLUTION
from catalog.db import Base, Identified, new_id, utcnow
from catalog.models.organization import Organization

if TYPE_CHECKING:
    from catalog.models.evidence import Evidence

PLAN_KINDS = ("one_off", "subscription", "project", "usage")
#: How a stated quality is known, weakest first.
BASES = ("claimed", "document", "field_proven")


class Listing(Identified, Base):
    """Anything in the store: a "solution", or a "bundle" of several."""

    __tablename__ = "listing"
    __table_args__ = (Index("ix_listing_organization_id_state", "organization_id", "state"),)

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    kind: Mapped[str] = mapped_column(String(20), default=SOLUTION)
    #: Where the working copy stands; moves only through `publishing.TRANSITIONS`.
    state: Mapped[str] = mapped_column(String(12), default="draft")
    title: Mapped[str] = mapped_column(String(80))
    title_en: Mapped[str] = mapped_column(String(80), default="")
    summary: Mapped[str] = mapped_column(String(200), default="")
    summary_en: Mapped[str] = mapped_column(String(300), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    description_en: Mapped[str] = mapped_column(Text, default="")
    #: Company level (1–5) that a site needs at least, and the one it leads to.
    level_from: Mapped[int | None]
    level_to: Mapped[int | None]
    install_weeks: Mapped[int | None]
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)
    #: The catalogue's revision in which the public face of this listing changed last; 0 = never public.
    revision: Mapped[int] = mapped_column(BigInteger, default=0, index=True)
    #: Number of the release that the public sees now; none = not public.
    live_release: Mapped[int | None]
    #: What the operator says for which it was taken down; empty unless it is suspended.
    suspension: Mapped[str] = mapped_column(Text, default="")
    #: Of a bundle: since when its vendors cannot bring what they signed. Its certificate counts as ended until then.
    broken_on: Mapped[date | None]

    organization: Mapped[Organization] = relationship()
    terms: Mapped[list["ListingTerm"]] = relationship(
        cascade="all, delete-orphan", order_by="ListingTerm.position"
    )
    plans: Mapped[list["Plan"]] = relationship(cascade="all, delete-orphan", order_by="Plan.position")
    evidence: Mapped[list["Evidence"]] = relationship(
        back_populates="listing", cascade="all, delete-orphan", order_by="Evidence.id"
    )

    def codes(self, scheme: str) -> list[str]:
        """Codes of one scheme in the order in which the vendor gave them."""
        return [term.code for term in self.terms if term.scheme == scheme]


class ListingTerm(Base):
    """One applicability term, kept with its scheme and revision: a bare code means nothing."""

    __tablename__ = "listing_term"
    __table_args__ = (Index("uq_listing_term", "listing_id", "scheme", "revision", "code", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"))
    scheme: Mapped[str] = mapped_column(String(20))
    revision: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(40))
    #: Place within its scheme, from 0: what the vendor names first stands first.
    position: Mapped[int]


class Plan(Base):
    """How a listing is paid."""

    __tablename__ = "plan"
    __table_args__ = (
        CheckConstraint("price_amount >= 0 AND setup_amount >= 0", name="amounts"),
        CheckConstraint(f"kind IN {PLAN_KINDS!r}", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_id)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(12))
    #: Won: the whole price, a month's price of a subscription, the price of a unit of usage; none = by quote.
    price_amount: Mapped[int | None] = mapped_column(BigInteger)
    #: Won, once, at the start.
    setup_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    trial_days: Mapped[int | None]

    quality: Mapped[list["PlanQuality"]] = relationship(
        cascade="all, delete-orphan", order_by="PlanQuality.id"
    )


class PlanQuality(Base):
    """How well a plan does one capability, and how that is known."""

    __tablename__ = "plan_quality"
    __table_args__ = (
        CheckConstraint("quality BETWEEN 0 AND 5", name="quality"),
        CheckConstraint(f"basis IN {BASES!r}", name="basis"),
        Index("uq_plan_quality", "plan_id", "capability", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    capability: Mapped[str] = mapped_column(String(40))
    quality: Mapped[int]
    basis: Mapped[str] = mapped_column(String(12))
