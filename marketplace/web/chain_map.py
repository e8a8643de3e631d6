"""Where everything of the supply-chain map stands: columns of tiers, boxes of industries, dots of firms, ribbons.

The same chain gives the same picture. Lengths are units of the picture's own coordinates, 1240 across.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from matching.supply_chain.chain import Chain
from matching.supply_chain.graph import Group

#: The anchor, tier 1, tier 2, and tier 3 with all that lies deeper: (left edge, width).
COLUMNS = ((16, 150), (320, 170), (664, 190), (1010, 214))
_TOP, _GAP, _HEAD, _ROW, _STEP = 64, 24, 32, 17, 15.5
_WIDEST, _A_LINK = 14.0, 1.4
#: Above this many firms a dot stands for FIRMS_A_DOT.
MANY, FIRMS_A_DOT = 40, 5
_ORDER = (5, 4, 3, 2, 1, None)


@dataclass(frozen=True, slots=True)
class Dot:
    """One firm, or FIRMS_A_DOT of them; level None is unknown."""

    x: float
    y: float
    level: int | None


@dataclass(frozen=True, slots=True)
class Box:
    """One industry of one tier; `key` is the id of its list."""

    key: str
    tier: int
    kind: str
    firms: int
    levels: tuple[tuple[int | None, int], ...]
    dots: tuple[Dot, ...]
    hot: bool
    x: float
    y: float
    width: float
    height: float
    scaled: bool


@dataclass(frozen=True, slots=True)
class Ribbon:
    """All links between two boxes of neighbouring columns."""

    path: str
    width: float
    hot: bool


@dataclass(frozen=True, slots=True)
class Row:
    """How many links run from one box to another, for the table."""

    supplier: Box
    customer: Box
    links: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole map. `beside` counts links that no ribbon shows: within a tier, past one, or upwards."""

    height: float
    columns: tuple[tuple[Box, ...], ...]
    ribbons: tuple[Ribbon, ...]
    rows: tuple[Row, ...]
    beside: int


def draw(chain: Chain) -> Picture:
    """Lay the chain out."""
    columns = _columns(chain)
    tallest = max((_stack(column) for column in columns), default=0)
    placed = tuple(_place(column, tallest) for column in columns)
    box_of = {
        firm: box
        for groups, boxes in zip(columns, placed, strict=True)
        for (group, _hot), box in zip(groups, boxes, strict=True)
        for firm in group.firms
    }
    counted = Counter(
        (box_of[edge.supplier].key, box_of[edge.customer].key)
        for edge in chain.edges
        if edge.supplier in box_of and edge.customer in box_of
    )
    boxes = {box.key: box for column in placed for box in column}
    rows = tuple(
        Row(boxes[supplier], boxes[customer], links)
        for (supplier, customer), links in sorted(counted.items())
    )
    drawn = [row for row in rows if _column(row.supplier) == _column(row.customer) + 1]
    beside = sum(row.links for row in rows) - sum(row.links for row in drawn)
    return Picture(_TOP + tallest + _GAP, placed, _ribbons(drawn), rows, beside)


def level_counts(groups: Sequence[Group]) -> dict[int, Counter[int | None]]:
    """By tier, how many firms have each level; None is unknown."""
    found: defaultdict[int, Counter[int | None]] = defaultdict(Counter)
    for group in groups:
        found[group.tier].update(group.levels)
    return dict(sorted(found.items()))


def _columns(chain: Chain) -> list[list[tuple[Group, bool]]]:
    """The groups of each column with whether it is the bottleneck; the last column has every deeper tier."""
    columns: list[list[tuple[Group, bool]]] = [[] for _ in COLUMNS]
    hot = None if chain.bottleneck is None else chain.bottleneck.group
    for group in chain.groups:
        columns[min(group.tier, len(COLUMNS) - 1)].append((group, group == hot))
    return columns


def _column(box: Box) -> int:
    return min(box.tier, len(COLUMNS) - 1)


def _place(column: Sequence[tuple[Group, bool]], tallest: float) -> tuple[Box, ...]:
    """Boxes from top to bottom, the stack in the middle of the picture."""
    y = _TOP + (tallest - _stack(column)) / 2
    boxes = []
    for group, hot in column:
        boxes.append(_box(group, y, hot=hot))
        y += boxes[-1].height + _GAP
    return tuple(boxes)


def _box(group: Group, y: float, *, hot: bool) -> Box:
    x, width = COLUMNS[min(group.tier, len(COLUMNS) - 1)]
    counted = Counter(group.levels)
    levels = tuple((level, counted[level]) for level in _ORDER if counted[level])
    scaled = len(group.firms) > MANY
    shown = [level for level, n in levels for _ in range(math.ceil(n / FIRMS_A_DOT) if scaled else n)]
    a_row = _dots_a_row(width)
    dots = tuple(
        Dot(round(x + 17.6 + _STEP * (i % a_row), 1), round(y + _HEAD + 8 + _ROW * (i // a_row), 1), level)
        for i, level in enumerate(shown)
    )
    return Box(
        key=f"t{group.tier}-{group.kind or 'x'}",
        tier=group.tier,
        kind=group.kind,
        firms=len(group.firms),
        levels=levels,
        dots=dots,
        hot=hot,
        x=x,
        y=round(y, 1),
        width=width,
        height=_height(group),
        scaled=scaled,
    )


def _dots_a_row(width: float) -> int:
    return int((width - 24) // _STEP)


def _height(group: Group) -> float:
    _x, width = COLUMNS[min(group.tier, len(COLUMNS) - 1)]
    counted = Counter(group.levels)
    scaled = len(group.firms) > MANY
    dots = sum(math.ceil(n / FIRMS_A_DOT) if scaled else n for n in counted.values())
    return _HEAD + 7 + _ROW * max(1, math.ceil(dots / _dots_a_row(width)))


def _stack(column: Sequence[tuple[Group, bool]]) -> float:
    return sum(_height(group) for group, _hot in column) + _GAP * max(0, len(column) - 1)


def _ribbons(rows: Sequence[Row]) -> tuple[Ribbon, ...]:
    """One curve a row, from the supplier's left edge to the customer's right one, spread along both edges."""
    widths = {id(row): min(_WIDEST, max(2.0, _A_LINK * row.links)) for row in rows}
    starts: dict[int, float] = {}
    ends: dict[int, float] = {}
    for edge, places in (("supplier", starts), ("customer", ends)):
        by_box: defaultdict[str, list[Row]] = defaultdict(list)
        for row in rows:
            by_box[getattr(row, edge).key].append(row)
        for meeting in by_box.values():
            box = getattr(meeting[0], edge)
            other = "customer" if edge == "supplier" else "supplier"
            meeting.sort(key=lambda row: (getattr(row, other).y, getattr(row, other).key))
            step = box.height / (len(meeting) + 1)
            for place, row in enumerate(meeting, start=1):
                places[id(row)] = round(box.y + step * place, 1)
    made = []
    for row in sorted(rows, key=lambda row: row.supplier.hot):
        x1, x2 = row.supplier.x, row.customer.x + row.customer.width
        middle = round((x1 + x2) / 2, 1)
        y1, y2 = starts[id(row)], ends[id(row)]
        path = f"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}"
        made.append(Ribbon(path, round(widths[id(row)], 1), row.supplier.hot))
    return tuple(made)
