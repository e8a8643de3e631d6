"""Counts tries by subject in windows of time: guessing becomes slow, and nobody is locked out for good.

A try is counted before it is made, so that many at once cannot slip through together, and taken back when it was right.
"""

import hashlib
from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from marketplace.errors import RetryLater
from marketplace.extensions import database, now

#: After this many tries in one window a subject must wait for the next one.
MAX_TRIES = {"account": 8, "address": 40, "device": 8, "second": 8, "password": 8, "forgot": 20}
WINDOW_SECONDS = 600

#: A kind of MAX_TRIES and whom it counts.
Subject = tuple[str, str]

_RAISE = text(
    'INSERT INTO sign_in_failure (subject, "window", failures) VALUES (:subject, :window, 1) '
    'ON CONFLICT (subject, "window") DO UPDATE SET failures = sign_in_failure.failures + 1 RETURNING failures'
)
_LOWER = text(
    "UPDATE sign_in_failure SET failures = failures - 1 "
    'WHERE subject = :subject AND "window" = :window AND failures > 0'
)
_FORGET = text('DELETE FROM sign_in_failure WHERE "window" < :window')


class TooMany(RetryLater):
    """Too many tries; `retry_after` seconds remain."""

    @property
    def retry_after(self) -> int:
        """Seconds until it may be tried again."""
        return self.seconds


def reserve(session: Session, subjects: Sequence[Subject]) -> None:
    """Count a try of each subject, in a transaction of its own, because the refused request itself is rolled back.

    `session` is rolled back first: what is to be tried may take a while, and must hold no lock meanwhile.

    Raises:
        TooMany: one of them has had its tries in this window.
    """
    session.rollback()
    moment = int(now().timestamp())
    window = moment // WINDOW_SECONDS
    with database().session() as writing, writing.begin():
        counts = [
            writing.execute(_RAISE, {"subject": _key(subject), "window": window}).scalar_one()
            for subject in subjects
        ]
        if 1 in counts:  # once a subject and window: windows long past are of no use to anybody
            writing.execute(_FORGET, {"window": window - 6})
    if any(count > MAX_TRIES[kind] for (kind, _), count in zip(subjects, counts, strict=True)):
        raise TooMany(WINDOW_SECONDS - moment % WINDOW_SECONDS)


def give_back(subjects: Sequence[Subject]) -> None:
    """The reserved try was right and does not count. The caller must hold no lock."""
    window = int(now().timestamp()) // WINDOW_SECONDS
    with database().session() as writing, writing.begin():
        for subject in subjects:
            writing.execute(_LOWER, {"subject": _key(subject), "window": window})


def _key(subject: Subject) -> str:
    return hashlib.sha256(":".join(subject).encode()).hexdigest()
