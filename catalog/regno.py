"""사업자등록번호, the ten-digit Korean business registration number.

A right check digit proves only the form: that the number was given out, to whom, and whether the firm still
trades, only the tax office can say. The middle digits are not interpreted.

The rule: with weights 1 3 7 1 3 7 1 3 5 over the first nine digits, s = Σ dᵢ·wᵢ + ⌊5·d₉ / 10⌋, and the tenth
digit is (10 − s mod 10) mod 10.

    >>> format(normalise(" 118-81-03520 "))
    '118-81-03520'
"""

import re
import unicodedata

_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
# ten digits in a row, or grouped 3-2-5 by hyphens or single blanks
_FORM = re.compile(r"([0-9]{3})([- ]?)([0-9]{2})\2([0-9]{5})", re.ASCII)
_MAX_LENGTH = 40


class InvalidRegistrationNumber(ValueError):
    """The text is no registration number; `reason` is "form" or "checksum"."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def normalise(text: str) -> str:
    """Return the ten digits of a registration number.

    Args:
        text: ten digits, plain or grouped 3-2-5 by hyphens or blanks, with blanks around; full-width digits and
            other dashes, as a Korean keyboard or a PDF gives them, are read as well.

    Raises:
        InvalidRegistrationNumber: not ten digits in that form, all zeros, or the check digit is wrong.
    """
    if len(text) > _MAX_LENGTH:
        raise InvalidRegistrationNumber("form")
    plain = re.sub(r"[‐‑‒–—−]", "-", unicodedata.normalize("NFKC", text)).strip()
    match = _FORM.fullmatch(plain)
    if match is None:
        raise InvalidRegistrationNumber("form")
    number = match[1] + match[3] + match[4]
    if number == "0" * 10:
        # the check digit is right, yet no office begins at 000-00-00000
        raise InvalidRegistrationNumber("form")
    if _check_digit(number[:9]) != number[9]:
        raise InvalidRegistrationNumber("checksum")
    return number


def is_valid(text: str) -> bool:
    """Say whether `normalise` accepts the text."""
    try:
        normalise(text)
    except InvalidRegistrationNumber:
        return False
    return True


def make(first9: str) -> str:
    """Return the ten digits that begin with these nine, for tests and invented companies.

    Raises:
        InvalidRegistrationNumber: not nine digits, or all zeros.
    """
    if re.fullmatch(r"[0-9]{9}", first9, re.ASCII) is None or first9 == "0" * 9:
        raise InvalidRegistrationNumber("form")
    return first9 + _check_digit(first9)


def format(number: str) -> str:  # noqa: A001 (read with its module: regno.format)
    """Return ten digits as people write them, "118-81-03520".

    Raises:
        InvalidRegistrationNumber: see `normalise`.
    """
    digits = normalise(number)
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"


def _check_digit(first9: str) -> str:
    digits = [int(digit) for digit in first9]
    total = sum(digit * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) + digits[8] * 5 // 10
    return str(-total % 10)
