"""people: ways in, invitations, second factor"""

import sqlalchemy as sa
from alembic import op

from catalog.db import new_id

revision = "20261121_people"
down_revision = "20261121_rights"
branch_labels = None
depends_on = None

USER = (
    ("email_proved_at", sa.DateTime()),
    ("suspended_at", sa.DateTime()),
    ("totp_secret", sa.String(64)),
    ("totp_on_at", sa.DateTime()),
    ("totp_step", sa.BigInteger()),
)


def upgrade() -> None:
    for name, kind in USER:  # plain ADD COLUMN: rebuilding the table on SQLite would empty those that hang on it
        op.add_column("app_user", sa.Column(name, kind, nullable=True))
    op.execute("UPDATE app_user SET email_proved_at = created_at WHERE email LIKE '%@demo.example'")
    _sessions()
    _links()
    _second_factor()
    _joining()


def _sessions() -> None:
    with op.batch_alter_table("user_session") as batch:
        batch.add_column(sa.Column("public_id", sa.String(36), nullable=True))
        batch.add_column(sa.Column("device", sa.String(30), nullable=False, server_default="other/other"))
    table = sa.table("user_session", sa.column("id", sa.Integer), sa.column("public_id", sa.String))
    for (key,) in op.get_bind().execute(sa.select(table.c.id)).all():
        op.execute(table.update().where(table.c.id == key).values(public_id=new_id()))
    with op.batch_alter_table("user_session") as batch:
        batch.alter_column("public_id", existing_type=sa.String(36), nullable=False)
        batch.alter_column("device", existing_type=sa.String(30), server_default=None)
        batch.create_unique_constraint("uq_user_session_public_id", ["public_id"])


def _links() -> None:
    with op.batch_alter_table("one_time_link") as batch:
        batch.add_column(sa.Column("purpose", sa.String(10), nullable=False, server_default="welcome"))
        batch.add_column(sa.Column("email", sa.String(254), nullable=True))
        batch.add_column(sa.Column("created_at", sa.DateTime(), nullable=True))
    op.execute("UPDATE one_time_link SET created_at = expires_at")
    with op.batch_alter_table("one_time_link") as batch:
        batch.alter_column("purpose", existing_type=sa.String(10), server_default=None)
        batch.alter_column("created_at", existing_type=sa.DateTime(), nullable=False)
        batch.create_check_constraint("purpose", "purpose IN ('welcome', 'reset', 'proof', 'second')")
        batch.create_index("ix_one_time_link_user_id", ["user_id"])


def _second_factor() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("app_user.id", ondelete="CASCADE"), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("used_at", sa.DateTime(), nullable=True),
    )
    op.create_index("ix_recovery_code_user_id", "recovery_code", ["user_id"])
    op.create_table(
        "known_device",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("app_user.id", ondelete="CASCADE"), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("first_at", sa.DateTime(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
    )
    op.create_index("uq_known_device", "known_device", ["user_id", "key_hash"], unique=True)


def _joining() -> None:
    op.create_table(
        "invitation",
        sa.Column("organization_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("rights", sa.JSON(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("invited_by", sa.Integer(), sa.ForeignKey("app_user.id", ondelete="SET NULL"), nullable=True),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("public_id", sa.String(36), nullable=False, unique=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
    )
    op.create_index("ix_invitation_organization_id", "invitation", ["organization_id"])
    op.create_index("ix_invitation_email", "invitation", ["email"])
    op.create_table(
        "join_request",
        sa.Column("organization_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("app_user.id", ondelete="CASCADE"), nullable=False),
        sa.Column("message", sa.String(300), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("public_id", sa.String(36), nullable=False, unique=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'accepted', 'refused')", name="state"),
    )
    op.create_index("ix_join_request_organization_id", "join_request", ["organization_id"])
    op.create_index("ix_join_request_user_id", "join_request", ["user_id"])


def downgrade() -> None:
    for table in ("join_request", "invitation", "known_device", "recovery_code"):
        op.drop_table(table)
    op.execute("DELETE FROM one_time_link WHERE purpose <> 'welcome'")
    with op.batch_alter_table("one_time_link") as batch:
        batch.drop_index("ix_one_time_link_user_id")
        batch.drop_constraint("purpose", type_="check")
        for name in ("created_at", "email", "purpose"):
            batch.drop_column(name)
    with op.batch_alter_table("user_session") as batch:
        batch.drop_constraint("uq_user_session_public_id", type_="unique")
        batch.drop_column("device")
        batch.drop_column("public_id")
    for name, _ in USER:  # no rebuilding here either
        op.execute(f"ALTER TABLE app_user DROP COLUMN {name}")
