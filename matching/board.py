"""The board: what a confirmed vendor sees of open demands, filtered by what is shown, and how often something is asked.

Filters look at the shown values only: a demand whose industry is hidden is not found by its industry. A statistic
speaks of at least GROUP firms, and of each capability in one division alone, so that nothing follows by subtraction.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from catalog.models import Organization
from matching import audience, crowds, matchmaking
from matching.audience import AudienceView
from matching.crowds import GROUP
from matching.models import Demand
from matching.models.demand import BOARD


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader asked for; an empty value asks nothing. Codes of capability, sector, area and a year's quarter."""

    capability: str = ""
    sector: str = ""
    area: str = ""
    quarter: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many firms on the board need a capability, in a sector and an area, or (None) in all of them.

    Attributes:
        firms: at least GROUP.
        unmet: those of them for whom no public listing fits; None if that would speak of fewer than GROUP.
    """

    capability: str
    sector: str | None
    area: str | None
    firms: int
    unmet: int | None


def views(
    session: Session, demands: Sequence[Demand], viewer: Organization, today: date
) -> list[AudienceView]:
    """What the viewer sees of each, in the same order; two statements besides those that fetched them."""
    among = audience.crowd(session)
    levels = audience.levels(session, demands, today)
    return [
        audience.shown(demand, viewer, among, level=levels.get(demand.site_id, (None, "")))
        for demand in demands
    ]


def chosen(shown: Iterable[AudienceView], filters: Filters) -> list[AudienceView]:
    """Those that show what was asked for."""
    return [view for view in shown if _fits(view, filters)]


def sector_of(view: AudienceView) -> str | None:
    """The sector as far as it is shown: its own, or the one of the industry."""
    return view.sector or (crowds.sector_of(view.industry) if view.industry else None)


def area_of(view: AudienceView) -> str | None:
    """The area as far as it is shown: its own, or the one of the province."""
    return view.area or (crowds.area_of(view.region) if view.region else None)


def statistics(session: Session, demands: Sequence[Demand]) -> list[Count]:
    """How many firms need each capability, of the demands on the board; see `counts`."""
    public = [demand for demand in demands if demand.audience == BOARD]
    ranked = matchmaking.counts_by_demand(session, [demand.id for demand in public]) if public else {}
    unmet = {demand.id for demand in public if ranked.get(demand.id) == 0}
    return counts([Need.of(demand, demand.id in unmet) for demand in public])


@dataclass(frozen=True, slots=True)
class Need:
    """What a statistic is made of: one demand's firm, place and needs."""

    firm: int
    sector: str | None
    area: str | None
    capabilities: frozenset[str]
    unmet: bool

    @classmethod
    def of(cls, demand: Demand, unmet: bool) -> "Need":
        """The facts of a demand whose site and requirements are loaded."""
        return cls(
            demand.organization_id,
            crowds.sector_of(demand.site.industry_code),
            crowds.area_of(demand.site.region),
            frozenset(row.capability for row in demand.requirements if row.must),
            unmet,
        )


def counts(needs: Iterable[Need]) -> list[Count]:
    """Counts of at least GROUP firms, most first.

    Each capability is divided as finely as every cell of the division allows: sector × area, else sector, else area,
    else not at all. Only one division of a capability is ever told: of two, the difference could be one firm.
    """
    by_capability: dict[str, list[Need]] = defaultdict(list)
    for need in needs:
        for capability in need.capabilities:
            by_capability[capability].append(need)
    found = [count for capability, those in by_capability.items() for count in _divided(capability, those)]
    return sorted(
        found, key=lambda count: (-count.firms, count.capability, count.sector or "", count.area or "")
    )


def _divided(capability: str, needs: Sequence[Need]) -> list[Count]:
    divisions: tuple[Mapping[tuple[str | None, str | None], Collection[Need]], ...] = (
        _cells(needs, by_sector=True, by_area=True),
        _cells(needs, by_sector=True, by_area=False),
        _cells(needs, by_sector=False, by_area=True),
        _cells(needs, by_sector=False, by_area=False),
    )
    for cells in divisions:
        told = [_count(capability, *place, those) for place, those in cells.items()]
        if all(count.firms >= GROUP for count in told):
            return told
    return []


def _cells(
    needs: Sequence[Need], *, by_sector: bool, by_area: bool
) -> dict[tuple[str | None, str | None], list[Need]]:
    cells: dict[tuple[str | None, str | None], list[Need]] = defaultdict(list)
    for need in needs:
        cells[need.sector if by_sector else None, need.area if by_area else None].append(need)
    return cells


def _count(capability: str, sector: str | None, area: str | None, needs: Collection[Need]) -> Count:
    firms = {need.firm for need in needs}
    unmet = {need.firm for need in needs if need.unmet}
    # a remainder of one to four firms would speak of them just as well
    told = len(unmet) >= GROUP and (len(firms - unmet) == 0 or len(firms - unmet) >= GROUP)
    return Count(capability, sector, area, len(firms), len(unmet) if told else None)


def _fits(view: AudienceView, filters: Filters) -> bool:
    quarter = "" if view.quarter is None else f"{view.quarter[0]}-{view.quarter[1]}"
    return (
        (not filters.capability or filters.capability in view.capabilities)
        and (not filters.sector or filters.sector == sector_of(view))
        and (not filters.area or filters.area == area_of(view))
        and (not filters.quarter or filters.quarter == quarter)
    )
