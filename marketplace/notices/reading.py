"""A person's own notices: the bell, the list, what is read."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from catalog import clock
from catalog.errors import NotFound
from marketplace import extensions
from marketplace.accounts.principal import Principal
from marketplace.notices.models import Notice


def count_unread(session: Session, who: Principal) -> int:
    """How many the person has not read."""
    unread = select(func.count(Notice.id)).where(Notice.user_id == who.user_key, Notice.read_at.is_(None))
    return session.scalar(unread) or 0


def count(session: Session, who: Principal) -> int:
    """How many the person has."""
    return session.scalar(select(func.count(Notice.id)).where(Notice.user_id == who.user_key)) or 0


def newest(session: Session, who: Principal, *, offset: int, limit: int) -> list[Notice]:
    """The person's notices with their organizations, newest first."""
    rows = select(Notice).where(Notice.user_id == who.user_key).options(joinedload(Notice.organization))
    return list(session.scalars(rows.order_by(Notice.id.desc()).offset(offset).limit(limit)))


def unread_since(session: Session, who: Principal, days: Mapping[str, date]) -> dict[str, dict[str, int]]:
    """By event and public id of what they are about: how many unread notices came since the event's Korean day."""
    recent = [
        (Notice.event == event)
        & (Notice.created_at >= datetime.combine(day, time(), tzinfo=clock.SEOUL).astimezone(UTC))
        for event, day in days.items()
    ]
    rows = select(Notice.event, Notice.about, func.count(Notice.id)).where(
        Notice.user_id == who.user_key,
        Notice.organization_id == who.organization_key,
        Notice.read_at.is_(None),
        or_(*recent),
    )
    found: dict[str, dict[str, int]] = {}
    grouped = rows.group_by(Notice.event, Notice.about).order_by(Notice.event, Notice.about)
    for event, about, number in session.execute(grouped):
        found.setdefault(event, {})[about] = number
    return found


def one(session: Session, who: Principal, notice_id: UUID) -> Notice:
    """One of the person's notices. Raises NotFound: not there, or another's."""
    row = session.scalar(
        select(Notice).where(Notice.public_id == str(notice_id), Notice.user_id == who.user_key)
    )
    if row is None:
        raise NotFound
    return row


def mark(notice: Notice) -> None:
    """The person has read it; the first time counts."""
    notice.read_at = notice.read_at or extensions.now()


def mark_all(session: Session, who: Principal) -> None:
    """The person has read all there are."""
    unread = update(Notice).where(Notice.user_id == who.user_key, Notice.read_at.is_(None))
    session.execute(unread.values(read_at=extensions.now()))
