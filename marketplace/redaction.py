"""What must not be read by whoever keeps a log or looks at a queue: secrets, account numbers, the text of mails.

Pure. Values are blanked by the name they stand under, and inside texts by their shape.
"""

import re
from collections.abc import Mapping
from typing import Any

BLANK = "[redacted]"
#: Parts of names whose values never reach a log.
SECRET_NAMES = (
    "password",
    "passwd",
    "token",
    "secret",
    "authorization",
    "cookie",
    "credential",
    "api_key",
    "totp",
)
MONEY_NAMES = ("card", "iban", "bank_account", "account_number", "cvc")
#: Whole names: the text of a mail, of an upload or of a request.
BODY_NAMES = ("body", "html", "payload", "content", "message_text")
#: Names whose values are addresses of people: shown by two letters where a queue is looked at.
ADDRESS_NAMES = ("to", "email", "recipient")

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_BEARER = re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE)
_ADDRESS_PASSWORD = re.compile(r"(://[^\s/:@]*:)[^\s/@]+@")
#: A random word as this product makes them: letters of both cases and digits, 22 or more.
_WORD = re.compile(
    r"(?<![\w-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*[0-9])[A-Za-z0-9_-]{22,}(?![\w-])", re.ASCII
)
_CARD = re.compile(r"(?<![\w-])[0-9](?:[ -]?[0-9]){12,18}(?![\w-])", re.ASCII)
#: Three or four groups of digits with hyphens, ten to sixteen digits in all, as Korean banks write accounts.
_ACCOUNT = re.compile(r"(?<![\w-])[0-9]{2,6}(?:-[0-9]{2,8}){2,3}(?![\w-])", re.ASCII)
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*", re.ASCII)
_BUSINESS_NUMBER = re.compile(r"[0-9]{3}-[0-9]{2}-[0-9]{5}", re.ASCII)


def clean(value: Any, name: str = "") -> Any:
    """The value without what must not be read; mappings and lists are gone through, other objects stay.

    >>> clean({"path": "/x", "password": "p", "note": "Bearer abcdefgh12"})
    {'path': '/x', 'password': '[redacted]', 'note': 'Bearer [redacted]'}
    """
    lowered = name.lower()
    if any(part in lowered for part in (*SECRET_NAMES, *MONEY_NAMES)) or lowered in BODY_NAMES:
        return value if value is None or value == "" else BLANK
    if isinstance(value, Mapping):
        return {key: clean(inner, str(key)) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [clean(inner, name) for inner in value]
    return text(value) if isinstance(value, str) else value


def text(words: str) -> str:
    """The text with secrets, card numbers and account numbers in it blanked.

    >>> text("from 110-123-456789 with 4111 1111 1111 1111 to 123-45-67890")
    'from [redacted] with [redacted] to 123-45-67890'
    """
    words = _BEARER.sub(rf"\1 {BLANK}", words)
    words = _ADDRESS_PASSWORD.sub(rf"\1{BLANK}@", words)
    words = _WORD.sub(lambda found: found[0] if _UUID.fullmatch(found[0]) else BLANK, words)
    words = _CARD.sub(lambda found: BLANK if _is_card(found[0]) else found[0], words)
    return _ACCOUNT.sub(lambda found: BLANK if _is_account(found[0]) else found[0], words)


def outline(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A message of the outbox for people's eyes: addresses by two letters, texts by their length."""
    return {name: _outlined(value, name) for name, value in payload.items()}


def address(email: str) -> str:
    """An e-mail address by its first two letters.

    >>> address("minji@hanul.example")
    'mi…@hanul.example'
    """
    local, at, domain = email.rpartition("@")
    return f"{local[:2]}…{at}{domain}" if at else f"{email[:2]}…"


def addresses(words: str) -> str:
    """The text as `text` leaves it, every e-mail address in it by its first two letters."""
    return _ADDRESS.sub(lambda found: address(found[0]), text(words))


def _outlined(value: Any, name: str) -> Any:
    if isinstance(value, str) and name.lower() in ADDRESS_NAMES:
        return address(value)
    if isinstance(value, str) and not _UUID.fullmatch(value) and len(value) > 40:
        return f"[{len(value)}]"
    return clean(value, name)


def _is_card(found: str) -> bool:
    """Whether the digits pass the check of card numbers (Luhn)."""
    digits = [int(letter) for letter in reversed(found) if letter.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _is_account(found: str) -> bool:
    digits = sum(letter.isdigit() for letter in found)
    return 10 <= digits <= 16 and _BUSINESS_NUMBER.fullmatch(found) is None
