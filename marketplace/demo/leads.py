"""Leads of the demo country: demands on the board, who may answer them, and what the two demo vendors answered."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import capacity
from catalog.models import Organization
from marketplace import audit
from marketplace.demo import naming, plants
from marketplace.demo.companies import Directory
from marketplace.demo.plants import Sites
from marketplace.demo.rounds import TODAY
from marketplace.demo.source import Country, Entry
from matching import audience, demands, editions, leads, matchmaking, standing
from matching.models import Demand, Lead
from matching.models.demand import BOARD
from matching.search.engine import Engine

_STATED_ON, _SHOWN_ON, _DEADLINE = date(2026, 11, 18), date(2026, 11, 19), date(2027, 6, 30)
#: What every one of these demands asks for.
_CAPABILITY, _QUALITY, _TARGET = "sensor_iot", 2, 3


def hand_out(
    session: Session, country: Country, directory: Directory, sites: Sites, stated: list[Demand]
) -> None:
    """State the board's demands, place the leads of all demands that are shown, and answer as the file says."""
    said = country.leads
    for name, projects in said["capacity"].items():
        capacity.state(session, directory[name], projects, _STATED_ON)
        audit.record(session, "capacity.state", directory[name], projects_per_quarter=projects)
    shown = [_show(session, entry, sites, nth) for nth, entry in enumerate(said["demands"])]
    engine = plants.engine_of(session)
    plants.answer(session, engine, shown)
    vendors = sorted({document.vendor_id for document in engine.all()})
    own = {organization.public_id: organization for organization in directory.values()}
    for demand in [*stated, *shown]:
        place(session, engine, demand, [own[vendor] for vendor in vendors if vendor in own])
    for entry, demand in zip(said["demands"], shown, strict=True):
        for name, state in entry["answers"].items():
            _answer(session, engine, demand, directory[name], state, said)


def _show(session: Session, entry: Entry, sites: Sites, nth: int) -> Demand:
    fields = demands.DemandFields(
        title=entry["title"],
        description="",
        requirements=[{"capability": _CAPABILITY, "must": True, "min_quality": _QUALITY}],
        target_level=_TARGET,
        budget_amount=entry["budget_amount"],
        deadline=_DEADLINE,
    )
    demand = demands.state(session, sites[entry["manufacturer"], entry["site"]], fields, _STATED_ON)
    naming.give(demand, naming.moment(_STATED_ON, nth), entry["manufacturer"], entry["title"])
    audit.record(session, "demand.state", demand)
    for version in demands.versions_of(session, demand):
        version.at = demand.created_at
    demands.widen(session, demand, BOARD, [], naming.moment(_SHOWN_ON, nth))
    audit.record(session, "demand.widen", demand, before="private", after=demand.audience)
    return demand


def place(session: Session, engine: Engine, demand: Demand, vendors: list[Organization]) -> None:
    """One lead a vendor that may see the demand, as the worker writes it; offered when the demand was shown."""
    seeing = [vendor for vendor in vendors if audience.may_see(demand, vendor)]
    if not seeing:
        return
    edition, need = editions.in_force(session, TODAY), matchmaking.need_of(session, demand, TODAY)
    shelves = leads.shelves(session, engine, [vendor.public_id for vendor in seeing], TODAY)
    at = demand.shared_at or naming.moment(_SHOWN_ON)
    for vendor in seeing:
        rows = standing.standings(need, shelves[vendor.public_id], edition)
        if rows or audience.is_named(demand, vendor):
            lead, _told = leads.place(session, demand, vendor, rows, edition, at)
            naming.give(lead, at, demand.public_id, vendor.public_id)


def _answer(  # noqa: PLR0917  # one act: whose lead, how it ends, in which words
    session: Session, engine: Engine, demand: Demand, vendor: Organization, state: str, said: Entry
) -> None:
    """Both sides' acts, one after the other, until the lead stands as the file says."""
    lead = session.scalars(
        select(Lead).where(Lead.demand_id == demand.id, Lead.organization_id == vendor.id)
    ).one()
    at = naming.moment(TODAY)
    if state == "declined":
        leads.decline(session, lead, code="no_capacity", text="", by=vendor.name, now=at)
        audit.record(session, "lead.decline", lead, reason=lead.decline_code)
        return
    words = {"message": said["message"], "contact": said["contacts"]["vendor"], "by": vendor.name}
    leads.accept(session, engine, lead, listing=lead.listing or "", **words, today=TODAY, now=at)
    audit.record(session, "lead.accept", lead, listing=lead.listing)
    later, by = at + timedelta(hours=2), demand.organization.name
    if state == "contact":
        leads.accept_contact(session, lead, contact=said["contacts"]["manufacturer"], by=by, now=later)
        audit.record(session, "contact.accept", lead, demand=demand.public_id)
    elif state == "refused":
        leads.refuse_contact(session, lead, text=said["refusal"], by=by, now=later)
        audit.record(session, "contact.refuse", lead, demand=demand.public_id)
    elif state == "withdrawn":
        leads.withdraw(session, lead, later)
        audit.record(session, "lead.withdraw", lead)
