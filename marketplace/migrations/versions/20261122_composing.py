"""runs of the composer"""

import sqlalchemy as sa
from alembic import op

import catalog.db

revision = "20261122_composing"
down_revision = "20261122_bundle_store"
branch_labels = None
depends_on = None

STATES = "('queued', 'running', 'done', 'cancelled', 'failed')"


def upgrade() -> None:
    op.create_table(
        "compose_run",
        sa.Column("alliance_id", sa.Integer(), nullable=False),
        sa.Column("demand_id", sa.Integer(), nullable=False),
        sa.Column("demand_version", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(length=254), nullable=False),
        sa.Column("wishes", sa.JSON(), nullable=False),
        sa.Column("wishes_sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("beat_at", catalog.db.UtcDateTime(), nullable=True),
        sa.Column("is_cancelling", sa.Boolean(), nullable=False),
        sa.Column("started_at", catalog.db.UtcDateTime(), nullable=True),
        sa.Column("ended_at", catalog.db.UtcDateTime(), nullable=True),
        sa.Column("instance_sha256", sa.String(length=64), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("failure", sa.JSON(), nullable=True),
        sa.Column("bundle", sa.String(length=36), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", catalog.db.UtcDateTime(), nullable=False),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_compose_run_state")),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_compose_run_percent")),
        sa.CheckConstraint(
            "(state IN ('queued', 'running')) = (ended_at IS NULL)", name=op.f("ck_compose_run_ended_at")
        ),
        sa.ForeignKeyConstraint(
            ["alliance_id"], ["alliance.id"], name=op.f("fk_compose_run_alliance_id_alliance")
        ),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_compose_run_demand_id_demand"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compose_run")),
        sa.UniqueConstraint("public_id", name=op.f("uq_compose_run_public_id")),
    )
    op.create_index("ix_compose_run_alliance_id_demand_id", "compose_run", ["alliance_id", "demand_id"])
    op.create_index(op.f("ix_compose_run_demand_id"), "compose_run", ["demand_id"])
    op.create_index("ix_compose_run_state", "compose_run", ["state"])


def downgrade() -> None:
    op.drop_table("compose_run")
