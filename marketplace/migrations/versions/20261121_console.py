"""console: users, reports, support"""

revision = "20261121_console"
down_revision = "20261121_programs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
