"""notices and their delivery"""

import sqlalchemy as sa
from alembic import op

revision = "20261121_notices"
down_revision = "20261121_people"
branch_labels = None
depends_on = None

DELIVERIES = "('now', 'daily', 'none')"


def upgrade() -> None:
    # Plain ADD and DROP COLUMN: rebuilding the table on SQLite would empty those that hang on it.
    op.add_column("app_user", sa.Column("locale", sa.String(2), nullable=False, server_default="ko"))
    op.create_table(
        "notice",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("link", sa.String(300), nullable=False),
        sa.Column("about", sa.String(36), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("delivery", sa.String(5), nullable=False),
        sa.Column("mailed_at", sa.DateTime(), nullable=True),
        sa.Column("read_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(f"delivery IN {DELIVERIES}", name="delivery"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name="fk_notice_user_id_app_user", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_notice_organization_id_organization"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.UniqueConstraint("public_id", name="uq_notice_public_id"),
    )
    op.create_index("uq_notice_user_id_key", "notice", ["user_id", "key"], unique=True)
    op.create_index("ix_notice_user_id_read_at", "notice", ["user_id", "read_at"])
    op.create_index("ix_notice_delivery_mailed_at", "notice", ["delivery", "mailed_at"])
    op.create_index("ix_notice_about", "notice", ["about"])
    op.create_table(
        "notice_preference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("delivery", sa.String(5), nullable=False),
        sa.CheckConstraint(f"delivery IN {DELIVERIES}", name="delivery"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name="fk_notice_preference_user_id_app_user", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notice_preference"),
    )
    op.create_index("uq_notice_preference", "notice_preference", ["user_id", "event"], unique=True)


def downgrade() -> None:
    op.drop_table("notice_preference")
    op.drop_table("notice")
    op.drop_column("app_user", "locale")
