"""State what a site needs, revise it, close it."""

from datetime import date
from typing import TypedDict

from sqlalchemy.orm import Session

from catalog import taxonomy
from catalog.errors import Conflict, Invalid, Problem
from catalog.models import Site
from matching.models import Demand, DemandRequirement
from matching.models.demand import CLOSED, OPEN

MAX_REQUIREMENTS = 40


class RequirementFields(TypedDict):
    """One capability asked for, with the least quality 1–5 that will do."""

    capability: str
    must: bool
    min_quality: int


class DemandFields(TypedDict):
    """Everything that a demand states; `target_level` is a company level."""

    title: str
    description: str
    requirements: list[RequirementFields]
    target_level: int | None
    budget_amount: int | None
    deadline: date | None


def state(session: Session, site: Site, fields: DemandFields, today: date) -> Demand:
    """Add a demand of `site`, private to its organization.

    Raises:
        Invalid: nothing asked for, unknown or repeated capabilities, a deadline that has passed.
    """
    _check(fields, today)
    demand = Demand(organization_id=site.organization_id, site=site)
    _fill(demand, fields)
    session.add(demand)
    return demand


def revise(session: Session, demand: Demand, fields: DemandFields, today: date) -> None:
    """Replace an open demand; lists computed earlier keep what they saw.

    Raises:
        Conflict: it is closed. Invalid: as for `state`.
    """
    _check(fields, today)
    session.flush()  # a refresh would throw away what this transaction has changed so far
    # Two revisions at once would both clear and refill the rows below.
    session.refresh(demand, attribute_names=["state"], with_for_update=True)
    _require_open(demand)
    demand.requirements.clear()
    session.flush()  # the old requirements must be gone before the same capabilities come again
    _fill(demand, fields)


def close(demand: Demand) -> None:
    """End a demand. Raises Conflict: it is closed already."""
    _require_open(demand)
    demand.state = CLOSED


def _require_open(demand: Demand) -> None:
    if demand.state != OPEN:
        raise Conflict("demand.closed")


def _fill(demand: Demand, fields: DemandFields) -> None:
    demand.title, demand.description = fields["title"], fields["description"]
    demand.target_level, demand.budget_amount = fields["target_level"], fields["budget_amount"]
    demand.deadline = fields["deadline"]
    demand.requirements.extend(
        DemandRequirement(position=i, **requirement) for i, requirement in enumerate(fields["requirements"])
    )


def _check(fields: DemandFields, today: date) -> None:
    problems: list[Problem] = []
    named = [requirement["capability"] for requirement in fields["requirements"]]
    if not named:
        problems.append(Problem("requirements", "required"))
    if len(named) > MAX_REQUIREMENTS:
        problems.append(Problem("requirements", "too_many", {"max": MAX_REQUIREMENTS}))
    for i, code in enumerate(named):
        at = f"requirements/{i}/capability"
        if taxonomy.find("capability", code) is None:
            problems.append(Problem(at, "unknown_code", {"value": code}))
        elif code in named[:i]:
            problems.append(Problem(at, "repeated", {"value": code}))
    if fields["deadline"] is not None and fields["deadline"] < today:
        problems.append(Problem("deadline", "past"))
    if problems:
        raise Invalid(problems)
