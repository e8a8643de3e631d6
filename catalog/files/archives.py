"""Files that are ZIP archives inside (xlsx, aasx): read here first, as if a stranger had prepared them."""

import re
import stat
import zipfile
from typing import IO

MAX_MEMBERS = 2_000
MAX_TOTAL_BYTES = 200 * 1024 * 1024
#: How many times larger a member may be than what it takes in the archive, once it is larger than FREE_BYTES.
MAX_RATIO = 200
FREE_BYTES = 1024 * 1024
_CHUNK = 1 << 16

#: What makes an archive the kind that its ending says: these members must be there.
NEEDED = {
    "xlsx": ("[Content_Types].xml", "xl/workbook.xml"),
    "aasx": ("[Content_Types].xml", "_rels/.rels", "aasx/aasx-origin"),
}
_NESTED_NAME = re.compile(
    r"\.(zip|xlsx|xlsm|docx|docm|pptx|pptm|aasx|jar|apk|7z|rar|gz|bz2|xz|tar|cab|iso)$", re.IGNORECASE
)
_NESTED_BYTES = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
)
_MACROS = re.compile(r"(vbaproject(signature)?\w*\.bin|/macrosheets/|/activex/|\.xlm$)", re.IGNORECASE)
_XML_NAME = re.compile(r"\.(xml|rels|vml)$|aasx-origin$", re.IGNORECASE)
_OUTSIDE = re.compile(r"^/|\\|^[A-Za-z]:|(^|/)\.\.(/|$)|[\x00-\x1f\x7f]")
_DECLARES = tuple(
    word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)
_ENABLES_MACROS = tuple("macroEnabled".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))


class Refused(Exception):
    """The archive may not be kept; `code` says why, as a key of the wording table."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check(ending: str, stream: IO[bytes]) -> None:
    """Read the whole archive once.

    Raises:
        Refused: "file_content": no such archive, or bytes before or behind it · "file_archive": too many or too large
        members, names that lead outside, encryption, an archive within · "file_active": macros, or XML that declares
        entities.
    """
    _require_bare(stream)
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
            _require_modest(members)
            names = [member.filename for member in members]
            if not set(NEEDED[ending]) <= set(names) or min(m.header_offset for m in members) != 0:
                raise Refused("file_content")
            for member in members:
                _check_member(archive, member)
    except Refused:
        raise
    except Exception:  # noqa: BLE001 - the reader of archives fails in many ways when it is fed hostile bytes
        raise Refused("file_content") from None


def _require_bare(stream: IO[bytes]) -> None:
    """The first byte begins the archive and the last one ends it: nothing else can be read out of the same file."""
    stream.seek(0)
    head = stream.read(4)
    size = stream.seek(0, 2)
    stream.seek(max(0, size - 22))
    tail = stream.read()
    if head != b"PK\x03\x04" or not tail.startswith(b"PK\x05\x06") or len(tail) != 22:
        raise Refused("file_content")


def _require_modest(members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename for member in members]
    if len(members) > MAX_MEMBERS or len(set(names)) != len(names):
        raise Refused("file_archive")
    if sum(member.file_size for member in members) > MAX_TOTAL_BYTES:
        raise Refused("file_archive")
    for member in members:
        inflated = member.file_size > FREE_BYTES and member.file_size > MAX_RATIO * max(
            1, member.compress_size
        )
        kind = stat.S_IFMT(member.external_attr >> 16)
        strange = (
            member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or member.flag_bits & 0x41
        )
        # The reader cuts names at a NUL; what stood behind it is looked at, too.
        outside = _OUTSIDE.search(member.filename) or _OUTSIDE.search(member.orig_filename)
        if inflated or outside or strange or kind == stat.S_IFLNK or _NESTED_NAME.search(member.filename):
            raise Refused("file_archive")
        if _MACROS.search(member.filename):
            raise Refused("file_active")


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Read it to its end: the sizes and the checksum that it states must be true."""
    is_xml = bool(_XML_NAME.search(member.filename))
    with archive.open(member) as opened:
        before = b""
        while chunk := opened.read(_CHUNK):
            if not before and chunk.startswith(_NESTED_BYTES):
                raise Refused("file_archive")
            seen = before + chunk  # a word may lie across two reads
            if is_xml and any(word in seen for word in _DECLARES):
                raise Refused("file_active")
            if member.filename == "[Content_Types].xml" and any(word in seen for word in _ENABLES_MACROS):
                raise Refused("file_active")
            before = chunk[-64:]
