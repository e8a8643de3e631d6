"""runs of the composer for a segment of demands"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_segment_runs"
down_revision = "20261122_composing"
branch_labels = None
depends_on = None

COLUMNS = ("demand_id", "demand_version")


def upgrade() -> None:
    with op.batch_alter_table("compose_run") as batch:  # nothing points at it
        for column in COLUMNS:
            batch.alter_column(column, existing_type=sa.Integer(), nullable=True)
        batch.create_check_constraint(
            op.f("ck_compose_run_demand_version"), "(demand_id IS NULL) = (demand_version IS NULL)"
        )


def downgrade() -> None:
    op.execute("DELETE FROM compose_run WHERE demand_id IS NULL")
    with op.batch_alter_table("compose_run") as batch:
        batch.drop_constraint(op.f("ck_compose_run_demand_version"), type_="check")
        for column in COLUMNS:
            batch.alter_column(column, existing_type=sa.Integer(), nullable=False)
