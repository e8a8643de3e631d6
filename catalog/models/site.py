"""The factories of a manufacturer."""

from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.db import Base, Identified
from catalog.models.organization import Organization


class Site(Identified, Base):
    """One factory: what it makes, where, with how many people and which systems."""

    __tablename__ = "site"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    industry_revision: Mapped[str] = mapped_column(String(4))
    industry_code: Mapped[str] = mapped_column(String(5))
    region: Mapped[str] = mapped_column(String(30))
    headcount: Mapped[int]

    organization: Mapped[Organization] = relationship()
    terms: Mapped[list["SiteTerm"]] = relationship(cascade="all, delete-orphan", order_by="SiteTerm.id")
    systems: Mapped[list["SiteSystem"]] = relationship(
        cascade="all, delete-orphan", order_by="SiteSystem.position"
    )

    def codes(self, scheme: str) -> list[str]:
        """Codes of one scheme ("process", "interface") in the order given."""
        return [term.code for term in self.terms if term.scheme == scheme]


class SiteTerm(Base):
    """A process that runs at the site, or an interface in use there."""

    __tablename__ = "site_term"
    __table_args__ = (Index("uq_site_term", "site_id", "scheme", "revision", "code", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    scheme: Mapped[str] = mapped_column(String(20))
    revision: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(40))


class SiteSystem(Base):
    """A system in use at the site, with what it can speak."""

    __tablename__ = "site_system"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    #: What kind of system it is (taxonomy "capability"), if known.
    capability: Mapped[str | None] = mapped_column(String(40))
    #: Codes of the taxonomy "interface", edition of the row's making.
    interfaces: Mapped[list[Any]] = mapped_column(default=list)
