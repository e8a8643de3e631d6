"""audience and versions of demands"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_demands"
down_revision = "20261122_chain"
branch_labels = None
depends_on = None

#: Written as SQL, each with its check: rebuilding the table on SQLite would delete what points at it.
CHECKED = {
    "version": "INTEGER NOT NULL DEFAULT 1 CONSTRAINT ck_demand_version "
    "CHECK (version >= 1 AND state IN ('draft', 'open', 'closed'))",
    "audience": "VARCHAR(20) NOT NULL DEFAULT 'private' CONSTRAINT ck_demand_audience "
    "CHECK (audience IN ('private', 'organizations', 'alliance', 'board')) "
    "CONSTRAINT ck_demand_shown_while_open CHECK (audience = 'private' OR state = 'open')",
    "closed_reason": "VARCHAR(20) CONSTRAINT ck_demand_closed_reason "
    "CHECK (closed_reason IS NULL OR closed_reason IN ('bought', 'not_now', 'elsewhere', 'mistake'))",
}


def upgrade() -> None:
    for column, definition in CHECKED.items():
        op.execute(f"ALTER TABLE demand ADD COLUMN {column} {definition}")
    op.add_column("demand", sa.Column("programme", sa.String(80), nullable=True))
    op.add_column("demand", sa.Column("links", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("demand", sa.Column("shared_at", sa.DateTime(), nullable=True))
    op.add_column("demand", sa.Column("closed_note", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_demand_audience", "demand", ["audience", "state"])
    op.add_column("match_list", sa.Column("demand_version", sa.Integer(), nullable=True))
    _viewers()
    _versions()


def downgrade() -> None:
    op.drop_table("demand_version")
    op.drop_table("demand_viewer")
    op.drop_column("match_list", "demand_version")
    op.drop_index("ix_demand_audience", "demand")
    for column in ("closed_note", "shared_at", "links", "programme", *reversed(CHECKED)):
        op.drop_column("demand", column)


def _viewers() -> None:
    op.create_table(
        "demand_viewer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("demand_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        _of_demand("demand_viewer"),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_demand_viewer_organization_id_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_viewer")),
    )
    op.create_index("uq_demand_viewer", "demand_viewer", ["demand_id", "organization_id"], unique=True)
    op.create_index(op.f("ix_demand_viewer_organization_id"), "demand_viewer", ["organization_id"])


def _versions() -> None:
    op.create_table(
        "demand_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("demand_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(254), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        _of_demand("demand_version"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_version")),
    )
    op.create_index("uq_demand_version", "demand_version", ["demand_id", "number"], unique=True)


def _of_demand(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_demand_id_demand")
    return sa.ForeignKeyConstraint(["demand_id"], ["demand.id"], name=name, ondelete="CASCADE")
