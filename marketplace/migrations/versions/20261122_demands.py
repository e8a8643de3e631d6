"""audience and versions of demands"""

revision = "20261122_demands"
down_revision = "20261122_chain"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
