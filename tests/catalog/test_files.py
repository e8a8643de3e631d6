"""Uploads: a corpus of files that are not what they say, and a store that keeps whole files or nothing."""

import hashlib
import io
import random
import zipfile

import pytest

from catalog import files
from catalog.errors import Invalid
from catalog.files import content
from catalog.files.folder import FolderStore

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
PDF = b"%PDF-1.7\n" + b"\x00" * 20
JPG = b"\xff\xd8\xff\xe0" + b"\x00" * 20


def archive(*names):
    """A ZIP archive with those members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        for name in names:
            opened.writestr(zipfile.ZipInfo(name, (2026, 11, 21, 0, 0, 0)), "<x/>")
    return stream.getvalue()


XLSX = archive("[Content_Types].xml", "xl/workbook.xml")


def inspected(name, data):
    return content.inspect(name, io.BytesIO(data))


@pytest.mark.parametrize(
    ("name", "data", "content_type"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("A.PDF", PDF, "application/pdf"),
        ("a.png", PNG, "image/png"),
        ("a.jpg", JPG, "image/jpeg"),
        ("a.jpeg", JPG, "image/jpeg"),
        ("a.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.csv", "날짜,불량\r\n2025-06-02,3\t\n".encode(), "text/csv"),
        ("a.csv", "\ufeff날짜\n".encode(), "text/csv"),
        ("a.csv", "날짜,불량\n".encode("cp949"), "text/csv"),
        ("보고서.최종.csv", b"a", "text/csv"),
    ],
)
def test_what_is_what_it_says_is_measured(name, data, content_type):
    assert inspected(name, data) == content.Checked(content_type, len(data), hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.exe", b"MZ\x90", "file_type"),
        ("a.html", b"<script>", "file_type"),
        ("a.svg", b"<svg/>", "file_type"),
        ("a.csv.exe", b"1,2\n", "file_type"),
        ("csvfile", b"1,2\n", "file_type"),
        ("a.", b"1,2\n", "file_type"),
        ("", b"1,2\n", "file_type"),
        ("a.csv ", b"1,2\n", "file_type"),
        ("a.png", PDF, "file_content"),
        ("a.pdf", PNG, "file_content"),
        ("a.pdf", b" %PDF-1.7", "file_content"),
        ("a.jpg", PNG, "file_content"),
        ("a.png", PNG[:7], "file_content"),
        ("a.xlsx", archive("word/document.xml"), "file_content"),
        ("a.xlsx", XLSX[:40], "file_content"),
        ("a.xlsx", b"PK\x03\x04", "file_content"),
        ("a.xlsx", b"1,2\n", "file_content"),
        ("a.csv", b"a,b\x00c\n", "file_content"),
        ("a.csv", b"a\x1b[31m\n", "file_content"),
        ("a.csv", b"a\x07\n", "file_content"),
        ("a.csv", b"%PDF-1.7\n", "file_content"),
        ("a.csv", XLSX, "file_content"),
        ("a.csv", b"\xff\xfe\xff", "file_content"),
        ("a.csv", b"", "file_empty"),
        ("a.exe", b"", "file_empty"),
    ],
)
def test_what_is_something_else_is_refused(name, data, code):
    with pytest.raises(Invalid) as refused:
        inspected(name, data)
    assert [(problem.pointer, problem.code) for problem in refused.value.problems] == [("file", code)]


def test_a_workbook_whose_members_have_names_that_are_no_text_is_refused():
    """The flag says UTF-8 and the bytes are not: the archive cannot even be listed."""
    broken = archive("xl/workbook.xml", "한글.xml").replace(
        "한글.xml".encode(), b"\xa2\xff\xfe\xa2\xff\xfe.xml"
    )
    with pytest.raises(Invalid, match="file: file_content"):
        inspected("a.xlsx", broken)


def test_damaged_archives_are_refused_or_read_and_nothing_else():
    """One to four bytes of a workbook replaced, or its end cut off, 400 times: no other error ever gets out."""
    source, dice = archive("xl/workbook.xml", "한글.xml"), random.Random(7)
    outcomes = {"read": 0, "file_content": 0}
    for _ in range(400):
        damaged = bytearray(source)
        for _ in range(dice.randint(1, 4)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        cut = bytes(damaged[: dice.randrange(1, len(damaged))]) if dice.random() < 0.2 else bytes(damaged)
        try:
            inspected("a.xlsx", cut)
            outcomes["read"] += 1
        except Invalid as refused:
            outcomes[refused.problems[0].code] += 1
    assert sum(outcomes.values()) == 400
    assert min(outcomes.values()) > 20


def test_the_largest_file_is_20_mb_and_not_a_byte_more():
    largest = b"1" * content.MAX_BYTES
    assert inspected("a.csv", largest).size == 20 * 1024 * 1024
    with pytest.raises(Invalid, match="file: file_too_large") as refused:
        inspected("a.csv", largest + b"1")
    assert refused.value.problems[0].params == {"max_mb": 20}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a.csv", "a.csv"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\Users\\kim\\측정.csv", "측정.csv"),
        ("/abs/a.csv", "a.csv"),
        ("a\x00b\r\nc.csv", "abc.csv"),
        ("\x7f\x1b[2J.csv", "[2J.csv"),
        ("  a.csv  ", "a.csv"),
        ("", "file"),
        ("...", "..."),
        ("..", ".."),
        ("a/..", ".."),
        ("/", "file"),
        ("\x00", "file"),
        ("x" * 200 + ".csv", "x" * 116 + ".csv"),
    ],
)
def test_a_name_is_shown_without_folders_and_control_characters(given, shown):
    assert content.shown_name(given) == shown


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path / "bytes")


def everything(store):
    return sorted(str(path.relative_to(store.root)) for path in store.root.rglob("*") if path.is_file())


def test_bytes_come_back_whole_from_wherever_the_stream_stood(store):
    stream = io.BytesIO(b"abc" * 100_000)
    stream.seek(77)
    store.put("ab12", stream)
    with store.open("ab12") as opened:
        assert opened.read() == b"abc" * 100_000
    assert everything(store) == ["ab/ab12"]


def test_a_broken_stream_leaves_nothing(store):
    class Broken(io.BytesIO):
        def read(self, size=-1):
            if self.tell() > 0:
                raise OSError("the line went dead")
            return super().read(10)

    with pytest.raises(OSError, match="the line went dead"):
        store.put("ab12", Broken(b"x" * 100))
    assert everything(store) == []
    with pytest.raises(FileNotFoundError):
        store.open("ab12")


def test_a_broken_second_put_leaves_the_first(store):
    store.put("ab12", io.BytesIO(b"first"))

    class Broken(io.BytesIO):
        def read(self, size=-1):
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        store.put("ab12", Broken(b"second"))
    with store.open("ab12") as opened:
        assert opened.read() == b"first"
    assert everything(store) == ["ab/ab12"]


def test_deleting_is_harmless_if_it_is_gone(store):
    store.put("ab12", io.BytesIO(b"x"))
    for _twice in range(2):
        store.delete("ab12")
    assert everything(store) == []


@pytest.mark.parametrize("key", ["", "../x", "a/b", "a.b", "..", "a b", "a\x00", "-"])
def test_only_plain_words_are_keys(store, tmp_path, key):
    for act in (lambda: store.put(key, io.BytesIO(b"x")), lambda: store.open(key), lambda: store.delete(key)):
        with pytest.raises(ValueError, match="not a storage key"):
            act()
    assert list(tmp_path.rglob("*")) == []


def test_the_store_is_named_by_a_url(tmp_path):
    assert files.store_from_url(f"file:{tmp_path}").root == tmp_path
    for url in ("s3://bucket", "file:", "", "/plain/path"):
        with pytest.raises(ValueError, match="FILES_URL"):
            files.store_from_url(url)
