"""trade links"""

revision = "20261122_chain"
down_revision = "20261122_self_check"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
