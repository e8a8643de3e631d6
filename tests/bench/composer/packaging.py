"""Packages for synthetic segments beside greedy with swaps, which is what ours begins with."""

import json
import os
import time
from datetime import UTC, datetime
from math import prod

from matching.composer import compose, read
from matching.composer.solver import Clock
from matching.packages import read as read_segment
from matching.packages import solve
from matching.packages.catalogue import Catalogue
from matching.packages.checker import check
from matching.packages.searching import Search
from tests.bench.composer import instances, segments
from tests.bench.search import machine

#: What COMPOSER's target says: at least so many times greedy with swaps, as a geometric mean.
AIM = 1.2


def run(*, demands, offers, seeds, count, seconds, say=lambda _: None):
    """Return everything that a run finds out, ready for JSON."""
    began, load = datetime.now(UTC).isoformat(timespec="seconds"), os.getloadavg()
    compose(
        read(instances.draw(0, offers=60, capabilities=4))
    )  # libraries are loaded before the first time is taken
    rows = []
    for seed in range(seeds):
        segment = read_segment(segments.draw(seed, demands=demands, offers=offers))
        rows.append({"seed": seed} | _beside(segment, count, seconds))
        say(f"{seed}: {rows[-1]}")
    return {
        "benchmark": "packages",
        "demands": demands,
        "offers": offers,
        "packages": count,
        "seconds": seconds,
        "began": began,
        "machine": machine.described() | {"load_before": load, "load_after": os.getloadavg()},
        "rows": rows,
        "ratio": round(prod(row["ratio"] for row in rows) ** (1 / len(rows)), 4),
        "wrong": [f"seed {row['seed']}: no valid answer" for row in rows if not row["is_valid"]],
    }


def _beside(segment, count, seconds):
    """Return what greedy, greedy with swaps and ours make of one segment, and the CPU seconds of each."""
    before = time.process_time()
    plain = Search(Catalogue(segment), Clock())
    greedy = plain.greedy(count)
    swapped = plain.swapped(greedy)
    middle = time.process_time()
    answer = solve(segment, count, seconds=seconds)
    after = time.process_time()
    return {
        "greedy": plain.worth(greedy),
        "swapped": plain.worth(swapped),
        "swapped_cpu_s": round(middle - before, 3),
        "ieum": answer.weight,
        "cpu_s": round(after - middle, 3),
        "served": len(answer.served),
        "ratio": round(answer.weight / plain.worth(swapped), 4),
        "is_valid": check(segment, count, answer) == (),
    }


def write(result, folder):
    """Write `composer-packages.json` and `.md`, which the list of the composer's results then names."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(result, ensure_ascii=False, indent=1)
    (folder / "composer-packages.json").write_text(f"{text}\n")
    (folder / "composer-packages.md").write_text(f"{page(result)}\n")


def page(result):
    """Return the page of a result."""
    host = result["machine"]
    reached = "reached" if result["ratio"] >= AIM else "missed"
    return "\n\n".join(
        [
            f"# Segment packages: {result['demands']:,} demands, {result['offers']:,} offers",
            "Written by `flask bench packages`; [what it promises](../packages.md). All segments are synthetic.",
            (
                f"Made {result['began'][:16].replace('T', ' ')} UTC: {result['packages']} packages, at most "
                f"{result['seconds']:g} s each. {host['processor']}, one thread, Python {host['python']}. "
                f"Load average before {host['load_before'][0]:.1f}, after {host['load_after'][0]:.1f}."
            ),
            table(result),
            f"Geometric mean of the ratios: {result['ratio']:.2f} (aim: at least {AIM:g}, {reached}).",
        ]
    )


def table(result):
    """Return what each seed gave."""
    lines = [
        "| seed | greedy | with swaps | CPU s | Ieum | CPU s | demands served | Ieum ÷ with swaps |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {row['seed']} | {row['greedy']:,} | {row['swapped']:,} | {row['swapped_cpu_s']:.1f} | {row['ieum']:,} "
        f"| {row['cpu_s']:.1f} | {row['served']} | {row['ratio']:.2f} |"
        for row in result["rows"]
    ]
    return "\n".join(lines)
