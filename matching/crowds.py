"""How exactly a firm may be described: never so that fewer than GROUP firms fit the description. Pure.

Industry, region and size are what public registers know of a firm, so they are what would give it away. Each has a
ladder from exact to hidden; of all combinations with at least GROUP firms, the one that lost least is shown.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

#: The smallest number of firms that a description or a statistic may stand for.
GROUP = 5

Band = tuple[int, int | None]
Steps = tuple[int, int, int]

#: People at the site: low and high, both included; the last has no end.
SIZES: tuple[Band, ...] = ((1, 9), (10, 49), (50, 99), (100, 299), (300, None))
#: Wider bands, each made of whole ones of SIZES.
WIDE_SIZES: tuple[Band, ...] = ((1, 49), (50, 299), (300, None))
#: Won: the lower end included, the upper one not.
BUDGETS: tuple[Band, ...] = (
    (0, 10_000_000),
    (10_000_000, 30_000_000),
    (30_000_000, 50_000_000),
    (50_000_000, 100_000_000),
    (100_000_000, 150_000_000),
    (150_000_000, 300_000_000),
    (300_000_000, 500_000_000),
    (500_000_000, 1_000_000_000),
    (1_000_000_000, None),
)
#: Groups of KSIC divisions; our own, for descriptions only.
SECTORS: Mapping[str, tuple[str, ...]] = {
    "food": ("10", "11", "12"),
    "textile": ("13", "14", "15"),
    "wood_paper": ("16", "17", "18"),
    "chemical": ("19", "20", "21", "22", "23"),
    "metal": ("24", "25"),
    "electric": ("26", "27", "28"),
    "machine_vehicle": ("29", "30", "31"),
    "other": ("32", "33", "34"),
}
#: Groups of provinces.
AREAS: Mapping[str, tuple[str, ...]] = {
    "capital": ("seoul", "incheon", "gyeonggi"),
    "chungcheong": ("daejeon", "sejong", "chungbuk", "chungnam"),
    "honam": ("gwangju", "jeonbuk", "jeonnam"),
    "yeongnam": ("busan", "daegu", "ulsan", "gyeongbuk", "gyeongnam"),
    "gangwon_jeju": ("gangwon", "jeju"),
}
_SECTOR_OF = {division: sector for sector, divisions in SECTORS.items() for division in divisions}
_AREA_OF = {province: area for area, provinces in AREAS.items() for province in provinces}

#: Steps of each ladder: exact, coarse, hidden.
_STEPS = (0, 1, 2)
#: (industry, region, size) steps, least lost first; of equal loss the size goes before the region before the industry.
_LADDER: list[Steps] = sorted(
    ((i, r, s) for i in _STEPS for r in _STEPS for s in _STEPS),
    key=lambda steps: (sum(steps), steps[0], steps[1]),
)


@dataclass(frozen=True, slots=True)
class Firm:
    """One site of one manufacturer: key of the organization, KSIC code, province, people."""

    organization: int
    industry: str
    region: str
    headcount: int


@dataclass(frozen=True, slots=True)
class Masked:
    """A description: of each pair (exact, coarse) at most one is filled; `size` is a band of SIZES or WIDE_SIZES."""

    industry: str | None
    sector: str | None
    region: str | None
    area: str | None
    size: Band | None
    group: int


class Crowd:
    """The firms of the country. A firm with several sites that fit one description counts once."""

    def __init__(self, firms: Iterable[Firm]) -> None:
        self._firms = tuple(firms)
        self._groups: dict[Steps, dict[tuple[object, ...], set[int]]] = {}

    def mask(self, industry: str, region: str, headcount: int) -> Masked:
        """The least coarse description of such a site that fits at least GROUP firms; else one without any attribute.

        Args:
            industry: KSIC code of two to five digits. region: province. headcount: ≥ 1.
        """
        site = Firm(0, industry, region, headcount)
        for steps in _LADDER:
            described = _description(site, steps)
            group = len(self._group(steps).get(described, ()))
            if group >= GROUP:
                return _masked(steps, described, group)
        return Masked(None, None, None, None, None, 0)

    def _group(self, steps: Steps) -> dict[tuple[object, ...], set[int]]:
        if steps not in self._groups:
            found: dict[tuple[object, ...], set[int]] = defaultdict(set)
            for firm in self._firms:
                found[_description(firm, steps)].add(firm.organization)
            self._groups[steps] = found
        return self._groups[steps]


def size_of(headcount: int, bands: tuple[Band, ...] = SIZES) -> Band:
    """The band that a number of people lies in."""
    return next(band for band in bands if band[1] is None or headcount <= band[1])


def budget_of(amount: int | None) -> Band | None:
    """The band that an amount of won lies in; None if none is stated."""
    if amount is None:
        return None
    return next(band for band in BUDGETS if band[1] is None or amount < band[1])


def quarter_of(day: date | None) -> tuple[int, int] | None:
    """(year, quarter 1–4) of a day."""
    return None if day is None else (day.year, (day.month - 1) // 3 + 1)


def sector_of(industry: str) -> str | None:
    """The sector of a KSIC code, or None for one outside manufacturing."""
    return _SECTOR_OF.get(industry[:2])


def area_of(region: str) -> str | None:
    """The area of a province, or None for an unknown one."""
    return _AREA_OF.get(region)


def _description(firm: Firm, steps: Steps) -> tuple[object, ...]:
    industry = (firm.industry[:2], _SECTOR_OF.get(firm.industry[:2]), None)[steps[0]]
    region = (firm.region, _AREA_OF.get(firm.region), None)[steps[1]]
    size = (size_of(firm.headcount), size_of(firm.headcount, WIDE_SIZES), None)[steps[2]]
    return industry, region, size


def _masked(steps: Steps, described: tuple[object, ...], group: int) -> Masked:
    industry, region, size = described
    return Masked(
        industry=_text(industry) if steps[0] == 0 else None,
        sector=_text(industry) if steps[0] == 1 else None,
        region=_text(region) if steps[1] == 0 else None,
        area=_text(region) if steps[1] == 1 else None,
        size=size if isinstance(size, tuple) else None,
        group=group,
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
