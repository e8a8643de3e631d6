"""What a search, a match, a write and a merge cost: `PYTHONPATH=. python tests/bench/engine_cost.py 10000 100000`.

No test. Milliseconds of CPU time of the thread that asks, on one machine. Each question is asked `REPEATS` times in a
row and its least time counts, for whatever else runs on the machine only ever adds; the figures are the median and the
95th percentile of these least times over the questions. "at first" is the one time before: nothing is kept of that
demand and text yet. Caches and memory are shared with whatever else runs all the same: a quiet machine is faster.

A million listings are built part by part, and their documents lie in a file: as Python objects they would take 11 GB.
"""

import gc
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

import numpy as np

from matching.scoring.weights import BUILT_IN
from matching.search.embedded import EmbeddedEngine, backend, files, stored
from matching.search.query import MatchQuery, SearchQuery
from tests.bench.listings import TODAY, Market
from tests.matching.search.factories import ANALYSER

QUERIES = 300
REPEATS = 7
DEMANDS = 1000
#: So many listings are built at a time; beyond as many documents go to a file.
PART = 100_000


def times(act: Callable[[], object], count: int) -> list[float]:
    """CPU milliseconds of an act, `count` times."""
    found = []
    for _ in range(count):
        before = time.thread_time()
        act()
        found.append(1000 * (time.thread_time() - before))
    return found


def spread(found: list[float]) -> str:
    """(median, 95th percentile) of some times."""
    cuts = quantiles(found, n=20)
    return f"{cuts[9]:8.3f} {cuts[18]:8.3f}"


def say(what, numbers):
    sys.stdout.write(f"{what:<50} {numbers}\n")
    sys.stdout.flush()


def memory():
    """Megabytes that the process has in memory, and had at most."""
    now = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    return f"{now >> 20:8} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10:8}"


def put_away(documents, path):
    """Write a segment's documents to a file, from where each is read when it is asked for."""
    with files.Written(path) as file:
        ends = [file.write(line) for line in stored.lines(documents)]
    size = len(documents)
    documents.stores = [stored.StoredDocuments(files.mapped(path), np.array([0, *ends], np.int64))]
    documents.store_of, documents.places = np.zeros(size, np.int64), np.arange(size)
    documents.held[:] = [None] * size  # read from the file like those of a snapshot


def built(count, folder):
    """(market, some documents, engine) with so many listings."""
    market, documents, engine = Market(), [], EmbeddedEngine(ANALYSER, merge_in_background=False)
    drawn = made = 0.0
    gc.disable()  # it would walk through the bench's own listings again and again
    for revision, first in enumerate(range(0, count, PART), start=1):
        before = time.perf_counter()
        documents = [market.document(number) for number in range(first, min(first + PART, count))]
        between = time.perf_counter()
        engine.apply(documents, [], revision)
        drawn, made = drawn + between - before, made + time.perf_counter() - between
        if count > PART:
            put_away(engine._state.parts[-1].segment.documents, folder / f"part-{revision}")
    before = time.perf_counter()
    if count > PART:
        engine.merge()
    gc.enable()
    gc.collect()
    gc.freeze()  # the listings drawn are the bench's own, not the collector's to walk through
    merged = time.perf_counter() - before
    say(f"{count} listings", f"drawn in {drawn:.1f} s, built in {made:.1f} s, merged in {merged:.1f} s")
    say("memory and its peak, MB", memory())
    return market, documents, engine


def reading(market, documents, engine):
    """Say what matches and searches cost."""
    asked = market.draw.choices(documents, k=QUERIES)
    matches = [MatchQuery(TODAY, market.need(each), BUILT_IN, market.text(each, 3)) for each in asked]
    searches = [
        SearchQuery(TODAY, market.text(each, 3), {"region": frozenset([next(iter(each.regions))])})
        for each in asked
    ]
    totals = sorted(engine.match(query).total for query in matches)
    say("match: listings not excluded, median", f"{totals[len(totals) // 2]:8}")
    for what, ask, queries in (
        ("match with text and 6 facets", engine.match, [again(query) for query in matches]),
        ("match without text, 6 facets", engine.match, [replace(again(query), text="") for query in matches]),
        ("search with text, one filter, 6 facets", engine.search, searches),
    ):
        first, least = [], []
        for query in queries:
            first += times(lambda ask=ask, query=query: ask(query), 1)
            least.append(min(times(lambda ask=ask, query=query: ask(query), REPEATS)))
        say(f"{what}, at first", spread(first))
        say(what, spread(least))
    return matches


def again(query):
    """The same question for a budget that nobody asked before: nothing is kept of it."""
    again.asked += 1
    return replace(query, need=replace(query.need, budget_amount=query.need.budget_amount + again.asked))


again.asked = 0


def batch(market, documents, engine):
    """Say what many different demands cost at once."""
    demands = [
        MatchQuery(TODAY, market.need(each), BUILT_IN) for each in market.draw.choices(documents, k=DEMANDS)
    ]
    found = []
    for _ in range(3):
        demands = [again(query) for query in demands]
        before, cpu = time.perf_counter(), time.process_time()
        engine.match_many(demands)
        found.append((time.perf_counter() - before, time.process_time() - cpu))
    say("1,000 demands at once: least seconds, its CPU s", "{:8.3f} {:8.3f}".format(*min(found)))


def writing(market, engine, matches, folder):
    """Say what writes, a snapshot, opening it and a merge cost."""
    fresh = [replace(market.document(number), release_number=2) for number in range(300)]
    writes = [times(lambda d=d, n=n: engine.apply([d], [], 1000 + n), 1)[0] for n, d in enumerate(fresh)]
    say("write of one listing", spread(writes))
    after = [min(times(lambda query=query: engine.match(query), REPEATS)) for query in matches]
    say(f"match after these writes, {len(engine._state.parts)} segments", spread(after))
    say("merge of everything", f"{times(engine.merge, 1)[0]:8.1f}")
    say("snapshot", f"{times(lambda: engine.save(folder), 1)[0]:8.1f}")
    sizes = [path.stat().st_size / 1e6 for path in sorted(folder.iterdir())]
    say("its arrays, documents, manifest, MB", " ".join(f"{size:8.1f}" for size in sizes))
    opened = times(lambda: EmbeddedEngine.open(ANALYSER, folder), REPEATS)
    say("opening it: least, most", f"{min(opened):8.1f} {max(opened):8.1f}")
    say("memory and its peak, MB", memory())


def main():
    say("compiled code", backend.load())
    for argument in sys.argv[1:] or ["10000", "100000"]:
        with TemporaryDirectory() as parts, TemporaryDirectory() as folder:
            market, documents, engine = built(int(argument), Path(parts))
            matches = reading(market, documents, engine)
            batch(market, documents, engine)
            writing(market, engine, matches, Path(folder))


if __name__ == "__main__":
    main()
