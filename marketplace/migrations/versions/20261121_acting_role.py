"""the role that a sign-in works in"""

import sqlalchemy as sa
from alembic import op

revision = "20261121_acting_role"
down_revision = "20261121_editions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user_session", sa.Column("acting_role", sa.String(20), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("user_session") as table:
        table.drop_column("acting_role")
