"""Demands in words: what was understood of a text, what changed between versions, what an audience sees."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from catalog.models import ProgrammeRule
from marketplace import formats, wording
from marketplace.extensions import locale
from matching.audience import Asked, AudienceView
from matching.crowds import Band
from matching.demand_content import differences
from matching.models import DemandVersion
from matching.understanding import found as f
from matching.understanding.reading import Reading

_OF_SCHEME = {
    f.MUST: "capability",
    f.NICE: "capability",
    f.NOT_WANTED: "capability",
    f.SYSTEM: "capability",
    f.PROCESS: "process",
    f.REGION: "region",
}


def understood(reading: Reading) -> list[dict[str, Any]]:
    """A row for everything that was found: {"words", "field", "meaning", "sure"}."""
    return [
        {
            "words": reading.words(one),
            "field": wording.name("reading_field", one.field),
            "meaning": _meaning(one),
            "sure": one.sure and one.value not in reading.contradictions,
        }
        for one in reading.found
    ]


def not_understood(reading: Reading) -> list[str]:
    """The words in which nothing was found."""
    return [reading.text[start:end] for start, end in reading.left]


def changes(rows: Sequence[DemandVersion], since: int = 0) -> list[dict[str, Any]]:
    """A row for each version after `since`, newest first: {"version", "changes": [(field, before, after)]}."""
    older = [*rows[1:], None]
    return [
        {
            "version": row,
            "changes": []
            if before is None
            else [
                (_field(name), said(name, old), said(name, new))
                for name, old, new in differences(before.content, row.content)
            ],
        }
        for row, before in zip(rows, older, strict=True)
        if row.number > since
    ]


def said(name: str, value: Any) -> str:
    """A field of a version in words."""
    if value in (None, "", []):
        return _("적지 않음")
    write = {
        "requirements": lambda: ", ".join(_requirement(row) for row in value),
        "links": lambda: ", ".join(pair(one) for one in value),
        "target_level": lambda: wording.name("level_value", str(value)),
        "budget_amount": lambda: formats.won(value, locale()),
        "deadline": lambda: formats.date_text(date.fromisoformat(value), locale()),
        "site": lambda: _("다른 공장"),
    }.get(name)
    return str(value) if write is None else write()


def pair(codes: Sequence[str]) -> str:
    """Two capabilities that exchange data."""
    return " ↔ ".join(wording.term_name("capability", code) for code in codes)


def programmes(rules: Sequence[ProgrammeRule], today: date) -> list[tuple[str, str]]:
    """Options of the field: past rules say that they are past."""
    named = []
    for rule in rules:
        name = rule.name_en if locale() == "en" and rule.name_en else rule.name
        last = rule.ended_on or rule.valid_to
        if last < today:
            name = _("%(name)s (지난 규칙, %(day)s까지)", name=name, day=formats.date_text(last, locale()))
        named.append((rule.code or rule.public_id, name))
    return named


def described(view: AudienceView) -> str:
    """Industry, region and size as far as they are shown."""
    where = [
        wording.industry_name({"revision": "11", "code": view.industry}) if view.industry else "",
        wording.name("sector", view.sector) if view.sector else "",
        wording.term_name("region", view.region) if view.region else "",
        wording.name("area", view.area) if view.area else "",
    ]
    if not view.size:
        return " · ".join(filter(None, where)) or _("업종·지역·규모는 알리지 않음")
    if not any(where):
        where = [_("업종·지역은 밝히지 않음")]
    return " · ".join(filter(None, [*where, people(view.size)]))


def people(band: Band) -> str:
    """A band of headcounts."""
    if band[1] is None:
        return _("%(low)s명 이상", low=band[0])
    return _("%(low)s~%(high)s명", low=band[0], high=band[1])


def budget(band: Band | None) -> str:
    """A band of won."""
    if band is None:
        return _("적지 않음")
    low, high = band
    if high is None:
        return _("%(low)s 이상", low=formats.won(low, locale()))
    if low == 0:
        return _("%(high)s 미만", high=formats.won(high, locale()))
    return _("%(low)s ~ %(high)s", low=formats.won(low, locale()), high=formats.won(high, locale()))


def quarter(shown: tuple[int, int] | None) -> str:
    """The quarter in which it is wanted."""
    if shown is None:
        return _("적지 않음")
    return formats.quarter_text(date(shown[0], shown[1] * 3, 1), locale())


def capabilities(view: AudienceView, *, must: bool) -> str:
    """The needs or the wishes, with the least quality where it is shown."""
    return ", ".join(_asked(one) for one in view.asked if one.must == must)


def _asked(one: Asked) -> str:
    name = wording.term_name("capability", one.capability)
    return name if one.min_quality is None else _("%(name)s (최소 품질 %(n)s)", name=name, n=one.min_quality)


def _requirement(row: Mapping[str, Any]) -> str:
    return _(
        "%(capability)s(%(need)s, 품질 %(n)s)",
        capability=wording.term_name("capability", row["capability"]),
        need=_("꼭 필요") if row["must"] else _("있으면 좋음"),
        n=row["min_quality"],
    )


def _field(name: str) -> str:
    return _("공장") if name == "site" else wording.name("field", name)


def _meaning(one: f.Found) -> str:
    if one.field in _OF_SCHEME:
        return wording.term_name(_OF_SCHEME[one.field], one.value)
    if one.field == f.INDUSTRY:
        return wording.industry_name({"revision": "11", "code": one.value})
    if one.field == f.LINK:
        return pair(one.value)
    if one.field == f.BUDGET:
        return _("%(amount)s, 부가세를 뺀 금액", amount=formats.won(one.value, locale()))
    if one.field == f.DEADLINE:
        return _("%(day)s까지", day=formats.date_text(one.value, locale()))
    return wording.name("level_value", str(one.value))
