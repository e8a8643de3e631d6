"""Passwords: argon2id with the OWASP setting (19 MiB, two passes), one hash at a time a process."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH, MAX_LENGTH = 10, 128

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: Hashing needs memory; more than a few at once would let sign-ins starve everything else.
_slots = threading.BoundedSemaphore(4)
_dummy = _hasher.hash("no account has this password")


def hashed(password: str) -> str:
    """The argon2id hash of a password."""
    with _slots:
        return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether the password fits; without a stored hash the same work is done, so that the time tells nothing."""
    with _slots:
        try:
            _hasher.verify(stored or _dummy, password)
        except (VerificationError, InvalidHashError):
            return False
    return bool(stored)


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters and should be made anew."""
    return _hasher.check_needs_rehash(stored)
