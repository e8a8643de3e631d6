"""How good an order is, by the judgements: nDCG@10, ablation of each axis, comparison with the portal's rates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import fsum, log2

from matching.judged import data, portal
from matching.judged.data import JudgedDemand
from matching.ranking import rank
from matching.scoring import score
from matching.scoring.weights import AXES, BUILT_IN, Weights

TOP = 10

#: A way to order the judged listings of a demand: titles, best first; what it leaves out is not shown.
Order = Callable[[JudgedDemand], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Means:
    """Mean nDCG@10 over demands: those that may be tuned on, those held out, and all of them."""

    train: float
    held_out: float
    every: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judgements say of one edition of the weights.

    Attributes:
        demands, held_out: number of judged demands, and of those held out.
        judgements: number of judged pairs.
        fit, portal: the score's order, and that of the seven rates, both over every judged listing; what a hard
            condition excludes stands behind all that it does not.
        fit_shown, portal_shown: both over what a list would show; what is excluded gains nothing.
        without: axis → the same without it.
        by_demand: id → (held out, nDCG@10 of the score, of the rates).
    """

    version: str
    demands: int
    held_out: int
    judgements: int
    fit: Means
    portal: Means
    fit_shown: Means
    portal_shown: Means
    without: Mapping[str, Means]
    by_demand: Mapping[str, tuple[bool, float, float]]


def ndcg(order: Sequence[str], grades: Mapping[str, int], top: int = TOP) -> float:
    """Return the normalized discounted cumulative gain of an order, 0–1; 1 when no grade is above 0.

    Gain 2^grade − 1, discount log2(place + 1). What is not judged gains nothing.

    Source:
        K. Järvelin, J. Kekäläinen, *Cumulated gain-based evaluation of IR techniques*, ACM TOIS 20 (2002);
        gain as in C. Burges et al., *Learning to rank using gradient descent*, ICML 2005.
    """
    best = _gain(sorted(grades.values(), reverse=True)[:top])
    return _gain([grades.get(title, 0) for title in order[:top]]) / best if best else 1.0


def judge(weights: Weights = BUILT_IN) -> Verdict:
    """Order the judged listings of every demand with these weights and measure it."""
    by_fit, by_rates = _each(fit_order(weights)), _each(portal_order)
    found = data.demands()
    return Verdict(
        version=weights.version,
        demands=len(found),
        held_out=sum(demand.held_out for demand in found),
        judgements=sum(len(demand.grades) for demand in found),
        fit=_means(by_fit),
        portal=_means(by_rates),
        fit_shown=_means(_each(lambda demand: _shown(demand, weights))),
        portal_shown=_means(_each(lambda demand: _portal_shown(demand, weights))),
        without={
            axis: _means(_each(fit_order(replace(weights, not_in_use=(*weights.not_in_use, axis)))))
            for axis in AXES
            if axis not in weights.not_in_use
        },
        by_demand={demand.id: (demand.held_out, by_fit[demand.id], by_rates[demand.id]) for demand in found},
    )


@cache
def built_in() -> Verdict:
    """`judge` of the first edition: everything that it is made of is frozen, so it is computed once."""
    return judge()


def fit_order(weights: Weights) -> Order:
    """The order of the fit score over every judged listing: what may be listed first, both parts by score."""

    def order(demand: JudgedDemand) -> Sequence[str]:
        shown = _shown(demand, weights)
        left = [data.listings()[title].offer for title in demand.grades if title not in shown]
        keys = sorted(
            score.order_key(score.score(demand.need, offer, weights), offer.listing) for offer in left
        )
        return [*shown, *(title for _, title in keys)]

    return order


def portal_order(demand: JudgedDemand) -> Sequence[str]:
    """The order of the portal's seven rates over the same listings; it leaves nothing out."""
    return portal.order(demand, {title: data.listings()[title] for title in demand.grades})


def _shown(demand: JudgedDemand, weights: Weights) -> list[str]:
    offers = [data.listings()[title].offer for title in demand.grades]
    return [place.offer.listing for place in rank(demand.need, offers, weights).placed]


def _portal_shown(demand: JudgedDemand, weights: Weights) -> list[str]:
    shown = _shown(demand, weights)
    return [title for title in portal_order(demand) if title in shown]


def _gain(grades: Sequence[int]) -> float:
    return fsum((2**grade - 1) / log2(place + 1) for place, grade in enumerate(grades, start=1))


def _each(order: Order) -> dict[str, float]:
    return {demand.id: ndcg(order(demand), demand.grades) for demand in data.demands()}


def _means(by_demand: Mapping[str, float]) -> Means:
    halves: dict[bool, list[float]] = {False: [], True: []}
    for demand in data.demands():
        halves[demand.held_out].append(by_demand[demand.id])
    every = [*halves[False], *halves[True]]
    return Means(*(fsum(values) / len(values) for values in (halves[False], halves[True], every)))
