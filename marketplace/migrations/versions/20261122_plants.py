"""sites in depth and certified levels"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_plants"
down_revision = "20261121_new_device_words"
branch_labels = None
depends_on = None

#: Column of `site` → its type and what it may hold besides NULL.
FACTS = {
    "shifts": ("INTEGER", "BETWEEN 1 AND 4"),
    "revenue_band": (
        "VARCHAR(12)",
        "IN ('under_1b', '1b_5b', '5b_10b', '10b_30b', '30b_50b', '50b_150b', 'over_150b')",
    ),
    "records": ("VARCHAR(12)", "IN ('paper', 'files', 'database', 'automatic')"),
    "history": ("VARCHAR(12)", "IN ('under_1y', '1y_3y', 'over_3y')"),
    "staff": ("VARCHAR(12)", "IN ('none', 'one', '2_4', '5_plus')"),
    "network": ("VARCHAR(12)", "IN ('closed', 'limited', 'open')"),
    "residency": ("VARCHAR(12)", "IN ('plant', 'korea', 'anywhere')"),
    "budget_year": ("INTEGER", "BETWEEN 2000 AND 2100"),
}


def upgrade() -> None:
    op.add_column("site", sa.Column("products", sa.String(300), nullable=False, server_default=""))
    for column, (kind, bounds) in FACTS.items():
        # Not in a batch: rebuilding `site` on SQLite deletes what points at it. A column may bring its own constraint.
        op.execute(
            f"ALTER TABLE site ADD COLUMN {column} {kind}"
            f" CONSTRAINT ck_site_{column} CHECK ({column} IS NULL OR {column} {bounds})"
        )
    for column, length in (("product", 80), ("vendor_name", 80), ("version", 40)):
        op.add_column("site_system", sa.Column(column, sa.String(length), nullable=False, server_default=""))
    op.add_column("site_system", sa.Column("in_use_since", sa.String(7), nullable=True))
    op.add_column("site_system", sa.Column("listing_id", sa.String(36), nullable=True))
    op.create_index("ix_site_system_listing_id", "site_system", ["listing_id"])
    with op.batch_alter_table("stored_file") as batch:  # nothing points at it yet
        batch.alter_column("evidence_id", existing_type=sa.Integer(), nullable=True)
    _level_certificate()


def _level_certificate() -> None:
    table = "level_certificate"
    op.create_table(
        table,
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("number_key", sa.String(40), nullable=False),
        sa.Column("body", sa.String(80), nullable=False),
        sa.Column("scale", sa.String(20), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decided_by", sa.String(254), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'confirmed', 'refused')", name=op.f(f"ck_{table}_state")),
        sa.CheckConstraint("scale IN ('company_level', 'system_level')", name=op.f(f"ck_{table}_scale")),
        sa.CheckConstraint(
            "level BETWEEN 1 AND 5 AND (scale = 'company_level' OR level <= 4)", name=op.f(f"ck_{table}_level")
        ),
        sa.CheckConstraint("valid_until >= issued_on", name=op.f(f"ck_{table}_period")),
        *(
            sa.ForeignKeyConstraint([f"{column}_id"], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_id_{other}"))
            for column, other in (("site", "site"), ("file", "stored_file"), ("assessment", "assessment"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
        sa.UniqueConstraint("file_id", name=op.f(f"uq_{table}_file_id")),
    )
    for column in ("site_id", "number_key", "valid_until", "state", "assessment_id"):
        op.create_index(f"ix_{table}_{column}", table, [column])
    for state, columns in (("confirmed", ["number_key"]), ("waiting", ["site_id", "number_key"])):
        where = sa.text(f"state = '{state}'")
        op.create_index(
            f"uq_{table}_{state}", table, columns, unique=True, sqlite_where=where, postgresql_where=where
        )


def downgrade() -> None:
    op.drop_table("level_certificate")
    op.execute("DELETE FROM stored_file WHERE evidence_id IS NULL")
    with op.batch_alter_table("stored_file") as batch:
        batch.alter_column("evidence_id", existing_type=sa.Integer(), nullable=False)
    op.drop_index("ix_site_system_listing_id", "site_system")
    for column in ("listing_id", "in_use_since", "version", "vendor_name", "product"):
        op.drop_column("site_system", column)
    for column in (*reversed(FACTS), "products"):
        op.drop_column("site", column)
