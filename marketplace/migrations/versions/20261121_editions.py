"""editions of weights and programme rules"""

import sqlalchemy as sa
from alembic import op

import catalog.db

revision = "20261121_editions"
down_revision = "20261121_console"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "weights_edition",
        sa.Column("version", sa.String(20), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("based_on", sa.String(20), nullable=False),
        sa.Column("axis", sa.JSON(), nullable=False),
        sa.Column("not_in_use", sa.JSON(), nullable=False),
        sa.Column("text_weight", sa.Integer(), nullable=False),
        sa.Column("policy_term", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_at", catalog.db.UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("published_at", catalog.db.UtcDateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("created_at", catalog.db.UtcDateTime(), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'published')", name="state"),
        sa.CheckConstraint("(state = 'draft') = (version IS NULL)", name="version"),
        sa.CheckConstraint("(state = 'draft') = (from_on IS NULL)", name="from_on"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weights_edition")),
        sa.UniqueConstraint("public_id", name=op.f("uq_weights_edition_public_id")),
        sa.UniqueConstraint("version", name=op.f("uq_weights_edition_version")),
    )
    op.create_table(
        "programme_rule",
        sa.Column("code", sa.String(80), nullable=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("body", sa.String(80), nullable=False),
        sa.Column("region", sa.String(40), nullable=True),
        sa.Column("level", sa.String(20), nullable=True),
        sa.Column("cap_amount", sa.BigInteger(), nullable=True),
        sa.Column("cap_unit", sa.String(20), nullable=False),
        sa.Column("rate_bp", sa.Integer(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("source_url", sa.String(500), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("saved_at", catalog.db.UtcDateTime(), nullable=False),
        sa.Column("published_at", catalog.db.UtcDateTime(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("created_at", catalog.db.UtcDateTime(), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'published', 'ended')", name="state"),
        sa.CheckConstraint("valid_from <= valid_to", name="validity"),
        sa.CheckConstraint("rate_bp BETWEEN 0 AND 10000", name="rate_bp"),
        sa.CheckConstraint("cap_amount >= 0", name="cap_amount"),
        sa.CheckConstraint("(state = 'ended') = (ended_on IS NOT NULL)", name="ended_on"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_rule")),
        sa.UniqueConstraint("public_id", name=op.f("uq_programme_rule_public_id")),
        sa.UniqueConstraint("code", name=op.f("uq_programme_rule_code")),
    )
    op.create_index("ix_programme_rule_valid", "programme_rule", ["valid_from", "region"])


def downgrade() -> None:
    op.drop_table("programme_rule")
    op.drop_table("weights_edition")
