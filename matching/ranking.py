"""The one way in which offers become a list: exclude, score, order. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from catalog import subsidy
from matching.scoring import axes, score
from matching.scoring.facts import Need, Offer, PlanFact
from matching.scoring.flips import Flip, flips
from matching.scoring.weights import Weights

#: Own money beside which a lift of levels is said.
LIFT_PER_AMOUNT = 10_000_000


@dataclass(frozen=True, slots=True)
class Placed:
    """One ranked offer; `rank_without_policy` is its rank were there no policy term."""

    rank: int
    rank_without_policy: int
    offer: Offer
    score: score.Score


@dataclass(frozen=True, slots=True)
class Ranking:
    """Who is on the list, best first, and who is not, in the order of the offers."""

    placed: tuple[Placed, ...]
    excluded: tuple[tuple[Offer, score.Exclusion], ...]


def rank(need: Need, offers: Iterable[Offer], weights: Weights, *, policy: bool = True) -> Ranking:
    """Rank offers for a need: order value, ties by the listing's id.

    Args:
        policy: whether alliances get the policy term in the order.
    """
    scored: list[tuple[score.Score, Offer]] = []
    excluded: list[tuple[Offer, score.Exclusion]] = []
    for offer in offers:
        reason = score.exclusion(need, offer)
        if reason is None:
            scored.append((score.score(need, offer, weights, policy=policy), offer))
        else:
            excluded.append((offer, reason))
    scored.sort(key=lambda item: score.order_key(item[0], item[1].listing))
    plainly = sorted(scored, key=lambda item: (-(item[0].fit + item[0].text_term), item[1].listing))
    without = {offer.listing: place for place, (_, offer) in enumerate(plainly, start=1)}
    return Ranking(
        tuple(
            Placed(place, without[offer.listing], offer, result)
            for place, (result, offer) in enumerate(scored, start=1)
        ),
        tuple(excluded),
    )


def first_flips(need: Need, ranking: Ranking, weights: Weights, *, policy: bool = True) -> list[Flip]:
    """What would cost the first place its place; [] for an empty list."""
    if not ranking.placed:
        return []
    first, *others = ranking.placed
    rival = score.order_key(others[0].score, others[0].offer.listing) if others else None
    return flips(need, first.offer, rival, weights, policy=policy)


def money(need: Need, plan: PlanFact | None) -> dict[str, int] | None:
    """The first year of a plan by payer, whole won: {"list_amount", "national_amount", "local_amount", "own_amount",
    "vat_amount"}; without a programme all of it is the company's own. None when the price is not known."""
    if plan is None or plan.first_year_amount is None:
        return None
    funders = need.funders if need.programme is not None else ()
    found = subsidy.net(plan.first_year_amount, funders)
    return {name: getattr(found, name) for name in found.__dataclass_fields__}


def lift(need: Need, offer: Offer, own_amount: int | None) -> dict[str, Any] | None:
    """Company levels that the offer lifts this site towards its target, and how many for ten million won of own money.

    {"levels", "own_amount", "per_10m": rounded to two digits, None when nothing is paid}; None when the level of the
    site or the price is not known.
    """
    target = axes.target_level(need)
    if need.level is None or target is None or own_amount is None:
        return None
    levels = max(0, min(offer.level_to, target) - need.level)
    per = round(levels * LIFT_PER_AMOUNT / own_amount, 2) if own_amount else None
    return {"levels": levels, "own_amount": own_amount, "per_10m": per}


def own_money(need: Need, place: Placed) -> dict[str, Any]:
    """What a card says of money: {"money": `money`, "lift": `lift`} of the considered plan."""
    plan = next((plan for plan in place.offer.plans if plan.id == place.score.plan), None)
    paid = money(need, plan)
    return {"money": paid, "lift": lift(need, place.offer, None if paid is None else paid["own_amount"])}
