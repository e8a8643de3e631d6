"""what a match list was computed with"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_score"
down_revision = "20261122_demands"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("match_list", sa.Column("what_if", sa.JSON(), nullable=True))
    op.add_column("match_list", sa.Column("policy", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("match_list", sa.Column("day", sa.Date(), nullable=True))
    op.add_column("match_list", sa.Column("flips", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("match_list", sa.Column("support", sa.JSON(), nullable=True))
    op.add_column("match_list", sa.Column("facts_digest", sa.String(64), nullable=True))
    op.add_column("match", sa.Column("seen", sa.JSON(), nullable=True))
    op.add_column("match", sa.Column("rank_without_policy", sa.Integer(), nullable=True))


def downgrade() -> None:
    for column in ("rank_without_policy", "seen"):
        op.drop_column("match", column)
    for column in ("facts_digest", "support", "flips", "day", "policy", "what_if"):
        op.drop_column("match_list", column)
