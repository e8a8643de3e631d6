"""What an uploaded file really is: found from its bytes, held against an allow-list, and nothing else."""

import hashlib
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from catalog.errors import Invalid

MAX_BYTES = 20 * 1024 * 1024
_CHUNK = 1 << 16
#: Control bytes that no table of values holds; tabs, line ends and form feeds may stand in it.
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")

#: File ending → content type. What is not here is refused.
ALLOWED = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept: its type, its length in bytes, its SHA-256 in hex."""

    content_type: str
    size: int
    sha256: str


def shown_name(name: str) -> str:
    """The last part of a file's name without control characters, at most 120 long; "file" if nothing is left."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return re.sub(r"[\x00-\x1f\x7f]", "", last).strip()[-120:] or "file"


def inspect(name: str, stream: IO[bytes]) -> Checked:
    """Measure the stream and find its type.

    Raises:
        Invalid: at "file": empty, over MAX_BYTES, an ending that is not allowed, or bytes that are something else.
    """
    digest, size = hashlib.sha256(), 0
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > MAX_BYTES:
            raise Invalid.at("file", "file_too_large", max_mb=MAX_BYTES >> 20)
        digest.update(chunk)
    if size == 0:
        raise Invalid.at("file", "file_empty")
    ending = name.rpartition(".")[2].lower()
    if ending not in ALLOWED:
        raise Invalid.at("file", "file_type", allowed=", ".join(sorted(set(ALLOWED) - {"jpeg"})))
    if not _is(ending, stream):
        raise Invalid.at("file", "file_content", ending=ending)
    return Checked(ALLOWED[ending], size, digest.hexdigest())


def _is(ending: str, stream: IO[bytes]) -> bool:
    stream.seek(0)
    head = stream.read(8)
    if ending == "pdf":
        return head.startswith(b"%PDF-")
    if ending == "png":
        return head == b"\x89PNG\r\n\x1a\n"
    if ending in ("jpg", "jpeg"):
        return head.startswith(b"\xff\xd8\xff")
    if ending == "xlsx":
        return _is_workbook(stream)
    return _is_text(stream)


def _is_workbook(stream: IO[bytes]) -> bool:
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):  # a ValueError: names that are not text
        return False


def _is_text(stream: IO[bytes]) -> bool:
    """UTF-8, or the code page that Korean spreadsheets write; no NUL and no other control bytes."""
    stream.seek(0)
    data = stream.read(MAX_BYTES)
    if _CONTROL.search(data) or data.startswith(b"%PDF-"):
        return False
    for encoding in ("utf-8-sig", "cp949"):
        try:
            data.decode(encoding)
            return True
        except UnicodeDecodeError:
            continue
    return False
