"""Names and times that are the same at every load: public ids made of words instead of chance."""

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from catalog.db import Identified

#: Acts of one day follow one another from here on, a minute each: 10:00 in Korea.
_FIRST_MINUTE = time(1, tzinfo=UTC)


def moment(day: date, nth: int = 0) -> datetime:
    """The time of the nth act of a day."""
    return datetime.combine(day, _FIRST_MINUTE) + timedelta(minutes=nth)


def public_id(at: datetime, *words: str) -> str:
    """A UUIDv7 whose time is `at` and whose 74 other bits come from `words`."""
    digest = hashlib.sha256("\0".join(words).encode()).digest()
    noise = int.from_bytes(digest[:10], "big")
    milliseconds = int(at.timestamp() * 1000)
    value = milliseconds << 80 | 0x7 << 76 | (noise >> 68) << 64 | 0b10 << 62 | noise & (2**62 - 1)
    return str(UUID(int=value))


def give(row: Identified, at: datetime, *words: str) -> None:
    """Name a new row after `words` and date it."""
    row.public_id = public_id(at, type(row).__name__, *words)
    row.created_at = at


def draw(*words: str) -> int:
    """A whole number that these words always give."""
    return int.from_bytes(hashlib.sha256("\0".join(words).encode()).digest()[:4], "big")
