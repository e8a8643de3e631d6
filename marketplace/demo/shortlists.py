"""Candidates that some manufacturers of the synthetic country keep in view."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from catalog.models import Listing, Release
from marketplace import audit
from marketplace.demo import naming
from marketplace.demo.rounds import TODAY
from matching import shortlists
from matching.models import Demand, Match, MatchList

#: Of every so many demands one has a shortlist, of so many listings.
EVERY, LISTINGS = 3, 3
#: On the first line of each.
NOTE = "합성 예시: 다음 주 현장 확인 뒤 견적 요청"


def keep(session: Session, stated: list[Demand]) -> None:
    """Put the first places of some demands' newest lists on their shortlists."""
    for nth, demand in enumerate(stated[::EVERY]):
        newest = select(MatchList.id).where(MatchList.demand_id == demand.id)
        newest = newest.order_by(MatchList.id.desc()).limit(1)
        first = select(Match.listing).where(Match.list_id == newest.scalar_subquery(), Match.rank <= LISTINGS)
        for place, listing in enumerate(session.scalars(first.order_by(Match.rank)).all()):
            release = _public(session, listing)
            if release is None:
                continue
            item, _fresh = shortlists.add(session, demand, release)
            at = naming.moment(TODAY, nth) + timedelta(hours=2, minutes=place)
            naming.give(item, at, demand.public_id, listing)
            item.note = NOTE if place == 0 else ""
            audit.record(session, "demand.shortlist", item, demand=demand.public_id, listing=listing)


def _public(session: Session, listing: str) -> Release | None:
    rows = select(Release).join(
        Listing, (Listing.id == Release.listing_id) & (Listing.live_release == Release.number)
    )
    loaded = rows.options(joinedload(Release.listing), joinedload(Release.certificate))
    return session.scalar(loaded.where(Listing.public_id == listing))
