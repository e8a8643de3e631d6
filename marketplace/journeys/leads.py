"""A demand is shown to vendors, and their people hear of what fits; then both sides answer, and each hears of it.

At each tick the worker looks for demands that were shown or revised since it last looked ("lead.look": vendors, fifty a
message), and for vendors whose public listings, or the weights, changed since ("lead.refresh": demands, fifty a
message). Both write the same rows and are harmless if repeated; somebody is told of a lead once.
"""

from datetime import datetime
from typing import Any, cast

from flask import Flask, current_app
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog import outbox
from catalog.models import Listing, Organization, OrganizationRole, Site
from catalog.models.organization import CONFIRMED, VENDOR
from marketplace import extensions, notices, tasks
from matching import audience, editions, leads, matchmaking, standing
from matching.models import Demand, IndexState, Lead, LeadLook
from matching.models.demand import OPEN, PRIVATE
from matching.scoring.weights import Weights
from matching.search import sync
from matching.search.engine import Engine
from matching.standing import Standing

LOOK, REFRESH, EDITION = "lead.look", "lead.refresh", "lead.edition"
#: Vendors, or demands, looked at by one message.
BATCH = 50
#: Changed listings, or demands, that one tick takes up.
TAKEN_UP = 200
#: How far the leads have followed the catalogue is kept beside the search's index.
FOLLOWS = "leads"

#: A demand with what it was looked at for, if it ever was.
Looks = list[tuple[Demand, LeadLook | None]]


def init_app(app: Flask) -> None:
    """Let the worker look."""

    def tick(_now: datetime) -> None:
        with app.app_context(), extensions.database(app).session() as session, session.begin():
            ask_due(session)

    def look(_key: str, payload: dict[str, Any]) -> None:
        with app.app_context():
            _look(app, payload)

    def refresh(_key: str, payload: dict[str, Any]) -> None:
        with app.app_context():
            _refresh(app, payload)

    def edition(_key: str, payload: dict[str, Any]) -> None:
        with extensions.database(app).session() as session, session.begin():
            _begin_edition(session, payload)

    tasks.every_tick(app, tick)
    tasks.handle(app, LOOK, look)
    tasks.handle(app, REFRESH, refresh)
    tasks.handle(app, EDITION, edition)


def ask_due(session: Session) -> None:
    """Record what has to be looked at since the last tick."""
    _ask_demands(session)
    _ask_vendors(session)
    version = editions.in_force(session, extensions.today()).version
    outbox.record(session, EDITION, version, {"version": version, "after": 0})


def look_again(session: Session, vendor: Organization, mark: str) -> None:
    """Have all demands that a vendor may see looked at for it once more, once a `mark`."""
    _record_refresh(session, vendor.public_id, mark, after=0)


def accept(  # one act: its object, with what, who says what
    session: Session, engine: Engine, lead: Lead, by: str, *, listing: str, message: str, contact: str
) -> None:
    """The vendor asks for contact; the manufacturer's people hear of it.

    Raises:
        Conflict, Invalid: as `leads.accept` says.
    """
    said = {"listing": listing, "message": message, "contact": contact, "by": by}
    leads.accept(session, engine, lead, **said, today=extensions.today(), now=extensions.now())
    notices.tell(
        session,
        "lead.answered",
        key=lead.public_id,
        link=f"/demands/{lead.demand.public_id}/offers",
        about=lead,
        organization=lead.demand.organization,
        params={"demand": lead.demand.title},
    )


def accept_contact(session: Session, lead: Lead, by: str, *, contact: str) -> None:
    """The manufacturer accepts contact; the vendor's people hear of it.

    Raises:
        Conflict: as `leads.accept_contact` says.
    """
    leads.accept_contact(session, lead, contact=contact, by=by, now=extensions.now())
    _tell_vendor(session, lead, "contact.accepted")


def refuse_contact(session: Session, lead: Lead, by: str, *, text: str) -> None:
    """The manufacturer does not want contact; the vendor's people hear of it.

    Raises:
        Conflict: as `leads.refuse_contact` says.
    """
    leads.refuse_contact(session, lead, text=text, by=by, now=extensions.now())
    _tell_vendor(session, lead, "contact.refused")


def _tell_vendor(session: Session, lead: Lead, event: str) -> None:
    """Says which of the vendor's listings it was about, and nothing of the manufacturer."""
    best = lead.best
    title = {"title": "", "title_en": ""} if best is None else {k: best[k] for k in ("title", "title_en")}
    notices.tell(
        session,
        event,
        key=lead.public_id,
        link=f"/leads/{lead.public_id}",
        about=lead,
        organization=lead.organization,
        params=title,
    )


def _ask_demands(session: Session) -> None:
    """Demands that are shown and have not been looked at as they are now."""
    differs = or_(
        LeadLook.demand_id.is_(None),
        LeadLook.version != Demand.version,
        LeadLook.shared_at.is_distinct_from(Demand.shared_at),
    )
    rows = select(Demand, LeadLook).outerjoin(LeadLook, LeadLook.demand_id == Demand.id)
    shown = rows.where(Demand.state == OPEN, Demand.audience != PRIVATE, differs).order_by(Demand.id)
    for demand, look in cast(Looks, session.execute(shown.limit(TAKEN_UP)).all()):
        mark = f"{demand.version}:{'' if demand.shared_at is None else demand.shared_at.isoformat()}"
        _record_look(session, demand.public_id, mark, after=0)
        if look is None:
            session.add(LeadLook(demand_id=demand.id, version=demand.version, shared_at=demand.shared_at))
        else:
            look.version, look.shared_at = demand.version, demand.shared_at


def _ask_vendors(session: Session) -> None:
    """Vendors whose public listings changed since the leads last followed the catalogue."""
    state = session.get(IndexState, FOLLOWS)
    reached = 0 if state is None else state.revision
    newer = select(Listing.revision).where(Listing.revision > reached).order_by(Listing.revision)
    revisions = session.scalars(newer.limit(TAKEN_UP)).all()
    if not revisions:
        return
    changed = select(Organization.public_id).join(Listing, Listing.organization_id == Organization.id)
    between = Listing.revision.between(reached + 1, revisions[-1])
    for vendor in session.scalars(changed.where(between).distinct()).all():
        _record_refresh(session, vendor, str(revisions[-1]), after=0)
    sync.note_progress(session, FOLLOWS, revisions[-1])


def _begin_edition(session: Session, payload: dict[str, Any]) -> None:
    """Vendors with leads are looked at anew with another edition of the weights."""
    after = payload["after"]
    rows = select(Organization).where(
        Organization.id > after, Organization.id.in_(select(Lead.organization_id))
    )
    vendors = session.scalars(rows.order_by(Organization.id).limit(BATCH)).all()
    for vendor in vendors:
        _record_refresh(session, vendor.public_id, f"edition-{payload['version']}", after=0)
    if len(vendors) == BATCH:
        last = vendors[-1].id
        outbox.record(session, EDITION, f"{payload['version']}:{last}", {**payload, "after": last})


def _look(app: Flask, payload: dict[str, Any]) -> None:
    """One demand, the next vendors: compare without holding up writers, then write and tell."""
    store, today = extensions.database(app), extensions.today()
    with store.session(reading=True) as reading:
        engine = _engine(app, reading)
        demand = reading.scalar(_in_full().where(Demand.public_id == payload["demand"]))
        if demand is None or demand.audience == PRIVATE:
            return
        vendors = _vendors(reading, demand, payload["after"])
        seeing = [vendor for vendor in vendors if audience.may_see(demand, vendor)]
        shelves = leads.shelves(reading, engine, [vendor.public_id for vendor in seeing], today)
        edition, need = editions.in_force(reading, today), matchmaking.need_of(reading, demand, today)
        found = [
            (vendor.id, standing.standings(need, shelves[vendor.public_id], edition))
            for vendor in seeing
            if shelves[vendor.public_id] or audience.is_named(demand, vendor)
        ]
    with store.session() as session, session.begin():
        for vendor_key, rows in found:
            _place(session, demand.id, vendor_key, rows, edition)
        if len(vendors) == BATCH:
            _record_look(session, payload["demand"], payload["mark"], after=vendors[-1].id)


def _refresh(app: Flask, payload: dict[str, Any]) -> None:
    """One vendor, the next demands that it may see."""
    store, today = extensions.database(app), extensions.today()
    with store.session(reading=True) as reading:
        engine = _engine(app, reading)
        vendor = reading.scalar(select(Organization).where(Organization.public_id == payload["vendor"]))
        if vendor is None:
            return
        shelf = leads.shelves(reading, engine, [vendor.public_id], today)[vendor.public_id]
        edition = editions.in_force(reading, today)
        demands = _visible(reading, vendor, payload["after"])
        found = [
            (demand.id, leads.standings_of(reading, demand, shelf, edition, today)) for demand in demands
        ]
    with store.session() as session, session.begin():
        for demand_key, rows in found:
            _place(session, demand_key, vendor.id, rows, edition)
        if len(demands) == BATCH:
            _record_refresh(session, payload["vendor"], payload["mark"], after=demands[-1].id)


def _place(
    session: Session, demand_key: int, vendor_key: int, rows: list[Standing], edition: Weights
) -> None:
    """Write the lead if the demand is still to be seen, and tell the vendor's people if it is new to them."""
    demand = session.get(Demand, demand_key, with_for_update=True)
    vendor = session.get_one(Organization, vendor_key)
    if demand is None or not audience.may_see(demand, vendor):
        return
    lead, told = leads.place(session, demand, vendor, rows, edition, extensions.now())
    if told:
        notices.tell(
            session,
            "lead.named" if leads.is_named(lead) else "lead.new",
            key=lead.public_id,
            link=f"/leads/{lead.public_id}",
            about=lead,
            organization=vendor,
            params={"hours": current_app.config["LEAD_HOURS"]},
        )


def _engine(app: Flask, session: Session) -> Engine:
    """The index as far as the database is: what a message was recorded for is in it."""
    return extensions.search_index(app).fresh(session)


def _vendors(session: Session, demand: Demand, after: int) -> list[Organization]:
    vendors = select(Organization).join(OrganizationRole, OrganizationRole.organization_id == Organization.id)
    others = vendors.where(
        OrganizationRole.role == VENDOR,
        Organization.state == CONFIRMED,
        Organization.id != demand.organization_id,
        Organization.id > after,
    )
    return list(session.scalars(others.order_by(Organization.id).limit(BATCH)))


def _visible(session: Session, vendor: Organization, after: int) -> list[Demand]:
    seen = audience.visible_to(vendor).with_only_columns(Demand.id)
    rows = _in_full().where(
        Demand.id.in_(seen),
        Demand.state == OPEN,
        Demand.organization_id != vendor.id,
        Demand.id > after,
    )
    return list(session.scalars(rows.order_by(Demand.id).limit(BATCH)).unique())


def _in_full() -> Any:
    """Demands with all that their score is computed from."""
    site = joinedload(Demand.site)
    return select(Demand).options(
        selectinload(Demand.requirements), site.selectinload(Site.terms), site.selectinload(Site.systems)
    )


def _record_look(session: Session, demand: str, mark: str, *, after: int) -> None:
    payload = {"demand": demand, "mark": mark, "after": after}
    outbox.record(session, LOOK, f"{demand}:{mark}:{after}", payload)


def _record_refresh(session: Session, vendor: str, mark: str, *, after: int) -> None:
    payload = {"vendor": vendor, "mark": mark, "after": after}
    outbox.record(session, REFRESH, f"{vendor}:{mark}:{after}", payload)
