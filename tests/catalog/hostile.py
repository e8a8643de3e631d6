"""Files for tests of uploads: honest ones and a corpus of hostile ones, built here so that none is committed."""

import io
import struct
import zipfile
import zlib

from PIL import Image
from PIL.PngImagePlugin import PngInfo

_WHEN = (2026, 11, 21, 0, 0, 0)


def archive(members, *, method=zipfile.ZIP_DEFLATED):
    """A ZIP archive; `members` maps names to bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as opened:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, _WHEN)
            info.compress_type = method
            opened.writestr(info, data)
    return stream.getvalue()


TYPES = b'<?xml version="1.0"?><Types/>'


def xlsx(extra=None, **kwargs):
    """A workbook as far as anybody here looks into it, with further members."""
    return archive(
        {"[Content_Types].xml": TYPES, "xl/workbook.xml": b"<workbook/>", **(extra or {})}, **kwargs
    )


def aasx(extra=None):
    """A package of an asset administration shell, with further members."""
    needed = {"[Content_Types].xml": TYPES, "_rels/.rels": b"<Relationships/>", "aasx/aasx-origin": b""}
    return archive({**needed, "aasx/xml/content.xml": b"<environment/>", **(extra or {})})


def pdf(body=b"", *, tail=b""):
    """A document of one object and whatever else."""
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + body + b"\ntrailer << >>\n%%EOF\n" + tail


def pdf_group(inside, *, dictionary=b"/Filter /FlateDecode"):
    """A document whose objects are hidden in a compressed group."""
    head = b"2 0 obj\n<< /Type /ObjStm /N 1 /First 4 " + dictionary + b" >>\nstream\n"
    return pdf(head + zlib.compress(inside) + b"\nendstream\nendobj\n")


def picture(name="PNG", size=(8, 6), *, mode="RGB", colour=(200, 30, 40), **options):
    """A picture of one colour."""
    stream = io.BytesIO()
    Image.new(mode, size, colour).save(stream, name, **options)
    return stream.getvalue()


def talking_png():
    """A picture that says where and by whom it was taken."""
    words = PngInfo()
    words.add_text("Author", "secret-person")
    words.add_itxt("Location", "37.5,127.0 secret-place", zip=True)
    return picture(pnginfo=words)


def talking_jpeg():
    """The same with a camera's notes, turned on its side."""
    notes = Image.Exif()
    notes[0x0112], notes[0x010F], notes[0x8298] = 6, "secret-camera", "secret-person"
    return picture("JPEG", exif=notes, comment=b"secret-comment", quality=95)


def bomb_png(width=30_000, height=30_000):
    """A few bytes that say they are 900 million points."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 10_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def patched(data, was, now):
    """The bytes with every `was` replaced; it must be there."""
    assert was in data
    return data.replace(was, now)


def encrypted(data):
    """The archive with every member marked as encrypted, in both places that say so."""
    out = bytearray(data)
    for magic, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = out.find(magic)
        while at >= 0:
            out[at + flags] |= 1
            at = out.find(magic, at + 4)
    return bytes(out)


def lying(data, name, size):
    """The archive whose directory states another size for a member."""
    out = bytearray(data)
    at = out.rfind(b"PK\x01\x02", 0, out.rfind(name))
    struct.pack_into("<I", out, at + 24, size)
    return bytes(out)


def twice(name):
    """A workbook with two members of one name."""
    stream = io.BytesIO(xlsx({name: b"1"}))
    with zipfile.ZipFile(stream, "a") as opened:
        other = zipfile.ZipInfo(name.replace("s", "t"), _WHEN)
        opened.writestr(other, b"2")
    return stream.getvalue().replace(name.replace("s", "t").encode(), name.encode())


def linked():
    """A workbook with a symbolic link."""
    stream = io.BytesIO(xlsx())
    with zipfile.ZipFile(stream, "a") as opened:
        link = zipfile.ZipInfo("xl/link", _WHEN)
        link.create_system, link.external_attr = 3, 0o120777 << 16
        opened.writestr(link, "/etc/passwd")
    return stream.getvalue()


HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

#: (name, bytes, code of the refusal)
CORPUS = {
    "a page": ("a.html", HTML, "file_type"),
    "a drawing with a script": ("a.svg", SVG, "file_type"),
    "a drawing called a picture": ("a.png", SVG, "file_content"),
    "a page called a picture": ("a.jpg", HTML, "file_content"),
    "a page called a table": ("a.csv", b"\n " + HTML, "file_content"),
    "a drawing called a table": ("a.csv", b"\xef\xbb\xbf" + SVG, "file_content"),
    "a page called a document": ("a.pdf", HTML + pdf(), "file_content"),
    "a document that begins late": ("a.pdf", b"\n" + pdf(), "file_content"),
    "a document without an end": ("a.pdf", pdf()[:-6], "file_content"),
    "a document with a program behind it": ("a.pdf", pdf(tail=b"MZ" + bytes(2000)), "file_content"),
    "a script": ("a.pdf", pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>"), "file_active"),
    "a script in code": ("a.pdf", pdf(b"<< /S /J#61vaScript /JS (x) >>"), "file_active"),
    "a script in a group": ("a.pdf", pdf_group(b"1 0 << /S /JavaScript /JS (x) >>"), "file_active"),
    "a script in code in a group": ("a.pdf", pdf_group(b"<< /S /Java#53cript >>"), "file_active"),
    "a group behind a filter": ("a.pdf", pdf_group(b"x", dictionary=b"/Filter /LZWDecode"), "file_active"),
    "a group behind two filters": (
        "a.pdf",
        pdf_group(b"x", dictionary=b"/Filter [/ASCIIHexDecode /FlateDecode]"),
        "file_active",
    ),
    "a group behind a predictor": (
        "a.pdf",
        pdf_group(b"x", dictionary=b"/Filter /FlateDecode /DecodeParms << /Predictor 12 >>"),
        "file_active",
    ),
    "a group whose name is in code": ("a.pdf", pdf(b"<< /Type /Obj#53tm >>\nstream\nx"), "file_active"),
    "a group that is a bomb": ("a.pdf", pdf_group(bytes(40 * 1024 * 1024)), "file_active"),
    "a program to start": ("a.pdf", pdf(b"<< /S /Launch /F (cmd.exe) >>"), "file_active"),
    "a file within": ("a.pdf", pdf(b"<< /Type /EmbeddedFile >>"), "file_active"),
    "an encrypted document": ("a.pdf", pdf(b"<< /Encrypt 5 0 R >>"), "file_active"),
    "a form in XML": ("a.pdf", pdf(b"<< /AcroForm << /XFA 7 0 R >> >>"), "file_active"),
    "nine hundred million points": ("a.png", bomb_png(), "file_pixels"),
    "forty-one million points": ("a.png", bomb_png(6_400, 6_410), "file_pixels"),
    "half a picture": ("a.png", picture(size=(64, 64))[:60], "file_content"),
    "a picture of another kind": ("a.png", picture("JPEG"), "file_content"),
    "a picture of a kind we do not take": ("a.jpg", picture("GIF", mode="P", colour=1), "file_content"),
    "a workbook with macros": ("a.xlsx", xlsx({"xl/vbaProject.bin": b"x"}), "file_active"),
    "macros spelled in another way": ("a.xlsx", xlsx({"xl/VBAPROJECT.BIN": b"x"}), "file_active"),
    "an old kind of macros": ("a.xlsx", xlsx({"xl/macrosheets/sheet1.xml": b"x"}), "file_active"),
    "a control that runs": ("a.xlsx", xlsx({"xl/activeX/activeX1.bin": b"x"}), "file_active"),
    "a workbook that says it has macros": (
        "a.xlsx",
        archive({"[Content_Types].xml": b"x.sheet.macroEnabled.main+xml", "xl/workbook.xml": b"<workbook/>"}),
        "file_active",
    ),
    "entities": ("a.xlsx", xlsx({"xl/a.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "file_active"),
    "entities across two reads": (
        "a.xlsx",
        xlsx({"xl/a.xml": b" " * 65_532 + b"<!DOCTYPE a>"}),
        "file_active",
    ),
    "entities in wide letters": ("a.aasx", aasx({"aasx/b.xml": "<!ENTITY".encode("utf-16")}), "file_active"),
    "bytes before a workbook": ("a.xlsx", b"GIF89a" + xlsx(), "file_content"),
    "bytes behind a workbook": ("a.xlsx", xlsx() + b"%PDF-1.7", "file_content"),
    "a workbook behind a picture": ("a.xlsx", picture() + xlsx(), "file_content"),
    "another archive": ("a.xlsx", archive({"word/document.xml": b"x"}), "file_content"),
    "a workbook called a package": ("a.aasx", xlsx(), "file_content"),
    "a bomb": ("a.xlsx", xlsx({"xl/a.xml": bytes(20 * 1024 * 1024)}), "file_archive"),
    "too much in all": (
        "a.xlsx",
        lying(xlsx({"xl/big.bin": b"x"}), b"xl/big.bin", 201 * 1024 * 1024),
        "file_archive",
    ),
    "a size that is not true": (
        "a.xlsx",
        lying(xlsx({"xl/big.bin": b"x" * 9}), b"xl/big.bin", 5),
        "file_content",
    ),
    "too many members": ("a.xlsx", xlsx({f"xl/{n}": b"" for n in range(2_000)}), "file_archive"),
    "a way out": ("a.xlsx", xlsx({"../../etc/cron.d/x": b"x"}), "file_archive"),
    "a way out in the middle": ("a.xlsx", xlsx({"xl/../../x": b"x"}), "file_archive"),
    "an absolute name": ("a.xlsx", xlsx({"/etc/passwd": b"x"}), "file_archive"),
    "a drive": ("a.xlsx", xlsx({"C:evil": b"x"}), "file_archive"),
    "a name with backslashes": (
        "a.xlsx",
        patched(xlsx({"xl/aa": b"x"}), b"xl/aa", b"xl\\aa"),
        "file_archive",
    ),
    "a name cut by a NUL": ("a.xlsx", patched(xlsx({"xl/aa": b"x"}), b"xl/aa", b"xl/a\0"), "file_archive"),
    "a link": ("a.xlsx", linked(), "file_archive"),
    "one name twice": ("a.xlsx", twice("xl/s.xml"), "file_archive"),
    "encrypted members": ("a.xlsx", encrypted(xlsx()), "file_archive"),
    "an archive within by name": ("a.xlsx", xlsx({"xl/embeddings/a.zip": b"x"}), "file_archive"),
    "an archive within by content": ("a.xlsx", xlsx({"xl/embeddings/a.bin": xlsx()}), "file_archive"),
    "an unusual method": ("a.xlsx", xlsx(method=zipfile.ZIP_BZIP2), "file_archive"),
}
