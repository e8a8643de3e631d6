"""The reasons of the axes that look beyond site and listing: trade partners, own money, the vendor's capacity."""

from collections.abc import Sequence

from matching.scoring import axes
from matching.scoring.facts import Need, Offer, Partner, PlanFact
from matching.scoring.score import Param, Sign

#: sign, name of the code without its axis, parameters
Said = tuple[Sign, str, dict[str, Param]]


def supply_chain(need: Need, offer: Offer, _plan: PlanFact | None, _low: bool) -> list[Said]:
    """Counts and kinds of the partners' systems, never a name; without any, the statistics, said as such."""
    partners = axes.known_partners(need)
    if not partners:
        return _prior(need, offer)
    values = [(partner, axes.partner_value(partner, offer)) for partner in partners]
    if not offer.interfaces and not any(value for _, value in values):
        return [("unknown", "not_given", {})]
    said: list[Said] = []
    for direction, name in (("supplier", "suppliers"), ("customer", "customers")):
        side = [(partner, value) for partner, value in values if partner.direction == direction]
        using = sum(value == axes.PARTNER_USES for _, value in side)
        if using:
            said.append(("for", f"{name}_use", {"partners": using}))
        connected = [partner for partner, value in side if value == axes.PARTNER_CONNECTS]
        if connected:
            said.append(("for", f"{name}_connect", _connected(connected, offer)))
    apart = sum(value == 0 for _, value in values)
    if apart:
        said.append(("against", "apart", {"partners": apart}))
    declared = sum(partner.basis == "declared" for partner in partners)
    if declared:
        said.append(("unknown", "declared", {"partners": declared}))
    return said


def capacity(need: Need, offer: Offer, _plan: PlanFact | None, _low: bool) -> list[Said]:
    """Whether the vendor can begin in time."""
    if need.weeks_left is None:
        return [("unknown", "unstated", {})]
    if offer.capacity_per_quarter is None:
        return [("unknown", "not_given", {})]
    window = axes.start_window(need, offer)
    if window is None:
        return [("unknown", "install_unknown", {"capacity_per_quarter": offer.capacity_per_quarter})]
    if window == 0:
        return [("against", "too_late", {"capacity_per_quarter": offer.capacity_per_quarter})]
    params: dict[str, Param] = {
        "capacity_per_quarter": offer.capacity_per_quarter,
        "window_weeks": window,
    }
    enough = offer.capacity_per_quarter * window >= axes.WEEKS_A_QUARTER
    return [("for", "enough", params) if enough else ("against", "tight", params)]


def price(need: Need, offer: Offer, plan: PlanFact | None, low: bool) -> list[Said]:
    """The list price, or with a programme the company's own part, against the budget."""
    amount = None if plan is None else plan.first_year_amount
    budget = need.budget_amount
    if budget is None:
        return [("unknown", "unstated", {"list_amount": amount})]
    if plan is None or amount is None:
        return [("unknown", "not_given", {}), *_cheaper_plan(need, offer, budget)]
    paid = axes.paid_amount(need, plan)
    own = need.programme is not None
    params: dict[str, Param] = {"list_amount": amount, "budget_amount": budget}
    if own:
        params["own_amount"] = paid
    prefix = "own_" if own else ""
    over = paid is not None and paid > budget
    said: list[Said] = []
    if over:
        said.append(("against", f"{prefix}over_budget", params))
    else:
        said.append(
            ("against", f"{prefix}close_to_budget", params)
            if low
            else ("for", f"{prefix}under_budget", params)
        )
    said += _rules(need)
    return said + (_cheaper_plan(need, offer, budget) if over else [])


def _rules(need: Need) -> list[Said]:
    """What is not certain about the rules that were counted."""
    said: list[Said] = []
    if need.programme is None:
        return said
    if any(funder.time != "present" for funder in need.funders):
        said.append(("unknown", "rule_not_current", {}))
    if any(funder.rate_bp is None for funder in need.funders):
        said.append(("unknown", "rate_unknown", {}))
    return said


def _cheaper_plan(need: Need, offer: Offer, budget: int) -> list[Said]:
    within = [
        (paid, plan.id, plan.name)
        for plan in offer.plans
        if (paid := axes.paid_amount(need, plan)) is not None
        and paid <= budget
        and axes.meets_musts(need, plan)
    ]
    if not within:
        return []
    amount, _, name = min(within)
    if need.programme is not None:
        return [("for", "own_cheaper_plan", {"own_amount": amount, "plan_name": name})]
    return [("for", "cheaper_plan", {"list_amount": amount, "plan_name": name})]


def _connected(partners: Sequence[Partner], offer: Offer) -> dict[str, Param]:
    """How many, and what their connected systems are as far as that is stated."""
    kinds = {
        kind
        for partner in partners
        for kind, system in zip(partner.kinds, partner.systems, strict=False)
        if kind and system & offer.interfaces
    }
    return {"partners": len(partners), "capabilities": sorted(kinds)}


def _prior(need: Need, offer: Offer) -> list[Said]:
    if not need.industry_prior:
        return [("unknown", "unstated", {})]
    found = axes.strongest_prior(need, offer)
    if found is None:
        return [("unknown", "not_given", {})]
    strength, division = found
    if strength == 0:
        return [("unknown", "no_relation", {})]
    return [("unknown", "prior", {"claimed_revision": "11", "claimed_code": division})]
