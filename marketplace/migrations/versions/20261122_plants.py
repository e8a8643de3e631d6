"""sites in depth and certified levels"""

revision = "20261122_plants"
down_revision = "20261121_new_device_words"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
