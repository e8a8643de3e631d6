"""bundles in the store: which listings stand in a version, since when it is sold, what broke it"""

import sqlalchemy as sa
from alembic import op

import catalog.db

revision = "20261122_bundle_store"
down_revision = "20261122_interop"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bundle_part",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["bundle_version.id"],
            name=op.f("fk_bundle_part_version_id_bundle_version"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_bundle_part_listing_id_listing")
        ),
        sa.PrimaryKeyConstraint("version_id", "listing_id", name=op.f("pk_bundle_part")),
    )
    with op.batch_alter_table("bundle_part", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bundle_part_listing_id"), ["listing_id"], unique=False)
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("broken_on", sa.Date(), nullable=True))
    with op.batch_alter_table("bundle", schema=None) as batch_op:
        batch_op.add_column(sa.Column("looked_at", catalog.db.UtcDateTime(), nullable=True))
        batch_op.add_column(
            sa.Column("looked_revision", sa.BigInteger(), nullable=False, server_default="0")
        )
        batch_op.alter_column("looked_revision", server_default=None)
    with op.batch_alter_table("bundle_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("in_force_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("release", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("conflicts", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.alter_column("conflicts", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("bundle_version", schema=None) as batch_op:
        for name in ("conflicts", "release", "in_force_on"):
            batch_op.drop_column(name)
    with op.batch_alter_table("bundle", schema=None) as batch_op:
        for name in ("looked_revision", "looked_at"):
            batch_op.drop_column(name)
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.drop_column("broken_on")
    with op.batch_alter_table("bundle_part", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bundle_part_listing_id"))
    op.drop_table("bundle_part")
