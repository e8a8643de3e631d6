"""What became of the demo's demands: some are shown to others, one was changed, one ended, one is a draft."""

from datetime import date

from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.demo import naming
from marketplace.demo.companies import Directory
from marketplace.demo.plants import Sites
from marketplace.demo.rounds import TODAY
from marketplace.demo.source import Country, Entry
from matching import demands
from matching.demands import DemandFields
from matching.models import Demand

_SHARED_ON, _REVISED_ON = date(2026, 11, 17), date(2026, 11, 18)


def live(
    session: Session, country: Country, directory: Directory, sites: Sites, stated: list[Demand]
) -> None:
    """Widen, revise, close and begin demands as the file says, through the domain."""
    lives = country.demand_lives
    first: dict[str, Demand] = {}
    for demand in stated:
        first.setdefault(demand.organization.name, demand)
    for nth, entry in enumerate(lives["shared"]):
        named = [directory[name] for name in entry["organizations"]]
        demand = first[entry["manufacturer"]]
        demands.widen(session, demand, entry["audience"], named, naming.moment(_SHARED_ON, nth))
        audit.record(session, "demand.widen", demand, before="private", after=demand.audience)
    for entry in lives["revised"]:
        demand = first[entry["manufacturer"]]
        demands.revise(session, demand, _changed(demand, entry), _REVISED_ON)
        audit.record(session, "demand.revise", demand, version=demand.version)
    for entry in lives["closed"]:
        demand = first[entry["manufacturer"]]
        demands.close(session, demand, entry["reason"], entry["note"])
        audit.record(session, "demand.close", demand, reason=entry["reason"])
    for entry in lives["drafts"]:
        draft = demands.draft(session, sites[entry["manufacturer"], entry["site"]], _fields(entry), TODAY)
        naming.give(draft, naming.moment(TODAY), entry["manufacturer"], "draft")
        audit.record(session, "demand.draft", draft)
    _date_versions(session, stated)


def _fields(entry: Entry) -> DemandFields:
    return DemandFields(
        title=entry["title"],
        description=entry["description"],
        requirements=list(entry["requirements"]),
        target_level=None,
        budget_amount=None,
        deadline=None,
    )


def _changed(demand: Demand, entry: Entry) -> DemandFields:
    """What the demand says, with the budget and the pairs of the entry."""
    said = demands.content_of(demand)
    return DemandFields(
        title=said["title"],
        description=said["description"],
        requirements=said["requirements"],
        target_level=said["target_level"],
        budget_amount=entry["budget_amount"],
        deadline=demand.deadline,
        links=entry["links"],
    )


def _date_versions(session: Session, stated: list[Demand]) -> None:
    """First versions are as old as their demands, later ones of the day of the change: every load gives the same."""
    for demand in stated:
        for version in demands.versions_of(session, demand):
            version.at = demand.created_at if version.number == 1 else naming.moment(_REVISED_ON)
