"""trade links"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_chain"
down_revision = "20261122_self_check"
branch_labels = None
depends_on = None

STATES = "'declared', 'confirmed', 'denied', 'withdrawn', 'ended'"
LIVE = sa.text("state IN ('declared', 'confirmed')")


def upgrade() -> None:
    _trade_link()
    op.create_table(
        "chain_viewer",
        sa.Column("anchor_id", sa.Integer(), nullable=False),
        sa.Column("viewer_id", sa.Integer(), nullable=False),
        *_identified("chain_viewer"),
        _link("chain_viewer", "anchor_id", "organization", "CASCADE"),
        _link("chain_viewer", "viewer_id", "organization", "CASCADE"),
        sa.UniqueConstraint("anchor_id", "viewer_id", name=op.f("uq_chain_viewer_anchor_id_viewer_id")),
    )
    op.create_index(op.f("ix_chain_viewer_viewer_id"), "chain_viewer", ["viewer_id"])
    op.create_table(
        "link_import",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(120), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=True),
        *_identified("link_import"),
        _link("link_import", "organization_id", "organization", "CASCADE"),
    )
    op.create_index(op.f("ix_link_import_organization_id"), "link_import", ["organization_id"])
    op.create_table(
        "industry_flow",
        sa.Column("supplier", sa.String(8), nullable=False),
        sa.Column("buyer", sa.String(8), nullable=False),
        sa.Column("supplier_ko", sa.String(60), nullable=False),
        sa.Column("buyer_ko", sa.String(60), nullable=False),
        sa.Column("domestic_mkrw", sa.BigInteger(), nullable=False),
        sa.Column("purchase_share", sa.Double(), nullable=False),
        sa.Column("sales_share", sa.Double(), nullable=False),
        sa.Column("lift", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("supplier", "buyer", name=op.f("pk_industry_flow")),
    )
    op.create_index(op.f("ix_industry_flow_buyer"), "industry_flow", ["buyer"])


def downgrade() -> None:
    for table in ("industry_flow", "link_import", "chain_viewer", "trade_link"):
        op.drop_table(table)


def _trade_link() -> None:
    op.create_table(
        "trade_link",
        sa.Column("supplier_number", sa.String(10), nullable=False),
        sa.Column("customer_number", sa.String(10), nullable=False),
        sa.Column("supplier_name", sa.String(80), nullable=False),
        sa.Column("customer_name", sa.String(80), nullable=False),
        sa.Column("supplier_site_id", sa.Integer(), nullable=True),
        sa.Column("customer_site_id", sa.Integer(), nullable=True),
        sa.Column("item", sa.String(80), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("declared_by", sa.String(8), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("denial", sa.Text(), nullable=False),
        sa.Column("supplier_shares", sa.Boolean(), nullable=False),
        sa.Column("customer_shares", sa.Boolean(), nullable=False),
        sa.Column("shows_below", sa.Boolean(), nullable=False),
        sa.Column("invited_on", sa.Date(), nullable=True),
        *_identified("trade_link"),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_trade_link_state")),
        sa.CheckConstraint("declared_by IN ('supplier', 'customer')", name=op.f("ck_trade_link_declared_by")),
        sa.CheckConstraint("supplier_number <> customer_number", name=op.f("ck_trade_link_not_itself")),
        sa.CheckConstraint(
            "since IS NULL OR until IS NULL OR since <= until", name=op.f("ck_trade_link_period")
        ),
        _link("trade_link", "supplier_site_id", "site", "SET NULL"),
        _link("trade_link", "customer_site_id", "site", "SET NULL"),
    )
    for column in ("supplier_number", "customer_number", "supplier_site_id", "customer_site_id"):
        op.create_index(op.f(f"ix_trade_link_{column}"), "trade_link", [column])
    op.create_index(
        "uq_trade_link_live",
        "trade_link",
        ["supplier_number", "customer_number"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )


def _identified(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    )


def _link(table: str, column: str, target: str, on_delete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=on_delete)
