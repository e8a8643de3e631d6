"""Published cases: results that others reported in the press, with their source. Never results of ours."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from catalog.taxonomy.files import read_yaml
from catalog.taxonomy.terms import is_english


@dataclass(frozen=True, slots=True)
class PublishedCase:
    """One reported result; numbers and unit stand exactly as printed.

    Attributes:
        code: id of the case.
        company_ko, company_en: the firm as the source names it.
        metric_ko, metric_en: what was measured.
        unit: kind of number, e.g. "percent", "percent_increase", "per_million", "level", "krw_over_4_years".
        before, after: both ends, when printed.
        change: signed change in `unit`, when only a change was printed.
        value: a single figure, when neither was printed.
        lead_time_months: how long it took, when printed.
        year: of the report, when known.
        industry_code: KSIC revision 11 code, our own assignment, or None.
        source: newspaper and date, or address.
    """

    code: str
    company_ko: str
    company_en: str
    metric_ko: str
    metric_en: str
    unit: str
    source: str
    before: Decimal | None = None
    after: Decimal | None = None
    change: Decimal | None = None
    value: Decimal | None = None
    lead_time_months: int | None = None
    year: int | None = None
    industry_code: str | None = None
    industry_ko: str | None = None
    industry_en: str | None = None
    process_ko: str | None = None
    process_en: str | None = None
    model_ko: str | None = None
    model_en: str | None = None
    note_ko: str | None = None
    note_en: str | None = None

    def text(self, part: str, locale: str) -> str | None:
        """Return one of the worded parts ("company", "metric", "industry", "process", "model", "note")."""
        value: str | None = getattr(self, f"{part}_{'en' if is_english(locale) else 'ko'}")
        return value


@cache
def published_cases() -> tuple[PublishedCase, ...]:
    """Return every published case, in the order of the data file."""
    return tuple(_case(entry) for entry in read_yaml("kamp_models.yaml")["cases"])


def _case(entry: dict[str, Any]) -> PublishedCase:
    words = {
        f"{part}_{language}": entry.get(f"{part}_{language}")
        for part in ("industry", "process", "model", "note")
        for language in ("ko", "en")
    }
    return PublishedCase(
        code=entry["id"],
        company_ko=entry["company_ko"],
        company_en=entry["company_en"],
        metric_ko=entry["metric_ko"],
        metric_en=entry["metric_en"],
        unit=entry["unit"],
        source=entry["source"],
        before=_number(entry.get("before")),
        after=_number(entry.get("after")),
        change=_number(entry.get("change")),
        value=_number(entry.get("value")),
        lead_time_months=entry.get("lead_time_months"),
        year=entry.get("year"),
        industry_code=entry.get("ksic11") or entry.get("ksic_division"),
        **words,
    )


def _number(printed: int | float | None) -> Decimal | None:
    # by way of the text, so that 12.5 stays 12.5
    return None if printed is None else Decimal(str(printed))
