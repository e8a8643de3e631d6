"""One alternating run: every instance is answered by ours and by each peer, one after the other."""

import os
from datetime import UTC, datetime
from itertools import product

from matching.composer import compose, read
from matching.composer.checker import check
from matching.composer.columns import Facts, joints
from tests.bench.composer import aims, instances
from tests.bench.composer.peers import chosen, cpu_seconds
from tests.bench.search import machine

OURS = "ieum"


def run(*, offers, capabilities, seeds, peers, seconds, say=lambda _: None):
    """Return everything that a run finds out, ready for JSON.

    Args:
        capabilities: numbers of required capabilities; seeds: of the instances; both kinds are drawn for each.
        seconds: the most that an answer of a peer may take, of CPU.

    Raises:
        PeerMissing: a peer is unknown or not installed.
    """
    engines = {OURS: ("Ieum", _ours), **chosen(peers)}
    began, load, rows = datetime.now(UTC).isoformat(timespec="seconds"), os.getloadavg(), []
    _warm(engines)
    for kind, count, seed in product(instances.KINDS, capabilities, range(seeds)):
        instance = read(instances.draw(seed, offers=offers, capabilities=count, kind=kind))
        for name, (_, engine) in engines.items():
            before = cpu_seconds()
            items, is_done = engine(Facts(instance), seconds)
            spent = cpu_seconds() - before
            rows.append(
                {"kind": kind, "capabilities": count, "seed": seed, "engine": name}
                | {"cpu_s": round(spent, 6), "is_done": is_done, "objective": _judged(instance, items)}
            )
            say(f"{kind} {count} {seed} {name}: {spent:.3f} s, {rows[-1]['objective']}")
    met = aims.run(offers=offers, capabilities=capabilities, seeds=seeds, say=say)
    return {
        "benchmark": "composer",
        "offers": offers,
        "seconds": seconds,
        "seeds": seeds,
        "began": began,
        "machine": machine.described() | {"load_before": load, "load_after": os.getloadavg()},
        "engines": {name: what for name, (what, _) in engines.items()},
        "rows": rows,
        "groups": [
            _group(rows, kind, count, list(engines)) for kind, count in product(instances.KINDS, capabilities)
        ],
        "aims": met,
        "wrong": _wrong(rows) + aims.wrong(met),
    }


def _warm(engines):
    """Libraries are loaded before the first time is taken."""
    small = read(instances.draw(0, offers=60, capabilities=4))
    for _, engine in engines.values():
        engine(Facts(small), 30)


def _ours(facts, _seconds):
    answer = compose(facts.instance)
    return (answer.best.items if answer.best else None), answer.status in {"proven", "infeasible"}


def _judged(instance, items):
    """Return what the independent checker says: the value, or None for no valid bundle."""
    if items is None:
        return None
    verdict = check(instance, items, joints(Facts(instance), items))
    return verdict.objective if verdict.is_valid else None


def _group(rows, kind, count, engines):
    """Return the figures of one kind and size: seconds, and the ratio to ours of each instance."""
    mine = [row for row in rows if (row["kind"], row["capabilities"]) == (kind, count)]
    by = {name: [row for row in mine if row["engine"] == name] for name in engines}
    best = [
        min(
            (row["objective"] for row in mine if row["seed"] == seed and row["objective"] is not None),
            default=None,
        )
        for seed in sorted({row["seed"] for row in mine})
    ]
    found = {}
    for name, of in by.items():
        ratios = [row["cpu_s"] / ours["cpu_s"] for row, ours in zip(of, by[OURS], strict=True)]
        found[name] = {
            "cpu_s": _spread([row["cpu_s"] for row in of]),
            "ratio": _spread(ratios),
            "cut": sum(not row["is_done"] for row in of),
            "best": sum(row["objective"] == value for row, value in zip(of, best, strict=True)),
            "valid": sum(row["objective"] is not None for row in of),
            "instances": len(of),
        }
    return {"kind": kind, "capabilities": count, "engines": found}


def _spread(values):
    ranked = sorted(values)
    return {"median": ranked[len(ranked) // 2], "min": ranked[0], "max": ranked[-1]}


def _wrong(rows):
    """Return instances where somebody has a valid bundle that is better than ours, or ours is none."""
    ours = {
        (row["kind"], row["capabilities"], row["seed"]): row["objective"]
        for row in rows
        if row["engine"] == OURS
    }
    return [
        f"{row['engine']} is better at {row['kind']} {row['capabilities']} {row['seed']}"
        for row in rows
        if row["objective"] is not None
        and ((best := ours[row["kind"], row["capabilities"], row["seed"]]) is None or row["objective"] < best)
    ]
