"""requests to join that their person took back"""

from alembic import op

revision = "20261121_withdrawn_requests"
down_revision = "20261121_acting_role"
branch_labels = None
depends_on = None

BEFORE = "state IN ('waiting', 'accepted', 'refused')"
AFTER = "state IN ('waiting', 'accepted', 'refused', 'withdrawn')"


def upgrade() -> None:
    _state(AFTER)


def downgrade() -> None:
    # Who took a request back is not in the organization either way.
    op.execute("UPDATE join_request SET state = 'refused' WHERE state = 'withdrawn'")
    _state(BEFORE)


def _state(condition: str) -> None:
    # Nothing points at the table, so that rebuilding it on SQLite deletes nothing elsewhere.
    with op.batch_alter_table("join_request") as table:
        table.drop_constraint(op.f("ck_join_request_state"), type_="check")
        table.create_check_constraint(op.f("ck_join_request_state"), condition)
