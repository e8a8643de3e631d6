"""Amounts of won in Korean and English words: 5천만 원, 1억 2천, 3천5백만, 2.5억, KRW 50,000,000, 50 million won."""

import re
from decimal import Decimal

from matching.understanding.found import BUDGET, Found

#: Amounts beyond this are no budget of a factory: a trillion won, the most that a demand may state.
MOST = 1_000_000_000_000

#: A budget below this that is not said to be won is one in 만.
_LEAST_BUDGET = 100_000

_DIGITS = {"영": 0, "공": 0, "일": 1, "이": 2, "삼": 3, "사": 4, "오": 5, "육": 6, "칠": 7, "팔": 8, "구": 9}
_SMALL = {"십": 10, "백": 100, "천": 1_000}
_LARGE = {"만": 10_000, "억": 100_000_000, "조": 1_000_000_000_000}
_ENGLISH = {"thousand": 10**3, "k": 10**3, "million": 10**6, "m": 10**6, "billion": 10**9, "bn": 10**9}

_UNITS = "thousand|million|billion|bn|k|m"
_NUMBER = r"[0-9]{1,3}(?:,[0-9]{3}){1,5}|[0-9]{1,15}(?:\.[0-9]{1,4})?"
_KOREAN = re.compile(
    rf"(?<![0-9,.A-Za-z가-힣])"
    rf"(?P<low>(?:{_NUMBER})\s?[~∼–-]\s?)?"
    rf"(?P<number>(?:(?:{_NUMBER}|[일이삼사오육칠팔구])?\s?[십백천만억조]\s?){{1,12}}"
    rf"(?:(?:{_NUMBER})(?=\s?원))?|(?:{_NUMBER})\s?(?=원))"
    r"(?P<won>\s?원)?(?!\s?(?:개|대|명|건|장|번|톤|회|시간|가지|곳|평|세|ton|kg|㎏))"
)
_PIECE = re.compile(rf"(?P<digits>{_NUMBER}|[일이삼사오육칠팔구])?\s?(?P<unit>[십백천만억조])?\s?")
_LATIN = re.compile(
    rf"(?:(?P<before>KRW|₩)\s?(?P<a>{_NUMBER})\s?(?P<ua>{_UNITS})?(?![A-Za-z])"
    rf"|(?<![0-9A-Za-z.,])(?P<b>{_NUMBER})\s?(?P<ub>{_UNITS})?\s?(?:won|KRW)(?![A-Za-z]))",
    re.IGNORECASE,
)
_ABOUT_MONEY = re.compile(
    r"(?:예산|비용|금액|투자|자금|돈|한도|가격|budget|cost|spend|price)[^.!?\n]{0,14}$", re.IGNORECASE
)
_A_MONTH = re.compile(r"(?:월|매월|매달|한 ?달에|달마다|연매출|매출|매출액|수출)\s?(?:약\s?)?$")
_SALES = re.compile(r"(?:매출|수출|자본금|revenue|sales)[^.!?\n]{0,10}$", re.IGNORECASE)
_PER_MONTH = re.compile(r"\s?(?:/\s?월|씩|per month|a month|monthly)", re.IGNORECASE)


def read(text: str) -> list[Found]:
    """Every amount that is meant as a budget, in the order of the text; of a range the upper end, not for sure."""
    found = [one for match in _KOREAN.finditer(text) if (one := _korean(text, match)) is not None]
    found += [one for match in _LATIN.finditer(text) if (one := _latin(text, match)) is not None]
    return sorted(found, key=lambda one: one.start)


def value_of(words: str) -> tuple[int, bool] | None:
    """Won of a Korean number such as "1억 2천", and whether it is exact; None if it is no whole number.

    After 억 a bare 천 or 백 is taken for 천만, 백만, as people say it: "1억 2천" is 120,000,000, not for sure.
    """
    total, section, pending, largest = 0, 0, None, 0
    exact, position = True, 0
    while position < len(words):
        piece = _PIECE.match(words, position)
        if piece is None or piece.end() == position:
            return None
        position = piece.end()
        digits, unit = piece["digits"], piece["unit"]
        number = None if digits is None else _plain(digits)
        if unit in _SMALL:
            section += int((1 if number is None else number) * _SMALL[unit])
            pending = _SMALL[unit]
        elif unit in _LARGE:
            base = section + (0 if number is None else number)
            total += int((base or 1) * _LARGE[unit])
            section, pending, largest = 0, None, _LARGE[unit]
        elif number is not None:
            if number != int(number):
                return None
            section, pending = section + int(number), None
    if section and pending is not None and largest == _LARGE["억"]:
        section, exact = section * _LARGE["만"], False
    return total + section, exact


def _korean(text: str, match: re.Match[str]) -> Found | None:
    start, end = match.start(), match.start() + len(match[0].rstrip())
    before = text[max(0, start - 24) : start]
    about = _ABOUT_MONEY.search(before) is not None
    if _A_MONTH.search(before) or _SALES.search(before) or _PER_MONTH.match(text, end):
        return None
    if match["won"] is None and not about and "억" not in match["number"]:
        return None
    read_as = value_of(match["number"].strip())
    if read_as is None or not 0 < read_as[0] <= MOST:
        return None
    amount, sure = read_as
    if match["won"] is None and amount < _LEAST_BUDGET:
        amount, sure = amount * _LARGE["만"], False  # "예산 5천" is said of 천만, not of 5,000 won
    return Found(BUDGET, amount, start, end, sure and match["low"] is None)


def _latin(text: str, match: re.Match[str]) -> Found | None:
    before = text[max(0, match.start() - 24) : match.start()]
    if _SALES.search(before) or _PER_MONTH.match(text, match.end()):
        return None
    number, unit = match["a"] or match["b"], match["ua"] or match["ub"]
    amount = _plain(number) * (_ENGLISH[unit.lower()] if unit else 1)
    if amount != int(amount) or not 0 < amount <= MOST:
        return None
    return Found(BUDGET, int(amount), match.start(), match.end())


def _plain(digits: str) -> Decimal:
    return Decimal(_DIGITS[digits]) if digits in _DIGITS else Decimal(digits.replace(",", ""))
