"""lists of large catalogues keep counts"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_large_lists"
down_revision = "20261122_leads"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("match_list", sa.Column("beyond", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("match_list", "beyond")
