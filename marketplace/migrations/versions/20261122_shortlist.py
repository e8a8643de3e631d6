"""shortlists and shared lists"""

revision = "20261122_shortlist"
down_revision = "20261122_score"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
