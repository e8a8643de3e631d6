"""leads, capacity and saved searches"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_leads"
down_revision = "20261122_shortlist"
branch_labels = None
depends_on = None

STATES = "'offered', 'accepted', 'declined', 'withdrawn', 'contact', 'refused'"
DECLINE_CODES = "'no_capacity', 'capability', 'budget', 'region', 'deadline', 'other'"


def upgrade() -> None:
    # Not in a batch: rebuilding a table on SQLite deletes what points at it. The check is the column's own.
    op.execute(
        "ALTER TABLE organization ADD COLUMN capacity_per_quarter INTEGER "
        "CONSTRAINT ck_organization_capacity CHECK (capacity_per_quarter BETWEEN 0 AND 999)"
    )
    op.add_column("organization", sa.Column("capacity_as_of", sa.Date(), nullable=True))
    _lead()
    op.create_table(
        "lead_look",
        sa.Column("demand_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shared_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("demand_id", name=op.f("pk_lead_look")),
        _link("lead_look", "demand_id", "demand", "CASCADE"),
    )
    op.create_table(
        "saved_search",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("text", sa.String(200), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("looked_at", sa.DateTime(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.DateTime(), nullable=True),
        *_identified("saved_search"),
        sa.CheckConstraint("name <> ''", name=op.f("ck_saved_search_name")),
        _link("saved_search", "organization_id", "organization"),
    )
    op.create_index(
        "uq_saved_search_organization_id_name", "saved_search", ["organization_id", "name"], unique=True
    )


def downgrade() -> None:
    op.drop_table("saved_search")
    op.drop_table("lead_look")
    op.drop_table("lead")
    op.drop_column("organization", "capacity_as_of")
    op.drop_column("organization", "capacity_per_quarter")


def _lead() -> None:
    op.create_table(
        "lead",
        sa.Column("demand_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("standings", sa.JSON(), nullable=False),
        sa.Column("listing", sa.String(36), nullable=True),
        sa.Column("fit", sa.Double(), nullable=True),
        sa.Column("weights", sa.String(20), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("offered_at", sa.DateTime(), nullable=True),
        sa.Column("named_at", sa.DateTime(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_by", sa.String(80), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("vendor_contact", sa.String(120), nullable=False),
        sa.Column("decline_code", sa.String(20), nullable=True),
        sa.Column("decline_text", sa.String(300), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decided_by", sa.String(80), nullable=False),
        sa.Column("buyer_contact", sa.String(120), nullable=False),
        sa.Column("refusal", sa.String(300), nullable=False),
        *_identified("lead"),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_lead_state")),
        sa.CheckConstraint("fit BETWEEN 0 AND 100", name=op.f("ck_lead_fit")),
        sa.CheckConstraint(f"decline_code IN ({DECLINE_CODES})", name=op.f("ck_lead_decline_code")),
        sa.CheckConstraint(
            "(state = 'declined') = (decline_code IS NOT NULL)", name=op.f("ck_lead_declined")
        ),
        _link("lead", "demand_id", "demand", "CASCADE"),
        _link("lead", "organization_id", "organization"),
    )
    op.create_index(
        "uq_lead_demand_id_organization_id", "lead", ["demand_id", "organization_id"], unique=True
    )
    op.create_index("ix_lead_organization_id_state", "lead", ["organization_id", "state"])


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
