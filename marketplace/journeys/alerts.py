"""What people asked to hear of by themselves: new listings in a saved search, changes on a shortlist.

Once a Korean day, half an hour before the digest, a message for each saved search ("search.saved"). When the catalogue
changes, or a certificate ends, a message for each listing that stands on a shortlist ("shortlist.watch"), fifty
shortlists a message. Repeats are harmless: a notice is known by what it says.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from catalog import clock, outbox
from catalog.errors import Conflict, Invalid
from catalog.models import Listing, Organization, Release
from marketplace import extensions, notices, tasks
from matching import alerts, shortlists
from matching.models import IndexState, SavedSearch, ShortlistItem
from matching.models.demand import OPEN
from matching.search import sync

SEARCHES, SHORTLISTS = "search.saved", "shortlist.watch"
AT = time(7, 30, tzinfo=clock.SEOUL)
#: Rows taken up by one tick, and shortlists by one message.
TAKEN_UP, BATCH = 200, 50
#: How far the shortlists have followed the catalogue is kept beside the search's index.
FOLLOWS = "shortlists"
#: A certificate's end is looked for so many days back, should no worker have run.
DAYS_BACK = 7


def init_app(app: Flask) -> None:
    """Let the worker look."""

    def tick(now: datetime) -> None:
        with extensions.database(app).session() as session, session.begin():
            ask_due(session, now)

    def search(_key: str, payload: dict[str, Any]) -> None:
        with app.app_context():
            _search(app, payload)

    def shortlist(_key: str, payload: dict[str, Any]) -> None:
        with app.app_context():
            _shortlist(app, payload)

    tasks.every_tick(app, tick)
    tasks.handle(app, SEARCHES, search)
    tasks.handle(app, SHORTLISTS, shortlist)


def ask_due(session: Session, now: datetime) -> None:
    """Record what has to be looked at by now."""
    day = clock.day_of(now)
    struck = datetime.combine(day, AT).astimezone(UTC)
    if now >= struck:
        due = select(SavedSearch.public_id).where(SavedSearch.looked_at < struck).order_by(SavedSearch.id)
        for saved in session.scalars(due.limit(TAKEN_UP)).all():
            payload = {"search": saved, "at": now.isoformat()}
            outbox.record(session, SEARCHES, f"{saved}:{day.isoformat()}", payload)
        _ask_ended(session, day)
    _ask_changed(session)


def keep(
    session: Session, organization: Organization, fields: Mapping[str, str], now: datetime
) -> SavedSearch:
    """Save the search that an address of the store asks.

    Args:
        fields: what `SavedSearchIn` answers.

    Raises:
        Invalid: a condition that the store does not have, nothing asked for, a name that is taken, or too many.
    """
    text, filters = alerts.read(fields["query"])
    try:
        return alerts.save(session, organization, name=fields["name"], text=text, filters=filters, now=now)
    except Conflict as full:
        raise Invalid.at("name", full.code, **full.params) from None


def _ask_changed(session: Session) -> None:
    """Listings on shortlists whose public face changed since the shortlists last followed the catalogue."""
    state = session.get(IndexState, FOLLOWS)
    reached = 0 if state is None else state.revision
    newer = select(Listing.revision).where(Listing.revision > reached).order_by(Listing.revision)
    revisions = session.scalars(newer.limit(TAKEN_UP)).all()
    if not revisions:
        return
    kept = select(ShortlistItem.listing)
    changed = select(Listing.public_id).where(
        Listing.revision.between(reached + 1, revisions[-1]), Listing.public_id.in_(kept)
    )
    for listing in session.scalars(changed).all():
        _record(session, listing, str(revisions[-1]), after=0)
    sync.note_progress(session, FOLLOWS, revisions[-1])


def _ask_ended(session: Session, day: date) -> None:
    """Listings on shortlists whose certificate, as it was then, has just ended."""
    ended = ShortlistItem.certificate_expires_on.between(
        day - timedelta(days=DAYS_BACK), day - timedelta(days=1)
    )
    rows = select(ShortlistItem.listing, ShortlistItem.certificate_expires_on).where(ended).distinct()
    for listing, last_day in session.execute(rows.order_by(ShortlistItem.listing).limit(TAKEN_UP)).all():
        _record(session, listing, f"ended-{last_day.isoformat()}", after=0)


def _search(app: Flask, payload: dict[str, Any]) -> None:
    """Ask one saved search, then tell and note the moment in one transaction."""
    store, today = extensions.database(app), extensions.today()
    with store.session(reading=True) as reading:
        saved = reading.scalar(select(SavedSearch).where(SavedSearch.public_id == payload["search"]))
        if saved is None:
            return
        engine = extensions.search_index(app).fresh(reading)
        found = alerts.fresh(reading, engine, saved, today)
    at = datetime.fromisoformat(payload["at"])
    with store.session() as session, session.begin():
        own = session.get(SavedSearch, saved.id, with_for_update=True)
        if own is None or own.looked_at >= at:
            return  # forgotten meanwhile, or looked at by a repeat
        own.looked_at = at
        if found:
            own.found, own.found_at = len(found), at
            _tell_search(session, own, clock.day_of(at))


def _tell_search(session: Session, saved: SavedSearch, day: date) -> None:
    notices.tell(
        session,
        "search.found",
        key=f"{saved.public_id}:{day.isoformat()}",
        link=alerts.address(saved),
        about=saved,
        organization=saved.organization,
        params={"name": saved.name, "count": saved.found},
    )


def _shortlist(app: Flask, payload: dict[str, Any]) -> None:
    """Compare a listing with what the next shortlists keep of it, and tell the people of each that has changed."""
    with extensions.database(app).session() as session, session.begin():
        live = (Release.listing_id == Listing.id) & (Release.number == Listing.live_release)
        release = session.scalar(
            select(Release)
            .join(Listing, live)
            .where(Listing.public_id == payload["listing"])
            .options(joinedload(Release.certificate))
        )
        rows = select(ShortlistItem).where(
            ShortlistItem.listing == payload["listing"], ShortlistItem.id > payload["after"]
        )
        items = session.scalars(rows.order_by(ShortlistItem.id).limit(BATCH)).all()
        for item in items:
            _tell_shortlist(session, item, shortlists.changes(item, release, extensions.today()))
        if len(items) == BATCH:
            _record(session, payload["listing"], payload["mark"], after=items[-1].id)


def _tell_shortlist(session: Session, item: ShortlistItem, found: list[shortlists.Change]) -> None:
    """A new edition that touches neither price nor certificate is no news."""
    news = [change for change in found if change.code != "release"]
    if not news or item.demand.state != OPEN:
        return
    notices.tell(
        session,
        "shortlist.changed",
        key=f"{item.public_id}:" + ",".join(f"{change.code}={change.after or ''}" for change in news),
        link=f"/demands/{item.demand.public_id}/matches",
        about=item.demand,
        organization=item.demand.organization,
        params={"demand": item.demand.title, **{name: item.card[name] for name in ("title", "title_en")}},
    )


def _record(session: Session, listing: str, mark: str, *, after: int) -> None:
    payload = {"listing": listing, "mark": mark, "after": after}
    outbox.record(session, SHORTLISTS, f"{listing}:{mark}:{after}", payload)
