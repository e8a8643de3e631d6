"""Industries: codes of the Korean Standard Industrial Classification (KSIC), section C.

A code means something only together with its revision. The built-in table has the section, its 25
divisions 10–34 and the groups of divisions 26–34, under revision 10 and 11 each. At this depth the two
revisions agree in code and meaning but for these:

* 274 (watches) exists in revision 10 only; revision 11 moved it into 272.
* 282 has a new title in revision 11 (일차전지 및 이차전지) and the same scope.
* Part of 20499 (diagnostic reagents) moved from division 20 into 21; both titles stayed.

The groups of divisions 10–25 are not built in: revision 11 renumbered 104–109, so one number means two
things. They and the four- and five-digit codes come from the official file, see `parse_ksic`.

Source:
    Statistics Korea, KSIC revisions 10 and 11 (통계청 고시 제2024-2호), titles compared one by one.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from catalog.taxonomy.files import read_csv
from catalog.taxonomy.terms import Term

CURRENT_REVISION = "11"
REVISIONS = ("10", "11")
SECTION = "C"
COLUMNS = ("revision", "code", "digits", "parent", "name_ko", "name_en")
MAX_NAME_LENGTH = 200
MAX_PROBLEMS = 50

_CODE = re.compile(r"C|(?:1[0-9]|2[0-9]|3[0-4])[0-9]{0,3}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class KsicRow:
    """One line of the official list; `digits` is 1 for the section, else 2–5; `parent` None for the section."""

    revision: str
    code: str
    digits: int
    parent: str | None
    name_ko: str
    name_en: str


@dataclass(frozen=True, slots=True)
class KsicProblem:
    """What is wrong where: `line` counts from 1 with the header, `code` names the rule, `value` what stood there.

    Codes: header, columns, format, revision, code, digits, parent, unknown_parent, blank, too_long,
    control_character, duplicate, empty.
    """

    line: int
    column: str
    code: str
    value: str


class KsicFormatError(ValueError):
    """The official file does not have the expected shape; `problems` holds at most MAX_PROBLEMS of them."""

    def __init__(self, problems: tuple[KsicProblem, ...]) -> None:
        self.problems = problems
        super().__init__(
            "; ".join(f"line {p.line}, column {p.column}: {p.code} {p.value!r}" for p in problems)
        )


def industry_division(code: str) -> str:
    """Return the two-digit division of an industry code, or "C" for all manufacturing.

    Args:
        code: "C" or 2–5 digits whose division is 10–34.

    Raises:
        ValueError: the text is no manufacturing code.
    """
    if not is_industry_code(code):
        raise ValueError(f"not a KSIC manufacturing code: {code!r}")
    return code if code == SECTION else code[:2]


def is_industry_code(code: str) -> bool:
    """Say whether the text has the form of a manufacturing code ("C" or 10–34 with up to three more digits).

    The form only: whether the code exists in a revision is for the table to say.
    """
    return _CODE.fullmatch(code) is not None


def built_in_industries(revision: str) -> tuple[Term, ...]:
    """Return the built-in industries of a revision, section first, then by code; empty for another revision."""
    if revision not in REVISIONS:
        return ()
    names: dict[str, tuple[str, str]] = {}
    for row in read_csv("ksic_isic_nace.csv"):
        # a code has one row for each ISIC class it overlaps
        if row["ksic_revision"] == revision:
            names[row["ksic"]] = (row["ksic_name_ko"], row["ksic_name_en"])
    section = Term("ksic", revision, SECTION, "제조업", "Manufacturing")
    return (section, *(_term(revision, code, *names[code]) for code in sorted(names)))


def _term(revision: str, code: str, name_ko: str, name_en: str) -> Term:
    return Term("ksic", revision, code, name_ko, name_en, parent=parent_of(code))


def parent_of(code: str) -> str | None:
    """Return the next wider code: a digit less, "C" for a division, None for "C"."""
    if code == SECTION:
        return None
    return SECTION if len(code) == 2 else code[:-1]  # two digits are a division


def parse_ksic(lines: Iterable[str]) -> list[KsicRow]:
    """Read the official list of manufacturing industries.

    Args:
        lines: a CSV file in UTF-8 with the header `revision,code,digits,parent,name_ko,name_en`, e.g. an open
            text file. A byte-order mark and blank lines are allowed.

    Returns:
        The rows in the order of the file, each (revision, code) once, each parent present.

    Raises:
        KsicFormatError: any line is wrong; then no row is returned at all.
    """
    problems: list[KsicProblem] = []
    rows: dict[tuple[str, str], tuple[int, KsicRow]] = {}
    for line, cells in _records(lines, problems):
        row = _row(line, cells, problems)
        if row is None:
            continue
        if (row.revision, row.code) in rows:
            problems.append(KsicProblem(line, "code", "duplicate", row.code))
        rows.setdefault((row.revision, row.code), (line, row))
    if not rows and not problems:
        problems.append(KsicProblem(1, "code", "empty", ""))
    for line, row in rows.values():
        if row.parent is not None and (row.revision, row.parent) not in rows:
            problems.append(KsicProblem(line, "parent", "unknown_parent", row.parent))
    if problems:
        raise KsicFormatError(tuple(sorted(problems, key=lambda p: p.line)[:MAX_PROBLEMS]))
    return [row for _, row in rows.values()]


def _records(lines: Iterable[str], problems: list[KsicProblem]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line, cells by column); what cannot be split into columns goes to `problems`."""
    reader = csv.reader(lines, strict=True)
    try:
        header = [name.strip().removeprefix("\ufeff") for name in next(reader, [])]
        if tuple(header) != COLUMNS:
            problems.append(KsicProblem(1, ",".join(COLUMNS), "header", ",".join(header)[:MAX_NAME_LENGTH]))
            return
        for record in reader:
            if not any(record):
                continue
            if len(record) != len(COLUMNS):
                problems.append(KsicProblem(reader.line_num, COLUMNS[0], "columns", str(len(record))))
                continue
            yield reader.line_num, {c: v.strip() for c, v in zip(COLUMNS, record, strict=True)}
    except csv.Error as error:
        problems.append(KsicProblem(reader.line_num, COLUMNS[0], "format", str(error)))


def _row(line: int, cells: dict[str, str], problems: list[KsicProblem]) -> KsicRow | None:
    """Check the cells of one line on their own; add what is wrong to `problems` and return None then."""
    code = cells["code"]
    broken = [(column, "control_character") for column, value in cells.items() if _CONTROL.search(value)]
    if cells["revision"] not in REVISIONS:
        broken.append(("revision", "revision"))
    if not is_industry_code(code):
        broken.append(("code", "code"))
    else:
        if cells["digits"] != str(len(code)):
            broken.append(("digits", "digits"))
        if cells["parent"] != (parent_of(code) or ""):
            broken.append(("parent", "parent"))
    for column in ("name_ko", "name_en"):
        if not cells[column]:
            broken.append((column, "blank"))
        elif len(cells[column]) > MAX_NAME_LENGTH:
            broken.append((column, "too_long"))
    problems.extend(
        KsicProblem(line, column, rule, cells[column][:MAX_NAME_LENGTH]) for column, rule in broken
    )
    if broken:
        return None
    return KsicRow(
        cells["revision"], code, len(code), cells["parent"] or None, cells["name_ko"], cells["name_en"]
    )
