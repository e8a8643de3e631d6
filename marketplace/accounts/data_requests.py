"""What people ask of their own data: a copy of it, or that it goes."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.db import Base, Identified
from catalog.models import Organization
from marketplace.accounts.models import User

#: Asked for · there to be fetched · fetched or not, its bytes are gone.
ASKED, READY, GONE = "asked", "ready", "gone"
EXPORT_STATES = (ASKED, READY, GONE)

WAITING, DONE, REFUSED, WITHDRAWN = "waiting", "done", "refused", "withdrawn"
DELETION_STATES = (WAITING, DONE, REFUSED, WITHDRAWN)


class DataExport(Identified, Base):
    """One archive of a person's data, or of an organization's; only the person who asked for it may fetch it."""

    __tablename__ = "data_export"
    __table_args__ = (CheckConstraint(f"state IN {EXPORT_STATES!r}", name="state"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), index=True)
    #: None: the person's own data.
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=ASKED, index=True)
    expires_at: Mapped[datetime | None]
    size: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64))

    user: Mapped[User] = relationship()
    organization: Mapped[Organization | None] = relationship()

    @property
    def storage_key(self) -> str:
        """Where the store keeps it: the same for every attempt, so that a repeat leaves nothing behind."""
        return "export" + self.public_id.replace("-", "")


class DeletionRequest(Identified, Base):
    """An organization asks the operator to delete it."""

    __tablename__ = "deletion_request"
    __table_args__ = (CheckConstraint(f"state IN {DELETION_STATES!r}", name="state"),)

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    #: Who asked; None once that person's account is gone.
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[str] = mapped_column(String(10), default=WAITING, index=True)
    answered_at: Mapped[datetime | None]
    #: The operator's words to the organization.
    answer: Mapped[str] = mapped_column(Text, default="")

    organization: Mapped[Organization] = relationship()
    user: Mapped[User | None] = relationship()
