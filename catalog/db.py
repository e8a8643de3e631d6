"""The database: base class, column types, engine. SQLite by default, PostgreSQL by URL."""

import decimal
import os
import time
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, DateTime, Engine, MetaData, String, create_engine, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

MAX_INTEGER = 2**31 - 1


def uuid7(now_ms: int | None = None) -> UUID:
    """A time-ordered identifier (RFC 9562, version 7): 48 bits of milliseconds, 74 random bits."""
    ms = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    noise = int.from_bytes(os.urandom(10), "big")
    value = (ms & (2**48 - 1)) << 80 | 0x7 << 76 | (noise >> 68) << 64 | 0b10 << 62 | noise & (2**62 - 1)
    return UUID(int=value)


def new_id() -> str:
    """The public name of a new row, as text."""
    return str(uuid7())


def utcnow() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time in Python, a naive UTC time in the database (SQLite keeps no zone)."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time: its zone would be a guess."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


class DecimalText(TypeDecorator[decimal.Decimal]):
    """A measured value exactly as it was written ("3.10" stays "3.10"); SQLite has no exact decimals."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: decimal.Decimal | None, dialect: Dialect) -> str | None:
        """Write without an exponent."""
        return None if value is None else format(value, "f")

    def process_result_value(self, value: Any, dialect: Dialect) -> decimal.Decimal | None:
        """Read back the same digits."""
        return None if value is None else decimal.Decimal(value)


class Base(DeclarativeBase):
    """The base of every table; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        decimal.Decimal: DecimalText,
    }


class Identified:
    """Mixin: an integer key for joins inside, a UUIDv7 for every name seen outside."""

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The name in URLs, pages and the API.
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_id)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


def make_engine(url: str) -> Engine:
    """An engine for `url`.

    SQLite runs in WAL mode with foreign keys on; transactions begin IMMEDIATE, so that two writers queue instead of
    failing when a read turns into a write, unless the connection carries `sqlite_begin="DEFERRED"` (pure reads).
    `synchronous=FULL`: a commit that was answered survives a power cut. Errors do not repeat the values of a statement:
    they end up in logs.
    """
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=5, max_overflow=5, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(url, connect_args={"timeout": 15}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not open transactions of its own
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
    connection.exec_driver_sql(f"BEGIN {mode}")
