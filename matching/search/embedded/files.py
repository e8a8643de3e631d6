"""Files that are written once, flushed to the disk, summed up, and mapped into memory."""

import mmap
import os
import zlib
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

#: Files up to this size are summed up whole when opened, larger ones at their two edges.
CHECKED_WHOLE = 16 << 20
EDGE = 1 << 16
_BLOCK = 1 << 20

#: Size in bytes, CRC-32 of the edges (of everything, if small), CRC-32 of everything.
Sums = tuple[int, int, int]


class Written:
    """A new file; on leaving, all of it is on the disk.

    Attributes:
        size: bytes written so far.

    Raises:
        OSError: the disk is full or cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("xb")
        self.size = 0

    def __enter__(self) -> "Written":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._file:
            if kind is None:
                self._file.flush()
                os.fsync(self._file.fileno())

    def write(self, data: bytes | memoryview) -> int:
        """Append bytes; returns the size after them."""
        self._file.write(data)
        self.size += len(data)
        return self.size


def sums(path: Path) -> Sums:
    """Return the sums of a file.

    Raises:
        OSError: it is missing or cannot be read.
    """
    whole = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            whole = zlib.crc32(block, whole)
        with mapped(path) as bytes_:
            return len(bytes_), edges(bytes_), whole


def edges(data: memoryview) -> int:
    """Return the CRC-32 of a file's two edges, of everything if it is small."""
    if len(data) <= CHECKED_WHOLE:
        return zlib.crc32(data)
    return zlib.crc32(data[-EDGE:], zlib.crc32(data[:EDGE]))


def mapped(path: Path) -> memoryview:
    """Map a file; what is changed in memory never reaches it.

    Raises:
        OSError: it is missing or cannot be read.
    """
    with path.open("rb") as file:
        if not os.fstat(file.fileno()).st_size:
            return memoryview(b"")
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))


def rename(path: Path, to: Path) -> None:
    """Give a file its name, for good: the folder is flushed to the disk too."""
    path.replace(to)
    flush_folder(to.parent)


def flush_folder(folder: Path) -> None:
    """Bring a folder's names to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove(paths: Iterable[Path]) -> None:
    """Remove files that may be gone already."""
    for path in paths:
        path.unlink(missing_ok=True)
