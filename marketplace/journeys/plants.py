"""A manufacturer describes a factory with its level, and states a need with its ranked list."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from sqlalchemy.orm import Session

from catalog import sites
from catalog.errors import Conflict
from catalog.models import Organization, Site
from matching import demands, matchmaking
from matching.demands import DemandFields
from matching.maturity import assessments
from matching.models import Demand, MatchList
from matching.models.demand import OPEN
from matching.search.engine import Engine


def describe(
    session: Session, organization: Organization, site: Site | None, fields: Mapping[str, Any], today: date
) -> Site:
    """Register a factory of `organization`, or revise `site`, and record the level if one is stated.

    Args:
        fields: what `SiteIn` parsed; `level` None states nothing, an earlier statement goes on to hold.

    Raises:
        Invalid: unknown codes, or a level outside its scale. The caller then rolls back.
    """
    rest = cast(sites.SiteFields, {key: value for key, value in fields.items() if key != "level"})
    if site is None:
        site = sites.register(session, organization, rest)
    else:
        sites.revise(session, site, rest)
    level = fields["level"]
    if level is not None:
        assessments.record(
            session, site, scale=level["scale"], level=level["value"], basis=level["basis"], on=today
        )
    return site


def state_and_match(
    session: Session, engine: Engine, site: Site, demand: Demand | None, fields: DemandFields, *, today: date
) -> MatchList:
    """State a need of `site`, or revise `demand` to it, and rank the store for it at once.

    Raises:
        Invalid: see `demands.state`. Conflict: the demand is closed. The caller then rolls back.
    """
    if demand is None:
        demand = demands.state(session, site, fields, today)
    else:
        demands.revise(session, demand, fields, today)
        demand.site = site
    return matchmaking.match(session, engine, demand, today)


def match_again(session: Session, engine: Engine, demand: Demand, today: date) -> MatchList:
    """Rank the store anew for an open demand; the lists computed before stay as they were.

    Raises:
        Conflict: the demand is closed.
    """
    if demand.state != OPEN:
        raise Conflict("demand.closed")
    return matchmaking.match(session, engine, demand, today)
