"""A manufacturer describes a factory with its level, and states a need with its ranked list."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy.orm import Session

from catalog import sites
from catalog.errors import Conflict, Invalid, Problem
from catalog.models import Organization, Site
from matching import demands, matchmaking
from matching.demands import DemandFields
from matching.maturity import assessments
from matching.models import Demand, MatchList
from matching.models.demand import DRAFT, OPEN
from matching.search.engine import Engine


def describe(
    session: Session, organization: Organization, site: Site | None, fields: Mapping[str, Any], today: date
) -> Site:
    """Register a factory of `organization`, or revise `site`, and record the level if one is stated.

    Args:
        fields: what `SiteIn` parsed; `level` None states nothing, an earlier statement goes on to hold.

    Raises:
        Invalid: unknown codes, a system in use since a month to come, or a level outside its scale. The caller then
        rolls back.
    """
    _require_past(fields["systems"], today)
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


def _require_past(systems: Sequence[Mapping[str, Any]], today: date) -> None:
    """Months compare as texts: "2026-11" is later than "2026-09"."""
    this_month = today.isoformat()[:7]
    later = [i for i, system in enumerate(systems) if (system.get("in_use_since") or "") > this_month]
    if later:
        raise Invalid([Problem(f"systems/{i}/in_use_since", "future") for i in later])


def state_and_match(
    session: Session,
    engine: Engine,
    site: Site,
    demand: Demand | None,
    fields: DemandFields,
    *,
    today: date,
    by: str = "",
    expected: int | None = None,
) -> MatchList:
    """State a need of `site`, a draft of it or a revision of `demand`, and rank the store for it at once.

    Args:
        by: email of whoever does it. expected: the version of the demand that was looked at.

    Raises:
        Invalid: see `demands.state`. Conflict: the demand is closed, or somebody else has changed it. The caller then
        rolls back.
    """
    if demand is None:
        demand = demands.state(session, site, fields, today, by=by)
    elif demand.state == DRAFT:
        demands.state_draft(session, demand, site, fields, today, by=by)
    else:
        demands.revise(session, demand, fields, today, site=site, by=by, expected=expected)
    return matchmaking.match(session, engine, demand, today)


def match_again(session: Session, engine: Engine, demand: Demand, today: date) -> MatchList:
    """Rank the store anew for an open demand; the lists computed before stay as they were.

    Raises:
        Conflict: the demand is closed, or a draft.
    """
    if demand.state != OPEN:
        raise Conflict(f"demand.{demand.state}")
    return matchmaking.match(session, engine, demand, today)
