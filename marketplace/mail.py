"""Mail: asked for through the outbox, delivered by the worker, once a key."""

import hashlib
import os
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from catalog import outbox
from catalog.db import utcnow

TOPIC = "mail.send"


def ask(session: Session, *, to: str, key: str, subject: str, body: str) -> None:
    """Send one mail once this transaction commits. `key` names the occasion: the same key is sent once."""
    outbox.record(session, TOPIC, f"{key}:{to}", {"to": to, "subject": subject, "body": body})


class FolderMail:
    """Writes each mail as an .eml file that a mail program opens."""

    def __init__(self, folder: Path, sender: str) -> None:
        self.folder = folder
        self.sender = sender

    def deliver(self, key: str, payload: dict[str, Any]) -> None:
        """Write the mail under a name made of its key: a repeat replaces it by itself."""
        name = self.file_name(key)
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, payload["to"], payload["subject"]
        message["Date"] = format_datetime(utcnow())
        message["Message-ID"] = f"<{name.removesuffix('.eml')}@{self.sender.partition('@')[2]}>"
        message.set_content(payload["body"])
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / f".{name}.{os.getpid()}"
        part.write_bytes(message.as_bytes())
        part.replace(self.folder / name)

    def file_name(self, key: str) -> str:
        """The file of the mail with that key."""
        return hashlib.sha256(key.encode()).hexdigest()[:32] + ".eml"


def from_url(url: str, site_url: str) -> FolderMail:
    """The mail system that `MAIL_URL` names: `file:` and a folder. Raises ValueError: any other scheme."""
    scheme, _, rest = url.partition(":")
    if scheme != "file" or not rest:
        raise ValueError(f"MAIL_URL: {scheme}: is not supported; use file:FOLDER")
    host = urlsplit(site_url).hostname or "localhost"
    return FolderMail(Path(rest), f"ieum@{host}")
