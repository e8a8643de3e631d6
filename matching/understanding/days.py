"""Days until which something is wanted: 내년 3월까지, 올해 안에, 3개월 안에, 2027-03-31, by March 2027, within 6 weeks."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from matching.understanding.found import DEADLINE, Found

_UNTIL = r"(?=\s?(?:까지|안에|안으로|내에|내로|이내|전까지|전에|이전|말까지|목표|마감|가동|오픈|완료))"
_YEAR_WORD = r"(?P<word>올해|금년|내년|내후년|후년|이번\s?해)"
_YEARS = {"올해": 0, "금년": 0, "이번해": 0, "내년": 1, "내후년": 2, "후년": 2}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_BY = r"\b(?:by|before|until|no later than)\s+(?:the\s+)?(?:end\s+of\s+|mid[- ]|early\s+|late\s+)?"
_HALVES = {"상": 6, "하": 12}
_NUMBERS = {"한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6}
_ENGLISH_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "twelve": 12}
#: Nothing further away than this is read as a deadline.
_MOST_YEARS = 20

Reader = Callable[[re.Match[str], date], tuple[date, bool]]


def read(text: str, today: date) -> list[Found]:
    """Every day that is meant as a deadline, in the order of the text.

    A month or a quarter means its last day; a month without its year is the next one to come, not for sure. A day that
    has passed is read as well, not for sure: whoever wrote it will see it.
    """
    found: list[Found] = []
    for pattern, reader in _RULES:
        for match in pattern.finditer(text):
            if any(match.start() < one.end and one.start < match.end() for one in found):
                continue
            try:
                day, sure = reader(match, today)
            except (ValueError, OverflowError):
                continue  # the 31st of February, or the year 100,000
            if abs(day.year - today.year) <= _MOST_YEARS:
                found.append(Found(DEADLINE, day, match.start(), match.end(), sure and day >= today))
    return sorted(found, key=lambda one: one.start)


def _end_of(year: int, month: int) -> date:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, monthrange(year, month)[1])


def _year(match: re.Match[str], today: date) -> int:
    return today.year + _YEARS[re.sub(r"\s", "", match["word"])]


def _full(match: re.Match[str], today: date) -> tuple[date, bool]:
    day = date(int(match["y"]), int(match["m"]), int(match["d"]))
    if day < today and match["until"] is None:
        raise ValueError(day)  # something that was, not something that is wanted
    return day, True


def _year_month(match: re.Match[str], _today: date) -> tuple[date, bool]:
    return _end_of(int(match["y"]), _month_of(match["m"])), True


def _word_month(match: re.Match[str], today: date) -> tuple[date, bool]:
    if match["d"]:
        return date(_year(match, today), int(match["m"]), int(match["d"])), True
    return _end_of(_year(match, today), _month_of(match["m"])), True


def _bare_month(match: re.Match[str], today: date) -> tuple[date, bool]:
    month = _month_of(match["m"])
    year = today.year if month >= today.month else today.year + 1
    if match["d"]:
        day = date(year, month, int(match["d"]))
        return (day if day >= today else date(year + 1, month, int(match["d"]))), False
    return _end_of(year, month), False


def _half(match: re.Match[str], today: date) -> tuple[date, bool]:
    given = match["word"] or match["y"]
    year = _named_year(match, today)
    day = _end_of(year, _HALVES[match["half"]])
    return (day if given or day >= today else _end_of(year + 1, _HALVES[match["half"]])), bool(given)


def _quarter(match: re.Match[str], today: date) -> tuple[date, bool]:
    given = match["word"] or match["y"]
    year, month = _named_year(match, today), int(match["q"]) * 3
    day = _end_of(year, month)
    return (day if given or day >= today else _end_of(year + 1, month)), bool(given)


def _named_year(match: re.Match[str], today: date) -> int:
    if match["word"]:
        return _year(match, today)
    return int(match["y"]) if match["y"] else today.year


def _word_year(match: re.Match[str], today: date) -> tuple[date, bool]:
    return date(_year(match, today), 12, 31), True


def _given_year(match: re.Match[str], _today: date) -> tuple[date, bool]:
    return date(int(match["y"]), 12, 31), True


def _year_end(_match: re.Match[str], today: date) -> tuple[date, bool]:
    return date(today.year, 12, 31), True


def _near_month(match: re.Match[str], today: date) -> tuple[date, bool]:
    return _end_of(today.year, today.month + (match["near"] not in ("이번", "이"))), True


def _after(match: re.Match[str], today: date) -> tuple[date, bool]:
    number = match["n"].lower()
    n = _NUMBERS.get(number) or _ENGLISH_NUMBERS.get(number) or (1 if number in ("a", "an") else int(number))
    unit = match["unit"].lower()
    if unit.startswith(("일", "day")):
        return today + timedelta(days=n), True
    if unit.startswith(("주", "week")):
        return today + timedelta(weeks=n), True
    months = n * 12 if unit.startswith(("년", "해", "year")) else n
    return _months_later(today, months), True


def _half_year(_match: re.Match[str], today: date) -> tuple[date, bool]:
    return _months_later(today, 6), True


def _months_later(today: date, months: int) -> date:
    last = _end_of(today.year, today.month + months)
    return last.replace(day=min(today.day, last.day))


def _month_of(digits: str) -> int:
    if not 1 <= int(digits) <= 12:
        raise ValueError(digits)
    return int(digits)


def _english_month(match: re.Match[str], today: date) -> tuple[date, bool]:
    month = _MONTHS.index(match["month"][:3].lower()) + 1
    given = match["y"]
    year = int(given) if given else today.year + (month < today.month)
    day = match["d"] or match["d2"]
    return (date(year, month, int(day)) if day else _end_of(year, month)), bool(given)


def _english_year(match: re.Match[str], today: date) -> tuple[date, bool]:
    word = match["y"].lower()
    year = {"this year": today.year, "next year": today.year + 1, "the year": today.year}.get(word)
    return date(int(word) if year is None else year, 12, 31), True


def _english_next_month(_match: re.Match[str], today: date) -> tuple[date, bool]:
    return _end_of(today.year, today.month + 1), True


def _rule(pattern: str, reader: Reader) -> tuple[re.Pattern[str], Reader]:
    return re.compile(pattern, re.IGNORECASE), reader


_DAY = r"(?:\s?(?P<d>[0-9]{1,2})\s?일)?"
_END = r"(?:\s?(?:말|말일|중|초|중순|하순))?"
#: The first rule that fits some words reads them.
_RULES: tuple[tuple[re.Pattern[str], Reader], ...] = (
    _rule(
        r"(?<![0-9])(?P<y>20[0-9]{2})\s?년\s?(?P<m>[0-9]{1,2})\s?월\s?(?P<d>[0-9]{1,2})\s?일"
        rf"(?!\s?부터)(?P<until>{_UNTIL})?",
        _full,
    ),
    _rule(
        r"(?<![0-9])(?P<y>20[0-9]{2})\s?[-./]\s?(?P<m>[0-9]{1,2})\s?[-./]\s?(?P<d>[0-9]{1,2})(?![0-9])"
        rf"(?!\s?부터)(?P<until>{_UNTIL})?",
        _full,
    ),
    _rule(rf"(?<![0-9])(?P<y>20[0-9]{{2}})\s?년\s?(?P<m>[0-9]{{1,2}})\s?월{_END}{_UNTIL}", _year_month),
    _rule(rf"(?<![0-9])(?P<y>20[0-9]{{2}})\s?[-./]\s?(?P<m>[0-9]{{1,2}}){_UNTIL}", _year_month),
    _rule(rf"{_YEAR_WORD}\s?(?P<m>[0-9]{{1,2}})\s?월{_DAY}{_END}{_UNTIL}", _word_month),
    _rule(rf"(?:{_YEAR_WORD}|(?P<y>20[0-9]{{2}})\s?년)?\s?(?P<half>[상하])반기{_END}{_UNTIL}", _half),
    _rule(rf"(?:{_YEAR_WORD}|(?P<y>20[0-9]{{2}})\s?년)?\s?(?P<q>[1-4])\s?분기{_END}{_UNTIL}", _quarter),
    _rule(rf"(?<![0-9])(?P<m>[0-9]{{1,2}})\s?월{_DAY}{_END}{_UNTIL}", _bare_month),
    _rule(rf"{_YEAR_WORD}{_END}{_UNTIL}", _word_year),
    _rule(rf"(?<![0-9])(?P<y>20[0-9]{{2}})\s?년{_END}{_UNTIL}", _given_year),
    _rule(rf"연말{_UNTIL}", _year_end),
    _rule(rf"(?P<near>이번|이|다음|내)\s?달{_END}{_UNTIL}", _near_month),
    _rule(rf"(?:반년|6개월){_UNTIL}", _half_year),
    _rule(
        r"(?<![0-9])(?<!월)(?<!월 )(?P<n>[0-9]{1,3}|한|두|세|네|다섯|여섯)\s?"
        rf"(?P<unit>개월|달|주일|주|일|년|해){_UNTIL}",
        _after,
    ),
    _rule(
        rf"{_BY}(?:(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?\s+)?{_MONTH}(?:\s+(?P<d2>[0-9]{{1,2}})(?![0-9]))?"
        r"(?:,?\s+(?P<y>20[0-9]{2}))?\b",
        _english_month,
    ),
    _rule(rf"{_BY}(?P<word>(?!))?Q(?P<q>[1-4])(?:\s+(?P<y>20[0-9]{{2}}))?\b", _quarter),
    _rule(rf"{_BY}next month\b", _english_next_month),
    _rule(rf"{_BY}(?P<y>this year|next year|year|20[0-9]{{2}})\b", _english_year),
    _rule(r"\b(?P<y>this year|next year)\b", _english_year),
    _rule(
        r"\b(?:within|in)\s+(?P<n>[0-9]{1,3}|an?|one|two|three|four|six|twelve)\s+"
        r"(?P<unit>days?|weeks?|months?|years?)\b",
        _after,
    ),
)
