"""Other ways to answer the same instance: what a shop does without a solver, CBC, and CP-SAT on the whole model."""

import os
import time

from matching.composer.answers import Item
from matching.composer.checker import check
from matching.composer.columns import joints
from matching.composer.model import dense
from matching.composer.objectives import objective
from matching.composer.rows import build
from matching.composer.solver import Clock, solve


class PeerMissing(RuntimeError):
    """A peer is unknown or not installed."""


def greedy(facts, _seconds):
    """Per capability, in the order of names, the best offer that breaks no rule so far; None when none is left."""
    chosen, offers = {}, facts.instance.offers
    weights = facts.instance.objective
    for code in facts.asked:
        candidates = []
        for purchase in facts.purchases:
            offer = offers[purchase.offer]
            if code not in purchase.capabilities:
                continue
            held = chosen.get(offer.id)
            if held is not None and (held.plan, held.stage) != (
                offer.plans[purchase.plan].id,
                purchase.stage,
            ):
                continue
            price = 0 if held else facts.alone_amount(offer.plans[purchase.plan], purchase.stage)
            worth = weights.cost * price - weights.fit * offer.fit.get(code, 0)
            candidates.append((worth, offer.id, offer.plans[purchase.plan].id, purchase.stage))
        for _, offer, plan, stage in sorted(candidates):
            codes = chosen[offer].capabilities if offer in chosen else ()
            trial = chosen | {offer: Item(offer, plan, stage, tuple(sorted({*codes, code})))}
            if _holds(facts, tuple(trial.values())):
                chosen = trial
                break
        else:
            return None
    return tuple(chosen.values())


def _holds(facts, items):
    broken = check(facts.instance, items, joints(facts, items)).broken
    return all(one.code == "no_provider" for one in broken)


def cp_sat(facts, seconds):
    """The same rows, all columns, CP-SAT on one thread."""
    bundling = build(facts)
    whole = bundling.model.restricted(range(len(bundling.model.most)))
    terms = dense(objective(bundling).goals[-1].terms, len(bundling.model.most))
    found = solve(whole, terms, Clock(seconds))
    return None if found.point is None else bundling.items(found.point)


def cbc(facts, seconds):
    """The same rows, all columns, CBC on one thread (as PuLP brings it)."""
    try:
        import pulp  # noqa: PLC0415 — a peer of the bench, no dependency
    except ImportError as error:
        raise PeerMissing("pulp is not installed (make bench installs it)") from error
    bundling = build(facts)
    terms = dense(objective(bundling).goals[-1].terms, len(bundling.model.most))
    problem = pulp.LpProblem("bundle", pulp.LpMinimize)
    columns = [
        pulp.LpVariable(f"x{number}", 0, most, "Integer") for number, most in enumerate(bundling.model.most)
    ]
    problem += pulp.LpAffineExpression(zip(columns, terms, strict=True))
    for row in bundling.model.rows:
        total = pulp.LpAffineExpression(
            [(columns[column], a) for column, a in zip(row.columns, row.coefficients, strict=True)]
        )
        if row.least is not None:
            problem += total >= row.least
        if row.most is not None:
            problem += total <= row.most
    problem.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=seconds, gapRel=0, threads=1))
    if problem.sol_status not in {pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible}:
        return None
    return bundling.items([round(column.value() or 0) for column in columns])


#: Name → (what it is, the function that answers with items or None).
PEERS = {
    "greedy": ("greedy per capability", greedy),
    "cbc": ("CBC on the whole model", cbc),
    "cpsat": ("CP-SAT on the whole model", cp_sat),
}


def chosen(names):
    """Return the peers of these names.

    Raises:
        PeerMissing: one is unknown.
    """
    for name in names:
        if name not in PEERS:
            raise PeerMissing(f"{name} is no peer; there are {', '.join(PEERS)}")
    return {name: PEERS[name] for name in names}


def cpu_seconds():
    """Return CPU seconds of this process and of the programs that it has run (CBC is one)."""
    return time.process_time() + sum(os.times()[2:4])
