"""A listing becomes public, and the manufacturers whose open demands it fits hear of it.

An approval records "match.watch"; the worker looks at the open demands in batches, each a message of its own, and
tells a demand's people once a listing, if it would stand among the first TOP of the demand's list.
"""

from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog import outbox
from catalog.models import Listing, Site
from marketplace import extensions, notices, tasks
from matching import editions, matchmaking
from matching.models import Demand, Match, MatchList
from matching.models.demand import OPEN
from matching.search.engine import Engine
from matching.search.query import MatchQuery

TOPIC = "match.watch"
#: Open demands looked at by one message.
BATCH = 50
#: A listing further down the list is no news.
TOP = 20


def init_app(app: Flask) -> None:
    """Let the worker look."""

    def handler(_key: str, payload: dict[str, Any]) -> None:
        with app.app_context():
            _look(app, payload["listing"], payload["release"], payload["after"])

    tasks.handle(app, TOPIC, handler)


def watch(session: Session, listing: Listing) -> None:
    """Have the open demands looked at once this transaction, which made `listing` public, commits."""
    _record(session, listing.public_id, listing.live_release or 0, after=0)


def found_by(
    session: Session, engine: Engine, demands: list[Demand], listing: str, today: date
) -> list[Demand]:
    """Those of `demands` among whose first TOP the listing stands and that have not had it in a list before."""
    edition = editions.in_force(session, today)
    shown = select(MatchList.demand_id).join(Match, Match.list_id == MatchList.id)
    known = set(
        session.scalars(
            shown.where(Match.listing == listing, MatchList.demand_id.in_([demand.id for demand in demands]))
        )
    )
    asked = [demand for demand in demands if demand.id not in known]
    needs = [matchmaking.need_of(session, demand, today) for demand in asked]
    lists = engine.match_many([MatchQuery(today, need, edition, limit=TOP) for need in needs])
    return [
        demand for demand, hits in zip(asked, lists, strict=True) if any(hit.id == listing for hit in hits)
    ]


def _look(app: Flask, listing_id: str, release: int, after: int) -> None:
    """Compare without holding up writers, then tell and record the next batch in one transaction."""
    store, today = extensions.database(app), extensions.today()
    with store.session(reading=True) as reading:
        engine = extensions.search_index(app).fresh(reading)
        listing = reading.scalar(select(Listing).where(Listing.public_id == listing_id))
        if listing is None or listing.live_release != release:
            return  # withdrawn, or approved anew: the newer approval has its own message
        demands = _open_demands(reading, after)
        found = found_by(
            reading,
            engine,
            [demand for demand in demands if demand.organization_id != listing.organization_id],
            listing_id,
            today,
        )
    with store.session() as session, session.begin():
        for demand in found:
            _tell(session, session.get_one(Demand, demand.id), listing)
        if len(demands) == BATCH:
            _record(session, listing_id, release, after=demands[-1].id)


def _tell(session: Session, demand: Demand, listing: Listing) -> None:
    if demand.state != OPEN:
        return
    notices.tell(
        session,
        "match.new",
        key=f"{demand.public_id}:{listing.public_id}",
        link=f"/demands/{demand.public_id}/matches",
        about=demand,
        organization=demand.organization,
        params={
            "demand": demand.title,
            "title": listing.title,
            "title_en": listing.title_en,
            "kind": listing.kind,
        },
    )


def _open_demands(session: Session, after: int) -> list[Demand]:
    site = joinedload(Demand.site)
    rows = select(Demand).where(Demand.state == OPEN, Demand.id > after).order_by(Demand.id).limit(BATCH)
    everything = rows.options(
        selectinload(Demand.requirements), site.selectinload(Site.terms), site.selectinload(Site.systems)
    )
    return list(session.scalars(everything).unique())


def _record(session: Session, listing_id: str, release: int, *, after: int) -> None:
    payload = {"listing": listing_id, "release": release, "after": after}
    outbox.record(session, TOPIC, f"{listing_id}:{release}:{after}", payload)
