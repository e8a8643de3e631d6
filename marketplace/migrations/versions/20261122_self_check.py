"""answers of the self-check"""

revision = "20261122_self_check"
down_revision = "20261122_plants"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
