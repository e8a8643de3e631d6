"""The factories of a manufacturer."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.db import Base, Identified
from catalog.models.organization import Organization

MAX_SHIFTS = 4
#: Yearly revenue of the company that runs the site, in won: "under_1b" is below 10⁹; a band is without its upper end.
REVENUE_BANDS = ("under_1b", "1b_5b", "5b_10b", "10b_30b", "30b_50b", "50b_150b", "over_150b")
#: How records are kept, from the least to the most that a program can read.
RECORDS = ("paper", "files", "database", "automatic")
#: How far back they go.
HISTORIES = ("under_1y", "1y_3y", "over_3y")
#: People who can run a system once it is there.
STAFF = ("none", "one", "2_4", "5_plus")
#: What the plant's network lets through.
NETWORKS = ("closed", "limited", "open")
#: Where its data may lie.
RESIDENCIES = ("plant", "korea", "anywhere")
FIRST_YEAR, LAST_YEAR = 2000, 2100


def _one_of(column: str, options: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} IS NULL OR {column} IN {options!r}", name=column)


class Site(Identified, Base):
    """One factory: what it makes, where, with how many people and which systems. None is "not known", never a guess."""

    __tablename__ = "site"
    __table_args__ = (
        CheckConstraint(f"shifts IS NULL OR shifts BETWEEN 1 AND {MAX_SHIFTS}", name="shifts"),
        _one_of("revenue_band", REVENUE_BANDS),
        _one_of("records", RECORDS),
        _one_of("history", HISTORIES),
        _one_of("staff", STAFF),
        _one_of("network", NETWORKS),
        _one_of("residency", RESIDENCIES),
        CheckConstraint(
            f"budget_year IS NULL OR budget_year BETWEEN {FIRST_YEAR} AND {LAST_YEAR}", name="budget_year"
        ),
    )

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    industry_revision: Mapped[str] = mapped_column(String(4))
    industry_code: Mapped[str] = mapped_column(String(5))
    region: Mapped[str] = mapped_column(String(30))
    headcount: Mapped[int]
    #: What it makes, in its own words; empty when not stated.
    products: Mapped[str] = mapped_column(String(300), default="", server_default="")
    #: Working shifts a day, 1–4.
    shifts: Mapped[int | None]
    #: One of REVENUE_BANDS.
    revenue_band: Mapped[str | None] = mapped_column(String(12))
    #: One of RECORDS, and of HISTORIES: how ready its data are.
    records: Mapped[str | None] = mapped_column(String(12))
    history: Mapped[str | None] = mapped_column(String(12))
    #: One of STAFF.
    staff: Mapped[str | None] = mapped_column(String(12))
    #: Constraints: one of NETWORKS, one of RESIDENCIES, the year from whose budget it is paid.
    network: Mapped[str | None] = mapped_column(String(12))
    residency: Mapped[str | None] = mapped_column(String(12))
    budget_year: Mapped[int | None]

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
    """A system in use at the site, with what it can speak. Empty text and None are "not known"."""

    __tablename__ = "site_system"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    #: What the site calls it.
    name: Mapped[str] = mapped_column(String(80))
    #: What kind of system it is (taxonomy "capability"), if known.
    capability: Mapped[str | None] = mapped_column(String(40))
    #: Codes of the taxonomy "interface", edition of the row's making.
    interfaces: Mapped[list[Any]] = mapped_column(default=list)
    product: Mapped[str] = mapped_column(String(80), default="", server_default="")
    vendor_name: Mapped[str] = mapped_column(String(80), default="", server_default="")
    version: Mapped[str] = mapped_column(String(40), default="", server_default="")
    #: The month in which its use began, "2021-03".
    in_use_since: Mapped[str | None] = mapped_column(String(7))
    #: Public id of the store's listing that it is, if it is one. It stays when the listing leaves the store.
    listing_id: Mapped[str | None] = mapped_column(String(36), index=True)
