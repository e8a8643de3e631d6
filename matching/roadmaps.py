"""The roadmap of a site: its level, its last self-check, the steps to its goal, and what the store has for each."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Site
from matching import editions
from matching.maturity import assessments, items, roadmap, scoring, self_checks, serving
from matching.models import Assessment, Demand, SelfCheck
from matching.models.assessment import SELF_CHECK
from matching.models.demand import OPEN
from matching.scoring import facts
from matching.search.engine import Engine


@dataclass(frozen=True, slots=True)
class Roadmap:
    """What the page and the API show.

    Attributes:
        history: every statement about the site's company level, oldest first.
        holding: the one that holds; None, or one without a level, leaves nothing to plan from.
        goal: company level 1–5.
        run, result: the last finished self-check and what it says.
        steps, offers: side by side; empty without a level.
    """

    history: list[Assessment]
    holding: Assessment | None
    goal: int | None
    run: SelfCheck | None
    result: scoring.Result | None
    steps: tuple[roadmap.Step, ...]
    offers: tuple[serving.StepOffer, ...]

    @property
    def level(self) -> int | None:
        """The company level that holds now."""
        return None if self.holding is None else self.holding.level


def of(session: Session, engine: Engine, site: Site, goal: int | None, today: date) -> Roadmap:
    """Plan for a site.

    Args:
        goal: company level 1–5; None = of its newest open demand that aims higher, else one level up.
    """
    history = assessments.of_site(session, site)
    holding = assessments.holding(history, today)
    run = self_checks.newest_telling(session, site)
    level = None if holding is None else holding.level
    if holding is None or level is None:
        result = None if run is None else self_checks.result(run)
        return Roadmap(history, holding, goal, run, result, (), ())
    if goal is None:
        goal = _goal(session, site, level)
    steps = roadmap.steps(
        items.instrument(),
        level=level,
        goal=goal,
        answers=None if run is None else self_checks.answers_of(run),
        counts=holding.basis == SELF_CHECK,
        in_use={system.capability for system in site.systems if system.capability is not None},
    )
    offers = serving.serve(_facts(site), steps, engine.all(), editions.in_force(session, today), today)
    return Roadmap(
        history, holding, goal, run, None if run is None else self_checks.result(run), steps, offers
    )


def _goal(session: Session, site: Site, level: int) -> int:
    aims = select(Demand.target_level).where(
        Demand.site_id == site.id, Demand.state == OPEN, Demand.target_level > level
    )
    aim = session.scalar(aims.order_by(Demand.id.desc()).limit(1))
    return aim or min(level + 1, roadmap.HIGHEST)


def _facts(site: Site) -> facts.Need:
    return facts.Need(
        requirements=(),
        level=None,
        target_level=None,
        industry=(site.industry_revision, site.industry_code),
        region=site.region,
        connections=tuple(frozenset(system.interfaces) for system in site.systems),
        budget_amount=None,
        weeks_left=None,
    )
