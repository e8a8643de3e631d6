"""The value of each axis of the fit score: 0–1, or unknown on one of the two sides.

Sums use `math.fsum` and products run over sorted factors: the order of the stored facts changes no bit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum, prod
from typing import Literal

from catalog import subsidy
from matching.scoring.facts import (
    MAX_LEVEL,
    EvidenceFact,
    Industry,
    Need,
    Offer,
    Partner,
    PlanFact,
    Requirement,
)
from matching.scoring.formulas import price_value, quality_value

State = Literal["known", "unknown_need", "unknown_offer", "not_in_use"]

MUST_WEIGHT, NICE_WEIGHT = 2, 1
#: Value of standing inside the level range without any lift.
NO_LIFT = 0.4
#: How near the nearest claimed industry is to the site's.
PROXIMITY = {"same_group": 1.0, "division": 0.8, "same_division": 0.6, "all_manufacturing": 0.4, "other": 0.0}
#: What one improved record is worth, and the most that all records of its kind are worth together: a vendor
#: can write any number of claims, so they may never outweigh one proof from a field.
STRENGTH = {"field": 0.5, "test_report": 0.25, "claim": 0.05}
STRENGTH_CAP = {"field": 1.0, "test_report": 0.5, "claim": 0.1}
OTHER_DIVISION = 0.6
LATE_WEEKS_ZERO_AT = 8
#: What a partner that uses the very listing counts, and one with a system that shares an interface with it.
PARTNER_USES, PARTNER_CONNECTS = 1.0, 0.7
BASIS_WEIGHT = {"confirmed": 1.0, "declared": 0.5}
#: Statistics of industries say nothing of these two firms: at their strongest they count this much, and half of it
#: where the listing only claims the industry.
PRIOR_CAP = 0.3
CLAIMED_PRIOR = 0.5
WEEKS_A_QUARTER = 13

#: Divisions in which revision 11 regrouped activities (source: official table 10 ↔ 11, Statistics Korea,
#: notice 2024-2). There, a three-digit group of one revision is not the group of that number in the other.
REGROUPED_DIVISIONS = frozenset({"10", "17", "20", "21", "27"})


@dataclass(frozen=True, slots=True)
class Value:
    """The value of one axis, 0–1, and whose fact is missing, if any. An unknown value is 0."""

    state: State
    value: float


UNKNOWN_NEED = Value("unknown_need", 0.0)
UNKNOWN_OFFER = Value("unknown_offer", 0.0)


def meets(requirement: Requirement, plan: PlanFact) -> bool:
    """Tell whether `plan` has the required capability in the required quality."""
    return plan.quality.get(requirement.capability, 0) >= requirement.min_quality


def meets_musts(need: Need, plan: PlanFact) -> bool:
    """Tell whether `plan` meets every must requirement."""
    return all(meets(requirement, plan) for requirement in need.requirements if requirement.must)


def capability(need: Need, offer: Offer, plan: PlanFact | None) -> Value:
    """Weigh how much of the requirements `plan` covers; 0 when no plan meets every must (`plan` is None)."""
    if not need.requirements:
        return UNKNOWN_NEED
    if plan is None:
        return Value("known", 0.0) if offer.plans else UNKNOWN_OFFER
    weights = [MUST_WEIGHT if requirement.must else NICE_WEIGHT for requirement in need.requirements]
    values = [
        weight * _quality_value(requirement, plan)
        for weight, requirement in zip(weights, need.requirements, strict=True)
    ]
    return Value("known", min(1.0, fsum(values) / fsum(weights)))


def _quality_value(requirement: Requirement, plan: PlanFact) -> float:
    return quality_value(plan.quality.get(requirement.capability, 0), requirement.min_quality)


def target_level(need: Need) -> int | None:
    """Return the company level wanted: the stated one, else one above the site's; None without a level."""
    if need.level is None:
        return None
    return need.target_level or min(MAX_LEVEL, need.level + 1)


def maturity(need: Need, offer: Offer) -> Value:
    """Value the lift from the site's level towards its target; 0 when the site stands outside the range."""
    level, target = need.level, target_level(need)
    if level is None or target is None:
        return UNKNOWN_NEED
    if not offer.level_from <= level <= offer.level_to:
        return Value("known", 0.0)
    if target <= level:
        return Value("known", 1.0)
    lift = (min(offer.level_to, target) - level) / (target - level)
    return Value("known", min(1.0, NO_LIFT + (1 - NO_LIFT) * lift))


def relation(site: Industry, other: Industry) -> str:
    """Name how near `other` is to the site's industry: a key of `PROXIMITY`.

    Groups are three digits. Those of two KSIC revisions are compared only outside the regrouped divisions.
    """
    if other[1] == "C":
        return "all_manufacturing"
    if site[1][:2] != other[1][:2]:
        return "other"
    if len(other[1]) == 2:
        return "division"
    comparable = site[0] == other[0] or site[1][:2] not in REGROUPED_DIVISIONS
    if comparable and len(site[1]) > 2 and site[1][:3] == other[1][:3]:
        return "same_group"
    return "same_division"


def nearest_industry(site: Industry, claimed: Iterable[Industry]) -> tuple[str, Industry]:
    """Return the nearest claimed industry with its relation; ties go to the smaller (revision, code)."""
    return min(
        ((relation(site, other), other) for other in claimed), key=lambda pair: (-PROXIMITY[pair[0]], pair[1])
    )


def site_industry(need: Need) -> Industry | None:
    """Return the site's industry; "all manufacturing" says nothing about a site and counts as unknown."""
    return None if need.industry is None or need.industry[1] == "C" else need.industry


def site_division(need: Need) -> str:
    """Return the two-digit division of the site's industry; "" when it is unknown."""
    site = site_industry(need)
    return site[1][:2] if site else ""


def industry(need: Need, offer: Offer) -> Value:
    """Value the nearest industry that the listing claims."""
    site = site_industry(need)
    if site is None:
        return UNKNOWN_NEED
    if not offer.industries:
        return UNKNOWN_OFFER
    return Value("known", PROXIMITY[nearest_industry(site, offer.industries)[0]])


def known_connections(need: Need) -> tuple[frozenset[str], ...]:
    """Return the interfaces of each system in use whose interfaces are known."""
    return tuple(interfaces for interfaces in need.connections if interfaces)


def stated(need: Need) -> frozenset[str]:
    """Return the axes that the demand states: those of every denominator for it, whatever the offer."""
    states = {
        "capability": bool(need.requirements),
        "maturity": need.level is not None,
        "industry": site_industry(need) is not None,
        "supply_chain": bool(known_partners(need) or need.industry_prior),
        "interfaces": bool(known_connections(need)),
        "evidence": True,
        "price": need.budget_amount is not None,
        "region": need.region is not None or need.weeks_left is not None,
        "capacity": need.weeks_left is not None,
    }
    return frozenset(axis for axis, is_stated in states.items() if is_stated)


def interfaces(need: Need, offer: Offer) -> Value:
    """Value the share of the site's systems with which the listing shares an interface."""
    systems = known_connections(need)
    if not systems:
        return UNKNOWN_NEED
    if not offer.interfaces:
        return UNKNOWN_OFFER
    return Value("known", sum(1 for system in systems if system & offer.interfaces) / len(systems))


def proven(offer: Offer) -> list[EvidenceFact]:
    """Return the records that somebody measured: field proofs and test reports, failures included."""
    return [record for record in offer.evidence if record.kind != "claim"]


def evidence(need: Need, offer: Offer) -> Value:
    """Value the improved records, times the share of improved among the proven ones.

    A record whose outcome is unknown counts as not improved.
    """
    if not offer.evidence:
        return UNKNOWN_OFFER
    doubt = 1.0
    for kind in ("field", "test_report", "claim"):
        records = [record for record in offer.evidence if record.kind == kind and record.improved]
        doubt *= 1 - min(STRENGTH_CAP[kind], _joint(need, kind, records))
    measured = proven(offer)
    share = sum(1 for record in measured if record.improved) / len(measured) if measured else 1.0
    return Value("known", (1 - doubt) * share)


def same_division(need: Need, record: EvidenceFact) -> bool:
    """Tell whether a record was measured in the site's own industry division."""
    site = site_industry(need)
    return site is not None and record.industry is not None and site[1][:2] == record.industry[1][:2]


def _joint(need: Need, kind: str, records: list[EvidenceFact]) -> float:
    strengths = [(record.site, STRENGTH[kind] * _closeness(need, record)) for record in records]
    parts = _per_site(strengths) if kind == "field" else [strength for _, strength in strengths]
    return 1 - prod(1 - part for part in sorted(parts))


def _closeness(need: Need, record: EvidenceFact) -> float:
    return 1.0 if same_division(need, record) else OTHER_DIVISION


def _per_site(strengths: list[tuple[str, float]]) -> list[float]:
    """Keep the strongest record of each site: five figures from one plant are one plant's proof.

    Records of an unknown site count as from the strongest known one: a missing fact never adds a site.
    """
    best: dict[str, float] = {}
    for site, strength in strengths:
        best[site] = max(strength, best.get(site, 0.0))
    unnamed = best.pop("", 0.0)
    parts = sorted(best.values(), reverse=True)
    return [max(unnamed, *parts[:1]), *parts[1:]] if parts else [unnamed]


def known_partners(need: Need) -> tuple[Partner, ...]:
    """Return the trade partners of whose systems anything is known."""
    return tuple(partner for partner in need.partners if partner.listings or any(partner.systems))


def partner_value(partner: Partner, offer: Offer) -> float:
    """Value one partner: the very listing in use there, a system that it connects with, or neither."""
    if offer.listing in partner.listings:
        return PARTNER_USES
    return PARTNER_CONNECTS if any(system & offer.interfaces for system in partner.systems) else 0.0


def supply_chain(need: Need, offer: Offer) -> Value:
    """Value the systems of the trade partners; without a known one, the statistics of industries."""
    partners = known_partners(need)
    if not partners:
        return _industry_prior(need, offer)
    if not offer.interfaces and not any(offer.listing in partner.listings for partner in partners):
        return UNKNOWN_OFFER
    weights = sorted((BASIS_WEIGHT[partner.basis], partner_value(partner, offer)) for partner in partners)
    total = fsum(weight for weight, _ in weights)
    return Value("known", min(1.0, fsum(weight * value for weight, value in weights) / total))


def prior_divisions(offer: Offer) -> tuple[frozenset[str], frozenset[str]]:
    """Return the KSIC divisions in which the listing has improved a measured figure, and those it claims."""
    measured = [record for record in proven(offer) if record.improved and record.industry is not None]
    shown = {record.industry[1][:2] for record in measured if record.industry and record.industry[1] != "C"}
    return frozenset(shown), frozenset(code[:2] for _, code in offer.industries if code != "C")


def strongest_prior(need: Need, offer: Offer) -> tuple[float, str] | None:
    """Return the strongest relation by statistics as (0–1 before the cap, division), ties to the lesser division.

    None when the listing names no division, or no statistic is loaded.
    """
    shown, claimed = prior_divisions(offer)
    prior = need.industry_prior
    if not prior or not shown | claimed:
        return None
    strengths = [
        (-prior.get(division, 0.0) * (1.0 if division in shown else CLAIMED_PRIOR), division)
        for division in shown | claimed
    ]
    strength, division = min(strengths)
    return min(1.0, max(0.0, -strength)), division


def _industry_prior(need: Need, offer: Offer) -> Value:
    if not need.industry_prior:
        return UNKNOWN_NEED
    found = strongest_prior(need, offer)
    return UNKNOWN_OFFER if found is None else Value("known", PRIOR_CAP * found[0])


def paid_amount(need: Need, plan: PlanFact) -> int | None:
    """Return what the company pays for the plan's first year without VAT: its own part when the demand names a
    programme, else the list price; None when the price is not known."""
    if plan.first_year_amount is None or need.programme is None:
        return plan.first_year_amount
    return subsidy.net(plan.first_year_amount, need.funders).own_amount


def price(need: Need, plan: PlanFact | None) -> Value:
    """Value what the company pays for the plan's first year against the budget."""
    if need.budget_amount is None:
        return UNKNOWN_NEED
    amount = None if plan is None else paid_amount(need, plan)
    if amount is None:
        return UNKNOWN_OFFER
    return Value("known", price_value(amount, need.budget_amount))


def over_limit(need: Need, plan: PlanFact) -> bool:
    """Tell whether the plan's list price is known and above one and a half of the budget."""
    if need.budget_amount is None or plan.first_year_amount is None:
        return False
    return 2 * plan.first_year_amount > 3 * need.budget_amount


def region(need: Need, offer: Offer) -> Value:
    """Value covering the site's region and installing before its deadline, half each.

    A half that the demand does not state is left out for every listing alike.
    """
    halves: list[float] = []
    unknown = True
    if need.region is not None:
        halves.append(1.0 if need.region in offer.regions else 0.0)
        unknown = not offer.regions
    if need.weeks_left is not None:
        halves.append(_delivery(offer.install_weeks, need.weeks_left))
        unknown = unknown and offer.install_weeks is None
    if not halves:
        return UNKNOWN_NEED
    return UNKNOWN_OFFER if unknown else Value("known", fsum(halves) / len(halves))


def _delivery(install_weeks: int | None, weeks_left: int) -> float:
    if install_weeks is None:
        return 0.0
    late = max(0, install_weeks - weeks_left)
    return max(0.0, 1 - late / LATE_WEEKS_ZERO_AT)


def start_window(need: Need, offer: Offer) -> int | None:
    """Return in how many weeks, this one included, the project has to begin to be done by the deadline.

    0 when it is too late already; None without a deadline or an installation time.
    """
    if need.weeks_left is None or offer.install_weeks is None:
        return None
    return max(0, need.weeks_left - offer.install_weeks + 1)


def capacity(need: Need, offer: Offer) -> Value:
    """Value how many projects the vendor can begin while this one can still be done in time: one is enough."""
    if need.weeks_left is None:
        return UNKNOWN_NEED
    window = start_window(need, offer)
    if offer.capacity_per_quarter is None or window is None:
        return UNKNOWN_OFFER
    return Value("known", min(1.0, offer.capacity_per_quarter * window / WEEKS_A_QUARTER))
