"""PDF files that only show something: those that run, start or carry something else are refused.

This reads names, not the whole language: a document is refused when it merely seems to hold active content or when it
cannot be looked into, never the other way round (docs/files.md).
"""

import re
import zlib

#: Names that let a document do more than be read.
ACTIVE = (
    b"JavaScript", b"Launch", b"EmbeddedFile", b"EmbeddedFiles", b"RichMedia", b"Rendition", b"XFA", b"ImportData",
    b"SubmitForm", b"GoToE", b"Encrypt",
)  # fmt: skip
#: A compressed group of objects: names inside it are hidden from a plain search.
_GROUP = b"ObjStm"
_END = rb"(?=[\s/<>\[\](){}%]|$)"
_ACTIVE = re.compile(rb"/(?:" + b"|".join(ACTIVE) + rb")" + _END)
_GROUPS = re.compile(rb"/" + _GROUP + _END)
_ESCAPED = re.compile(rb"/[^\s/<>\[\](){}%]*#[0-9A-Fa-f]{2}[^\s/<>\[\](){}%]*")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_FILTER = re.compile(rb"/(?:Filter|F)\s*(\[[^\]]*\]|/\w+|\d+\s+\d+\s+R)")
_DATA = re.compile(rb"stream\r?\n")
_MAX_GROUP = 32 * 1024 * 1024
_MAX_GROUPS = 128 * 1024 * 1024
#: Readers look for the end mark in so many last bytes.
_TAIL = 1024


def is_whole(data: bytes) -> bool:
    """Whether this begins at its first byte as a PDF does and ends as one."""
    return data.startswith(b"%PDF-") and b"%%EOF" in data[-_TAIL:]


def is_active(data: bytes) -> bool:
    """Whether the document holds, or may hide, scripts, programs to start, other files, or is encrypted."""
    if _ACTIVE.search(data) or _spells_in_code(data):
        return True
    room = _MAX_GROUPS
    for found in _GROUPS.finditer(data):
        inside = _opened(data, found.start(), min(room, _MAX_GROUP))
        if inside is None or _ACTIVE.search(inside) or _spells_in_code(inside):
            return True
        room -= len(inside)
    return False


def _spells_in_code(data: bytes) -> bool:
    """Whether a name that matters is written with #-codes, which nobody does who has nothing to hide."""
    watched = {*ACTIVE, _GROUP, b"Filter", b"FlateDecode", b"DecodeParms", b"Type"}
    for found in _ESCAPED.finditer(data):
        if _HEX.sub(lambda code: bytes([int(code[1], 16)]), found[0][1:]) in watched:
            return True
    return False


def _opened(data: bytes, at: int, room: int) -> bytes | None:
    """The bytes of the group of objects whose dictionary holds position `at`; None if they cannot be had plainly."""
    begins = data.rfind(b"obj", 0, at)
    body = _DATA.search(data, at)
    if begins < 0 or body is None:
        return None
    dictionary = data[begins : body.start()]
    filters = _FILTER.findall(dictionary)
    if b"DecodeParms" in dictionary or b"/DP" in dictionary or len(filters) > 1:
        return None
    if not filters:
        end = data.find(b"endstream", body.end())
        return data[body.end() : end] if end >= 0 else None
    if filters[0].strip(b"[] \r\n\t") not in (b"/FlateDecode", b"/Fl"):
        return None
    try:
        opened = zlib.decompressobj()
        inside = opened.decompress(data[body.end() :], room)
    except zlib.error:
        return None
    return inside if opened.eof else None
