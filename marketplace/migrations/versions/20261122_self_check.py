"""answers of the self-check"""

import sqlalchemy as sa
from alembic import op

from catalog.db import UtcDateTime

revision = "20261122_self_check"
down_revision = "20261122_plants"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("assessment", sa.Column("detail", sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "self_check",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("public_id", sa.String(36), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("site_id", sa.Integer(), sa.ForeignKey("site.id"), nullable=False),
        sa.Column("edition", sa.String(40), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("assessment_id", sa.Integer(), sa.ForeignKey("assessment.id"), nullable=True),
        sa.CheckConstraint("state IN ('open', 'finished')", name=op.f("ck_self_check_state")),
        sa.CheckConstraint(
            "(state = 'finished') = (finished_on IS NOT NULL)", name=op.f("ck_self_check_finished_on")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_self_check_public_id")),
    )
    op.create_index(op.f("ix_self_check_site_id"), "self_check", ["site_id"])
    op.create_index(op.f("ix_self_check_assessment_id"), "self_check", ["assessment_id"])
    op.create_index(
        "uq_self_check_open",
        "self_check",
        ["site_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "self_check_answer",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "check_id", sa.Integer(), sa.ForeignKey("self_check.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("question", sa.String(20), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("value IS NULL OR value BETWEEN 1 AND 5", name=op.f("ck_self_check_answer_value")),
    )
    op.create_index("uq_self_check_answer", "self_check_answer", ["check_id", "question"], unique=True)


def downgrade() -> None:
    op.drop_table("self_check_answer")
    op.drop_table("self_check")
    # earlier code knows two bases: what the rows say stays as near to them as it can
    op.execute("UPDATE assessment SET basis = 'self_reported' WHERE basis = 'self_check'")
    op.execute("UPDATE assessment SET basis = 'certificate_claimed' WHERE basis = 'certified'")
    op.drop_column("assessment", "detail")
