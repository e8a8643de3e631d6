"""notices and their delivery"""

revision = "20261121_notices"
down_revision = "20261121_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
