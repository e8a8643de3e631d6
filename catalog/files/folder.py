"""A folder of this machine as a file store."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import IO


class FolderStore:
    """Bytes under `root`, spread over sub-folders by the first two letters of the key."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, stream: IO[bytes]) -> None:
        """Write to a temporary file, flush it to disk, then rename: a broken upload leaves nothing under `key`."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        stream.seek(0)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as part:
            try:
                shutil.copyfileobj(stream, part)
                part.flush()
                os.fsync(part.fileno())
                Path(part.name).replace(path)
            except BaseException:
                Path(part.name).unlink(missing_ok=True)
                raise

    def open(self, key: str) -> IO[bytes]:
        """The bytes as a stream."""
        return self._path(key).open("rb")

    def delete(self, key: str) -> None:
        """Remove the file if it is there."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if not (key.isascii() and key.isalnum()):
            raise ValueError(f"not a storage key: {key!r}")
        return self.root / key[:2] / key
