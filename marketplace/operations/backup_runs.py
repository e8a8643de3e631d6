"""What became of each backup: the console shows the last ones."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from catalog.db import Base, Identified

DONE, FAILED = "done", "failed"


class BackupRun(Identified, Base):
    """One run of `flask backup`, written when it ended; one that was killed leaves none."""

    __tablename__ = "backup_run"
    __table_args__ = (CheckConstraint(f"verdict IN {(DONE, FAILED)!r}", name="verdict"),)

    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    #: The folder, as the operator named it.
    place: Mapped[str] = mapped_column(String(500))
    verdict: Mapped[str] = mapped_column(String(10))
    #: Rows by table, as they were at the moment of the snapshot.
    counts: Mapped[dict[str, Any]]
    files: Mapped[int] = mapped_column(default=0)
    #: Bytes of the database's copy and of the files.
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    #: What went wrong; "" if nothing did.
    detail: Mapped[str] = mapped_column(Text, default="")


def last(session: Session, limit: int = 20) -> list[BackupRun]:
    """The newest runs first."""
    return list(session.scalars(select(BackupRun).order_by(BackupRun.id.desc()).limit(limit)))
