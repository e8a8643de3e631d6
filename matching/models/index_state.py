"""How far an index has followed the catalogue."""

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from catalog.db import Base, utcnow


class IndexState(Base):
    """One row an engine: the newest revision that the worker has brought into it."""

    __tablename__ = "index_state"

    engine: Mapped[str] = mapped_column(String(20), primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger, default=0)
    synced_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)
