"""alliances with charters, members and demands that are shown to them"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_alliances"
down_revision = "20261122_large_lists"
branch_labels = None
depends_on = None

MEMBERS = "('invited', 'asked', 'withdrawn', 'declined', 'joined', 'leaving', 'left', 'excluded')"
CHARTERS = "('proposed', 'in_force', 'superseded', 'taken_back')"


def _foreign(table: str, column: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def _named(table: str) -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    ]


def _identified() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
    ]


def _checks(table: str, **conditions: str) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(said, name=op.f(f"ck_{table}_{name}")) for name, said in conditions.items()]


def upgrade() -> None:
    op.create_table(
        "alliance",
        *_identified(),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("name_en", sa.String(60), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("purpose_en", sa.Text(), nullable=False),
        sa.Column("coordinator_id", sa.Integer(), nullable=False),
        sa.Column("division", sa.String(40), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("dissolved_on", sa.Date(), nullable=True),
        *_checks(
            "alliance",
            state="state IN ('forming', 'active', 'dissolved')",
            dissolved_on="(state = 'dissolved') = (dissolved_on IS NOT NULL)",
            name="name <> ''",
        ),
        _foreign("alliance", "coordinator_id", "organization"),
        *_named("alliance"),
    )
    op.create_index(op.f("ix_alliance_coordinator_id"), "alliance", ["coordinator_id"])
    op.create_index(op.f("ix_alliance_state"), "alliance", ["state"])
    _members()
    _charters()
    op.create_table(
        "alliance_lead",
        *_identified(),
        sa.Column("demand_id", sa.Integer(), nullable=False),
        sa.Column("alliance_id", sa.Integer(), nullable=False),
        sa.Column("shared_at", sa.DateTime(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        _foreign("alliance_lead", "demand_id", "demand", "CASCADE"),
        _foreign("alliance_lead", "alliance_id", "alliance"),
        _foreign("alliance_lead", "owner_id", "organization"),
        sa.UniqueConstraint("demand_id", name=op.f("uq_alliance_lead_demand_id")),
        *_named("alliance_lead"),
    )
    for column in ("alliance_id", "owner_id"):
        op.create_index(op.f(f"ix_alliance_lead_{column}"), "alliance_lead", [column])


def downgrade() -> None:
    op.drop_table("alliance_lead")
    op.drop_table("charter_consent")
    op.drop_table("alliance_charter")
    op.drop_table("alliance_member")
    op.drop_table("alliance")


def _members() -> None:
    op.create_table(
        "alliance_member",
        *_identified(),
        sa.Column("alliance_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("role", sa.String(60), nullable=False),
        sa.Column("role_en", sa.String(60), nullable=False),
        sa.Column("capabilities", sa.JSON(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        *_checks(
            "alliance_member",
            state=f"state IN {MEMBERS}",
            last_day="state NOT IN ('leaving', 'left', 'excluded') OR last_day IS NOT NULL",
        ),
        _foreign("alliance_member", "alliance_id", "alliance", "CASCADE"),
        _foreign("alliance_member", "organization_id", "organization"),
        *_named("alliance_member"),
    )
    op.create_index("uq_alliance_member", "alliance_member", ["alliance_id", "organization_id"], unique=True)
    op.create_index(op.f("ix_alliance_member_organization_id"), "alliance_member", ["organization_id"])


def _charters() -> None:
    op.create_table(
        "alliance_charter",
        *_identified(),
        sa.Column("alliance_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("in_force_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        *_checks("alliance_charter", state=f"state IN {CHARTERS}", number="number >= 1"),
        _foreign("alliance_charter", "alliance_id", "alliance", "CASCADE"),
        *_named("alliance_charter"),
    )
    op.create_index("uq_alliance_charter_number", "alliance_charter", ["alliance_id", "number"], unique=True)
    for state in ("proposed", "in_force"):
        one = sa.text(f"state = '{state}'")
        op.create_index(
            f"uq_alliance_charter_{state}",
            "alliance_charter",
            ["alliance_id"],
            unique=True,
            sqlite_where=one,
            postgresql_where=one,
        )
    op.create_table(
        "charter_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("charter_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("signed_by", sa.String(80), nullable=False),
        sa.Column("signed_email", sa.String(254), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("part", sa.JSON(), nullable=True),
        _foreign("charter_consent", "charter_id", "alliance_charter", "CASCADE"),
        _foreign("charter_consent", "member_id", "alliance_member", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charter_consent")),
    )
    op.create_index("uq_charter_consent", "charter_consent", ["charter_id", "member_id"], unique=True)
    op.create_index(op.f("ix_charter_consent_member_id"), "charter_consent", ["member_id"])
