"""Numbers, money and dates as people read them, in Korean and in English.

Every function is pure: a value and a locale in, text out. A locale that starts with ``en`` gives English,
everything else gives Korean. Nothing here decides a price or rounds what is stored: only the text is rounded.

The words here are units of measure and calendar words that belong to the format itself; every other word on a
page comes from the translation catalogue. ``FILTERS`` holds the functions under the names that templates use.

Source: the design guide of this project, section "Numbers, money, dates".
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

#: Korea has kept UTC+9 without summer time since 1988, so no time-zone database is needed.
KOREA = timezone(timedelta(hours=9), "KST")
MINUS = "\N{MINUS SIGN}"
_MAN, _EOK = 10_000, 100_000_000
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = "월화수목금토일"
_WEEKDAYS_ENGLISH = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
#: noun → Korean counter, English singular, English plural
_COUNTERS = {
    "site": ("곳", "site", "sites"),
    "firm": ("곳", "firm", "firms"),
    "solution": ("개", "solution", "solutions"),
    "item": ("개", "item", "items"),
    "case": ("건", "case", "cases"),
    "person": ("명", "person", "people"),
    "day": ("일", "day", "days"),
    "week": ("주", "week", "weeks"),
}

Number = int | str | Decimal


def is_english(locale: object) -> bool:
    """Tell whether `locale` (a tag such as ``en-GB``, or an object that prints as one) asks for English."""
    return str(locale).lower().startswith("en")


def signed(text: str, negative: bool) -> str:
    """Put a true minus sign (U+2212) before `text` if it stands for a negative value."""
    return MINUS + text if negative else text


def number(value: Number) -> str:
    """Group the digits by thousands, keep the decimals: ``18420`` → ``18,420``, ``-0.5`` → ``−0.5``."""
    exact = _decimal(value)
    return signed(f"{abs(exact):,f}", exact < 0)


def won(amount: int, locale: object) -> str:
    """Write an amount of won exactly.

    Korean counts in 억 and 만 where that loses nothing (``1억 4,200만 원``), else in won (``12,340원``).
    English counts in millions or billions where that loses nothing (``KRW 142.0 million``), else in won.

    Args:
        amount: whole won, any sign.
        locale: see `is_english`.
    """
    size = abs(amount)
    return signed(_won_english(size) if is_english(locale) else _won_korean(size), amount < 0)


def exact_won(amount: int, locale: object) -> str:
    """Write every won out (``8,676,000원``, ``KRW 8,676,000``): what is signed, or has to add up, is never abbreviated.

    Args:
        locale: see `is_english`.
    """
    return f"KRW {number(amount)}" if is_english(locale) else f"{number(amount)}원"


def won_short(amount: int, locale: object) -> str:
    """Write an amount of won in a few characters for boards and charts, rounded half up.

    Korean leaves the word 원 to the heading (``19.9억``, ``4,384만``, under 10,000 the plain number); English
    keeps the currency (``KRW 1.99 bn``, ``KRW 43.8 m``).
    """
    size = abs(amount)
    return signed(_short_english(size) if is_english(locale) else _short_korean(size), amount < 0)


def monthly(amount: int, locale: object, at_least: bool = False) -> str:
    """Write a price a month: ``월 89만 원``, with `at_least` ``월 89만 원부터`` / ``from KRW 890,000/month``."""
    text = won(amount, locale)
    if is_english(locale):
        return f"{'from ' if at_least else ''}{text}/month"
    return f"월 {text}{'부터' if at_least else ''}"


def measure(value: Number, unit: str, locale: object) -> str:
    """Write a value with its unit: ``3.1%``, ``6.5시간``, ``1.6 mm``. Korean units and % take no space."""
    close = unit in ("%", "%p", "°") or (not is_english(locale) and _is_hangul(unit[:1]))
    return number(value) + ("" if close or not unit else " ") + unit


def percent_change(before: Number, after: Number) -> str:
    """Write the relative change from `before` to `after` in whole percent: ``−71%``, ``+12%``, ``0%``.

    Returns the empty string when `before` is 0, where a relative change has no meaning.
    """
    start, end = _decimal(before), _decimal(after)
    if start == 0:
        return ""
    change = _rounded((end - start) / abs(start) * 100, 0)
    return f"{_plus(change)}%"


def point_change(before: Number, after: Number, locale: object) -> str:
    """Write the difference of two percentages in points: ``−2.2%p`` / ``−2.2 pp``."""
    return _plus(_decimal(after) - _decimal(before)) + (" pp" if is_english(locale) else "%p")


def before_after(before: Number, after: Number, unit: str, locale: object) -> str:
    """Write a measured effect as one phrase: ``3.1% → 0.9% (−71%)``; no change is said when `before` is 0."""
    change = percent_change(before, after)
    effect = f"{measure(before, unit, locale)} → {measure(after, unit, locale)}"
    return f"{effect} ({change})" if change else effect


def value_range(low: Number, high: Number, unit: str, locale: object) -> str:
    """Write a range of values of one unit: ``0.6~1.3%`` / ``0.6–1.3%``."""
    return f"{number(low)}{'–' if is_english(locale) else '~'}{measure(high, unit, locale)}"


def count(n: int, noun: str, locale: object) -> str:
    """Write how many: ``4곳`` / ``4 sites``. `noun` is a key of the counter table; another is a `KeyError`."""
    counter, one, many = _COUNTERS[noun]
    if is_english(locale):
        return f"{number(n)} {one if n == 1 else many}"
    return number(n) + counter


def date_text(day: date | datetime, locale: object) -> str:
    """Write a date: ``2026. 4. 18.`` / ``18 Apr 2026``. A moment is taken in Korea time."""
    day = local_date(day)
    if is_english(locale):
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}. {day.month}. {day.day}."


def day_text(day: date | datetime, locale: object) -> str:
    """Write a near date without its year, with the weekday: ``4. 24. (금)`` / ``Fri 24 Apr``."""
    day = local_date(day)
    if is_english(locale):
        return f"{_WEEKDAYS_ENGLISH[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"
    return f"{day.month}. {day.day}. ({_WEEKDAYS[day.weekday()]})"


def date_range(first: date, last: date, locale: object) -> str:
    """Write a span of days without a year twice: ``2025. 6. 2. ~ 6. 29.`` / ``2 Jun – 29 Jun 2025``."""
    if is_english(locale):
        start = date_text(first, locale)
        if first.year == last.year:
            start = start.rsplit(" ", 1)[0]
        return f"{start} – {date_text(last, locale)}"
    end = date_text(last, locale)
    return f"{date_text(first, locale)} ~ {end.split(' ', 1)[1] if first.year == last.year else end}"


def month_text(day: date, locale: object) -> str:
    """Write a month: ``2025. 6.`` / ``Jun 2025``."""
    if is_english(locale):
        return f"{_MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}. {day.month}."


def month_range(first: date, last: date, locale: object) -> str:
    """Write a span of months: ``2025. 6. ~ 11.`` / ``Jun–Nov 2025``; both years when they differ."""
    same = first.year == last.year
    if is_english(locale):
        start = _MONTHS[first.month - 1] + "–" if same else month_text(first, locale) + " – "
        return start + month_text(last, locale)
    return f"{month_text(first, locale)} ~ {f'{last.month}.' if same else month_text(last, locale)}"


def quarter_text(day: date, locale: object) -> str:
    """Write the quarter a day lies in: ``2026년 2분기`` / ``Q2 2026``."""
    quarter = (day.month + 2) // 3
    return f"Q{quarter} {day.year}" if is_english(locale) else f"{day.year}년 {quarter}분기"


def moment_text(moment: datetime, now: datetime, locale: object) -> str:
    """Write a moment in Korea time: ``오늘 14:20`` on the day of `now`, else date and time.

    Args:
        moment, now: aware moments; a naive one is a `ValueError`, because its day would be a guess.
    """
    clock = f"{local_time(moment):%H:%M}"
    if local_date(moment) == local_date(now):
        return f"{'today' if is_english(locale) else '오늘'} {clock}"
    return f"{date_text(moment, locale)} {clock}"


def due_text(due: date, today: date, locale: object) -> str:
    """Write how far a due date is: ``1일 늦음``, ``오늘까지``, ``3일 남음`` / ``1 day late``, ``due today`` …"""
    days = (due - today).days
    if days == 0:
        return "due today" if is_english(locale) else "오늘까지"
    span = count(abs(days), "day", locale)
    if is_english(locale):
        return f"{span} {'late' if days < 0 else 'left'}"
    return f"{span} {'늦음' if days < 0 else '남음'}"


def due_tone(due: date, today: date) -> str:
    """Give the tone of a due date: ``bad`` when late, ``warn`` on the day itself, else the empty string."""
    if due == today:
        return "warn"
    return "bad" if due < today else ""


def iso(value: date | datetime) -> str:
    """Write a value for ``<time datetime>``: a moment in Korea time with its offset, to the minute."""
    if isinstance(value, datetime):
        return local_time(value).isoformat(timespec="minutes")
    return value.isoformat()


def file_size(size: int) -> str:
    """Write a size in decimal units: ``12.4 MB``, ``820 kB``, ``310 B``; rounded half up."""
    for unit, scale in (("GB", 10**9), ("MB", 10**6)):
        if size >= scale:
            return f"{_rounded(Decimal(size) / scale, 1):,f} {unit}"
    return f"{_rounded(Decimal(size) / 1000, 0)} kB" if size >= 1000 else f"{size} B"


def fingerprint(digest: str) -> str:
    """Shorten a hexadecimal digest to what a person compares: ``9f2c41be…a07d10``. Short text stays whole."""
    return digest if len(digest) <= 15 else f"{digest[:8]}…{digest[-6:]}"


def monogram(name: str) -> tuple[str, int]:
    """Give the letter and hue (1–6) of the tile of a company without a logo; the same name, the same tile."""
    letter = name.replace("(주)", "").replace("㈜", "").strip()[:1].upper()
    return letter, zlib.crc32(name.encode()) % 6 + 1


def local_time(moment: datetime) -> datetime:
    """Turn an aware moment into Korea time; a naive one is a `ValueError`."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no Korean time")
    return moment.astimezone(KOREA)


def local_date(day: date | datetime) -> date:
    """Give the Korean calendar day of a moment; a plain date is returned as it is."""
    return local_time(day).date() if isinstance(day, datetime) else day


def _decimal(value: Number) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(value)


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _plus(value: Decimal) -> str:
    """Write a change: plus and minus are both said, zero has no sign."""
    return ("+" if value > 0 else "") + number(value or abs(value))


def _is_hangul(letter: str) -> bool:
    return "가" <= letter <= "힣"


def _won_korean(size: int) -> str:
    if size < _MAN or size % _MAN:
        return f"{size:,}원"
    eok, man = divmod(size // _MAN, _EOK // _MAN)
    parts = ([f"{eok:,}억"] if eok else []) + ([f"{man:,}만"] if man else [])
    return " ".join(parts) + " 원"


def _won_english(size: int) -> str:
    if size >= 10**9 and size % 10**7 == 0:
        return f"KRW {Decimal(size) / 10**9:,.2f} billion"
    if size >= 10**6 and size % 10**5 == 0:
        return f"KRW {Decimal(size) / 10**6:,.1f} million"
    return f"KRW {size:,}"


def _short_korean(size: int) -> str:
    man = _rounded(Decimal(size) / _MAN, 0)
    if man >= _MAN:
        eok = _rounded(Decimal(size) / _EOK, 1)
        return f"{eok:,f}".removesuffix(".0") + "억"
    return f"{man:,f}만" if size >= _MAN else f"{size:,}"


def _short_english(size: int) -> str:
    if _rounded(Decimal(size) / 10**6, 1) >= 1000:
        return f"KRW {_rounded(Decimal(size) / 10**9, 2):,f} bn"
    if size >= 10**6:
        return f"KRW {_rounded(Decimal(size) / 10**6, 1):,f} m"
    return f"KRW {size:,}"


FILTERS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        before_after, count, date_range, date_text, day_text, due_text, due_tone, file_size, fingerprint, iso,
        measure, moment_text, monogram, month_range, month_text, monthly, number, percent_change,
        point_change, quarter_text, value_range, won, won_short,
    )
}  # fmt: skip
