"""connectors between interfaces, conflicts between listings"""

import sqlalchemy as sa
from alembic import op

import catalog.db

revision = "20261122_interop"
down_revision = "20261122_bundles"
branch_labels = None
depends_on = None

HOLDS = "ended_on IS NULL"


def upgrade() -> None:
    op.create_table(
        "interface_connector",
        sa.Column("one", sa.String(length=40), nullable=False),
        sa.Column("other", sa.String(length=40), nullable=False),
        sa.Column("price_amount", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", catalog.db.UtcDateTime(), nullable=False),
        sa.CheckConstraint("one < other", name=op.f("ck_interface_connector_pair")),
        sa.CheckConstraint("price_amount >= 0", name=op.f("ck_interface_connector_price_amount")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interface_connector")),
        sa.UniqueConstraint("public_id", name=op.f("uq_interface_connector_public_id")),
    )
    op.create_index(
        "uq_interface_connector_pair",
        "interface_connector",
        ["one", "other"],
        unique=True,
        sqlite_where=sa.text(HOLDS),
        postgresql_where=sa.text(HOLDS),
    )
    op.create_table(
        "listing_conflict",
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", catalog.db.UtcDateTime(), nullable=False),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_listing_conflict_pair")),
        sa.ForeignKeyConstraint(
            ["one_id"], ["listing.id"], name=op.f("fk_listing_conflict_one_id_listing"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"],
            ["listing.id"],
            name=op.f("fk_listing_conflict_other_id_listing"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_conflict")),
        sa.UniqueConstraint("public_id", name=op.f("uq_listing_conflict_public_id")),
    )
    op.create_index(op.f("ix_listing_conflict_other_id"), "listing_conflict", ["other_id"])
    op.create_index(
        "uq_listing_conflict_pair",
        "listing_conflict",
        ["one_id", "other_id"],
        unique=True,
        sqlite_where=sa.text(HOLDS),
        postgresql_where=sa.text(HOLDS),
    )


def downgrade() -> None:
    op.drop_table("listing_conflict")
    op.drop_table("interface_connector")
