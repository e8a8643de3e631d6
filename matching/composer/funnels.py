"""How many offers are left for each capability after each filter: the first zero is already an explanation."""

from matching.composer.answers import Funnel
from matching.composer.columns import Facts
from matching.composer.instance import Offer, Plan, Requirement


def funnel(facts: Facts) -> dict[str, Funnel]:
    """Return the counts of every required capability, in the order of their names."""
    return {code: _counts(facts, requirement) for code, requirement in sorted(facts.asked.items())}


def _counts(facts: Facts, requirement: Requirement) -> Funnel:
    code = requirement.capability
    bringing = [
        (offer, [plan for plan in offer.plans if plan.quality.get(code, 0)])
        for offer in facts.instance.offers
    ]
    bringing = [(offer, plans) for offer, plans in bringing if plans]
    available = [(offer, plans) for offer, plans in bringing if facts.is_available(offer)]
    good = [
        (offer, enough)
        for offer, plans in available
        if (enough := [plan for plan in plans if plan.quality[code] >= requirement.min_quality])
    ]
    early = [(offer, plans) for offer, plans in good if facts.first_stage(offer) <= requirement.stage]
    affordable = sum(_is_affordable(facts, requirement, offer, plans) for offer, plans in early)
    return Funnel(len(bringing), len(available), len(good), len(early), affordable)


def _is_affordable(facts: Facts, requirement: Requirement, offer: Offer, plans: list[Plan]) -> bool:
    """Whether one of the plans, in one of the stages in time, costs no more than the budget when bought alone."""
    budget = facts.instance.demand.budget_amount
    first = facts.first_stage(offer)
    stages = {first, *(stage for stage in facts.subsidies if first < stage <= requirement.stage)}
    return budget is None or any(
        facts.alone_amount(plan, stage) <= budget for plan in plans for stage in stages
    )
