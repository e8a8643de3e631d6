"""The file behind a measured value: a small table whose means are the two values of the record. Pure."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from marketplace.demo.naming import draw

NOTICE = "합성 데이터: 시연을 위해 만든 값이며 실제 공장에서 잰 값이 아닙니다."
#: Rows for each of the two periods; even, because deviations come in pairs.
_ROWS = 8
#: Largest deviation from the mean, as a share of it.
_SPREAD = Decimal("0.06")


def table(record: dict[str, Any], *words: str) -> bytes:
    """The CSV file of one record (UTF-8 with a mark, as Korean spreadsheets like it); `words` vary the numbers.

    Rows: period, first day, last day, value. The mean over a period's rows is exactly the record's value.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([f"# {NOTICE}"])
    writer.writerow(["기간", "시작일", "종료일", f"{record['kpi']} ({record['unit']})"])
    for label, value, start, end in (
        ("도입 전", record["baseline"], record["baseline_from"], record["baseline_to"]),
        ("도입 후", record["after"], record["after_from"], record["after_to"]),
    ):
        measured = _around(Decimal(value), label, *words)
        writer.writerows(
            [label, first, last, shown]
            for (first, last), shown in zip(_parts(start, end, len(measured)), measured, strict=True)
        )
    return text.getvalue().encode("utf-8-sig")


def _around(mean: Decimal, *words: str) -> list[str]:
    """Values in the digits of `mean` that deviate from it in pairs, +d and −d."""
    step = Decimal(1).scaleb(int(mean.as_tuple().exponent))
    most = int(abs(mean) * _SPREAD / step)
    values = []
    for pair in range(_ROWS // 2):
        deviation = step * (draw(*words, str(pair)) % (most + 1))
        values += [mean + deviation, mean - deviation]
    return [format(value, "f") for value in values]


def _parts(start: date, end: date, count: int) -> list[tuple[str, str]]:
    """A period cut into `count` parts in order; short periods give parts of one day that repeat."""
    days = (end - start).days + 1
    bounds = [start + timedelta(days=days * i // count) for i in range(count + 1)]
    return [
        (first.isoformat(), max(first, after - timedelta(days=1)).isoformat())
        for first, after in pairwise(bounds)
    ]
