"""own data and backups"""

import sqlalchemy as sa
from alembic import op

revision = "20261121_own_data"
down_revision = "20261121_notices"
branch_labels = None
depends_on = None


def _identified() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
    ]


def _ends(table: str, *constraints: sa.Constraint) -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
        *constraints,
    ]


def _foreign(table: str, column: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def upgrade() -> None:
    op.create_table(
        "backup_run",
        *_identified(),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=False),
        sa.Column("place", sa.String(500), nullable=False),
        sa.Column("verdict", sa.String(10), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        *_ends("backup_run", sa.CheckConstraint("verdict IN ('done', 'failed')", name=op.f("ck_backup_run_verdict"))),
    )
    states = sa.CheckConstraint("state IN ('asked', 'ready', 'gone')", name=op.f("ck_data_export_state"))
    op.create_table(
        "data_export",
        *_identified(),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(64), nullable=True),
        *_ends(
            "data_export",
            states,
            _foreign("data_export", "user_id", "app_user", "CASCADE"),
            _foreign("data_export", "organization_id", "organization"),
        ),
    )
    answers = "state IN ('waiting', 'done', 'refused', 'withdrawn')"
    op.create_table(
        "deletion_request",
        *_identified(),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        *_ends(
            "deletion_request",
            sa.CheckConstraint(answers, name=op.f("ck_deletion_request_state")),
            _foreign("deletion_request", "organization_id", "organization"),
            _foreign("deletion_request", "user_id", "app_user", "SET NULL"),
        ),
    )
    for table, columns in (
        ("data_export", ("user_id", "organization_id", "state")),
        ("deletion_request", ("organization_id", "state")),
    ):
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.create_index(batch.f(f"ix_{table}_{column}"), [column])


def downgrade() -> None:
    for table in ("deletion_request", "data_export", "backup_run"):
        op.drop_table(table)
