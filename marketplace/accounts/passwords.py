"""Passwords: argon2id with the OWASP setting (19 MiB, two passes), a few hashes at a time a process."""

import re
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from catalog.errors import Invalid

MIN_LENGTH, MAX_LENGTH = 10, 128
#: A password that zxcvbn finds in fewer guesses than this is refused ("score" 0 or 1).
MIN_GUESSES = 10**6
#: zxcvbn's work grows with the square of the length, and what is longer is no easier to guess.
ESTIMATED_LENGTH = 72

_common = frozenset(FREQUENCY_LISTS["passwords"])

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


def require_strong(password: str, *, email: str, name: str = "", pointer: str = "password") -> None:
    """Refuse what is guessed first: the address, a common password, or little more than either.

    Raises:
        Invalid: at `pointer`, "password_weak" (the address) or "password_common".
    """
    if password.lower() == email.lower():
        raise Invalid.at(pointer, "password_weak")
    own = [part for part in re.split(r"[@.\s]+", f"{email} {name}".lower()) if len(part) > 2]
    if password.lower() in _common:
        raise Invalid.at(pointer, "password_common")
    if zxcvbn(password[:ESTIMATED_LENGTH], user_inputs=own)["guesses"] < MIN_GUESSES:
        raise Invalid.at(pointer, "password_common")
