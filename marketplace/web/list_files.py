"""A ranked list as a file for a spreadsheet, with the figures of its page and of the API."""

from collections.abc import Sequence
from typing import Any

from flask import Response
from flask_babel import gettext as _

from marketplace import wording
from marketplace.web.console.frame import csv_answer
from marketplace.wording import reasons
from matching.models import MatchList
from matching.scoring.weights import AXES

#: Decimals of a fit, as the API gives it.
DECIMALS = 4


def csv_of(found: MatchList, rows: Sequence[dict[str, Any]]) -> Response:
    """Every ranked listing with its points by axis and its reasons, then every one that was left out with its cause."""
    header = [
        _("순위"),
        _("솔루션"),
        _("공급기업"),
        _("적합도"),
        *(wording.name("axis", axis) for axis in AXES),
        _("정책 가점"),
        _("순위 값"),
        _("정책 가점 없는 순위"),
        _("첫해 목록가(원, 부가세 빼고)"),
        _("추천하는 이유"),
        _("먼저 확인할 점"),
        _("제외한 이유"),
        _("솔루션 번호"),
    ]
    left_out = [
        ["", row["title"], row["vendor_name"], *[""] * (len(header) - 5), _why(row), row["listing"]]
        for row in found.excluded
    ]
    return csv_answer(f"matches-{found.public_id[:8]}", header, [*(_ranked(row) for row in rows), *left_out])


def _ranked(row: dict[str, Any]) -> list[object]:
    score = row["score"]
    return [
        row["rank"],
        row["card"]["title"],
        row["card"]["vendor_name"],
        round(score["fit"], DECIMALS),
        *(_points(part) for part in score["parts"]),
        score["policy_term"],
        round(score["order_value"], DECIMALS),
        row["rank_without"],
        row["first_year_amount"],
        " ".join(text for _tone, text in row["pros"]),
        " ".join(text for _tone, text in row["cons"]),
        "",
        row["listing"],
    ]


def _points(part: dict[str, Any]) -> object:
    if part["state"] == "unknown_need":
        return _("빠짐")
    if part["state"] == "not_in_use":
        return _("쓰지 않음")
    if part["state"] == "unknown_offer":
        return _("0점, 확인 안 됨")
    return part["shown_points"]


def _why(row: dict[str, Any]) -> str:
    return " ".join(reasons.exclusion(code, row["params"][code]) for code in row["codes"])
