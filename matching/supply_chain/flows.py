"""The input–output statistic of industries: read the file, and say how strongly two industries trade.

It says how much an *industry* buys from an industry in 2020. It is a prior, never proof that two companies trade,
and is shown as 업종 통계. `docs/supply-chain.md` works the rule in numbers.
"""

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, TypedDict

from catalog import taxonomy

#: The Bank of Korea's sector 34 holds contract processing for every industry, so it suggests nothing.
LEFT_OUT = frozenset({"34"})
#: A quarter of all purchases is as strong as it gets:
#: for half of all divisions the largest share of another is below 0.23.
FULL_SHARE = 0.25
#: Divisions that the statistic knows only together.
JOINED = {"13": "13_14", "14": "13_14", "32": "32_33", "33": "32_33"}

COLUMNS = (
    "supplier",
    "supplier_ko",
    "buyer",
    "buyer_ko",
    "domestic_mkrw",
    "purchase_share",
    "sales_share",
    "lift",
)
SECTORS = frozenset({JOINED.get(str(number), str(number)) for number in range(10, 35)})


class FlowFormatError(ValueError):
    """The file is no list of flows; the text says what and where."""


class Flow(TypedDict):
    """One line of the file, as `matching.models.trade_link.IndustryFlow` keeps it."""

    supplier: str
    supplier_ko: str
    buyer: str
    buyer_ko: str
    domestic_mkrw: int
    purchase_share: float
    sales_share: float
    lift: float


class Pair(Protocol):
    """What a strength is computed from."""

    supplier: Any
    buyer: Any
    purchase_share: Any
    sales_share: Any
    lift: Any


def parse(lines: Iterable[str]) -> list[Flow]:
    """The rows of `io_links.csv`: one for each of the 23 × 23 pairs of sectors.

    Raises:
        FlowFormatError: a column is missing, a figure is none or out of its range, a sector is unknown, a pair stands
            twice or is missing.
    """
    reader = csv.DictReader(lines)
    try:
        found = _pairs(reader)
    except csv.Error as error:
        raise FlowFormatError(f"line {reader.line_num + 1}: {error}") from None
    for supplier in sorted(SECTORS):
        for buyer in sorted(SECTORS):
            if (supplier, buyer) not in found:
                raise FlowFormatError(f"{supplier} to {buyer} is missing")
    return list(found.values())


def strength(share: float, lift: float) -> float:
    """How strong one direction is, 0–1: the share against FULL_SHARE, less where the lift says that it is mere size.

    Args:
        share: part of the buyer's purchases, or of the supplier's sales, 0–1.
        lift: how many times more than the supplier's size would suggest; below 1 it shrinks the strength.
    """
    return round(min(1.0, max(0.0, share) / FULL_SHARE) * min(1.0, max(0.0, lift)), 4)


def strengths(rows: Sequence[Pair], division: str) -> dict[str, float]:
    """KSIC division → the stronger of buying from it and selling to it; only what is above 0.

    Args:
        rows: flows from or to the division's sector.
    """
    found: dict[str, float] = {}
    for row in rows:
        if is_left_out(row.supplier) or is_left_out(row.buyer):
            continue
        both = []
        if division in divisions(row.buyer):
            both += [(other, strength(row.purchase_share, row.lift)) for other in divisions(row.supplier)]
        if division in divisions(row.supplier):
            both += [(other, strength(row.sales_share, row.lift)) for other in divisions(row.buyer)]
        for other, value in both:
            if value > found.get(other, 0.0):
                found[other] = value
    return dict(sorted(found.items()))


def divisions(sector: str) -> tuple[str, ...]:
    """The KSIC divisions of a sector: "13_14" are two."""
    return tuple(sector.split("_"))


def sector_of(division: str) -> str:
    """The sector that a division belongs to."""
    return JOINED.get(division, division)


def is_left_out(sector: str) -> bool:
    """Whether the sector suggests nothing."""
    return sector in LEFT_OUT


def division_of(revision: str, code: str) -> str | None:
    """The two-digit division of an industry; None for all manufacturing ("C") or what is no division of it."""
    division = code[:2]
    known = taxonomy.find("ksic", division, revision) is not None
    return division if known and len(code) >= 2 and sector_of(division) in SECTORS else None


def _pairs(reader: "csv.DictReader[str]") -> dict[tuple[str, str], Flow]:
    """By supplier and buyer, what the file says."""
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise FlowFormatError(f"line 1: column {missing[0]} is missing")
    found: dict[tuple[str, str], Flow] = {}
    for row in reader:
        flow = _flow(row, reader.line_num)
        pair = flow["supplier"], flow["buyer"]
        if pair in found:
            raise FlowFormatError(f"line {reader.line_num}: {pair[0]} to {pair[1]} stands twice")
        found[pair] = flow
    return found


def _flow(row: Mapping[str, str], line: int) -> Flow:
    short = [name for name in COLUMNS if row[name] is None]
    if short:
        raise FlowFormatError(f"line {line}: {short[0]} is missing")
    for name in ("supplier", "buyer"):
        if row[name] not in SECTORS:
            raise FlowFormatError(f"line {line}: {name} {row[name]!r} is no sector")
    return Flow(
        supplier=row["supplier"],
        supplier_ko=row["supplier_ko"][:60],
        buyer=row["buyer"],
        buyer_ko=row["buyer_ko"][:60],
        domestic_mkrw=int(_figure(row, "domestic_mkrw", line, -1e12, 1e12)),
        purchase_share=_figure(row, "purchase_share", line, -1, 1),
        sales_share=_figure(row, "sales_share", line, -1, 1),
        lift=_figure(row, "lift", line, -1e6, 1e6),
    )


def _figure(row: Mapping[str, str], name: str, line: int, low: float, high: float) -> float:
    try:
        value = float(row[name])
    except (TypeError, ValueError):
        value = math.nan
    if not low <= value <= high:
        raise FlowFormatError(
            f"line {line}: {name} is {row[name]!r}, expected a figure from {low:g} to {high:g}"
        )
    return value
