"""The alliances of the demo country: founded, joined, left and shown demands through the domain, day by day."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from catalog.alliances import charters, founding, membership
from catalog.alliances.charters import Signature
from catalog.alliances.founding import AllianceFields, PartFields
from catalog.models import Alliance, AllianceMember, Organization
from marketplace import audit
from marketplace.demo import leads, naming, plants
from marketplace.demo.companies import Directory
from marketplace.demo.plants import Sites
from marketplace.demo.rounds import TODAY
from marketplace.demo.source import Country, Entry
from matching import demands, pipeline
from matching.models import Demand
from matching.models.demand import ALLIANCE

_STATED_ON, _SHOWN_ON, _DEADLINE = date(2026, 11, 17), date(2026, 11, 18), date(2027, 5, 31)
_QUALITY, _TARGET = 2, 3

#: A day, what is done on it, and what the file says to that; acts of one day in the order in which they are noted.
Act = tuple[date, Callable[[Any, date], Any], Any]


def join_up(session: Session, country: Country, directory: Directory, sites: Sites) -> list[Demand]:
    """Everything that the file says, in the order of its days; then the demands, which it answers unmatched: bundles
    are made for some of them first."""
    told = country.alliances
    made = {
        entry["name"]: _Story(session, entry, directory, told["signer"]).tell() for entry in told["alliances"]
    }
    engine = plants.engine_of(session)
    vendors = sorted({document.vendor_id for document in engine.all()})
    own = {organization.public_id: organization for organization in directory.values()}
    shown = []
    for nth, entry in enumerate(told["demands"]):
        demand = _show(session, entry, sites, made[entry["alliance"]], nth)
        leads.place(session, engine, demand, [own[vendor] for vendor in vendors if vendor in own])
        _assign(session, demand, entry, directory)
        shown.append(demand)
    return shown


def match(session: Session, shown: list[Demand]) -> None:
    """Match the demands that alliances are shown with what is sold by now, their bundles among it."""
    plants.answer(session, plants.engine_of(session), shown)


class _Story:
    """One alliance from its founding to today."""

    def __init__(self, session: Session, entry: Entry, directory: Directory, signer: str) -> None:
        self.session, self.entry, self.directory, self.signer = session, entry, directory, signer
        self.alliance = self._found()

    def tell(self) -> Alliance:
        """Do everything, oldest first."""
        for day, act, said in sorted(self._acts(), key=lambda row: row[0]):
            act(said, day)
            self.session.flush()
        return self.alliance

    def _acts(self) -> list[Act]:
        entry = self.entry
        acts: list[Act] = [(entry["founded"], self._join, name) for name in entry["members"][1:]]
        for said in entry["charters"]:
            acts += [(said["proposed"], self._propose, said), (said["accepted"], self._accept, said)]
        acts += [(day, self._join, name) for name, day in entry["joined"].items()]
        acts += [(day, self._leave, name) for name, day in entry["leaving"].items()]
        acts += [(day, self._ask, name) for name, day in entry["asked"].items()]
        acts += [(day, self._invite, name) for name, day in entry["invited"].items()]
        return acts

    def _found(self) -> Alliance:
        entry = self.entry
        fields = AllianceFields(
            name=entry["name"],
            name_en=entry["name_en"],
            purpose=entry["purpose"],
            purpose_en=entry["purpose_en"],
            division=entry["division"],
        )
        coordinator, day = self.directory[entry["coordinator"]], entry["founded"]
        part = self._part(entry["coordinator"])
        alliance = founding.found(self.session, coordinator, fields, day, part=part)
        naming.give(alliance, naming.moment(day), entry["name"])
        naming.give(alliance.members[0], naming.moment(day), entry["name"], entry["coordinator"])
        audit.record(self.session, "alliance.found", alliance)
        return alliance

    def _join(self, name: str, day: date) -> None:
        member = self._invite(name, day)
        charter = self.alliance.charter
        sha256 = None if charter is None else charter.sha256
        membership.join(self.session, member, sha256, self._signature(day), day)
        audit.record(self.session, "alliance.join", member, sha256=sha256)

    def _invite(self, name: str, day: date) -> AllianceMember:
        member = membership.invite(self.session, self.alliance, self.directory[name], self._part(name), day)
        naming.give(member, naming.moment(day), self.entry["name"], name)
        audit.record(self.session, "alliance.invite", member, organization=self.directory[name].public_id)
        return member

    def _ask(self, name: str, day: date) -> None:
        member = membership.ask(self.session, self.alliance, self.directory[name], self._part(name), day)
        naming.give(member, naming.moment(day), self.entry["name"], name)
        audit.record(self.session, "alliance.ask", member)

    def _leave(self, name: str, day: date) -> None:
        member = self._member(name)
        last = membership.leave(self.session, member, day)
        audit.record(self.session, "alliance.leave", member, last_day=last.isoformat())

    def _propose(self, said: Entry, day: date) -> None:
        entry = self.entry
        fields = charters.CharterFields(
            text=entry["text"],
            text_en=entry["text_en"],
            level_from=entry["level"][0],
            level_to=entry["level"][1],
            lead=self.directory[entry["lead"]].public_id,
            notice_days=said["notice_days"],
            answer_hours=said["answer_hours"],
            members=[
                {"organization": member.organization.public_id, **self._part(member.organization.name)}
                for member in self.alliance.members
                if member.state in ("joined", "leaving")
            ],
        )
        charter = charters.propose(self.session, self.alliance, fields, day)
        naming.give(charter, naming.moment(day), entry["name"], str(charter.number))
        audit.record(self.session, "charter.propose", charter, number=charter.number, sha256=charter.sha256)

    def _accept(self, said: Entry, day: date) -> None:
        charter = self.alliance.proposal
        if charter is None:
            raise ValueError(said)
        for member in charters.waiting(charter, day):
            if member.organization.name not in said["waits"]:
                sha256, signer = charter.sha256, self._signature(day)
                charters.accept(self.session, charter, member, signer, day, sha256=sha256)
                audit.record(self.session, "charter.accept", charter, number=charter.number, sha256=sha256)

    def _member(self, name: str) -> AllianceMember:
        return next(one for one in self.alliance.members if one.organization.name == name)

    def _part(self, name: str) -> PartFields:
        role, role_en, capabilities = self.entry["parts"][name]
        return PartFields(role=role, role_en=role_en, capabilities=list(capabilities))

    def _signature(self, day: date) -> Signature:
        return Signature(self.signer, "", naming.moment(day, 30))


def _requirements(codes: Iterable[str], must: bool) -> list[demands.RequirementFields]:
    return [{"capability": code, "must": must, "min_quality": _QUALITY} for code in codes]


def _show(session: Session, entry: Entry, sites: Sites, alliance: Alliance, nth: int) -> Demand:
    fields = demands.DemandFields(
        title=entry["title"],
        description="",
        requirements=_requirements(entry["capabilities"], True)
        + _requirements(entry.get("wishes", ()), False),
        target_level=_TARGET,
        budget_amount=entry["budget_amount"],
        deadline=_DEADLINE,
    )
    stated_on, shown_on = entry.get("stated", _STATED_ON), entry.get("shown", _SHOWN_ON)
    demand = demands.state(session, sites[entry["manufacturer"], entry["site"]], fields, stated_on)
    naming.give(demand, naming.moment(stated_on, nth), entry["manufacturer"], entry["title"])
    audit.record(session, "demand.state", demand)
    for version in demands.versions_of(session, demand):
        version.at = demand.created_at
    at = naming.moment(shown_on, nth)
    demands.widen(session, demand, ALLIANCE, [], at, alliance=alliance)
    if demand.alliance_lead is not None:
        naming.give(demand.alliance_lead, at, entry["alliance"], entry["title"])
    audit.record(
        session, "demand.widen", demand, before="private", after=ALLIANCE, alliance=alliance.public_id
    )
    return demand


def _assign(session: Session, demand: Demand, entry: Entry, directory: Directory) -> None:
    owner: Organization | None = directory[entry["owner"]] if entry["owner"] else None
    if owner is not None and demand.alliance_lead is not None:
        pipeline.assign(session, demand.alliance_lead, owner, TODAY)
        audit.record(session, "alliance.assign", demand.alliance_lead, owner=owner.public_id)
