"""refused organizations, suspended listings, reports of abuse, support access, checks of the audit chain"""

import sqlalchemy as sa
from alembic import op

revision = "20261121_console"
down_revision = "20261121_programs"
branch_labels = None
depends_on = None

REASONS = "'false_claim', 'misleading_price', 'impersonation', 'infringement', 'illegal', 'other'"


def upgrade() -> None:
    for table, column in (("organization", "refusal"), ("listing", "suspension")):
        # Not in a batch: rebuilding a table on SQLite deletes what points at it.
        op.add_column(table, sa.Column(column, sa.Text(), nullable=False, server_default=""))
    _abuse_report()
    _support_access()
    op.create_table(
        "audit_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("breaks", sa.Integer(), nullable=False),
        sa.Column("first_break", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_check")),
    )
    op.create_index("ix_audit_entry_act", "audit_entry", ["act"])
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"])


def downgrade() -> None:
    op.drop_index("ix_audit_entry_at", "audit_entry")
    op.drop_index("ix_audit_entry_act", "audit_entry")
    op.drop_table("audit_check")
    op.drop_table("support_access")
    op.drop_table("abuse_report")
    for table, column in (("listing", "suspension"), ("organization", "refusal")):
        op.drop_column(table, column)


def _abuse_report() -> None:
    op.create_table(
        "abuse_report",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decided_by", sa.String(254), nullable=True),
        *_identified("abuse_report"),
        sa.CheckConstraint(f"reason IN ({REASONS})", name=op.f("ck_abuse_report_reason")),
        sa.CheckConstraint("state IN ('open', 'no_action', 'suspended')", name=op.f("ck_abuse_report_state")),
        _link("abuse_report", "organization_id", "organization"),
        _link("abuse_report", "listing_id", "listing"),
        _link("abuse_report", "reporter_id", "app_user", "SET NULL"),
    )
    op.create_index("ix_abuse_report_state_created_at", "abuse_report", ["state", "created_at"])
    for column in ("organization_id", "listing_id", "source"):
        op.create_index(op.f(f"ix_abuse_report_{column}"), "abuse_report", [column])


def _support_access() -> None:
    op.create_table(
        "support_access",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("operator_email", sa.String(254), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        *_identified("support_access"),
        _link("support_access", "organization_id", "organization"),
        _link("support_access", "session_id", "user_session", "SET NULL"),
    )
    for column in ("organization_id", "session_id"):
        op.create_index(op.f(f"ix_support_access_{column}"), "support_access", [column])


def _identified(table: str) -> list[sa.schema.SchemaItem]:
    """What every row with a public name has."""
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    ]


def _link(table: str, column: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=ondelete)
