"""Fetching a demand's lists, what is kept of them, and what is shown of them to others."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload

from catalog.models import Listing, Release, Site
from marketplace.accounts import shares
from marketplace.accounts.access.fetching import Who, is_named, one
from marketplace.accounts.shares import ShareLink
from matching import matchmaking
from matching.models import Demand, Match, MatchList, ShortlistItem, WhatIf
from matching.models.demand import OPEN


@dataclass(frozen=True, slots=True)
class Place:
    """A stored place of a list, with its rank counted with the policy term and without it, and whether the listing is
    on the demand's shortlist."""

    match: Match
    rank: int
    rank_without_policy: int
    shortlisted: bool


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """A listing's place in the newest list of one of the acting organization's open demands."""

    demand: str
    title: str
    rank: int
    shown_fit: int
    shortlisted: bool


def own_places(session: Session, who: Who, listing: str) -> list[OwnPlace]:
    """Where a listing (public id) stands for the acting organization's open demands, the best first; one statement."""
    if who.organization_key is None:
        return []
    mine = Demand.organization_id == who.organization_key, Demand.state == OPEN
    newest = matchmaking.newest_lists(MatchList.demand_id.in_(select(Demand.id).where(*mine)))
    kept = exists().where(ShortlistItem.demand_id == Demand.id, ShortlistItem.listing == Match.listing)
    rows = (
        select(Demand.public_id, Demand.title, Match.rank, Match.parts, kept)
        .select_from(Demand)
        .join(MatchList, MatchList.demand_id == Demand.id)
        .join(Match, Match.list_id == MatchList.id)
        .where(*mine, MatchList.id.in_(newest), Match.listing == listing)
        .order_by(Match.rank, Demand.id)
    )
    return [
        OwnPlace(demand, title, rank, sum(part["shown_points"] for part in parts), bool(shortlisted))
        for demand, title, rank, parts, shortlisted in session.execute(rows)
    ]


def list_of_demand(
    session: Session, demand: Demand, list_id: UUID | None = None
) -> tuple[MatchList, WhatIf | None] | None:
    """A list of a demand of the acting organization, without its places, and what it tried out if it did.

    `list_id` None: the newest that tried nothing out, or None if there is none. Raises NotFound: it has no such list.
    """
    rows = select(MatchList, WhatIf).outerjoin(WhatIf, WhatIf.list_id == MatchList.id)
    mine = rows.where(MatchList.demand_id == demand.id)
    if list_id is None:
        found = session.execute(
            mine.where(WhatIf.id.is_(None)).order_by(MatchList.id.desc()).limit(1)
        ).first()
        return None if found is None else (found[0], found[1])
    named = one(
        session, select(MatchList).where(MatchList.demand_id == demand.id, is_named(MatchList, list_id))
    )
    return named, session.scalar(select(WhatIf).where(WhatIf.list_id == named.id))


def places_of(
    session: Session,
    found: MatchList,
    *,
    policy: bool = True,
    ranks: range | None = None,
    listings: Collection[str] = (),
) -> list[Place]:
    """Places of a list that was fetched here, best first, in one statement.

    Args:
        policy: False orders them without the policy term.
        ranks: only these places of that order; None: all of them.
        listings: the places of these listings, too.
    """
    without = func.row_number().over(order_by=((Match.fit + Match.text).desc(), Match.listing))
    ranked = select(Match.id, without.label("without")).where(Match.list_id == found.id).subquery()
    kept = exists().where(ShortlistItem.demand_id == found.demand_id, ShortlistItem.listing == Match.listing)
    order = Match.rank if policy else ranked.c.without
    rows = select(Match, ranked.c.without, kept.label("kept")).join(ranked, ranked.c.id == Match.id)
    if ranks is not None:
        rows = rows.where(or_(order.between(ranks.start, ranks.stop - 1), Match.listing.in_(listings)))
    return [
        Place(match, match.rank, other, bool(shortlisted))
        for match, other, shortlisted in session.execute(rows.order_by(order))
    ]


def releases_ranked(session: Session, places: Sequence[Place]) -> dict[str, Release]:
    """The releases that were ranked, with their certificates, by the listing's public id; one statement."""
    wanted = [(place.match.listing, place.match.release) for place in places]
    if not wanted:
        return {}
    rows = select(Listing.public_id, Release).join(Release, Release.listing_id == Listing.id)
    rows = rows.where(tuple_(Listing.public_id, Release.number).in_(wanted))
    found = session.execute(rows.options(joinedload(Release.certificate)))
    return {row[0]: row[1] for row in found}


def own_shortlist_item(session: Session, who: Who, demand_id: UUID, item_id: UUID) -> ShortlistItem:
    """A line of the shortlist of one of the acting organization's demands, with the demand."""
    rows = select(ShortlistItem).join(ShortlistItem.demand).options(joinedload(ShortlistItem.demand))
    mine = rows.where(is_named(Demand, demand_id), Demand.organization_id == who.organization_key)
    return one(session, mine.where(is_named(ShortlistItem, item_id)))


def shares_of(session: Session, demand: Demand) -> list[ShareLink]:
    """Every link to lists of a demand that was fetched by `own_demand`, with who made it, newest first."""
    rows = select(ShareLink).where(ShareLink.demand_id == demand.id).order_by(ShareLink.id.desc())
    return list(session.scalars(rows.options(joinedload(ShareLink.user), joinedload(ShareLink.match_list))))


def own_share(session: Session, who: Who, demand_id: UUID, share_id: UUID) -> ShareLink:
    """A link to lists of one of the acting organization's demands."""
    rows = select(ShareLink).join(ShareLink.demand).where(is_named(Demand, demand_id))
    mine = rows.where(Demand.organization_id == who.organization_key, is_named(ShareLink, share_id))
    return one(session, mine.options(joinedload(ShareLink.user), joinedload(ShareLink.match_list)))


def shared(session: Session, secret: str, now: datetime) -> ShareLink:
    """What somebody who holds the secret may see: the link with its list, demand, factory and company.

    Raises LinkGone: never made, taken back or out of date; nobody learns which.
    """
    link = shares.find(session, secret, now)
    everything = select(ShareLink).where(ShareLink.id == link.id)
    demand = joinedload(ShareLink.demand)
    return one(
        session,
        everything.options(
            joinedload(ShareLink.match_list),
            demand.joinedload(Demand.organization),
            demand.joinedload(Demand.site).load_only(Site.name),
        ),
    )
