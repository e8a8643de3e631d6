"""own data and files"""

revision = "20261121_own_data"
down_revision = "20261121_notices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
