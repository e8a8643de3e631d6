"""One alternating run: in every round each engine answers the same demands, one after the other."""

import gc
import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.search import comparing, figures, machine, preparing
from tests.bench.search.known import OURS, chosen
from tests.bench.search.processes import timed

#: So many demands of each round are asked a second time.
AGAIN = 30


class Pinned:
    """This process on one core, where the system allows it."""

    def __enter__(self):
        self.before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {max(self.before)})
        return max(self.before)

    def __exit__(self, *_):
        os.sched_setaffinity(0, self.before)


def run(plan, peers, say=lambda _: None):
    """Return everything that a run finds out, ready for JSON.

    Args:
        peers: names, see `known.PEERS`.
        say: is told what goes on.

    Raises:
        PeerMissing: a peer is unknown or not installed.
    """
    engines = chosen(peers)
    about = {"began": datetime.now(UTC).isoformat(timespec="seconds"), "load_before": os.getloadavg()}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        say(f"building {len(engines)} indexes of {plan.listings} listings")
        drawn = preparing.prepare(plan, engines, folder)
        say("opening each in a process of its own")
        weighed = preparing.weigh(engines, drawn, folder)
        with Pinned() as core:
            opened = {key: engine(drawn.facts, folder / key) for key, engine in engines.items()}
            times, again, agreements = _read(opened, drawn, say)
            found = {"write": _write(opened, drawn, say), "batch": _batch(opened, plan, drawn, say)}
        found["batch"][OURS]["all_cores"] = _on_all_cores(opened[OURS], plan, drawn)
    about |= {"pinned_to_core": core, "load_after": os.getloadavg()}
    return {
        **_header(plan, about),
        "listings_left": figures.spread(agreements[OURS].totals),
        "ratios": _ratios(times),
        "ratios_again": _ratios(again),
        "engines": {
            key: _described(engine, drawn.built[key] | weighed[key], times[key], again[key], agreements[key])
            for key, engine in engines.items()
        },
        **found,
        "wrong": [what for agreement in agreements.values() for what in agreement.wrong],
    }


def _header(plan, about):
    return {
        "benchmark": "search",
        "listings": plan.listings,
        "alternations": plan.alternations,
        "demands_a_round": plan.demands,
        "seed": plan.seed,
        "wide": plan.wide,
        "note": plan.note,
        "began": about.pop("began"),
        "machine": machine.described() | about,
    }


def _read(opened, drawn, say):
    """Return for each engine the times of each round in ms, those asked again, and how its answers agree with ours."""
    for engine in opened.values():
        for query in drawn.warming:
            engine.answer(query)
    gc.collect()
    gc.freeze()
    times, again = {key: [] for key in opened}, {key: [] for key in opened}
    agreements = {key: comparing.Agreement() for key in opened}
    for nth, queries in enumerate(drawn.rounds):
        say(f"round {nth + 1} of {len(drawn.rounds)}")
        answers = {}
        for key, engine in opened.items():
            spent, answers[key] = _asked(engine, queries)
            times[key].append(spent)
            again[key].append(_asked(engine, queries[-AGAIN:])[0])
        for key, engine in opened.items():
            for ours, theirs in zip(answers[OURS], answers[key], strict=True):
                agreements[key].compare(ours, theirs, is_exact=engine.is_exact, name=engine.name)
    return times, again, agreements


def _asked(engine, queries):
    """Return (milliseconds of each, the answers)."""
    found = [timed(lambda query=query: engine.answer(query)) for query in queries]
    return [1e3 * seconds for seconds, _ in found], [answer for _, answer in found]


def _described(engine, costs, times, again, agreement):
    """Return one engine's part of a result."""
    return {
        "name": engine.name,
        "how": engine.how,
        "versions": engine.versions(),
        "p50_ms": [figures.quantile(spent, 0.5) for spent in times],
        "p95_ms": [figures.quantile(spent, 0.95) for spent in times],
        "again_p50_ms": [figures.quantile(spent, 0.5) for spent in again],
        **costs,
        "is_exact": engine.is_exact,
        "answers": agreement.answers,
        "same_lists": agreement.same_lists,
        "same_but_for_ties": agreement.alike,
        "recall": agreement.recall,
        "largest_difference": agreement.largest,
    }


def _ratios(times):
    """Return for each peer how many times our p50 its p50 is."""
    p50 = {key: [figures.quantile(spent, 0.5) for spent in rounds] for key, rounds in times.items()}
    return {key: figures.ratios(values, p50[OURS]) for key, values in p50.items() if key != OURS}


def _write(opened, drawn, say):
    """Return for each engine that can write what one durable, searchable write costs."""
    spent = {key: [] for key, engine in opened.items() if engine.write}
    for nth, writes in enumerate(drawn.writes):
        say(f"writes, round {nth + 1} of {len(drawn.writes)}")
        for key, of in spent.items():
            engine = opened[key]
            of.append([1e3 * timed(lambda e=engine, w=write: e.write(*w))[0] for write in writes])
            found = engine.having(preparing.written_word(nth))
            if found != len(writes):
                raise RuntimeError(f"{engine.name}: {found} of {len(writes)} writes are found")
    p50 = {key: [figures.quantile(each, 0.5) for each in rounds] for key, rounds in spent.items()}
    return {
        key: {"p50_ms": values, **({} if key == OURS else {"ratio": figures.ratios(values, p50[OURS])})}
        for key, values in p50.items()
    }


def _batch(opened, plan, drawn, say):
    """Return for each engine what a thousand demands cost, their best twenty alone."""
    spent = {key: [] for key in opened}
    asked = {}
    for nth in range(len(drawn.rounds)):
        say(f"batch, round {nth + 1} of {len(drawn.rounds)}")
        for key, engine in opened.items():
            seconds, asked[key] = _many(engine, plan, drawn)
            spent[key].append(1000 * seconds / asked[key])
    return {
        key: {
            "demands": asked[key],
            "seconds_1000": values,
            **({} if key == OURS else {"ratio": figures.ratios(values, spent[OURS])}),
        }
        for key, values in spent.items()
    }


def _many(engine, plan, drawn):
    """Return (seconds, how many demands were answered in them)."""
    if hasattr(engine, "batch"):
        return timed(lambda: engine.batch(drawn.batch))[0], len(drawn.batch)
    before = time.perf_counter()
    done = 0
    for query in drawn.batch:
        engine.best(query)
        done += 1
        if time.perf_counter() - before > plan.batch_seconds / plan.alternations:
            break
    return time.perf_counter() - before, done


def _on_all_cores(engine, plan, drawn):
    """Return what the batch costs when it may use every core."""
    cpu = time.process_time()
    rounds = [
        1000 * timed(lambda: engine.batch(drawn.batch))[0] / plan.batch for _ in range(plan.alternations)
    ]
    cpu = (time.process_time() - cpu) / plan.alternations * 1000 / plan.batch
    return {"cores": len(os.sched_getaffinity(0)), "seconds_1000": rounds, "cpu_seconds_1000": cpu}
