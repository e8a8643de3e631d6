"""tokens with scopes, webhooks"""

revision = "20261121_programs"
down_revision = "20261121_own_data"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
