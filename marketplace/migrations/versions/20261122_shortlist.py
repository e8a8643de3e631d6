"""shortlists and shared lists"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_shortlist"
down_revision = "20261122_score"
branch_labels = None
depends_on = None


def _foreign(table: str, column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def _named(table: str) -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    ]


def upgrade() -> None:
    op.create_table(
        "shortlist_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("demand_id", sa.Integer(), nullable=False),
        sa.Column("listing", sa.String(36), nullable=False),
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("plan", sa.String(36), nullable=True),
        sa.Column("price_amount", sa.BigInteger(), nullable=True),
        sa.Column("certificate", sa.String(20), nullable=False),
        sa.Column("certificate_expires_on", sa.Date(), nullable=False),
        sa.Column("card", sa.JSON(), nullable=False),
        sa.CheckConstraint("price_amount >= 0", name=op.f("ck_shortlist_item_price_amount")),
        sa.CheckConstraint("position >= 0", name=op.f("ck_shortlist_item_position")),
        _foreign("shortlist_item", "demand_id", "demand", "CASCADE"),
        *_named("shortlist_item"),
    )
    op.create_index(op.f("ix_shortlist_item_listing"), "shortlist_item", ["listing"])
    op.create_index("uq_shortlist_item_demand_id_listing", "shortlist_item", ["demand_id", "listing"], unique=True)
    op.create_table(
        "what_if",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        _foreign("what_if", "list_id", "match_list", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_what_if")),
        sa.UniqueConstraint("list_id", name=op.f("uq_what_if_list_id")),
    )
    op.create_table(
        "share_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("demand_id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("secret_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("with_notes", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("last_opened_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("opens >= 0", name=op.f("ck_share_link_opens")),
        _foreign("share_link", "demand_id", "demand", "CASCADE"),
        _foreign("share_link", "list_id", "match_list", "CASCADE"),
        _foreign("share_link", "user_id", "app_user", "SET NULL"),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_share_link_secret_hash")),
        *_named("share_link"),
    )
    for column in ("demand_id", "list_id", "user_id"):
        op.create_index(op.f(f"ix_share_link_{column}"), "share_link", [column])


def downgrade() -> None:
    for column in ("user_id", "list_id", "demand_id"):
        op.drop_index(op.f(f"ix_share_link_{column}"), "share_link")
    op.drop_table("share_link")
    op.drop_table("what_if")
    op.drop_index("uq_shortlist_item_demand_id_listing", "shortlist_item")
    op.drop_index(op.f("ix_shortlist_item_listing"), "shortlist_item")
    op.drop_table("shortlist_item")
