"""Mail into a folder."""

import os
from pathlib import Path
from typing import Any

from marketplace.mail.letter import letter, name_of


class FolderMail:
    """Writes each mail as an .eml file that a mail program opens."""

    def __init__(self, folder: Path, sender: str) -> None:
        self.folder = folder
        self.sender = sender

    def deliver(self, key: str, payload: dict[str, Any]) -> None:
        """Write the mail under a name made of its key: a repeat replaces it by itself."""
        name = self.file_name(key)
        message = letter(key, payload, self.sender)
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / f".{name}.{os.getpid()}"
        part.write_bytes(message.as_bytes())
        part.replace(self.folder / name)

    def file_name(self, key: str) -> str:
        """The file of the mail with that key."""
        return name_of(key) + ".eml"
