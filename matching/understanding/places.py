"""Regions, industries and processes by their names, and company levels."""

import re

from matching.understanding.found import LEVEL, REGION, TARGET_LEVEL, Found, overlaps

#: 경기 is a province and the economy, 대구 a city and a fish: what follows tells.
_NOT_A_PLACE = re.compile(r"(?:가|를)?\s?(?:나쁘|나빠|안 ?좋|침체|불황|부진|어려|회복)")

_FROM_TO = re.compile(
    r"(?:수준|레벨|level)?\s?(?P<now>[1-5])\s?(?:수준|단계|레벨)?\s?(?:에서|→|->|to)\s?"
    r"(?:수준|레벨|level)?\s?(?P<goal>[1-5])\s?(?:수준|단계|레벨)?(?:\s?(?:으로|로|까지))?",
    re.IGNORECASE,
)
_GOAL = re.compile(
    r"(?:목표(?:는|\s?수준은|\s?수준)?\s?(?:수준|레벨)?\s?(?P<a>[1-5])(?![0-9])"
    r"|(?:수준|레벨)\s?(?P<b>[1-5])\s?(?:단계)?\s?(?:까지|으로|로\s)"
    r"|(?P<c>[1-5])\s?(?:수준|레벨)\s?(?:까지|으로|로\s)"
    r"|(?:reach|to|target)\s+level\s+(?P<d>[1-5])(?![0-9]))",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"(?:(?:수준|레벨)\s?(?P<a>[1-5])(?![0-9])|(?P<b>[1-5])\s?(?:수준|레벨)"
    r"|(?:are|is|at|currently)\s+level\s+(?P<c>[1-5])(?![0-9]))",
    re.IGNORECASE,
)
_SAYS_LEVEL = re.compile(r"수준|레벨|level|단계", re.IGNORECASE)


def of_scheme(text: str, field: str, names: tuple[tuple[re.Pattern[str], str], ...]) -> list[Found]:
    """Every name in the text; where names overlap the longer one is meant."""
    found: list[Found] = []
    for pattern, code in names:
        for match in pattern.finditer(text):
            if field == REGION and _NOT_A_PLACE.match(text, match.end()):
                continue
            span = match.span()
            if not overlaps(span, ((one.start, one.end) for one in found)):
                found.append(Found(field, code, *span))
    return found


def levels(text: str) -> list[Found]:
    """Company levels 1–5: the one that holds and the one to reach. A bare number is none."""
    found: list[Found] = []
    for match in _FROM_TO.finditer(text):
        if _SAYS_LEVEL.search(match[0]) and match["now"] <= match["goal"]:
            found.append(Found(LEVEL, int(match["now"]), *match.span("now")))
            found.append(Found(TARGET_LEVEL, int(match["goal"]), *match.span("goal")))
    for pattern, field in ((_GOAL, TARGET_LEVEL), (_NOW, LEVEL)):
        for match in pattern.finditer(text):
            if not overlaps(match.span(), ((one.start, one.end) for one in found)):
                said = next(group for group in match.groups() if group)
                found.append(Found(field, int(said), *match.span()))
    return found
