"""Uploads: honest files, and a corpus of files that are not what they say or do more than they should."""

import hashlib
import io
import random

import pytest
from PIL import Image

from catalog.errors import Invalid
from catalog.files import content
from tests.catalog import hostile

PDF = hostile.pdf()
PNG = hostile.picture()
XLSX = hostile.xlsx()


def admitted(name, data):
    """What is said of the file, and the bytes that would be kept."""
    checked, kept = content.admit(name, io.BytesIO(data))
    kept.seek(0)
    return checked, kept.read()


@pytest.mark.parametrize(
    ("name", "data", "content_type"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("A.PDF", PDF, "application/pdf"),
        ("a.pdf", hostile.pdf_group(b"1 0 << /Type /Page >>"), "application/pdf"),
        (
            "a.pdf",
            hostile.pdf(b"<< /OpenAction [3 0 R /Fit] /URI (https://example.com) >>"),
            "application/pdf",
        ),
        ("a.pdf", hostile.pdf(b"<< /JavaScriptless 1 /Launcher /A#20B >>"), "application/pdf"),
        ("a.aasx", hostile.aasx(), "application/aas+zip"),
        ("a.aasx", hostile.aasx({"aasx/files/drawing.png": PNG}), "application/aas+zip"),
        (
            "a.xlsx",
            hostile.xlsx({"xl/worksheets/sheet1.xml": b"<c>=1+1</c>" * 20_000}),
            content.ALLOWED["xlsx"],
        ),
        ("a.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.csv", "날짜,불량\r\n2025-06-02,3\t\n".encode(), "text/csv"),
        ("a.csv", "\ufeff날짜\n".encode(), "text/csv"),
        ("a.csv", "날짜,불량\n".encode("cp949"), "text/csv"),
        ("보고서.최종.csv", b"a", "text/csv"),
    ],
)
def test_what_is_what_it_says_is_measured_and_kept_byte_for_byte(name, data, content_type):
    measured = content.Checked(content_type, len(data), hashlib.sha256(data).hexdigest())
    assert admitted(name, data) == (measured, data)


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
        ("a.xlsx", hostile.archive({"word/document.xml": b"x"}), "file_content"),
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
        admitted(name, data)
    assert [(problem.pointer, problem.code) for problem in refused.value.problems] == [("file", code)]


@pytest.mark.parametrize("case", hostile.CORPUS)
def test_the_corpus_is_refused_case_by_case(case):
    name, data, code = hostile.CORPUS[case]
    with pytest.raises(Invalid) as refused:
        admitted(name, data)
    assert [(problem.pointer, problem.code) for problem in refused.value.problems] == [("file", code)]


@pytest.mark.parametrize(
    ("name", "data"), [("a.png", hostile.talking_png()), ("a.jpg", hostile.talking_jpeg())]
)
def test_a_picture_is_kept_without_what_it_says_besides(name, data):
    assert b"secret" in data
    checked, kept = admitted(name, data)
    assert b"secret" not in kept
    assert (checked.size, checked.sha256) == (len(kept), hashlib.sha256(kept).hexdigest())
    with Image.open(io.BytesIO(kept)) as opened:
        # turned by its own notes before they went, so that it still stands upright
        assert opened.size == ((6, 8) if name == "a.jpg" else (8, 6))
        assert (opened.getexif(), opened.info.get("comment")) == ({}, None)
        red, green, blue = opened.convert("RGB").getpixel((2, 2))
    assert max(abs(red - 200), abs(green - 30), abs(blue - 40)) <= 6


@pytest.mark.parametrize("behind", [hostile.pdf(), XLSX, hostile.HTML, hostile.SVG])
def test_what_hides_behind_a_picture_does_not_come_along(behind):
    for name, data in (("a.png", PNG), ("a.jpg", hostile.picture("JPEG"))):
        _checked, kept = admitted(name, data + behind)
        assert behind not in kept
        assert kept == admitted(name, data)[1]


@pytest.mark.parametrize(
    ("mode", "colour"),
    [
        ("1", 1),
        ("L", 9),
        ("LA", (9, 99)),
        ("P", 3),
        ("RGB", (1, 2, 3)),
        ("RGBA", (1, 2, 3, 4)),
        ("I;16", 999),
    ],
)
def test_every_kind_of_png_looks_the_same_afterwards(mode, colour):
    data = hostile.picture(mode=mode, colour=colour)
    with Image.open(io.BytesIO(data)) as before, Image.open(io.BytesIO(admitted("a.png", data)[1])) as after:
        assert after.mode == before.mode
        assert after.tobytes() == before.tobytes()


def test_a_see_through_palette_stays_so_and_print_colours_become_screen_colours():
    seen = hostile.picture(mode="P", colour=0, transparency=0)
    with Image.open(io.BytesIO(admitted("a.png", seen)[1])) as after:
        assert after.convert("RGBA").getpixel((0, 0))[3] == 0
    printed = hostile.picture("JPEG", mode="CMYK", colour=(0, 255, 255, 0))
    with Image.open(io.BytesIO(admitted("a.jpg", printed)[1])) as after:
        assert after.mode == "RGB"


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a.xlsx", hostile.xlsx({"xl/한글.xml": b"<a/>" * 40})),
        ("a.png", hostile.picture(size=(40, 40))),
        ("a.jpg", hostile.picture("JPEG", size=(40, 40))),
        ("a.pdf", hostile.pdf_group(b"1 0 << /Type /Page >>" * 30)),
    ],
)
def test_damaged_files_are_refused_or_kept_and_nothing_else(name, source):
    """One to four bytes replaced, or the end cut off, 250 times: no other error ever gets out."""
    dice, outcomes = random.Random(7), []
    for _ in range(250):
        damaged = bytearray(source)
        for _ in range(dice.randint(1, 4)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        cut = bytes(damaged[: dice.randrange(1, len(damaged))]) if dice.random() < 0.2 else bytes(damaged)
        try:
            admitted(name, cut)
            outcomes.append("kept")
        except Invalid as refused:
            outcomes.append(refused.problems[0].code)
    assert len(outcomes) == 250
    assert set(outcomes) <= {"kept", "file_content", "file_active", "file_archive", "file_pixels"}
    assert outcomes.count("file_content") > 20


def test_the_largest_file_is_20_mb_and_not_a_byte_more():
    largest = b"1" * content.MAX_BYTES
    assert admitted("a.csv", largest)[0].size == 20 * 1024 * 1024
    with pytest.raises(Invalid, match="file: file_too_large") as refused:
        admitted("a.csv", largest + b"1")
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
