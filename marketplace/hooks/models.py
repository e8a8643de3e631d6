"""The tables of webhooks."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.db import Base, Identified
from catalog.models import Organization

WAITING, DELIVERED, FAILED = "waiting", "delivered", "failed"
STATES = (WAITING, DELIVERED, FAILED)


class Hook(Identified, Base):
    """An address of an organization's program and the events that it wants to hear of."""

    __tablename__ = "hook"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    url: Mapped[str] = mapped_column(String(500))
    #: Codes of events.
    events: Mapped[list[Any]]
    #: Which secret signs: each rotation counts one up (`hooks/signing.py`).
    generation: Mapped[int] = mapped_column(default=1)
    #: Until then the secret before signs besides.
    older_until: Mapped[datetime | None]
    #: Since when every try has failed; none after a success.
    failing_since: Mapped[datetime | None]
    #: Switched off, by hand or after days of failures.
    off_at: Mapped[datetime | None]

    organization: Mapped[Organization] = relationship()


class HookDelivery(Identified, Base):
    """One event on its way to one address."""

    __tablename__ = "hook_delivery"
    __table_args__ = (
        Index("ix_hook_delivery_hook_id", "hook_id", "id"),
        CheckConstraint(f"state IN {STATES!r}", name="state"),
    )

    hook_id: Mapped[int] = mapped_column(ForeignKey("hook.id", ondelete="CASCADE"))
    #: Code of the event.
    event: Mapped[str] = mapped_column(String(60))
    #: The event's own id, the same at every address and in every repetition: receivers tell repeats by it.
    occasion: Mapped[str] = mapped_column(String(36))
    about_type: Mapped[str] = mapped_column(String(40))
    about_id: Mapped[str] = mapped_column(String(60))
    #: Path on this site.
    link: Mapped[str] = mapped_column(String(300))
    occurred_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    #: HTTP status of the last answer.
    status: Mapped[int | None]
    #: Why the last try got no answer or no good one: a code of `sending.TROUBLES`.
    trouble: Mapped[str | None] = mapped_column(String(30))
    duration_ms: Mapped[int | None]
    tried_at: Mapped[datetime | None]
    #: When it is tried again, if it is.
    next_at: Mapped[datetime | None]

    hook: Mapped[Hook] = relationship()
