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
    """The store that `FILES_URL` names: `file:` and a folder, or `s3://BUCKET[/PREFIX][?endpoint=URL&region=NAME]`.

    Raises:
        ValueError: any other scheme, or an address that is not whole.
    """
    scheme, _, rest = url.partition(":")
    if scheme == "s3":
        from catalog.files.s3 import S3Store  # noqa: PLC0415 - a folder never needs the client of such servers

        return S3Store.from_url(url)
    if scheme != "file" or not rest:
        raise ValueError(f"FILES_URL: {scheme}: is not supported; use file:FOLDER or s3://BUCKET")
    return FolderStore(Path(rest))
