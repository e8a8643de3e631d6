"""Why a score is what it is: reasons as codes with parameters; their sentences belong to the screens.

Every axis in use gives at least one reason. A counted value under `LOW` always comes with a reason that is
"against" or "unknown", so that no weakness stays silent.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from matching.scoring import axes, explain_axes
from matching.scoring.explain_axes import Said
from matching.scoring.facts import EvidenceFact, Need, Offer, PlanFact
from matching.scoring.score import Param, Score, Sign, missing_musts

#: Below this value an axis speaks against the offer.
LOW = 0.65

#: Every code that `explain` can give → its parameters. Amounts are whole won and list prices, levels are
#: company levels, `capabilities` and `interfaces` are lists of taxonomy codes, `region` is one such code.
REASON_CODES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "capability.unstated": (),  # the demand names no capability
        "capability.no_plan": (),  # the listing has no plan
        "capability.all_met": ("capabilities",),  # every requirement, must and nice, in its minimum quality
        "capability.all_must": ("capabilities",),
        "capability.must_missing": ("capabilities",),  # no plan meets all musts; what the nearest plan lacks
        "capability.nice_missing": ("capabilities",),
        # a nice one, offered below its minimum
        "capability.quality_below": ("capability", "quality", "min_quality"),
        "maturity.unstated": ("level_from", "level_to"),
        "maturity.outside_range": ("level", "level_from", "level_to"),
        "maturity.keeps_level": ("level", "level_to"),  # the site already stands at its target
        "maturity.reaches_target": ("level", "target_level", "level_to"),
        "maturity.lifts_partly": ("level", "target_level", "level_to"),
        "maturity.no_lift": ("level", "target_level"),
        "industry.unstated": (),
        "industry.not_given": (),
        "industry.same_group": ("site_revision", "site_code", "claimed_revision", "claimed_code"),
        "industry.division": ("site_revision", "site_code", "claimed_revision", "claimed_code"),
        "industry.same_division": ("site_revision", "site_code", "claimed_revision", "claimed_code"),
        "industry.all_manufacturing": ("site_revision", "site_code"),
        "industry.other": ("site_revision", "site_code"),
        "interfaces.unstated": (),
        "interfaces.not_given": (),
        "interfaces.all": ("systems", "interfaces"),  # number of systems in use, interfaces shared with them
        "interfaces.some": ("connected", "systems", "interfaces"),
        "interfaces.none": ("systems", "interfaces"),  # interfaces that the systems in use have
        "evidence.none": (),
        "evidence.part_none": (),  # of a bundle: of its least proven part nobody measured or said anything
        "evidence.field": ("sites", "records"),  # improved field records, and the sites they surely come from
        "evidence.same_division": ("records",),  # improved and proven in the site's own division
        "evidence.test_reports": ("records",),
        "evidence.claims_only": ("records",),  # nobody measured anything yet
        "evidence.failed": ("failed", "records"),  # of the proven records
        "evidence.outcome_unknown": ("records",),  # proven records whose outcome cannot be told
        "evidence.thin": ("records",),  # improved and proven, too little to be strong
        "price.unstated": ("list_amount",),  # None when the listing names no price either
        "price.not_given": (),
        "price.under_budget": ("list_amount", "budget_amount"),
        "price.close_to_budget": ("list_amount", "budget_amount"),
        "price.over_budget": ("list_amount", "budget_amount"),
        "price.cheaper_plan": ("list_amount", "plan_name"),  # meets every must within the budget
        # with a programme: what is left for the company, without VAT
        "price.own_under_budget": ("list_amount", "budget_amount", "own_amount"),
        "price.own_close_to_budget": ("list_amount", "budget_amount", "own_amount"),
        "price.own_over_budget": ("list_amount", "budget_amount", "own_amount"),
        "price.own_cheaper_plan": ("own_amount", "plan_name"),
        "price.rule_not_current": (),  # a past or future rule was counted
        "price.rate_unknown": (),  # a rule does not state its share and pays nothing here
        "region.unstated": (),
        "region.covered": ("region",),
        "region.not_covered": ("region",),
        "region.not_given": ("region",),
        "region.on_time": ("install_weeks", "weeks_left"),
        "region.late": ("late_weeks", "install_weeks", "weeks_left"),
        "region.install_unknown": ("weeks_left",),
        # neither a partner with known systems nor the statistics of industries
        "supply_chain.unstated": (),
        "supply_chain.not_given": (),
        "supply_chain.suppliers_use": ("partners",),  # this very listing is in use there
        "supply_chain.customers_use": ("partners",),
        # a system there shares an interface; what those systems are, as far as stated
        "supply_chain.suppliers_connect": ("partners", "capabilities"),
        "supply_chain.customers_connect": ("partners", "capabilities"),
        "supply_chain.apart": ("partners",),
        "supply_chain.declared": ("partners",),  # the other side has not confirmed the trade
        "supply_chain.prior": ("claimed_revision", "claimed_code"),  # statistics of industries, not of firms
        "supply_chain.no_relation": (),
        "capacity.unstated": (),
        "capacity.not_given": (),
        "capacity.install_unknown": ("capacity_per_quarter",),
        "capacity.enough": ("capacity_per_quarter", "window_weeks"),
        "capacity.tight": ("capacity_per_quarter", "window_weeks"),
        "capacity.too_late": ("capacity_per_quarter",),
    }
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a score: `code` is a key of `REASON_CODES`, `params` has exactly the names it lists."""

    axis: str
    sign: Sign
    code: str
    params: Mapping[str, Param]


def explain(need: Need, offer: Offer, score: Score) -> list[Reason]:
    """Return the reasons of `score`, which was computed from this need and this offer, axis by axis."""
    plan = next((plan for plan in offer.plans if plan.id == score.plan), None)
    reasons: list[Reason] = []
    for part in score.parts:
        if part.state != "not_in_use":
            low = part.value < LOW
            reasons += [
                Reason(part.axis, sign, f"{part.axis}.{name}", params)
                for sign, name, params in _REASONERS[part.axis](need, offer, plan, low)
            ]
    return reasons


def _capability(need: Need, offer: Offer, plan: PlanFact | None, _low: bool) -> list[Said]:
    if not need.requirements:
        return [("unknown", "unstated", {})]
    if not offer.plans:
        return [("unknown", "no_plan", {})]
    if plan is None:
        return [("against", "must_missing", {"capabilities": list(missing_musts(need, offer))})]
    unmet = [requirement for requirement in need.requirements if not axes.meets(requirement, plan)]
    if not unmet:
        return [("for", "all_met", {"capabilities": _codes(row.capability for row in need.requirements)})]
    said: list[Said] = []
    musts = _codes(requirement.capability for requirement in need.requirements if requirement.must)
    if musts:
        said.append(("for", "all_must", {"capabilities": musts}))
    missing = _codes(row.capability for row in unmet if not plan.quality.get(row.capability))
    if missing:
        said.append(("against", "nice_missing", {"capabilities": missing}))
    for row in sorted(unmet, key=lambda row: (row.capability, row.min_quality)):
        quality = plan.quality.get(row.capability, 0)
        if quality:
            params: dict[str, Param] = {
                "capability": row.capability,
                "quality": quality,
                "min_quality": row.min_quality,
            }
            said.append(("against", "quality_below", params))
    return said


def _maturity(need: Need, offer: Offer, _plan: PlanFact | None, low: bool) -> list[Said]:
    level, target = need.level, axes.target_level(need)
    if level is None or target is None:
        return [("unknown", "unstated", {"level_from": offer.level_from, "level_to": offer.level_to})]
    if not offer.level_from <= level <= offer.level_to:
        params: dict[str, Param] = {
            "level": level,
            "level_from": offer.level_from,
            "level_to": offer.level_to,
        }
        return [("against", "outside_range", params)]
    if target <= level:
        return [("for", "keeps_level", {"level": level, "level_to": offer.level_to})]
    if offer.level_to == level:
        return [("against", "no_lift", {"level": level, "target_level": target})]
    lift: dict[str, Param] = {"level": level, "target_level": target, "level_to": offer.level_to}
    if offer.level_to >= target:
        return [("for", "reaches_target", lift)]
    return [("against" if low else "for", "lifts_partly", lift)]


def _industry(need: Need, offer: Offer, _plan: PlanFact | None, low: bool) -> list[Said]:
    site = axes.site_industry(need)
    if site is None:
        return [("unknown", "unstated", {})]
    if not offer.industries:
        return [("unknown", "not_given", {})]
    name, claimed = axes.nearest_industry(site, offer.industries)
    params: dict[str, Param] = {"site_revision": site[0], "site_code": site[1]}
    if name not in ("all_manufacturing", "other"):
        params |= {"claimed_revision": claimed[0], "claimed_code": claimed[1]}
    return [("against" if low else "for", name, params)]


def _interfaces(need: Need, offer: Offer, _plan: PlanFact | None, low: bool) -> list[Said]:
    systems = axes.known_connections(need)
    if not systems:
        return [("unknown", "unstated", {})]
    if not offer.interfaces:
        return [("unknown", "not_given", {})]
    in_use = frozenset().union(*systems)
    connected = sum(1 for system in systems if system & offer.interfaces)
    if not connected:
        return [("against", "none", {"systems": len(systems), "interfaces": _codes(in_use)})]
    shared = _codes(in_use & offer.interfaces)
    if connected == len(systems):
        return [("for", "all", {"systems": len(systems), "interfaces": shared})]
    params: dict[str, Param] = {"connected": connected, "systems": len(systems), "interfaces": shared}
    return [("against" if low else "for", "some", params)]


def _evidence(need: Need, offer: Offer, _plan: PlanFact | None, low: bool) -> list[Said]:
    if not offer.evidence:
        return [("unknown", "part_none" if offer.alliance else "none", {})]
    measured = axes.proven(offer)
    if not measured:
        return [("against", "claims_only", {"records": len(offer.evidence)})]
    said = _improved_records(need, measured)
    improved = sum(1 for record in measured if record.improved)
    failed = sum(1 for record in measured if record.improved is False)
    unknown = len(measured) - improved - failed
    if failed:
        said.append(("against", "failed", {"failed": failed, "records": len(measured)}))
    elif low and improved:
        said.append(("against", "thin", {"records": improved}))
    if unknown:
        said.append(("unknown", "outcome_unknown", {"records": unknown}))
    return said


def _improved_records(need: Need, measured: list[EvidenceFact]) -> list[Said]:
    said: list[Said] = []
    field = [record for record in measured if record.kind == "field" and record.improved]
    if field:
        sites = len({record.site for record in field} - {""}) or 1
        said.append(("for", "field", {"sites": sites, "records": len(field)}))
    tests = sum(1 for record in measured if record.kind == "test_report" and record.improved)
    if tests:
        said.append(("for", "test_reports", {"records": tests}))
    near = sum(1 for record in measured if record.improved and axes.same_division(need, record))
    if near:
        said.append(("for", "same_division", {"records": near}))
    return said


def _region(need: Need, offer: Offer, _plan: PlanFact | None, _low: bool) -> list[Said]:
    if need.region is None and need.weeks_left is None:
        return [("unknown", "unstated", {})]
    said: list[Said] = []
    if need.region is not None:
        if not offer.regions:
            said.append(("unknown", "not_given", {"region": need.region}))
        elif need.region in offer.regions:
            said.append(("for", "covered", {"region": need.region}))
        else:
            said.append(("against", "not_covered", {"region": need.region}))
    if need.weeks_left is not None:
        said.append(_delivery(offer.install_weeks, need.weeks_left))
    return said


def _delivery(install_weeks: int | None, weeks_left: int) -> Said:
    if install_weeks is None:
        return "unknown", "install_unknown", {"weeks_left": weeks_left}
    late = install_weeks - weeks_left
    if late > 0:
        return (
            "against",
            "late",
            {"late_weeks": late, "install_weeks": install_weeks, "weeks_left": weeks_left},
        )
    return "for", "on_time", {"install_weeks": install_weeks, "weeks_left": weeks_left}


def _codes(codes: Iterable[str]) -> list[str]:
    return sorted(set(codes))


_Reasoner = Callable[[Need, Offer, PlanFact | None, bool], list[Said]]

_REASONERS: Mapping[str, _Reasoner] = MappingProxyType(
    {
        "capability": _capability,
        "maturity": _maturity,
        "industry": _industry,
        "supply_chain": explain_axes.supply_chain,
        "interfaces": _interfaces,
        "evidence": _evidence,
        "price": explain_axes.price,
        "region": _region,
        "capacity": explain_axes.capacity,
    }
)
