"""Who supplies whom, whom an anchor lets see its chain, lists that wait to be declared, and the industry statistic."""

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from catalog.db import Base, Identified

SUPPLIER, CUSTOMER = "supplier", "customer"
SIDES = (SUPPLIER, CUSTOMER)

DECLARED, CONFIRMED, DENIED, WITHDRAWN, ENDED = "declared", "confirmed", "denied", "withdrawn", "ended"
STATES = (DECLARED, CONFIRMED, DENIED, WITHDRAWN, ENDED)
#: The only moves there are; what is not here is over. Back to declared: the account of one side was deleted.
TRANSITIONS = {DECLARED: (CONFIRMED, DENIED, WITHDRAWN), CONFIRMED: (ENDED, DECLARED)}
LIVE = (DECLARED, CONFIRMED)
_IS_LIVE = text(f"state IN {LIVE!r}")


class TradeLink(Identified, Base):
    """One firm supplies another. Firms are named by registration number: the other one need not be registered here."""

    __tablename__ = "trade_link"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES!r}", name="state"),
        CheckConstraint(f"declared_by IN {SIDES!r}", name="declared_by"),
        CheckConstraint("supplier_number <> customer_number", name="not_itself"),
        CheckConstraint("since IS NULL OR until IS NULL OR since <= until", name="period"),
        Index(
            "uq_trade_link_live",
            "supplier_number",
            "customer_number",
            unique=True,
            sqlite_where=_IS_LIVE,
            postgresql_where=_IS_LIVE,
        ),
    )

    #: 사업자등록번호, ten digits, of both sides.
    supplier_number: Mapped[str] = mapped_column(String(10), index=True)
    customer_number: Mapped[str] = mapped_column(String(10), index=True)
    #: As the declarer wrote them; a confirmed organization of that number is called by its own name instead.
    supplier_name: Mapped[str] = mapped_column(String(80))
    customer_name: Mapped[str] = mapped_column(String(80))
    #: The factory that delivers, and the one that is delivered to, each named by its own side only.
    supplier_site_id: Mapped[int | None] = mapped_column(
        ForeignKey("site.id", ondelete="SET NULL"), index=True
    )
    customer_site_id: Mapped[int | None] = mapped_column(
        ForeignKey("site.id", ondelete="SET NULL"), index=True
    )
    item: Mapped[str] = mapped_column(String(80), default="")
    #: First and last day of the trade, as far as it is known.
    since: Mapped[date | None]
    until: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(10), default=DECLARED)
    #: Which side said it first.
    declared_by: Mapped[str] = mapped_column(String(8))
    declared_on: Mapped[date]
    answered_on: Mapped[date | None]
    #: Why the other side says that it is not so; empty unless denied.
    denial: Mapped[str] = mapped_column(Text, default="")
    #: Whether the kinds of systems of that side count in the recommendations of the other.
    supplier_shares: Mapped[bool] = mapped_column(default=False)
    customer_shares: Mapped[bool] = mapped_column(default=False)
    #: The supplier lets this customer, and whom that one's customers let, see its level and the links below it.
    shows_below: Mapped[bool] = mapped_column(default=False)
    #: When a firm that is not registered was last invited by mail; the address is not kept.
    invited_on: Mapped[date | None]

    @property
    def answering(self) -> str:
        """The side whose answer counts."""
        return CUSTOMER if self.declared_by == SUPPLIER else SUPPLIER

    def side_of(self, number: str | None) -> str:
        """Which side the firm of that number is on. Raises ValueError: on neither."""
        if number not in (self.supplier_number, self.customer_number):
            raise ValueError(number)
        return SUPPLIER if number == self.supplier_number else CUSTOMER

    def number_of(self, side: str) -> str:
        """The registration number of a side."""
        return self.supplier_number if side == SUPPLIER else self.customer_number

    def name_of(self, side: str) -> str:
        """What the declarer called a side."""
        return self.supplier_name if side == SUPPLIER else self.customer_name


class ChainViewer(Identified, Base):
    """An anchor lets a coordinator see its chain as it sees it itself; taking it back deletes the row."""

    __tablename__ = "chain_viewer"
    __table_args__ = (UniqueConstraint("anchor_id", "viewer_id"),)

    anchor_id: Mapped[int] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    viewer_id: Mapped[int] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"), index=True)


class LinkImport(Identified, Base):
    """A list of partners that was read and checked, and is or is not declared yet."""

    __tablename__ = "link_import"

    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), index=True
    )
    file_name: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    #: What the file says, one object a row, as `reading.Row`.
    rows: Mapped[list[Any]]
    applied_on: Mapped[date | None]


class IndustryFlow(Base):
    """How much one industry bought from another inside the country in 2020 (한국은행 산업연관표, 실측표).

    A sector is one KSIC division, or two joined by "_".
    """

    __tablename__ = "industry_flow"

    supplier: Mapped[str] = mapped_column(String(8), primary_key=True)
    buyer: Mapped[str] = mapped_column(String(8), primary_key=True, index=True)
    supplier_ko: Mapped[str] = mapped_column(String(60))
    buyer_ko: Mapped[str] = mapped_column(String(60))
    #: Million won.
    domestic_mkrw: Mapped[int] = mapped_column(BigInteger)
    #: Share of the buyer's purchases from manufacturing, share of the supplier's sales to it, 0–1.
    purchase_share: Mapped[float]
    sales_share: Mapped[float]
    #: How many times more the buyer takes than the supplier's size would suggest, ≥ 0.
    lift: Mapped[float]
