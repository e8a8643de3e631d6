"""rights one by one"""

import sqlalchemy as sa
from alembic import op

revision = "20261121_rights"
down_revision = "20261121_first"
branch_labels = None
depends_on = None

GRANTED = ("admin", "finance", "signer")


def upgrade() -> None:
    with op.batch_alter_table("membership") as batch:
        for right in GRANTED:
            batch.add_column(sa.Column(f"is_{right}", sa.Boolean(), nullable=False, server_default=sa.false()))
    for right in GRANTED:
        op.execute(f"UPDATE membership SET is_{right} = true WHERE rights = '{right}'")  # noqa: S608  # our own words
    with op.batch_alter_table("membership") as batch:
        batch.drop_constraint("rights", type_="check")
        batch.drop_column("rights")
        for right in GRANTED:
            batch.alter_column(f"is_{right}", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("membership") as batch:
        batch.add_column(sa.Column("rights", sa.String(10), nullable=False, server_default="member"))
    for right in reversed(GRANTED):
        op.execute(f"UPDATE membership SET rights = '{right}' WHERE is_{right} = true")  # noqa: S608  # our own words
    with op.batch_alter_table("membership") as batch:
        for right in GRANTED:
            batch.drop_column(f"is_{right}")
        batch.alter_column("rights", server_default=None)
        batch.create_check_constraint("rights", "rights IN ('admin', 'member', 'finance', 'signer')")
