"""people: ways in, invitations, second factor"""

revision = "20261121_people"
down_revision = "20261121_rights"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
