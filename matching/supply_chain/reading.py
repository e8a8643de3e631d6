"""Read a list of partners out of a CSV or XLSX file: rows as they were written, each with what is wrong with it."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from openpyxl import load_workbook

from catalog.errors import Invalid
from catalog.files import content

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 10_000
#: Rows of a sheet that are looked at, empty ones too; and columns.
_MAX_SCANNED, _MAX_COLUMNS = 20_000, 40
#: The heading may stand below a title: it is looked for in this many rows.
_HEADING_WITHIN = 8

ENDINGS = ("csv", "xlsx")
#: Field → its headings, the first one is the template's.
HEADINGS = {
    "direction": ("관계", "거래 관계", "구분", "direction"),
    "registration_number": ("사업자등록번호", "사업자번호", "registration_number", "registration number"),
    "name": ("기업 이름", "기업명", "회사명", "거래처명", "name"),
    "item": ("품목", "item"),
    "since": ("거래 시작일", "시작일", "since"),
    "until": ("거래 종료일", "종료일", "until"),
}
NEEDED = ("direction", "registration_number")
DIRECTIONS = {
    "supplier": ("공급처", "공급사", "매입처", "협력사", "supplier"),
    "customer": ("납품처", "고객", "고객사", "매출처", "customer"),
}
MAX_LENGTH = {"name": 80, "item": 80}
_DAY = re.compile(r"(\d{4})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{1,2})\s*\.?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_FORMULA = "formula"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a row: the field, a code of the wording table, values for the sentence."""

    field: str
    code: str
    params: dict[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file.

    Attributes:
        line: number of the row in the file, from 1.
        direction: "supplier", "customer", or "" if the word is not understood.
        since, until: ISO dates; "" = none.
        findings: what can be seen without a database.
    """

    line: int
    direction: str
    registration_number: str
    name: str
    item: str
    since: str
    until: str
    findings: tuple[Finding, ...] = ()


def read(name: str, stream: IO[bytes]) -> list[Row]:
    """The rows of the first sheet.

    Args:
        name: the file's name; its ending says what it must be.

    Raises:
        Invalid: at "file": too large, another kind, a suspicious archive, no heading, no rows, more than MAX_ROWS.
    """
    checked, kept = content.admit(name, stream)
    ending = name.rpartition(".")[2].lower()
    if ending not in ENDINGS:
        raise Invalid.at("file", "file_type", allowed=", ".join(ENDINGS))
    if checked.size > MAX_BYTES:
        raise Invalid.at("file", "file_too_large", max_mb=MAX_BYTES >> 20)
    kept.seek(0)
    lines = _sheet(kept) if ending == "xlsx" else _table(kept.read())
    rows = list(_rows(lines))
    if not rows:
        raise Invalid.at("file", "rows_none")
    return rows


def template() -> str:
    """The headings and two examples as CSV; Excel reads it because it begins with a byte order mark."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow([headings[0] for headings in HEADINGS.values()])
    writer.writerow(["공급처", "120-81-47521", "예시 도금", "아연 도금", "2019-03-04", ""])
    writer.writerow(["납품처", "220-81-62517", "예시 모빌리티", "브래킷", "2021-01-11", ""])
    return "\ufeff" + target.getvalue()


def _sheet(stream: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    try:
        book = load_workbook(stream, read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its size may be untrue
        found = []
        for number, cells in enumerate(sheet.iter_rows(max_row=_MAX_SCANNED, max_col=_MAX_COLUMNS), start=1):
            found.append((number, [_cell(cell) for cell in cells]))
        book.close()
    except Exception:  # noqa: BLE001 - the reader of sheets fails in many ways when it is fed hostile bytes
        raise Invalid.at("file", "file_content", ending="xlsx") from None
    yield from found


def _cell(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return "=" + _FORMULA
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


def _table(data: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp949")  # `content.admit` has seen that it is one of the two
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1):
            yield number, cells[:_MAX_COLUMNS]
    except csv.Error:
        raise Invalid.at("file", "file_content", ending="csv") from None


def _rows(lines: Iterable[tuple[int, list[str]]]) -> Iterator[Row]:
    places: dict[str, int] | None = None
    looked, count = 0, 0
    best: dict[str, int] = {}
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if places is None:
            found = _heading(cells)
            best = max(best, found, key=len)
            looked += 1
            if all(field in found for field in NEEDED):
                places = found
            elif looked >= _HEADING_WITHIN:
                break
            continue
        count += 1
        if count > MAX_ROWS:
            raise Invalid.at("file", "too_many_rows", max=MAX_ROWS)
        yield _row(number, cells, places)
    if places is None:
        missing = [HEADINGS[field][0] for field in NEEDED if field not in best]
        raise Invalid.at("file", "heading_missing", columns=", ".join(missing))


def _heading(cells: Sequence[str]) -> dict[str, int]:
    """Where each field stands, if the row is a heading; a heading that stands twice counts where it stands first."""
    words = [re.sub(r"\s+", "", cell.replace("*", "")).casefold() for cell in cells]
    found = {}
    for field, headings in HEADINGS.items():
        known = {re.sub(r"\s+", "", heading).casefold() for heading in headings}
        place = next((i for i, word in enumerate(words) if word in known), None)
        if place is not None:
            found[field] = place
    return found


def _row(number: int, cells: Sequence[str], places: dict[str, int]) -> Row:
    text = {
        field: cells[places[field]].strip() if field in places and places[field] < len(cells) else ""
        for field in HEADINGS
    }
    findings = []
    for field, value in text.items():
        if value.startswith("="):
            findings.append(Finding(field, "formula", {}))
            text[field] = ""
        elif _CONTROL.search(value):
            findings.append(Finding(field, "control_characters", {}))
            text[field] = ""
        elif len(value) > MAX_LENGTH.get(field, 40):
            findings.append(Finding(field, "too_long", {"max": str(MAX_LENGTH.get(field, 40))}))
            text[field] = value[: MAX_LENGTH.get(field, 40)]
    wrong = {finding.field for finding in findings}
    direction = next(
        (code for code, words in DIRECTIONS.items() if text["direction"].casefold() in words), ""
    )
    if not direction and "direction" not in wrong:
        findings.append(Finding("direction", "row_direction", {"value": text["direction"]}))
    for field in ("since", "until"):
        day = _day(text[field])
        if day is None:
            findings.append(Finding(field, "date", {}))
        text[field] = day or ""
    return Row(number, **{**text, "direction": direction}, findings=tuple(findings))


def _day(text: str) -> str | None:
    """The ISO date, "" for none, None for what is no date."""
    if not text:
        return ""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    try:
        return date(*map(int, found.groups())).isoformat()
    except ValueError:
        return None
