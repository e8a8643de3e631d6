"""The daily digest: at 08:00 in Korea one mail a person with the notices that wait for it.

A tick records one outbox message a person and day; its handler writes the mail. Both are harmless if repeated: the
message and the mail are known by person and day, and a notice is marked in the transaction that asks for its mail.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import clock, outbox
from marketplace import extensions, tasks
from marketplace.accounts.models import User
from marketplace.notices import letters, preferences
from marketplace.notices.models import DAILY, NONE, Notice

TOPIC = "notices.digest"
AT = time(8, 0, tzinfo=clock.SEOUL)


def init_app(app: Flask) -> None:
    """Let the worker make digests."""

    def tick(now: datetime) -> None:
        with extensions.database(app).session() as session, session.begin():
            ask_due(session, now)

    def handler(_key: str, payload: dict[str, Any]) -> None:
        with app.app_context(), extensions.database(app).session() as session, session.begin():
            write(session, payload["user"], date.fromisoformat(payload["day"]))

    tasks.every_tick(app, tick)
    tasks.handle(app, TOPIC, handler)


def day_of_digest(now: datetime) -> date:
    """The Korean day of the last 08:00 that has struck."""
    day = clock.day_of(now)
    return day if now >= struck(day) else day - timedelta(days=1)


def struck(day: date) -> datetime:
    """The moment (UTC) of that Korean day's digest: what happened before it belongs to it."""
    return datetime.combine(day, AT).astimezone(UTC)


def ask_due(session: Session, now: datetime) -> None:
    """Record a message for each person with a notice from before the last 08:00 that no digest has had yet."""
    day = day_of_digest(now)
    waiting = select(User.public_id).where(User.id.in_(select(Notice.user_id).where(*_waiting(day))))
    for public_id in session.scalars(waiting).all():
        outbox.record(
            session, TOPIC, f"{public_id}:{day.isoformat()}", {"user": public_id, "day": day.isoformat()}
        )


def write(session: Session, user_id: str, day: date) -> None:
    """Ask for the person's mail of that day and mark its notices; what is switched off by now is left out."""
    user = session.scalar(select(User).where(User.public_id == user_id))
    if user is None:
        return
    rows = select(Notice).where(Notice.user_id == user.id, *_waiting(day)).order_by(Notice.id)
    notices = list(session.scalars(rows.with_for_update()))
    held = preferences.of(session, user.id)
    wanted = [notice for notice in notices if held[notice.event] != NONE]
    for notice in notices:
        notice.mailed_at = extensions.now()
    if wanted and letters.may_be_mailed(user):
        letters.ask_digest(session, user, wanted, day.isoformat())


def _waiting(day: date) -> tuple[Any, ...]:
    return Notice.delivery == DAILY, Notice.mailed_at.is_(None), Notice.created_at < struck(day)
