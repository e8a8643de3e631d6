"""Where uploaded bytes are kept: one small protocol, chosen by a URL.

The database says whose a file is and who may read it; a store only keeps bytes under random keys.
"""

from pathlib import Path
from typing import IO, Protocol

from catalog.files.folder import FolderStore


class FileStore(Protocol):
    """What every store can do. Keys are hex words made by the domain, never names given by people."""

    def put(self, key: str, stream: IO[bytes]) -> None:
        """Keep the stream's bytes, from its beginning, under `key`: whole, or not at all."""

    def open(self, key: str) -> IO[bytes]:
        """A readable stream of the bytes. Raises FileNotFoundError."""

    def delete(self, key: str) -> None:
        """Forget the bytes; harmless if they are gone."""


def store_from_url(url: str) -> FileStore:
    """The store that `FILES_URL` names: `file:` and a folder.

    Raises:
        ValueError: any other scheme.
    """
    scheme, _, rest = url.partition(":")
    if scheme != "file" or not rest:
        raise ValueError(f"FILES_URL: {scheme}: is not supported; use file:FOLDER")
    return FolderStore(Path(rest))
