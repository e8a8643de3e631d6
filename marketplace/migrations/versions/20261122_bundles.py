"""bundles, their versions and the consents to them"""

import sqlalchemy as sa
from alembic import op

import catalog.db

revision = "20261122_bundles"
down_revision = "20261122_alliances"
branch_labels = None
depends_on = None

VERSIONS = (
    "('signing', 'signed', 'in_force', 'superseded', 'refused', 'expired', 'taken_back', 'withdrawn')"
)


def upgrade() -> None:
    op.create_table('bundle',
    sa.Column('alliance_id', sa.Integer(), nullable=False),
    sa.Column('listing_id', sa.Integer(), nullable=False),
    sa.Column('draft', sa.JSON(), nullable=False),
    sa.Column('draft_number', sa.Integer(), nullable=False),
    sa.Column('demand', sa.String(length=36), nullable=True),
    sa.Column('changed_at', catalog.db.UtcDateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=36), nullable=False),
    sa.Column('created_at', catalog.db.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['alliance_id'], ['alliance.id'], name=op.f('fk_bundle_alliance_id_alliance')),
    sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_bundle_listing_id_listing')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bundle')),
    sa.UniqueConstraint('listing_id', name=op.f('uq_bundle_listing_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_bundle_public_id'))
    )
    with op.batch_alter_table('bundle', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_bundle_alliance_id'), ['alliance_id'], unique=False)

    op.create_table('bundle_version',
    sa.Column('bundle_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('sent_on', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('reminded_on', sa.Date(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=36), nullable=False),
    sa.Column('created_at', catalog.db.UtcDateTime(), nullable=False),
    sa.CheckConstraint(f"state IN {VERSIONS}", name=op.f("ck_bundle_version_state")),
    sa.CheckConstraint('number >= 1', name=op.f('ck_bundle_version_number')),
    sa.ForeignKeyConstraint(['bundle_id'], ['bundle.id'], name=op.f('fk_bundle_version_bundle_id_bundle'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bundle_version')),
    sa.UniqueConstraint('public_id', name=op.f('uq_bundle_version_public_id'))
    )
    with op.batch_alter_table('bundle_version', schema=None) as batch_op:
        batch_op.create_index('uq_bundle_version_in_force', ['bundle_id'], unique=True, sqlite_where=sa.text("state = 'in_force'"), postgresql_where=sa.text("state = 'in_force'"))
        batch_op.create_index('uq_bundle_version_number', ['bundle_id', 'number'], unique=True)
        batch_op.create_index('uq_bundle_version_open', ['bundle_id'], unique=True, sqlite_where=sa.text("state IN ('signing', 'signed')"), postgresql_where=sa.text("state IN ('signing', 'signed')"))

    op.create_table('bundle_consent',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('organization_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('part_sha256', sa.String(length=64), nullable=False),
    sa.Column('signed_sha256', sa.String(length=64), nullable=True),
    sa.Column('carried_from', sa.Integer(), nullable=True),
    sa.Column('signed_by', sa.String(length=80), nullable=True),
    sa.Column('signed_email', sa.String(length=254), nullable=True),
    sa.Column('at', catalog.db.UtcDateTime(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('opened_at', catalog.db.UtcDateTime(), nullable=True),
    sa.Column('reminders', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'asked') = (at IS NULL)", name=op.f('ck_bundle_consent_at')),
    sa.CheckConstraint("state IN ('asked', 'given', 'carried', 'denied')", name=op.f('ck_bundle_consent_state')),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_bundle_consent_organization_id_organization')),
    sa.ForeignKeyConstraint(['version_id'], ['bundle_version.id'], name=op.f('fk_bundle_consent_version_id_bundle_version'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bundle_consent'))
    )
    with op.batch_alter_table('bundle_consent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_bundle_consent_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index('uq_bundle_consent', ['version_id', 'organization_id'], unique=True)



def downgrade() -> None:
    with op.batch_alter_table('bundle_consent', schema=None) as batch_op:
        batch_op.drop_index('uq_bundle_consent')
        batch_op.drop_index(batch_op.f('ix_bundle_consent_organization_id'))

    op.drop_table('bundle_consent')
    with op.batch_alter_table('bundle_version', schema=None) as batch_op:
        batch_op.drop_index('uq_bundle_version_open', sqlite_where=sa.text("state IN ('signing', 'signed')"), postgresql_where=sa.text("state IN ('signing', 'signed')"))
        batch_op.drop_index('uq_bundle_version_number')
        batch_op.drop_index('uq_bundle_version_in_force', sqlite_where=sa.text("state = 'in_force'"), postgresql_where=sa.text("state = 'in_force'"))

    op.drop_table('bundle_version')
    with op.batch_alter_table('bundle', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_bundle_alliance_id'))

    op.drop_table('bundle')
