"""Organizations, the roles they play, and whom they call a competitor."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.db import Base, Identified, utcnow

VENDOR, MANUFACTURER, VALIDATOR, OPERATOR = "vendor", "manufacturer", "validator", "operator"
ROLES = (VENDOR, MANUFACTURER, VALIDATOR, OPERATOR)

REGISTERED, CONFIRMED, REFUSED = "registered", "confirmed", "refused"
STATES = (REGISTERED, CONFIRMED, REFUSED)


class Organization(Identified, Base):
    """A company or body. It may play several roles at once."""

    __tablename__ = "organization"
    __table_args__ = (CheckConstraint("capacity_per_quarter BETWEEN 0 AND 999", name="capacity"),)

    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    #: 사업자등록번호, ten digits; only the operator's own organization has none.
    registration_number: Mapped[str | None] = mapped_column(String(10), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    description_en: Mapped[str] = mapped_column(Text, default="")
    #: Province of the taxonomy "region", or none stated.
    region: Mapped[str | None] = mapped_column(String(30))
    #: registered → confirmed | refused, by the operator; refused → registered, by the company that asks again.
    state: Mapped[str] = mapped_column(String(12), default=REGISTERED)
    confirmed_at: Mapped[datetime | None]
    #: What the operator says for which the company is not confirmed; empty unless it is refused.
    refusal: Mapped[str] = mapped_column(Text, default="")
    #: Projects that a vendor says it can start in a quarter, 0–999, and the day on which it said so; none = not known.
    capacity_per_quarter: Mapped[int | None]
    capacity_as_of: Mapped[date | None]
    #: Made up for the demo: pages say so wherever the organization appears.
    synthetic: Mapped[bool] = mapped_column(default=False)

    roles: Mapped[list["OrganizationRole"]] = relationship(
        cascade="all, delete-orphan", order_by="OrganizationRole.role", lazy="selectin"
    )

    @property
    def identity(self) -> str:
        """What the operator confirms, as one text: a form carries it, to see that it is still what was looked at."""
        return f"{self.name} · {self.registration_number or ''}"

    def plays(self, role: str) -> bool:
        """Whether the organization has `role` now."""
        return any(r.role == role for r in self.roles)


class OrganizationRole(Base):
    """One role of one organization."""

    __tablename__ = "organization_role"
    __table_args__ = (CheckConstraint(f"role IN {ROLES!r}", name="role"),)

    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    since: Mapped[datetime] = mapped_column(default=utcnow)


class CompetitorDeclaration(Base):
    """One side says that the other is a competitor; a declaration by either side bars a review."""

    __tablename__ = "competitor_declaration"
    __table_args__ = (UniqueConstraint("declaring_id", "competitor_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    declaring_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    competitor_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    declared_at: Mapped[datetime] = mapped_column(default=utcnow)

    competitor: Mapped[Organization] = relationship(foreign_keys=competitor_id)
