"""A demand as a query whose score is, for every listing, its order value times a scale.

Facts with few values are constant-score clauses; figures (evidence, price, weeks, capacity) are functions of a stored
column; the best plan is the highest score among nested plans. All of them follow `embedded.demand`. The server adds
in another order and precision than the scorer, so a listing's score is its order value but for `ROUNDING`; nothing
here may ever be lower than that. Exact scores come from `rescoring`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

from matching.scoring import axes
from matching.scoring.axes import (
    BASIS_WEIGHT,
    CLAIMED_PRIOR,
    PARTNER_CONNECTS,
    PARTNER_USES,
    PRIOR_CAP,
    PROXIMITY,
)
from matching.scoring.facts import MAX_LEVEL, Industry, Need, Offer, Requirement
from matching.scoring.formulas import MAX_QUALITY, PRICE_ZERO_AT, quality_value
from matching.search.elastic.indexed import ALL_MANUFACTURING, ALLIANCE, NO_PLAN
from matching.search.elastic.schema import DIVISIONS
from matching.search.embedded.columns import MAX_AMOUNT

#: Points by which the server's score and the scorer's may differ by rounding alone.
ROUNDING = 0.001
#: Strengths of statistics are told apart in so many steps, rounded up.
_STEPS = 12
_BASIS_POINTS = 10_000
#: Of more funders than this only the outermost cases are considered: the bound is looser and still one.
_FUNDERS = 3

Query = dict[str, Any]


def demanded(
    need: Need, shares: Mapping[str, float], policy: float, scale: float
) -> tuple[list[Query], list[Query]]:
    """Return (clauses, functions) whose scores add up to the fit and the policy term times `scale`.

    Args:
        shares: of 100 points how many each axis can bring, see `embedded.demand.shares`.
        policy: points of the policy term.
    """
    points = {axis: share * scale for axis, share in shares.items()}
    clauses = [
        *_maturity(need, points["maturity"]),
        *_industry(need, points["industry"]),
        *_interfaces(need, points["interfaces"]),
        *_supply_chain(need, points["supply_chain"]),
        *_capacity(need, points["capacity"]),
        *_plans(need, points["capability"], points["price"]),
        *_constant({"term": {"tag": ALLIANCE}}, policy * scale),
    ]
    return clauses, [*_evidence(need, points["evidence"]), *_region(need, points["region"])]


def _constant(where: Query, points: float) -> list[Query]:
    return [{"constant_score": {"filter": where, "boost": points}}] if points > 0 else []


def _tagged(tags: Iterable[str], field: str = "tag") -> Query:
    found = sorted(tags)
    return {"term": {field: found[0]}} if len(found) == 1 else {"terms": {field: found}}


def _highest(clauses: list[Query]) -> list[Query]:
    return [{"dis_max": {"queries": clauses}}] if len(clauses) > 1 else clauses


def _grouped(points_of: Iterable[tuple[str, float]], field: str = "tag") -> list[Query]:
    """Return one clause for all tags that bring the same."""
    tags: dict[float, set[str]] = defaultdict(set)
    for tag, points in points_of:
        tags[points].add(tag)
    return [clause for points in sorted(tags) for clause in _constant(_tagged(tags[points], field), points)]


def _maturity(need: Need, points: float) -> list[Query]:
    if need.level is None or not points:
        return []
    return _grouped(
        (f"l{low}{high}", points * axes.maturity(need, _standing(low, high)).value)
        for low in range(1, need.level + 1)
        for high in range(need.level, MAX_LEVEL + 1)
    )


def _standing(low: int, high: int) -> Offer:
    return Offer("", low, high, (), frozenset(), frozenset(), (), (), None, certificate_valid=True)


def _industry(need: Need, points: float) -> list[Query]:
    site = axes.site_industry(need)
    if site is None or not points:
        return []
    value = {name: points * near for name, near in PROXIMITY.items()}
    return _highest(
        _grouped(
            [
                (_tag_of_group(site), value["same_group"]),
                (f"D{site[1][:2]}", value["division"]),
                (f"S{site[1][:2]}", value["same_division"]),
                (ALL_MANUFACTURING, value["all_manufacturing"]),
            ]
        )
    )


def _tag_of_group(site: Industry) -> str:
    """Return the tag of listings that claim the site's own group; see `axes.relation`."""
    group = site[1][:3] if len(site[1]) > 2 else "none"
    return f"G{site[0]}:{group}" if site[1][:2] in axes.REGROUPED_DIVISIONS else f"g{group}"


def _interfaces(need: Need, points: float) -> list[Query]:
    systems = axes.known_connections(need)
    return [
        clause
        for system in systems
        for clause in _constant(_tagged(f"i{name}" for name in system), points / len(systems))
    ]


def _supply_chain(need: Need, points: float) -> list[Query]:
    if not points:
        return []
    partners = axes.known_partners(need)
    total = sum(BASIS_WEIGHT[partner.basis] for partner in partners)
    clauses: list[Query] = []
    for partner in partners:
        share = points * BASIS_WEIGHT[partner.basis] / total
        names = {f"i{name}" for system in partner.systems for name in system}
        uses = _constant(_tagged(partner.listings, "id"), PARTNER_USES * share) if partner.listings else []
        connects = _constant(_tagged(names), PARTNER_CONNECTS * share) if names else []
        clauses.extend(_highest(uses + connects))
    return clauses if partners else _statistics(need.industry_prior or {}, points * PRIOR_CAP)


def _statistics(prior: Mapping[str, float], points: float) -> list[Query]:
    strengths = [(f"s{division}", strength) for division, strength in prior.items()]
    strengths += [(f"d{division}", CLAIMED_PRIOR * strength) for division, strength in prior.items()]
    steps = [(tag, -int(-_STEPS * min(1.0, strength) // 1)) for tag, strength in strengths if strength > 0]
    return _highest(_grouped((tag, points * step / _STEPS) for tag, step in steps))


def _evidence(need: Need, points: float) -> list[Query]:
    site = axes.site_industry(need)
    columns = ["evidence", *([f"own.{site[1][:2]}"] if site and site[1][:2] in DIVISIONS else [])]
    return [_column(column, points) for column in columns] if points else []


def _column(column: str, factor: float) -> Query:
    return {"field_value_factor": {"field": column, "factor": factor, "missing": 0}}


def _falling(column: str, start: float, width: float, points: float) -> Query:
    """Return a function: `points` up to `start`, then down to 0 in a line, `width` further on."""
    # The server's line falls to `decay` at `scale`; half of the way is half of the points.
    line = {"origin": 0, "offset": start, "scale": width / 2, "decay": 0.5}
    return {"linear": {column: line}, "weight": points}


def _region(need: Need, points: float) -> list[Query]:
    halves = (need.region is not None) + (need.weeks_left is not None)
    if not halves or not points:
        return []
    # A listing that does not cover the region is not asked for.
    covered = [{"weight": points / halves}] if need.region is not None else []
    if need.weeks_left is None:
        return covered
    late = min(0, need.weeks_left)
    width = axes.LATE_WEEKS_ZERO_AT + late
    if width <= 0:
        return covered
    best = points / halves * width / axes.LATE_WEEKS_ZERO_AT
    return [*covered, _falling("weeks", max(0, need.weeks_left), width, best)]


def _capacity(need: Need, points: float) -> list[Query]:
    if need.weeks_left is None or need.weeks_left < 0 or not points:
        return []
    window = need.weeks_left + 1
    return [
        _alone(
            [_column("capacity", points * window / axes.WEEKS_A_QUARTER), _falling("weeks", 0, window, 1)],
            "multiply",
            points,
        )
    ]


def _alone(functions: list[Query], mode: str, most: float | None = None) -> Query:
    made: Query = {
        "query": {"match_all": {}},
        "functions": functions,
        "score_mode": mode,
        "boost_mode": "replace",
    }
    return {"function_score": made if most is None else {**made, "max_boost": most}}


def musts(need: Need) -> list[Query]:
    """Return the conditions that a nested plan must meet."""
    return [
        _tagged(
            (f"{each.capability}:{quality}" for quality in range(each.min_quality, MAX_QUALITY + 1)),
            "plan.entry",
        )
        for each in need.requirements
        if each.must
    ]


def affordable(need: Need) -> list[Query]:
    """Return the filter for listings with a plan that meets every must and is not known to be over the limit."""
    conditions = musts(need)
    if need.budget_amount is not None:
        conditions.append({"range": {"plan.amount": {"lte": 3 * need.budget_amount // 2}}})
    if not conditions:
        return []
    having = {"nested": {"path": "plan", "score_mode": "none", "query": {"bool": {"filter": conditions}}}}
    if any(each.must for each in need.requirements):
        return [having]
    return [{"bool": {"should": [having, {"term": {"tag": NO_PLAN}}]}}]


def _plans(need: Need, capability: float, price: float) -> list[Query]:
    """Return the clause whose score is that of the best plan among those that meet every must."""
    clauses = [
        clause for each in need.requirements for clause in _quality(each, need.requirements, capability)
    ]
    if price and need.budget_amount is not None:
        clauses.extend(_price(need, need.budget_amount, price))
    if not clauses:
        return []
    scored = {"bool": {"filter": musts(need), "should": clauses}}
    return [{"nested": {"path": "plan", "score_mode": "max", "query": scored}}]


def _quality(requirement: Requirement, every: tuple[Requirement, ...], points: float) -> list[Query]:
    weights = [axes.MUST_WEIGHT if each.must else axes.NICE_WEIGHT for each in every]
    own = points * (axes.MUST_WEIGHT if requirement.must else axes.NICE_WEIGHT) / sum(weights)
    lowest = requirement.min_quality if requirement.must else 1
    return _grouped(
        (
            (f"{requirement.capability}:{quality}", own * quality_value(quality, requirement.min_quality))
            for quality in range(lowest, MAX_QUALITY + 1)
        ),
        "plan.entry",
    )


def _price(need: Need, budget: int, points: float) -> list[Query]:
    """Return the clause of the price: for each way in which the funders' limits may bind, a line; the lowest counts."""
    funders = need.funders if need.programme is not None else ()
    known: Query = {"range": {"plan.amount": {"gte": 0} if budget or funders else {"gte": 0, "lte": 0}}}
    rates = [(each.rate_bp or 0) / _BASIS_POINTS for each in funders]
    caps = [MAX_AMOUNT if each.cap_amount is None else each.cap_amount for each in funders]
    sizes = range(len(funders) + 1) if len(funders) <= _FUNDERS else (0, len(funders))
    lines: list[Query] = []
    for size in sizes:
        for bound in combinations(range(len(funders)), size):
            left = 1 - sum(rate for place, rate in enumerate(rates) if place not in bound)
            if left > 0 and budget > 0:
                start = (budget * (PRICE_ZERO_AT - 1) + sum(caps[place] for place in bound)) / left
                lines.append(_falling("plan.cost", start, budget / left, points))
    return [_alone(lines, "min")] if lines else _constant(known, points)
