"""what a match list was computed with"""

revision = "20261122_score"
down_revision = "20261122_demands"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
