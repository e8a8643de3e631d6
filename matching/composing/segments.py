"""The demands that an alliance is shown as a segment of packages, with what has to be said beside it.

Each demand is what its line of the pipeline shows the coordinator, and nothing else (`demanded`). Packages know neither
regions nor how far a product leads, so a demand's industry, region and level together are its "industry" here, and an
offer is made for those that it suits in all three.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.alliances import standing
from catalog.errors import Invalid
from catalog.models import Alliance, Listing, Organization
from matching import editions, pipeline
from matching.composing import asking, gathering
from matching.composing.demanded import Demanded, unsupported
from matching.composing.segment_wishes import SegmentWishes
from matching.composing.wishes import Wishes
from matching.packages.instance import Segment, SegmentDemand
from matching.pipeline import Entry
from matching.scoring import axes
from matching.scoring.facts import Need, Requirement
from matching.search.documents import Document
from matching.search.engine import Engine

#: Why a demand is not even asked about: its site's level is not known.
LEVEL_UNKNOWN = "level_unknown"
#: What a site can be: (division, region, company level); "" = not shown.
_Place = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class SegmentQuestion:
    """What the search for packages is asked.

    Attributes:
        count: how many packages at most.
        documents: the listing of each offer.
        said: what a page says beside the answer, as JSON: {"assumed": codes, "unasked": {demand: code}, "offers": how
            many were looked at, "cut", "revision", "members": vendors}.
    """

    segment: Segment
    count: int
    documents: Mapping[str, Document]
    said: dict[str, Any]


def shown_to(session: Session, alliance: Alliance, today: date) -> list[Entry]:
    """The demands that the alliance is shown today, as its coordinator sees them, the newest first."""
    return pipeline.entries(session, alliance, alliance.coordinator, today)


def within(entries: Iterable[Entry], chosen: SegmentWishes) -> list[Entry]:
    """Those of the chosen industry and level. Who does not show one is in no segment that names it."""
    return [
        one
        for one in entries
        if chosen.industry in (None, _division(one.view.industry)) and chosen.level in (None, one.view.level)
    ]


def require_any(entries: Iterable[Entry], chosen: SegmentWishes) -> None:
    """Raises Invalid: no demand is of that segment."""
    if not within(entries, chosen):
        at = "industry" if chosen.industry is not None or chosen.level is None else "level"
        raise Invalid.at(at, "packages_nobody")


def question_of(
    session: Session, engine: Engine, alliance: Alliance, chosen: SegmentWishes, *, today: date
) -> SegmentQuestion:
    """Return the segment of an alliance's demands, as its coordinator may know them.

    Raises:
        Invalid: no demand is of that segment any more.
    """
    entries = shown_to(session, alliance, today)
    require_any(entries, chosen)
    asked, unasked = _asked(session, within(entries, chosen), alliance, chosen, today=today)
    members = sorted(one.organization.public_id for one in standing.standing_members(alliance, today))
    ours = chosen.pool == "members"
    need = _together(asked.values())
    weights, lowest = editions.in_force(session, today), min((one.level for one in asked.values()), default=1)
    keep = _listings_of(session, members) if ours else ()
    found = gathering.gather(engine, need, weights, today, lowest, keep=keep)
    documents = {name: one for name, one in found.documents.items() if not ours or one.vendor_id in members}
    codes = [one.capability for one in need.requirements]
    offers = asking.offers_of(codes, documents, today, lambda _offer: {})
    segment = Segment(
        demands=tuple(_demand(name, one) for name, one in sorted(asked.items())),
        offers=tuple(sorted(offers, key=lambda offer: offer.id)),
        connectors=asking.connectors_of(session),
        conflicts=asking.conflicts_of(session, offers),
        industries=_made_for(documents, frozenset(map(_place, asked.values()))),
        max_vendors=chosen.max_vendors,
        max_capabilities=chosen.max_capabilities,
    )
    said = {
        "assumed": sorted({code for one in asked.values() for code in one.assumed}),
        "unasked": unasked,
        "offers": len(offers),
        "cut": found.cut,
        "revision": found.revision,
        "members": members,
    }
    return SegmentQuestion(segment, chosen.count, documents, said)


def _asked(
    session: Session, entries: Sequence[Entry], alliance: Alliance, chosen: SegmentWishes, *, today: date
) -> tuple[dict[str, Demanded], dict[str, str]]:
    """Return by demand what is asked for, and why others cannot be asked about."""
    assumed = Wishes(min_quality=chosen.min_quality)
    asked, unasked = {}, {}
    for one in entries:
        name = one.lead.demand.public_id
        if one.view.level is None:
            unasked[name] = LEVEL_UNKNOWN
        else:
            asked[name] = unsupported(
                session, one.lead.demand, alliance.coordinator, assumed, view=one.view, today=today
            )
    return asked, unasked


def _together(asked: Iterable[Demanded]) -> Need:
    """Return what any of the demands asks for, in the least quality, wherever its site is."""
    least: dict[str, int] = {}
    for demand in asked:
        for one in demand.need.requirements:
            least[one.capability] = min(one.min_quality, least.get(one.capability, one.min_quality))
    return Need(
        requirements=tuple(Requirement(code, False, quality) for code, quality in sorted(least.items())),
        level=None,
        target_level=None,
        industry=None,
        region=None,
        connections=(),
        budget_amount=None,
        weeks_left=None,
    )


def _listings_of(session: Session, members: Sequence[str]) -> list[str]:
    """Every public listing of the members: of a large catalogue none of them is cut."""
    rows = select(Listing.public_id).join(Organization, Organization.id == Listing.organization_id)
    public = rows.where(Listing.live_release.is_not(None), Organization.public_id.in_(members))
    return list(session.scalars(public.order_by(Listing.public_id)))


def _demand(name: str, one: Demanded) -> SegmentDemand:
    return SegmentDemand(
        id=name,
        weight=1,
        industry=_key(_place(one)),
        level=one.level,
        budget_amount=one.budget_amount,
        requirements=asking.requirements_of(one),
    )


def _made_for(documents: Mapping[str, Document], places: Collection[_Place]) -> dict[str, frozenset[str]]:
    return {
        name: frozenset(_key(place) for place in places if _suits(one, place))
        for name, one in documents.items()
    }


def _place(one: Demanded) -> _Place:
    return axes.site_division(one.need), one.need.region or "", one.level


def _division(industry: str | None) -> str | None:
    """The division of an industry; all of manufacturing says nothing about a site."""
    return None if industry is None or industry == "C" else industry[:2]


def _key(place: _Place) -> str:
    return "/".join(map(str, place))


def _suits(document: Document, place: _Place) -> bool:
    """Whether a listing is for sites like that."""
    division, region, level = place
    supplies = not region or region in document.regions
    return supplies and gathering.cause(document, level, division) is None
