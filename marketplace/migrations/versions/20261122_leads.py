"""leads, capacity and saved searches"""

revision = "20261122_leads"
down_revision = "20261122_shortlist"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
