"""Lists of partners as people really send them: CSV and XLSX, with what is wrong said at its row."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from catalog.errors import Invalid
from matching.supply_chain import reading

HEADING = "관계,사업자등록번호,기업 이름,품목,거래 시작일,거래 종료일"
LINE = "공급처,120-81-47521,예시 도금,아연 도금,2019-03-04,"


def read(text, name="partners.csv", encoding="utf-8"):
    return reading.read(name, io.BytesIO(text.encode(encoding)))


def refused(data, name="partners.csv"):
    with pytest.raises(Invalid) as error:
        reading.read(name, io.BytesIO(data))
    return [(problem.pointer, problem.code) for problem in error.value.problems]


def sheet(*rows, merge=None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if merge:
        book.active.merge_cells(merge)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_row_is_read_with_its_line():
    (row,) = read(f"{HEADING}\n\n{LINE}\n")
    assert row == reading.Row(3, "supplier", "120-81-47521", "예시 도금", "아연 도금", "2019-03-04", "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_every_encoding_of_korean_spreadsheets(encoding):
    assert read(f"{HEADING}\n{LINE}\n", encoding=encoding)[0].name == "예시 도금"


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_every_separator(mark):
    assert read(f"{HEADING}\n{LINE}\n".replace(",", mark))[0].item == "아연 도금"


def test_the_template_reads_as_what_it_says():
    rows = reading.read("t.csv", io.BytesIO(reading.template().encode()))
    assert [(row.direction, row.since, row.findings) for row in rows] == [
        ("supplier", "2019-03-04", ()),
        ("customer", "2021-01-11", ()),
    ]


def test_each_fault_is_said_at_its_field():
    (row,) = read(f'{HEADING}\n이웃,=A1,"{"가" * 81}",도금,2019-02-30,2020.1.2.\n')
    assert [(f.field, f.code) for f in row.findings] == [
        ("registration_number", "formula"),
        ("name", "too_long"),
        ("direction", "row_direction"),
        ("since", "date"),
    ]
    assert (row.registration_number, row.since, row.until) == ("", "", "2020-01-02")


def test_a_sheet_with_a_merged_title_numbers_days_and_formulas():
    data = sheet(
        ["2026년 거래처", None, None],
        HEADING.split(","),
        ["공급처", 1208147521, "예시 도금", "도금", date(2019, 3, 4), None],
        ["납품처", "=B3", "예시", None, None, None],
        merge="A1:C1",
    )
    first, second = reading.read("p.xlsx", io.BytesIO(data))
    assert (first.line, first.registration_number, first.since, first.findings) == (
        3,
        "1208147521",
        "2019-03-04",
        (),
    )
    assert [f.code for f in second.findings] == ["formula"]


def test_headings_that_are_merged_over_two_columns_are_named():
    data = sheet(["거래처", None, "기업 이름"], ["공급처", "1208147521", "예시"])
    with pytest.raises(Invalid) as error:
        reading.read("p.xlsx", io.BytesIO(data))
    (problem,) = error.value.problems
    assert (problem.code, problem.params) == ("heading_missing", {"columns": "관계, 사업자등록번호"})


def test_ten_thousand_rows_are_read_and_one_more_is_not():
    body = "".join(f"공급처,{i:010},회사 {i},,,\n" for i in range(10_000))
    assert len(read(f"{HEADING}\n{body}")) == 10_000
    assert refused(f"{HEADING}\n{body}{LINE}\n".encode()) == [("file", "too_many_rows")]


def test_what_is_no_list_is_refused_as_a_whole():
    assert refused(b"") == [("file", "file_empty")]
    assert refused(f"{HEADING}\n".encode()) == [("file", "rows_none")]
    assert refused(b"a,b\n1,2\n") == [("file", "heading_missing")]
    assert refused(b"%PDF-1.4", "a.pdf") == [("file", "file_content")]
    assert refused(b"PK\x03\x04 no archive", "a.xlsx") == [("file", "file_content")]


def test_a_bomb_is_refused_before_it_is_read():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    assert refused(target.getvalue(), "bomb.xlsx") == [("file", "file_archive")]


def test_a_broken_sheet_in_a_sound_archive_is_said():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert refused(target.getvalue(), "a.xlsx") == [("file", "file_content")]
