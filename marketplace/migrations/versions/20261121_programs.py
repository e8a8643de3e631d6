"""tokens with scopes, webhooks"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "20261121_programs"
down_revision = "20261121_own_data"
branch_labels = None
depends_on = None

#: Tokens made before they had an end get the usual year.
LIFETIME = timedelta(days=365)


def upgrade() -> None:
    with op.batch_alter_table("api_token") as batch:
        batch.add_column(sa.Column("scopes", sa.String(400), nullable=True))
        batch.add_column(sa.Column("expires_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("last_used_at", sa.DateTime(), nullable=True))
    _give_an_end()
    with op.batch_alter_table("api_token") as batch:
        batch.alter_column("expires_at", existing_type=sa.DateTime(), nullable=False)
        batch.alter_column("user_id", existing_type=sa.Integer(), nullable=True)
        batch.create_check_constraint("owner", "user_id IS NOT NULL OR organization_id IS NOT NULL")
        batch.create_index("ix_api_token_organization_id", ["organization_id"])
    _create_hooks()


def downgrade() -> None:
    op.drop_table("hook_delivery")
    op.drop_table("hook")
    op.execute("DELETE FROM api_token WHERE user_id IS NULL")
    with op.batch_alter_table("api_token") as batch:
        batch.drop_index("ix_api_token_organization_id")
        batch.drop_constraint("owner", type_="check")
        batch.alter_column("user_id", existing_type=sa.Integer(), nullable=False)
        batch.drop_column("last_used_at")
        batch.drop_column("expires_at")
        batch.drop_column("scopes")


def _give_an_end() -> None:
    token = sa.table(
        "api_token",
        sa.column("id", sa.Integer),
        sa.column("created_at", sa.DateTime()),
        sa.column("expires_at", sa.DateTime()),
    )
    connection = op.get_bind()
    made: list[tuple[int, datetime]] = [(row.id, row.created_at) for row in connection.execute(sa.select(token))]
    for key, created_at in made:
        connection.execute(sa.update(token).where(token.c.id == key).values(expires_at=created_at + LIFETIME))


def _create_hooks() -> None:
    op.create_table(
        "hook",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("older_until", sa.DateTime(), nullable=True),
        sa.Column("failing_since", sa.DateTime(), nullable=True),
        sa.Column("off_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_hook_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook")),
        sa.UniqueConstraint("public_id", name=op.f("uq_hook_public_id")),
    )
    op.create_index("ix_hook_organization_id", "hook", ["organization_id"])
    op.create_table(
        "hook_delivery",
        sa.Column("hook_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(60), nullable=False),
        sa.Column("occasion", sa.String(36), nullable=False),
        sa.Column("about_type", sa.String(40), nullable=False),
        sa.Column("about_id", sa.String(60), nullable=False),
        sa.Column("link", sa.String(300), nullable=False),
        sa.Column("occurred_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("trouble", sa.String(30), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("tried_at", sa.DateTime(), nullable=True),
        sa.Column("next_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'delivered', 'failed')", name=op.f("ck_hook_delivery_state")
        ),
        sa.ForeignKeyConstraint(
            ["hook_id"], ["hook.id"], name=op.f("fk_hook_delivery_hook_id_hook"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_delivery")),
        sa.UniqueConstraint("public_id", name=op.f("uq_hook_delivery_public_id")),
    )
    op.create_index("ix_hook_delivery_hook_id", "hook_delivery", ["hook_id", "id"])
