"""What every page of the operator's console has: its navigation, filters as plain GET forms, pages, CSV."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Response, flash, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.accounts.permission import is_allowed
from marketplace.web.parameters import notice_unknown, page_number

PER_PAGE = 25
#: A CSV file holds at most this many rows; a narrower filter gets the others.
CSV_MOST = 10_000
#: A spreadsheet takes a cell that begins with one of these for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"


class Section(NamedTuple):
    """One entry of the console's navigation."""

    permission: str
    key: str
    path: str
    #: Lazily translated.
    label: Any
    #: Key of GROUPS.
    group: str


GROUPS = {
    "people": _l("사람과 조직"),
    "store": _l("장터"),
    "rules": _l("기준"),
    "running": _l("운영 상태"),
    "record": _l("기록"),
}

#: A page sets `at` to its section's key. Sections of one group stand together, in this order.
SECTIONS: tuple[Section, ...] = (
    Section("console.read", "overview", "/console", _l("기다리는 일"), "people"),
    Section("organization.list", "organizations", "/console/organizations", _l("조직 목록"), "people"),
    Section("user.list", "users", "/console/users", _l("사람"), "people"),
    Section("listing.oversee", "listings", "/console/listings", _l("솔루션"), "store"),
    Section("report.read", "reports", "/console/reports", _l("신고 목록"), "store"),
    Section(
        "level_certificate.read",
        "level_certificates",
        "/console/level-certificates",
        _l("수준확인서"),
        "people",
    ),
    Section("deletion.read", "deletions", "/console/deletions", _l("삭제 요청"), "people"),
    Section("weights.draft", "weights", "/console/weights", _l("가중치 판"), "rules"),
    Section("programme.draft", "programmes", "/console/programmes", _l("지원사업 규칙"), "rules"),
    Section("interop.read", "interop", "/console/interop", _l("연결 비용과 충돌"), "rules"),
    Section("taxonomy.watch", "taxonomies", "/console/taxonomies", _l("분류"), "rules"),
    Section("outbox.read", "outbox", "/console/outbox", _l("보낼 작업"), "running"),
    Section("outbox.read", "mail", "/console/mail", _l("메일 기록"), "running"),
    Section("search.watch", "search", "/console/search", _l("검색 색인"), "running"),
    Section("operations.watch", "operations", "/console/operations", _l("서버 상태"), "running"),
    Section("audit.search", "audit", "/console/audit", _l("감사 기록"), "record"),
    Section("support.open", "support", "/console/support", _l("지원 열람"), "record"),
)


def navigation() -> list[tuple[str, list[Section]]]:
    """The groups with the sections that the reader may open."""
    groups = [
        (str(label), [s for s in SECTIONS if s.group == group and is_allowed(s.permission)])
        for group, label in GROUPS.items()
    ]
    return [(label, sections) for label, sections in groups if sections]


@dataclass(frozen=True, slots=True)
class Text:
    """A filter of free words."""

    name: str
    label: str
    kind = "text"


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter of one of a few: (value, words)."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    kind = "choice"


@dataclass(frozen=True, slots=True)
class Day:
    """A filter by a date of the calendar in Korea."""

    name: str
    label: str
    kind = "day"


Field = Text | Choice | Day


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for. `words`: name → the value as typed; an unknown one is left out with a notice."""

    fields: tuple[Field, ...]
    words: dict[str, str]
    path: str
    csv: bool

    def get(self, name: str) -> str | None:
        """The text or choice, None if it is not asked for."""
        return self.words.get(name)

    def day(self, name: str) -> date | None:
        """The date, None if it is not asked for."""
        word = self.words.get(name)
        return None if word is None else date.fromisoformat(word)

    def href(self, **changes: object) -> str:
        """This page with these filters and those changes."""
        asked = {k: v for k, v in {**self.words, **changes}.items() if v not in {None, ""}}
        return f"{self.path}?{urlencode(asked)}" if asked else self.path

    def page_href(self, number: int) -> str:
        """The page of that number, for the pager."""
        return self.href(page=number)


def filters(*fields: Field) -> Filters:
    """Read the filters from the address; what cannot be one is left out, with one notice."""
    notice_unknown("page", "csv", *(field.name for field in fields))
    words, strange = {}, False
    for field in fields:
        word = request.args.get(field.name, "").strip()[:200]
        if word and _fits(field, word):
            words[field.name] = word
        elif word:
            strange = True
    if strange:
        flash(_("모르는 조건은 빼고 보여드려요."), "warning")
    return Filters(fields, words, request.path, request.args.get("csv") == "1")


def _fits(field: Field, word: str) -> bool:
    if isinstance(field, Choice):
        return word in {value for value, _words in field.options}
    if isinstance(field, Day):
        try:
            return date.fromisoformat(word).isoformat() == word
        except ValueError:
            return False
    return word.isprintable()


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a long list; `offset` and `limit` for the statement."""

    number: int
    pages: int
    total: int
    offset: int
    limit: int


def paged(total: int, asked: Filters | None = None, per_page: int = PER_PAGE) -> Page:
    """The page asked for, or for a CSV file everything (up to CSV_MOST rows)."""
    if asked is not None and asked.csv:
        return Page(1, 1, total, 0, CSV_MOST)
    pages = -(-total // per_page)
    number = page_number(pages)
    return Page(number, pages, total, (number - 1) * per_page, per_page)


def csv_answer(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A CSV file for a spreadsheet: UTF-8 with BOM, no cell that could act as a formula."""
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_cell(words) for words in header])
    writer.writerows([_cell(value) for value in row] for row in rows)
    answer = Response(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
