"""The demand as its alliance's coordinator may know it: nothing else flows into what is composed for it.

Of a demand of its own the coordinator knows everything. Of another firm's it knows what its view of the demand shows
(`matching.audience`): a band instead of the budget, a quarter instead of the deadline, and no least quality before the
firm is named to it. What is not shown is assumed, and the result says what was.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import taxonomy
from catalog.errors import Invalid
from catalog.models import Organization
from catalog.programmes import support
from catalog.programmes.support import Support
from matching import audience, matchmaking
from matching.audience import AudienceView
from matching.composing.wishes import Wishes
from matching.models import Demand, Lead
from matching.models.lead import CONTACT
from matching.scoring import axes
from matching.scoring.facts import MAX_LEVEL, Need, Requirement

#: What may be assumed: the least quality where it is not shown, the band's end for the budget, a typed level; that
#: everything suits the site's industry and is supplied to its region where these are not known.
QUALITY, BAND, LEVEL, INDUSTRY, REGION = "quality", "budget_band", "level", "industry", "region"


@dataclass(frozen=True, slots=True)
class Demanded:
    """What is composed for.

    Attributes:
        need: as the scorer takes it; its level, target and requirements are also the composer's.
        level, target_level: company levels 1–5.
        links: pairs of capabilities that exchange data.
        budget_amount: whole won of own money; None = not known.
        sure_amount: whole won that the budget is at least, where only a band of it is known; None = it is what it is.
        support: the programme's rules; None = no programme is counted with.
        assumed: codes of what is not shown and was assumed.
    """

    need: Need
    level: int
    target_level: int
    links: tuple[tuple[str, str], ...]
    budget_amount: int | None
    sure_amount: int | None
    support: Support | None
    assumed: tuple[str, ...]

    @property
    def stages(self) -> int:
        """In how many stages the site is taken to its target: one a level, and at least one."""
        return max(1, self.target_level - self.level)


def view_of(session: Session, demand: Demand, coordinator: Organization, today: date) -> AudienceView:
    """What the coordinator sees of a demand that its alliance is shown."""
    met = select(Lead.id).where(
        Lead.demand_id == demand.id, Lead.organization_id == coordinator.id, Lead.state == CONTACT
    )
    accepted = session.scalar(met.limit(1)) is not None
    return audience.shown(demand, coordinator, accepted=accepted, today=today)


def demanded(
    session: Session, demand: Demand, coordinator: Organization, wishes: Wishes, today: date
) -> Demanded:
    """Return what is composed for.

    Raises:
        Invalid: the site's level is not known, and none was typed.
    """
    view = view_of(session, demand, coordinator, today)
    asked = unsupported(session, demand, coordinator, wishes, view=view, today=today)
    own = demand.organization_id == coordinator.id
    programme = wishes.programme or (demand.programme if own else None)
    if programme is None:
        return asked
    counted = support.for_site(session, programme, asked.need.region, today)
    if counted.counted == ():
        raise Invalid.at("programme", "unknown_code", value=programme)
    return replace(asked, support=counted)


def unsupported(
    session: Session,
    demand: Demand,
    coordinator: Organization,
    wishes: Wishes,
    *,
    view: AudienceView,
    today: date,
) -> Demanded:
    """Return what is composed for where no programme is counted with.

    Args:
        view: what the coordinator sees of the demand.

    Raises:
        Invalid: the site's level is not known, and none was typed.
    """
    own = demand.organization_id == coordinator.id
    level = wishes.level or view.level
    if level is None:
        raise Invalid.at("level", "compose_level")
    need = matchmaking.need_of(session, demand, today) if own else _shown(view, wishes, today)
    budget = demand.budget_amount if own else _most(view)
    assumed = _assumed(view, wishes, need, own=own)
    return Demanded(
        need=_at(
            need, level, view.target_level, budget if wishes.budget_amount is None else wishes.budget_amount
        ),
        level=level,
        target_level=max(level, view.target_level or min(MAX_LEVEL, level + 1)),
        links=view.links,
        budget_amount=budget if wishes.budget_amount is None else wishes.budget_amount,
        sure_amount=view.budget[0] if view.budget is not None and BAND in assumed else None,
        support=None,
        assumed=tuple(assumed),
    )


def _shown(view: AudienceView, wishes: Wishes, today: date) -> Need:
    """Another firm's demand: what the view shows, and what is not known of it left open."""
    requirements = (
        Requirement(one.capability, one.must, one.min_quality or wishes.min_quality) for one in view.asked
    )
    industry = None if view.industry is None else (taxonomy.current_revision("ksic"), view.industry)
    last = date.fromisoformat(view.deadline) if view.deadline else _last_day(view.quarter)
    return Need(
        requirements=tuple(requirements),
        level=view.level,
        target_level=view.target_level,
        industry=industry,
        region=view.region,
        connections=(),
        budget_amount=_most(view),
        weeks_left=None if last is None else (last - today).days // 7,
    )


def _at(need: Need, level: int, target_level: int | None, budget: int | None) -> Need:
    """The need at the level and with the budget that are computed with; its programme is the composer's to count."""
    return Need(
        requirements=need.requirements,
        level=level,
        target_level=target_level,
        industry=need.industry,
        region=need.region,
        connections=need.connections,
        budget_amount=budget,
        weeks_left=need.weeks_left,
        partners=need.partners,
        industry_prior=need.industry_prior,
    )


def _most(view: AudienceView) -> int | None:
    """The end of the budget's band, so that nothing is called impossible that is not; an open one is no limit."""
    return None if view.budget is None else view.budget[1]


def _last_day(quarter: tuple[int, int] | None) -> date | None:
    if quarter is None:
        return None
    year, nth = quarter
    return date(year + nth // 4, nth % 4 * 3 + 1, 1) - timedelta(days=1)


def _assumed(view: AudienceView, wishes: Wishes, need: Need, *, own: bool) -> list[str]:
    found = []
    if not own and any(one.min_quality is None for one in view.asked):
        found.append(QUALITY)
    if not own and view.budget is not None and wishes.budget_amount is None:
        found.append(BAND)
    if wishes.level is not None and wishes.level != view.level:
        found.append(LEVEL)
    if axes.site_industry(need) is None:
        found.append(INDUSTRY)
    if need.region is None:
        found.append(REGION)
    return found
