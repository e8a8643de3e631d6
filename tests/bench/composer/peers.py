"""Other ways to answer the same instance: what a shop does without a solver; CBC, HiGHS and CP-SAT on the whole model.

Each returns its items, or None, and whether it came to its end: what was cut short would have taken longer. Limits are
in CPU seconds, so that a busy machine cuts nobody short; HiGHS knows the clock alone, and is given as much more of it
as building the model has just taken.
"""

import os
import time

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

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
            return None, True
    return tuple(chosen.values()), True


def _holds(facts, items):
    broken = check(facts.instance, items, joints(facts, items)).broken
    return all(one.code == "no_provider" for one in broken)


def cp_sat(facts, seconds):
    """The same rows, all columns, CP-SAT on one thread."""
    bundling = build(facts)
    whole = bundling.model.restricted(range(len(bundling.model.most)))
    terms = dense(objective(bundling).goals[-1].terms, len(bundling.model.most))
    end = time.process_time() + seconds
    found = solve(whole, terms, Clock(stop=lambda: time.process_time() > end))
    return (None if found.point is None else bundling.items(found.point)), found.status == "proven"


def highs(facts, seconds):
    """The same rows, all columns, HiGHS on one thread (as SciPy brings it)."""
    before = time.perf_counter(), time.process_time()
    bundling = build(facts)
    model = bundling.model
    places = [
        (row, c, a)
        for row, one in enumerate(model.rows)
        for c, a in zip(one.columns, one.coefficients, strict=True)
    ]
    rows, columns, coefficients = zip(*places, strict=True)
    matrix = sparse.csr_matrix((coefficients, (rows, columns)), shape=(len(model.rows), len(model.most)))
    least = [-np.inf if row.least is None else row.least for row in model.rows]
    most = [np.inf if row.most is None else row.most for row in model.rows]
    stretch = (time.perf_counter() - before[0]) / max(0.001, time.process_time() - before[1])
    found = milp(
        dense(objective(bundling).goals[-1].terms, len(model.most)),
        integrality=np.ones(len(model.most)),
        bounds=Bounds(0, model.most),
        constraints=LinearConstraint(matrix, least, most),
        options={"time_limit": seconds * max(1, stretch), "mip_rel_gap": 0},
    )
    items = None if found.x is None else bundling.items([round(amount) for amount in found.x])
    return items, found.status == 0


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
    problem.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=seconds, timeMode="cpu", gapRel=0, threads=1))
    is_done = problem.sol_status == pulp.LpSolutionOptimal
    if not is_done and problem.sol_status != pulp.LpSolutionIntegerFeasible:
        return None, False
    return bundling.items([round(column.value() or 0) for column in columns]), is_done


#: Name → (what it is, the function that answers with items or None).
PEERS = {
    "greedy": ("greedy per capability", greedy),
    "cbc": ("CBC on the whole model", cbc),
    "highs": ("HiGHS on the whole model", highs),
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
