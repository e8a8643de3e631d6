"""Why a listing stands where it does, by the arithmetic that put it there."""

from math import inf

import numpy as np

from matching.scoring import axes, score
from matching.scoring.facts import Offer
from matching.scoring.weights import AXES
from matching.search.embedded import columns, fitting
from matching.search.embedded.asked import HUNDRED, ONE, ZERO, FieldText, Text
from matching.search.embedded.asked import TEXT_SCALE as SCALE
from matching.search.embedded.columns import Columns
from matching.search.embedded.demand import Demand
from matching.search.embedded.fitting import Match
from matching.search.embedded.lexical import clauses
from matching.search.embedded.plain import prices
from matching.search.embedded.segment import offer_on
from matching.search.embedded.state import Part, State
from matching.search.engine import TEXT_SCALE, Clause, Explanation, MatchHit


def explain(state: State, asked: Match, listing_id: str) -> Explanation | None:
    """Explain a listing's place for a demand; None when the state does not have it."""
    found = state.find(listing_id)
    if found is None:
        return None
    part, row = found
    demand = asked.demand
    offer = offer_on(part.segment.documents[row], asked.query.today)
    points, plan = _points(part, row, demand, offer)
    fit = _sum(points)
    policy = demand.policy if offer.alliance else ZERO
    terms: list[Clause] = []
    bm25 = ZERO
    if asked.asked.groups:
        terms, bm25 = _text(state.texts(asked.asked)[state.parts.index(part)], asked, row)
    order = (fit + policy) + demand.text * min(ONE, bm25 / SCALE)
    excluded = score.exclusion(demand.need, offer)
    hit = MatchHit(listing_id, float(order), float(fit), float(policy), min(float(bm25) / TEXT_SCALE, 1.0))
    return Explanation(
        excluded=excluded.codes if excluded else (),
        points={axis: float(points[axis]) for axis in AXES},
        plan=plan,
        hit=hit,
        bm25=float(bm25),
        clauses=tuple(terms),
    )


def _sum(points: dict[str, np.float32]) -> np.float32:
    """Add the axes in the one order in which every pass adds them."""
    delivery = points["region"] + points["capacity"]
    total = points["maturity"] + points["industry"] + points["interfaces"] + delivery
    total = total + points["supply_chain"] + points["evidence"] + (points["capability"] + points["price"])
    return min(HUNDRED, total)


def _points(part: Part, row: int, demand: Demand, offer: Offer) -> tuple[dict[str, np.float32], str | None]:
    of = part.segment.columns
    evidence = of.evidence[row]
    for own, value in zip(*columns.own_evidence(of, demand.division), strict=True):
        evidence = value if own == row else evidence
    capability, price, plan = _plan(of, row, demand, offer)
    return {
        "capability": capability,
        "maturity": demand.level[of.level[row]],
        "industry": demand.industry[of.industry[row]],
        "supply_chain": _supply(part, row, demand, offer),
        "interfaces": demand.interface[of.interface[row]],
        "evidence": demand.evidence * evidence,
        "price": price,
        # The table takes the region for covered, as every listing that is not excluded has it.
        "region": np.float32(demand.share["region"] * axes.region(demand.need, offer).value),
        "capacity": np.float32(demand.share["capacity"] * axes.capacity(demand.need, offer).value),
    }, plan


def _supply(part: Part, row: int, demand: Demand, offer: Offer) -> np.float32:
    of = part.segment.columns
    if any(offer.listing in partner.listings for partner in axes.known_partners(demand.need)):
        return np.float32(fitting.used_points(part, row, demand))
    return max(
        demand.shown[of.shown[row]], demand.claimed[of.industry[row]], demand.supply[of.interface[row]]
    )


def _plan(of: Columns, row: int, demand: Demand, offer: Offer) -> tuple[np.float32, np.float32, str | None]:
    """Return the points of capability and price of the best plan, and its id; ties as the scorer breaks them."""
    found: list[tuple[tuple[float, float, str], np.float32, np.float32]] = []
    first = int(of.plan_starts[row])
    for place, plan in enumerate(offer.plans, start=first):
        entries = of.entries[int(of.entry_starts[place]) : int(of.entry_starts[place + 1])]
        if int(demand.musts[entries].sum()) != demand.must_count:
            continue
        quality = ZERO
        for entry in entries:
            quality += demand.quality[entry]
        quality = min(demand.capability, quality)
        price = demand.price * prices(of.plan_amount[place : place + 1], demand)[0]
        amount = inf if plan.first_year_amount is None else plan.first_year_amount
        found.append(((-float(quality + price), amount, plan.id), quality, price))
    if not found:
        return ZERO, ZERO, None
    preference, quality, price = min(found)
    return quality, price, preference[2]


def _text(text: Text, asked: Match, row: int) -> tuple[list[Clause], np.float32]:
    words = _clauses("words", text.words, list(asked.asked.word_boosts()), row)
    grams = _clauses("grams", text.grams, list(asked.asked.gram_boosts()), row)
    sums = [np.float64(0), np.float64(0)]
    for place, field in enumerate((words, grams)):
        for clause in field:
            sums[place] += clause.points
    return words + grams, np.float32(sums[0] + np.float32(sums[1]))


def _clauses(name: str, field: FieldText, tokens: list[str], row: int) -> list[Clause]:
    postings = field.postings
    numbers = {postings.lexicon.find(token): token for token in tokens}
    found: list[Clause] = []
    for start, end, weight in zip(field.starts, field.ends, field.weights, strict=True):
        at = int(start) + int(np.searchsorted(postings.rows[start:end], row))
        if at < end and postings.rows[at] == row:
            token = numbers[int(np.searchsorted(postings.starts, start, side="right")) - 1]
            counts = postings.counts[at : at + 1].astype(np.float32)
            points = clauses(weight, counts, field.norms[postings.norms[row : row + 1]])
            found.append(Clause(name, token, int(counts[0]), float(weight), float(points[0])))
    return found
