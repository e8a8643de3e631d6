"""The fit of one offer for one need: what excludes it, and the weighted sum of nine axes.

The definition in plain words with worked numbers is docs/fit-score.md; its tables are recomputed by a test.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor, fsum, inf
from types import MappingProxyType
from typing import Literal

from matching.scoring import axes
from matching.scoring.axes import State, Value
from matching.scoring.facts import Need, Offer, PlanFact
from matching.scoring.weights import AXES, Weights

#: Which way a reason speaks.
Sign = Literal["for", "against", "unknown"]
#: What a reason's or an exclusion's parameter can be: JSON all through.
Param = str | int | None | list[str]

#: Hard exclusions in the order in which they are named → the parameters of each (won, company levels, codes).
EXCLUSION_CODES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "certificate": (),
        "level": ("level", "level_from", "level_to"),
        "region": ("region",),
        "must_capability": ("capabilities",),
        "price_over_budget": ("list_amount", "budget_amount", "budget_needed_amount"),
    }
)


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Why an offer is left out of a list.

    Attributes:
        code: the first cause that holds, in the order of `EXCLUSION_CODES`.
        codes: every cause that holds, in that order.
        params: of each cause that holds, its parameters.
    """

    code: str
    codes: tuple[str, ...]
    params: Mapping[str, Mapping[str, Param]]


@dataclass(frozen=True, slots=True)
class Part:
    """One axis of a score.

    Attributes:
        weight: the edition's weight, also when the axis does not count here.
        value: 0–1; 0 when unknown or not in use.
        share: of 100 points, how many this axis could bring here; 0 when it is not in the denominator.
        points: how many it brings, 0 to `share`.
        shown_points: the same as a whole number; these add up to the shown fit.
    """

    axis: str
    state: State
    weight: int
    value: float
    share: float
    points: float
    shown_points: int


@dataclass(frozen=True, slots=True)
class Score:
    """The fit of one offer for one need and its place in a list.

    Attributes:
        version: edition of the weights.
        fit: 0–100, 100 × Σ weight × value ÷ Σ weight over the parts known or unknown on the offer's side.
        shown_fit: the fit as a whole number, halves up.
        parts: the nine axes in the order of `AXES`.
        denominator: Σ weight over the axes that count here.
        plan: id of the plan considered; None when no plan meets every must.
        policy_term, text_term: points of the order apart from the fit.
        order_value: fit + policy_term + text_term.
    """

    version: str
    fit: float
    shown_fit: int
    parts: tuple[Part, ...]
    denominator: int
    plan: str | None
    policy_term: int
    text_term: float
    order_value: float

    def part(self, axis: str) -> Part:
        """Return the part of one of the nine axes."""
        return self.parts[AXES.index(axis)]


def exclusion(need: Need, offer: Offer) -> Exclusion | None:
    """Return why the offer must not be listed for this need, or None when it may be."""
    found: dict[str, dict[str, Param]] = {}
    if not offer.certificate_valid:
        found["certificate"] = {}
    if need.level is not None and not offer.level_from <= need.level <= offer.level_to:
        found["level"] = {"level": need.level, "level_from": offer.level_from, "level_to": offer.level_to}
    if need.region is not None and need.region not in offer.regions:
        found["region"] = {"region": need.region}
    missing = missing_musts(need, offer)
    if missing:
        found["must_capability"] = {"capabilities": list(missing)}
    amount = _least_if_over(need, offer)
    if amount is not None:
        found["price_over_budget"] = {
            "list_amount": amount,
            "budget_amount": need.budget_amount,
            # the smallest whole budget B with amount ≤ 1.5 B
            "budget_needed_amount": -(-2 * amount // 3),
        }
    return Exclusion(next(iter(found)), tuple(found), found) if found else None


def missing_musts(need: Need, offer: Offer) -> list[str]:
    """Return the must capabilities that the nearest plan fails, sorted; [] when a plan meets them all."""
    musts = [requirement for requirement in need.requirements if requirement.must]
    failing = [
        sorted({must.capability for must in musts if not axes.meets(must, plan)}) for plan in offer.plans
    ]
    return min(
        failing or [sorted({must.capability for must in musts})], key=lambda codes: (len(codes), codes)
    )


def _least_if_over(need: Need, offer: Offer) -> int | None:
    """Return the least list price when every plan that could be bought is known to be above the limit."""
    plans = [plan for plan in offer.plans if axes.meets_musts(need, plan)] or list(offer.plans)
    if not plans or not all(axes.over_limit(need, plan) for plan in plans):
        return None
    return min(plan.first_year_amount for plan in plans if plan.first_year_amount is not None)


def considered_plan(need: Need, offer: Offer, weights: Weights) -> PlanFact | None:
    """Return the plan with the highest fit among those that meet every must, or None when none does.

    Ties go to the cheaper plan, then to the lesser id. A plan above the price limit stays a candidate
    (its price counts 0, like an unknown one): if it did not, hiding a price could raise a score.
    """
    candidates = [plan for plan in offer.plans if axes.meets_musts(need, plan)]

    def preference(plan: PlanFact) -> tuple[float, float, str]:
        points = (
            weights.counted("capability") * axes.capability(need, offer, plan).value,
            weights.counted("price") * axes.price(need, plan).value,
        )
        amount = inf if plan.first_year_amount is None else plan.first_year_amount
        return -fsum(points), amount, plan.id

    return min(candidates, key=preference, default=None)


def score(need: Need, offer: Offer, weights: Weights, *, text: float = 0.0, policy: bool = True) -> Score:
    """Score one offer for one need. Exclusion is a separate question: see `exclusion`.

    Args:
        weights: the edition to apply.
        text: text relevance of the offer for a search, 0–1; it orders a list and is no part of the fit.
        policy: whether the policy term for alliances is on.

    Raises:
        ValueError: `text` is not within 0–1.
    """
    if not 0.0 <= text <= 1.0:
        raise ValueError(f"text score is {text}, expected 0 to 1")
    plan = considered_plan(need, offer, weights)
    values = _values(need, offer, plan, weights)
    denominator = sum(weights.axis[axis] for axis in AXES if values[axis].state in ("known", "unknown_offer"))
    shares = [_share(weights.axis[axis], values[axis], denominator) for axis in AXES]
    points = [share * values[axis].value for axis, share in zip(AXES, shares, strict=True)]
    fit = min(100.0, fsum(points))
    shown = whole_points(points)
    policy_term = weights.policy_term if policy and offer.alliance else 0
    text_term = weights.text_weight * text
    return Score(
        version=weights.version,
        fit=fit,
        shown_fit=sum(shown),
        parts=tuple(
            Part(axis, values[axis].state, weights.axis[axis], values[axis].value, share, point, whole)
            for axis, share, point, whole in zip(AXES, shares, points, shown, strict=True)
        ),
        denominator=denominator,
        plan=plan.id if plan else None,
        policy_term=policy_term,
        text_term=text_term,
        order_value=fsum((fit, policy_term, text_term)),
    )


def order_key(result: Score, listing: str) -> tuple[float, str]:
    """Return the sort key of a list: highest order value first, ties by the listing's id."""
    return -result.order_value, listing


def whole_points(points: list[float]) -> list[int]:
    """Round points to whole numbers that add up to their rounded sum (halves up).

    Largest remainder, ties in order; a part of 0 stays 0.

    Source:
        M. Balinski, H. P. Young, *Fair Representation*, 2nd ed., 2001 (Hamilton's method).
    """
    whole = [floor(value) for value in points]
    left = floor(fsum(points) + 0.5) - sum(whole)
    by_remainder = sorted(range(len(points)), key=lambda index: (whole[index] - points[index], index))
    for index in by_remainder[:left]:
        whole[index] += 1
    return whole


def _values(need: Need, offer: Offer, plan: PlanFact | None, weights: Weights) -> dict[str, Value]:
    values = {
        "capability": axes.capability(need, offer, plan),
        "maturity": axes.maturity(need, offer),
        "industry": axes.industry(need, offer),
        "supply_chain": axes.supply_chain(need, offer),
        "interfaces": axes.interfaces(need, offer),
        "evidence": axes.evidence(need, offer),
        "price": axes.price(need, plan),
        "region": axes.region(need, offer),
        "capacity": axes.capacity(need, offer),
    }
    return values | {axis: Value("not_in_use", 0.0) for axis in weights.not_in_use}


def _share(weight: int, value: Value, denominator: int) -> float:
    if value.state not in ("known", "unknown_offer") or denominator == 0:
        return 0.0
    return 100 * weight / denominator
