"""notices of a new device say when and on what: those of before get the words that can still be known"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "20261121_new_device_words"
down_revision = "20261121_withdrawn_requests"
branch_labels = None
depends_on = None

KOREA = timedelta(hours=9)
NOTICE = sa.table(
    "notice",
    sa.column("id", sa.Integer()),
    sa.column("event", sa.String()),
    sa.column("created_at", sa.DateTime()),
    sa.column("params", sa.JSON()),
)


def upgrade() -> None:
    connection = op.get_bind()
    old = sa.select(NOTICE.c.id, NOTICE.c.created_at).where(NOTICE.c.event == "account.new_device")
    for key, moment in connection.execute(old).all():
        at = f"{moment + KOREA:%Y-%m-%d %H:%M}"
        words = {"device": "알 수 없음", "device_en": "unknown", "at": at}
        connection.execute(NOTICE.update().where(NOTICE.c.id == key).values(params=words))


def downgrade() -> None:
    # The sentence of before leaves the words aside.
    pass
