"""A mail as the standards write it (RFC 5322, 2369, 8058): UTF-8, plain text, nothing slipped into its head."""

import hashlib
import unicodedata
from collections.abc import Mapping
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.utils import format_datetime, parseaddr
from typing import Any

from catalog.db import utcnow
from marketplace.tasks import GiveUp

#: Text in seven bits, which every server takes.
UTF_8 = Charset("utf-8")
UTF_8.body_encoding = QP


def name_of(key: str) -> str:
    """32 hexadecimal digits that stand for the key: in file names and message ids."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def letter(key: str, payload: Mapping[str, Any], sender: str) -> "Message[Any, Any]":
    """The message; the same key has the same Message-ID, so that a receiver knows a repeat for what it is.

    Raises:
        GiveUp: what stands under "to" is not one plain address.
    """
    message: Message[Any, Any] = Message()
    message.set_payload(payload["body"], UTF_8)
    message["From"] = sender
    message["To"] = _address(payload["to"])
    # Encoded as a whole: EmailMessage loses spaces where Korean and Latin letters meet at a fold.
    message["Subject"] = Header(_one_line(payload["subject"]), "utf-8", header_name="Subject")
    message["Date"] = format_datetime(utcnow())
    message["Message-ID"] = f"<{name_of(key)}@{sender.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    if payload.get("unsubscribe"):
        message["List-Unsubscribe"] = f"<{_one_line(payload['unsubscribe'])}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message


def _one_line(text: str) -> str:
    """The text without line ends and other control characters: people's own words stand in subjects."""
    plain = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return " ".join(plain.split())


def _address(text: str) -> str:
    local, at, domain = text.rpartition("@")
    plain = text.isprintable() and text.isascii() and not any(c in text for c in ' ,;:<>()[]"\\')
    if not (plain and at and local and domain and parseaddr(text)[1] == text):
        raise GiveUp("the address is not one plain address")
    return text
