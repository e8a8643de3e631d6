"""Up to four listings of a list side by side: rows in groups, what is best and what to check, or only what differs."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, request
from flask_babel import gettext as _

from catalog.bundle_states import BUNDLE
from catalog.content import first_year_amount
from catalog.models import Release
from marketplace import formats, wording
from marketplace.accounts.access import Place
from marketplace.extensions import locale
from marketplace.wording import term_name
from matching.models import MatchList
from matching.scoring.weights import HEADINGS

LEAST, MOST = 2, 4
_COUNTED = ("known", "unknown_offer")


@dataclass(frozen=True, slots=True)
class Cell:
    """One listing's value in a row: `mark` is "best", "check" or ""."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing compared."""

    name: str
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        """Whether the listings are not all alike in it."""
        return len({cell.text for cell in self.cells}) > 1


@dataclass(frozen=True, slots=True)
class _Column:
    """One listing with everything that is compared."""

    place: Place
    content: Mapping[str, Any]
    certificate_days: str


def asked() -> list[str]:
    """The ids in the address, each once, MOST at the most; more are left out with words."""
    ids = list(dict.fromkeys(request.args.getlist("compare")))
    if len(ids) > MOST:
        flash(_("한 번에 %(n)s개까지 견줄 수 있어서 앞의 %(n)s개만 보여드려요.", n=MOST), "warning")
    return ids[:MOST]


def is_id(word: str) -> bool:
    """Whether the word may be a listing's id at all."""
    return re.fullmatch(r"[0-9a-f-]{36}", word, re.ASCII) is not None


def kept(ids: Sequence[str], places: Sequence[Place]) -> list[Place]:
    """The places that were asked for, in the order asked; ids that the list has not are left out with words."""
    by_listing = {place.match.listing: place for place in places}
    found = [by_listing[listing] for listing in ids if listing in by_listing]
    if len(found) < len(ids):
        flash(_("이 목록에 없는 솔루션은 빼고 견줘요."), "warning")
    elif len(found) == 1:
        flash(_("견줄 솔루션을 하나 더 골라 주세요."), "warning")
    return found


def groups(
    places: Sequence[Place], releases: Mapping[str, Release], found: MatchList, *, everything: bool
) -> list[tuple[str, list[Row]]]:
    """The table: groups with their rows, those that are alike only if `everything` is asked for."""
    columns = [_column(place, releases.get(place.match.listing)) for place in places]
    need = found.need
    table = [
        (_("점수"), _scores(columns)),
        (_("성과와 검증"), _proof(columns)),
        (_("비용"), _costs(columns, need)),
        (_("도입"), _delivery(columns, need)),
        (_("필요한 역량"), _capabilities(columns, need)),
    ]
    shown = [(name, [row for row in rows if everything or row.differs]) for name, rows in table]
    return [(name, rows) for name, rows in shown if rows]


def _column(place: Place, release: Release | None) -> _Column:
    if release is None:
        return _Column(place, {}, "")
    return _Column(place, release.content, formats.date_text(release.certificate.expires_on, locale()))


def _scores(columns: Sequence[_Column]) -> list[Row]:
    rows = [
        _row(
            _("적합도"),
            columns,
            lambda c: sum(p["shown_points"] for p in c.place.match.parts),
            _points,
            high=True,
        )
    ]
    for heading in HEADINGS:

        def points(column: _Column, axes: Sequence[str] = heading.axes) -> float | None:
            parts = [p for p in column.place.match.parts if p["axis"] in axes and p["state"] in _COUNTED]
            return sum(part["shown_points"] for part in parts) if parts else None

        rows.append(
            _row(wording.name("heading", heading.id), columns, points, _points, high=True, none=_("빠짐"))
        )
    return rows


def _proof(columns: Sequence[_Column]) -> list[Row]:
    def sites(n: float) -> str:
        return formats.count(int(n), "site", locale())

    def cases(n: float) -> str:
        return formats.count(int(n), "case", locale())

    return [
        _words(_("핵심 지표"), columns, _key_effect),
        _row(_("현장 검증"), columns, lambda c: c.place.match.card["field_sites"], sites, high=True),
        _row(_("시험 성적"), columns, lambda c: c.place.match.card["test_reports"], cases, high=True),
        _words(_("인증서 기한"), columns, lambda c: c.certificate_days),
    ]


def _costs(columns: Sequence[_Column], need: Mapping[str, Any]) -> list[Row]:
    def price(column: _Column) -> int | None:
        plan = column.place.match.card["plan"]
        return None if plan is None else first_year_amount(plan)

    def won(amount: float) -> str:
        return formats.won(int(amount), locale())

    def over(amount: float) -> bool:
        return need["budget_amount"] is not None and amount > need["budget_amount"]

    return [
        _words(_("요금제"), columns, _plan_name),
        _row(_("첫해 목록가(부가세 빼고)"), columns, price, won, high=False, check=over),
        _row(_("처음 한 번 내는 돈"), columns, lambda c: _plan_part(c, "setup_amount"), won, high=False),
    ]


def _delivery(columns: Sequence[_Column], need: Mapping[str, Any]) -> list[Row]:
    def weeks(n: float) -> str:
        return formats.count(int(n), "week", locale())

    def late(n: float) -> bool:
        return need["weeks_left"] is not None and n > need["weeks_left"]

    def level(column: _Column) -> str:
        span = column.place.match.card["level"]
        return _("기업 수준 %(low)s~%(high)s", low=span["from"], high=span["to"])

    return [
        _row(
            _("도입 기간"),
            columns,
            lambda c: c.place.match.card["install_weeks"],
            weeks,
            high=False,
            check=late,
        ),
        _words(_("쓸 수 있는 수준"), columns, level),
        _words(_("연동 규격"), columns, lambda c: _terms("interface", c.content.get("interfaces"))),
        _words(_("설치 방식"), columns, lambda c: _terms("deployment", c.content.get("deployment"))),
        _words(_("공급 지역"), columns, lambda c: _terms("region", c.content.get("regions"))),
    ]


def _capabilities(columns: Sequence[_Column], need: Mapping[str, Any]) -> list[Row]:
    rows = []
    for requirement in need["requirements"]:
        code, least = requirement["capability"], requirement["min_quality"]

        def quality(column: _Column, code: str = code) -> int:
            plan = column.place.match.card["plan"] or {"quality": []}
            return next((int(q["quality"]) for q in plan["quality"] if q["capability"] == code), 0)

        def below(n: float, least: int = least) -> bool:
            return n < least

        def words(n: float) -> str:
            return _("품질 %(n)s", n=int(n)) if n else _("없음")

        rows.append(_row(term_name("capability", code), columns, quality, words, high=True, check=below))
    return rows


def _is_bundle(column: _Column) -> bool:
    return column.place.match.card.get("kind") == BUNDLE


def _plan_name(column: _Column) -> str:
    """The plan that counts; a bundle has one price and no plans to choose among."""
    return _("값 하나") if _is_bundle(column) else (column.place.match.card["plan"] or {}).get("name", "")


def _key_effect(column: _Column) -> str:
    """The first measured effect that got better, with its figures; field records before test reports."""
    if _is_bundle(column):
        return _("솔루션마다 따로 있어요")
    records = [r for r in column.content.get("evidence", []) if r["kind"] in ("field", "test_report")]
    records.sort(key=lambda record: record["kind"] != "field")
    for record in records:
        before, after = record["baseline"], record["after"]
        if before is not None and after is not None:
            return f"{record['kpi']} {formats.before_after(before, after, record['unit'], locale())}"
    return ""


def _plan_part(column: _Column, name: str) -> int | None:
    plan = column.place.match.card["plan"]
    return None if plan is None else plan[name]


def _terms(scheme: str, codes: Sequence[str] | None) -> str:
    return ", ".join(term_name(scheme, code) for code in codes or ())


def _points(n: float) -> str:
    return _("%(n)s점", n=int(n))


def _words(name: str, columns: Sequence[_Column], said: Callable[[_Column], str]) -> Row:
    """A row of words; what is missing is said."""
    texts = [said(column) for column in columns]
    return Row(name, tuple(Cell(text) if text else Cell(_("확인 안 됨"), "check") for text in texts))


def _row(
    name: str,
    columns: Sequence[_Column],
    value: Callable[[_Column], float | None],
    words: Callable[[float], str],
    *,
    high: bool,
    check: Callable[[float], bool] = lambda _value: False,
    none: str = "",
) -> Row:
    """A row of numbers: the best is marked unless all are alike, and what to check before it.

    `none`: words for a value that does not count here; without them it is not known, which is something to check.
    """
    values = [value(column) for column in columns]
    known = [n for n in values if n is not None]
    best = (max(known) if high else min(known)) if len(set(known)) > 1 else None
    cells = []
    for n in values:
        if n is None:
            cells.append(Cell(none) if none else Cell(_("확인 안 됨"), "check"))
        else:
            cells.append(Cell(words(n), "check" if check(n) else "best" if n == best else ""))
    return Row(name, tuple(cells))
