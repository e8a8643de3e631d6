"""What time alone makes old is taken away by the worker, now and then."""

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from marketplace import tasks
from marketplace.accounts.models import IdempotencyRecord
from marketplace.extensions import database
from marketplace.hooks import delivering

EVERY = timedelta(minutes=10)
#: How long an Idempotency-Key and a form's word are remembered.
KEYS_KEPT = timedelta(hours=24)
#: How long the log of webhooks goes back.
DELIVERIES_KEPT = timedelta(days=30)


def init_app(app: Flask) -> None:
    """Register with the worker."""
    last: list[datetime] = []

    def tick(moment: datetime) -> None:
        if last and moment - last[-1] < EVERY:
            return
        last[:] = [moment]
        with database(app).session() as session, session.begin():
            tidy(session, moment)

    tasks.every_tick(app, tick)


def tidy(session: Session, moment: datetime) -> None:
    """Forget old idempotency records and old deliveries."""
    session.execute(delete(IdempotencyRecord).where(IdempotencyRecord.created_at < moment - KEYS_KEPT))
    delivering.forget(session, moment - DELIVERIES_KEPT)
