"""The tables of notices."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.db import Base, Identified
from catalog.models import Organization
from marketplace.accounts.models import User

NOW, DAILY, NONE = "now", "daily", "none"
#: How a person hears of an event besides the bell: a mail at once, in the morning's digest, not at all.
DELIVERIES = (NOW, DAILY, NONE)


class Notice(Identified, Base):
    """One occasion as one person was told of it: a line in the bell."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("uq_notice_user_id_key", "user_id", "key", unique=True),
        Index("ix_notice_user_id_read_at", "user_id", "read_at"),
        Index("ix_notice_delivery_mailed_at", "delivery", "mailed_at"),
        CheckConstraint(f"delivery IN {DELIVERIES!r}", name="delivery"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"))
    #: The organization as whose member the person is told; none = the person alone.
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    #: A code of `events.EVENTS`.
    event: Mapped[str] = mapped_column(String(40))
    #: Names the occasion; a person is told of it once.
    key: Mapped[str] = mapped_column(String(200))
    #: Path on this site.
    link: Mapped[str] = mapped_column(String(300))
    #: Public id of the row that it is about.
    about: Mapped[str] = mapped_column(String(36), index=True)
    #: Values for the words of the event.
    params: Mapped[dict[str, Any]]
    #: The mail that was chosen when it happened.
    delivery: Mapped[str] = mapped_column(String(5))
    #: When its mail, or the digest with it, was asked for.
    mailed_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()
    organization: Mapped[Organization | None] = relationship()


class NoticePreference(Base):
    """What a person chose for one event; without a row the event's own default holds."""

    __tablename__ = "notice_preference"
    __table_args__ = (
        Index("uq_notice_preference", "user_id", "event", unique=True),
        CheckConstraint(f"delivery IN {DELIVERIES!r}", name="delivery"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"))
    event: Mapped[str] = mapped_column(String(40))
    delivery: Mapped[str] = mapped_column(String(5))
