"""The manufacturers' side: sites with their levels, demands, and the lists that answer them."""

from datetime import date, timedelta
from typing import cast

from sqlalchemy.orm import Session

from catalog import sites
from catalog.models import Site
from marketplace import audit
from marketplace.demo import naming, site_depth
from marketplace.demo.companies import Directory
from marketplace.demo.rounds import TODAY
from marketplace.demo.source import Country, Entry
from matching import demands, matchmaking
from matching.maturity import assessments
from matching.models import Demand
from matching.models.assessment import COMPANY_LEVEL
from matching.search import vocabulary
from matching.search.analyser import BigramAnalyser
from matching.search.embedded import EmbeddedEngine
from matching.search.engine import Engine
from matching.search.sync import Follower

_DESCRIBED_FROM, _ASSESSED_FROM, _STATED_FROM = date(2026, 4, 13), date(2026, 4, 20), date(2026, 11, 2)
#: The files' word for how a level is known → the domain's.
_BASES = {
    "certificate": "certificate_claimed",
    "self_reported": "self_reported",
    "unknown": "self_reported",
}

#: What a site states: names of `sites.SiteFields`.
_OF_SITES = tuple(sites.SiteFields.__annotations__)

#: (name of the manufacturer, place in its list) → site
Sites = dict[tuple[str, int], Site]


def describe(session: Session, country: Country, directory: Directory) -> Sites:
    """Register every site and record its level."""
    made: Sites = {}
    known = site_depth.facts(session, country)
    for nth, manufacturer in enumerate(country.manufacturers):
        for place, entry in enumerate(manufacturer["sites"]):
            at = naming.moment(_DESCRIBED_FROM + timedelta(days=nth), place)
            facts = site_depth.deepened(entry, known.get((manufacturer["name"], place)))
            fields = cast(sites.SiteFields, {name: facts[name] for name in _OF_SITES if name in facts})
            site = sites.register(session, directory[manufacturer["name"]], fields)
            naming.give(site, at, manufacturer["name"], entry["name"])
            _assess(session, site, entry["level"], _ASSESSED_FROM + timedelta(days=nth))
            audit.record(session, "site.describe", site)
            made[manufacturer["name"], place] = site
    return made


def need(session: Session, country: Country, made: Sites) -> list[Demand]:
    """State every demand."""
    stated = []
    for nth, entry in enumerate(country.demands):
        at = naming.moment(entry.get("stated", _STATED_FROM + timedelta(days=nth)))
        fields = demands.DemandFields(
            title=entry["title"],
            description="",
            requirements=list(entry["requirements"]),
            target_level=entry["target_level"],
            budget_amount=entry["budget_amount"],
            deadline=entry["deadline"],
        )
        demand = demands.state(session, made[entry["manufacturer"], entry["site"]], fields, at.date())
        naming.give(demand, at, entry["manufacturer"], entry["title"])
        audit.record(session, "demand.state", demand)
        stated.append(demand)
    return stated


def answer(session: Session, engine: Engine, stated: list[Demand]) -> None:
    """Match every demand with what is public by now."""
    for nth, demand in enumerate(stated):
        ranked = matchmaking.match(session, engine, demand, TODAY)
        naming.give(ranked, naming.moment(TODAY, nth), demand.public_id)
        audit.record(session, "demand.match", demand)


def _assess(session: Session, site: Site, level: Entry, on: date) -> None:
    row = assessments.record(
        session, site, scale=level["scale"], level=level["value"], basis=_BASES[level["basis"]], on=on
    )
    naming.give(row, naming.moment(on), site.public_id, COMPANY_LEVEL)


def engine_of(session: Session) -> Engine:
    """An index of its own: the product's one must not see rows before they are committed."""
    analyser = BigramAnalyser(vocabulary.synonyms())
    follower = Follower(EmbeddedEngine(analyser), analyser)
    follower.catch_up(session)
    return follower.engine
