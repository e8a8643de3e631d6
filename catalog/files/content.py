"""What an uploaded file really is: found from its bytes, held against an allow-list, and nothing else."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from catalog.errors import Invalid
from catalog.files import archives, images, pdf

MAX_BYTES = 20 * 1024 * 1024
_CHUNK = 1 << 16
#: Control bytes that no table of values holds; tabs, line ends and form feeds may stand in it.
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
#: A browser that guesses would take a text that begins so for a page or a drawing.
_MARKUP = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<[!?a-z]", re.IGNORECASE)

#: File ending → content type. What is not here is refused.
ALLOWED = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "aasx": "application/aas+zip",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What may be kept: its type, its length in bytes, its SHA-256 in hex."""

    content_type: str
    size: int
    sha256: str


def shown_name(name: str) -> str:
    """The last part of a file's name without control characters, at most 120 long; "file" if nothing is left."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return re.sub(r"[\x00-\x1f\x7f]", "", last).strip()[-120:] or "file"


def admit(name: str, stream: IO[bytes]) -> tuple[Checked, IO[bytes]]:
    """Find the type, refuse what may not be kept, and answer what is to be kept instead of `stream`.

    Pictures are drawn anew; everything else is kept byte for byte. Measured is what is kept.

    Raises:
        Invalid: at "file": empty, over MAX_BYTES, an ending that is not allowed, bytes that are something else, a
        suspicious archive, a picture with too many points, active content.
    """
    size = _size(stream)
    if size > MAX_BYTES:
        raise _too_large()
    if size == 0:
        raise Invalid.at("file", "file_empty")
    ending = name.rpartition(".")[2].lower()
    if ending not in ALLOWED:
        raise Invalid.at("file", "file_type", allowed=", ".join(sorted(set(ALLOWED) - {"jpeg"})))
    kept = images.redrawn(ending, stream) if ending in images.FORMATS else stream
    if kept is stream:
        _check(ending, stream)
    checked = _measured(ALLOWED[ending], kept)
    if checked.size > MAX_BYTES:  # drawn anew, a picture may have grown
        raise _too_large()
    return checked, kept


def _check(ending: str, stream: IO[bytes]) -> None:
    if ending in archives.NEEDED:
        try:
            archives.check(ending, stream)
        except archives.Refused as refused:
            raise Invalid.at("file", refused.code, ending=ending) from None
        return
    stream.seek(0)
    data = stream.read(MAX_BYTES)
    if not (pdf.is_whole(data) if ending == "pdf" else _is_text(data)):
        raise Invalid.at("file", "file_content", ending=ending)
    if ending == "pdf" and pdf.is_active(data):
        raise Invalid.at("file", "file_active", ending=ending)


def _is_text(data: bytes) -> bool:
    """UTF-8, or the code page that Korean spreadsheets write; no NUL, no other control bytes, no page in disguise."""
    if _CONTROL.search(data) or data.startswith(b"%PDF-") or _MARKUP.match(data):
        return False
    for encoding in ("utf-8-sig", "cp949"):
        try:
            data.decode(encoding)
            return True
        except UnicodeDecodeError:
            continue
    return False


def _size(stream: IO[bytes]) -> int:
    """Length in bytes, counted no further than one chunk over MAX_BYTES."""
    stream.seek(0)
    size = 0
    while size <= MAX_BYTES and (chunk := stream.read(_CHUNK)):
        size += len(chunk)
    return size


def _measured(content_type: str, stream: IO[bytes]) -> Checked:
    digest, size = hashlib.sha256(), 0
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return Checked(content_type, size, digest.hexdigest())


def _too_large() -> Invalid:
    return Invalid.at("file", "file_too_large", max_mb=MAX_BYTES >> 20)
