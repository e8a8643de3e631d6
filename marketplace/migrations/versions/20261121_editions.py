"""editions of weights and programme rules"""

revision = "20261121_editions"
down_revision = "20261121_console"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
