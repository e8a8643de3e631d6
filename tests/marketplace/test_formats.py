"""Formats: the table of the design guide, and the corners around it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace import formats


@pytest.mark.parametrize(
    ("amount", "korean", "english"),
    [
        (142_000_000, "1억 4,200만 원", "KRW 142.0 million"),
        (39_000_000, "3,900만 원", "KRW 39.0 million"),
        (12_340, "12,340원", "KRW 12,340"),
        (890_000, "89만 원", "KRW 890,000"),
        (0, "0원", "KRW 0"),
        (10_000, "1만 원", "KRW 10,000"),
        (9_999, "9,999원", "KRW 9,999"),
        (100_000_000, "1억 원", "KRW 100.0 million"),
        (142_000_001, "142,000,001원", "KRW 142,000,001"),
        (1_990_000_000, "19억 9,000만 원", "KRW 1.99 billion"),
        (10**12, "10,000억 원", "KRW 1,000.00 billion"),
        (-19_500_000, "−1,950만 원", "−KRW 19.5 million"),
    ],
)
def test_won_is_exact(amount: int, korean: str, english: str) -> None:
    assert formats.won(amount, "ko") == korean
    assert formats.won(amount, "en") == english


@given(st.integers(0, 10**12))
def test_won_in_korean_loses_nothing(amount: int) -> None:
    text = formats.won(amount, "ko").removesuffix("원").strip().replace(",", "")
    total = 0
    for part in text.split():
        scale = 10**8 if part.endswith("억") else 10**4 if part.endswith("만") else 1
        total += int(part.rstrip("억만")) * scale
    assert total == amount


@given(st.integers(0, 10**12))
def test_won_in_english_loses_nothing(amount: int) -> None:
    words = formats.won(amount, "en").removeprefix("KRW ").replace(",", "").split()
    scale = {"million": 10**6, "billion": 10**9}[words[1]] if len(words) == 2 else 1
    assert Decimal(words[0]) * scale == amount


@pytest.mark.parametrize(
    ("amount", "korean", "english"),
    [
        (1_990_000_000, "19.9억", "KRW 1.99 bn"),
        (43_840_000, "4,384만", "KRW 43.8 m"),
        (43_845_000, "4,385만", "KRW 43.8 m"),
        (99_994_999, "9,999만", "KRW 100.0 m"),
        (99_995_000, "1억", "KRW 100.0 m"),
        (2_000_000_000, "20억", "KRW 2.00 bn"),
        (999_949_999, "10억", "KRW 999.9 m"),
        (999_950_000, "10억", "KRW 1.00 bn"),
        (9_800, "9,800", "KRW 9,800"),
        (-15_000, "−2만", "−KRW 15,000"),
    ],
)
def test_won_short_rounds_half_up(amount: int, korean: str, english: str) -> None:
    assert formats.won_short(amount, "ko") == korean
    assert formats.won_short(amount, "en") == english


def test_monthly() -> None:
    assert formats.monthly(890_000, "ko", at_least=True) == "월 89만 원부터"
    assert formats.monthly(890_000, "ko") == "월 89만 원"
    assert formats.monthly(890_000, "en", at_least=True) == "from KRW 890,000/month"
    assert formats.monthly(890_000, "en") == "KRW 890,000/month"


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("3.1", "0.9", "−71%"),
        ("0.9", "3.1", "+244%"),
        ("200", "201", "+1%"),
        ("5", "5", "0%"),
        ("0", "3", ""),
        ("-4", "-2", "+50%"),
        ("1000", "999.9", "0%"),
    ],
)
def test_percent_change(before: str, after: str, change: str) -> None:
    assert formats.percent_change(before, after) == change


def test_effect_in_one_phrase() -> None:
    assert formats.before_after("3.1", "0.9", "%", "ko") == "3.1% → 0.9% (−71%)"
    assert formats.before_after("3.1", "0.9", "%", "en") == "3.1% → 0.9% (−71%)"
    assert formats.before_after("6.5", "1.2", "시간", "ko") == "6.5시간 → 1.2시간 (−82%)"
    assert formats.before_after("0", "3", "건", "ko") == "0건 → 3건"


def test_points_are_not_percent() -> None:
    assert formats.point_change("3.1", "0.9", "ko") == "−2.2%p"
    assert formats.point_change("3.1", "0.9", "en") == "−2.2 pp"
    assert formats.point_change("0.9", "3.1", "en") == "+2.2 pp"


@pytest.mark.parametrize(
    ("value", "unit", "korean", "english"),
    [
        ("3.1", "%", "3.1%", "3.1%"),
        ("18420", "장", "18,420장", "18,420 장"),
        ("1.6", "mm", "1.6 mm", "1.6 mm"),
        ("-0.50", "h", "−0.50 h", "−0.50 h"),
        ("7", "", "7", "7"),
    ],
)
def test_measure(value: str, unit: str, korean: str, english: str) -> None:
    assert formats.measure(value, unit, "ko") == korean
    assert formats.measure(value, unit, "en") == english


def test_range_of_values() -> None:
    assert formats.value_range("0.6", "1.3", "%", "ko") == "0.6~1.3%"
    assert formats.value_range("0.6", "1.3", "%", "en") == "0.6–1.3%"


@pytest.mark.parametrize(
    ("n", "noun", "korean", "english"),
    [
        (4, "site", "4곳", "4 sites"),
        (1, "site", "1곳", "1 site"),
        (23, "solution", "23개", "23 solutions"),
        (1274, "case", "1,274건", "1,274 cases"),
        (3, "person", "3명", "3 people"),
    ],
)
def test_count(n: int, noun: str, korean: str, english: str) -> None:
    assert formats.count(n, noun, "ko") == korean
    assert formats.count(n, noun, "en") == english


def test_count_refuses_a_noun_without_a_counter() -> None:
    with pytest.raises(KeyError):
        formats.count(2, "robot", "ko")


def test_dates() -> None:
    day = date(2026, 4, 18)
    assert formats.date_text(day, "ko") == "2026. 4. 18."
    assert formats.date_text(day, "en") == "18 Apr 2026"
    assert formats.day_text(date(2026, 4, 24), "ko") == "4. 24. (금)"
    assert formats.day_text(date(2026, 4, 24), "en") == "Fri 24 Apr"
    assert formats.quarter_text(day, "ko") == "2026년 2분기"
    assert formats.quarter_text(date(2026, 12, 31), "en") == "Q4 2026"
    assert formats.month_text(day, "ko") == "2026. 4."
    assert formats.iso(day) == "2026-04-18"


def test_spans() -> None:
    june, november = date(2025, 6, 2), date(2025, 11, 29)
    assert formats.month_range(june, november, "ko") == "2025. 6. ~ 11."
    assert formats.month_range(june, november, "en") == "Jun–Nov 2025"
    assert formats.month_range(june, date(2026, 1, 1), "ko") == "2025. 6. ~ 2026. 1."
    assert formats.month_range(june, date(2026, 1, 1), "en") == "Jun 2025 – Jan 2026"
    assert formats.date_range(june, date(2025, 6, 29), "ko") == "2025. 6. 2. ~ 6. 29."
    assert formats.date_range(june, date(2025, 6, 29), "en") == "2 Jun – 29 Jun 2025"
    assert formats.date_range(june, date(2026, 1, 1), "ko") == "2025. 6. 2. ~ 2026. 1. 1."
    assert formats.date_range(june, date(2026, 1, 1), "en") == "2 Jun 2025 – 1 Jan 2026"


def test_moments_are_shown_in_korea_time() -> None:
    late = datetime(2026, 4, 20, 15, 5, tzinfo=UTC)  # already the 21st in Korea
    assert formats.moment_text(late, datetime(2026, 4, 21, 2, 0, tzinfo=UTC), "ko") == "오늘 00:05"
    assert formats.moment_text(late, datetime(2026, 4, 21, 2, 0, tzinfo=UTC), "en") == "today 00:05"
    assert formats.moment_text(late, datetime(2026, 4, 20, 14, 59, tzinfo=UTC), "ko") == "2026. 4. 21. 00:05"
    assert formats.date_text(late, "ko") == "2026. 4. 21."
    assert formats.iso(late) == "2026-04-21T00:05+09:00"


def test_a_moment_without_zone_is_refused() -> None:
    naive = datetime(2026, 4, 20, 15, 5)  # noqa: DTZ001 - the case under test
    with pytest.raises(ValueError, match="time zone"):
        formats.date_text(naive, "ko")


@pytest.mark.parametrize(
    ("day", "korean", "english", "tone"),
    [
        (20, "1일 늦음", "1 day late", "bad"),
        (21, "오늘까지", "due today", "warn"),
        (24, "3일 남음", "3 days left", ""),
    ],
)
def test_due(day: int, korean: str, english: str, tone: str) -> None:
    due, today = date(2026, 4, day), date(2026, 4, 21)
    assert formats.due_text(due, today, "ko") == korean
    assert formats.due_text(due, today, "en") == english
    assert formats.due_tone(due, today) == tone


def test_files() -> None:
    assert formats.file_size(12_400_000) == "12.4 MB"
    assert formats.file_size(819_500) == "820 kB"
    assert formats.file_size(310) == "310 B"
    assert formats.fingerprint("9f2c41be" + "0" * 50 + "a07d10") == "9f2c41be…a07d10"
    assert formats.fingerprint("9f2c") == "9f2c"


def test_monogram_is_stable_and_skips_the_company_mark() -> None:
    assert formats.monogram("(주)비전웍스")[0] == "비"
    assert formats.monogram("ieum lab")[0] == "I"
    assert formats.monogram("한울정밀") == formats.monogram("한울정밀")
    assert {formats.monogram(f"회사 {n}")[1] for n in range(100)} == {1, 2, 3, 4, 5, 6}


def test_locale_by_tag() -> None:
    assert formats.won(20_000, "en-GB") == "KRW 20,000"
    assert formats.won(20_000, "ko_KR") == "2만 원"


def test_templates_get_every_filter_by_name() -> None:
    assert formats.FILTERS["won"] is formats.won
    assert set(formats.FILTERS) >= {"won", "won_short", "date_text", "percent_change", "count", "due_text"}
