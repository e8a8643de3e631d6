"""What a search, a match, a write and a merge cost: `PYTHONPATH=. python tests/bench/engine_cost.py 10000 100000`.

No test: CPU milliseconds of one machine, and rough while others use its caches.
"""

import gc
import sys
import time
from dataclasses import replace
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from matching.scoring.weights import BUILT_IN
from matching.search.embedded import EmbeddedEngine, backend
from matching.search.query import MatchQuery, SearchQuery
from tests.bench.listings import TODAY, Market
from tests.matching.search.factories import ANALYSER

QUERIES = 300


def spent(acts, *, again):
    """(median, 95th percentile) CPU milliseconds of acts; `again`: each was done once just before."""
    found = []
    for act in acts:
        if again:
            act()
        before = time.thread_time()
        act()
        found.append(1000 * (time.thread_time() - before))
    cuts = quantiles(found, n=20)
    return f"{cuts[9]:8.3f} {cuts[18]:8.3f}"


def say(what, numbers):
    sys.stdout.write(f"{what:<50} {numbers}\n")
    sys.stdout.flush()


def built(count):
    """(market, documents, engine) with so many listings."""
    market = Market()
    before = time.perf_counter()
    documents = market.documents(count)
    made = time.perf_counter()
    engine = EmbeddedEngine(ANALYSER, merge_in_background=False)
    engine.apply(documents, [], 1)
    ended = time.perf_counter()
    gc.freeze()  # the listings drawn are the bench's own, not the collector's to walk through
    say(f"{count} listings", f"drawn in {made - before:.1f} s, built in {ended - made:.1f} s")
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
    plain = [replace(query, text="") for query in matches]
    for what, ask, queries in (
        ("match with text and 6 facets", engine.match, matches),
        ("match without text, 6 facets", engine.match, plain),
        ("search with text, one filter, 6 facets", engine.search, searches),
    ):
        for again in (False, True):
            acts = [lambda ask=ask, query=query: ask(query) for query in queries]
            say(f"{what}, {'at once again' if again else 'one after the other'}", spent(acts, again=again))
    many = (plain * 4)[:1000]
    engine.match_many(many)
    before, cpu = time.perf_counter(), time.process_time()
    engine.match_many(many)
    ended = time.perf_counter() - before, time.process_time() - cpu
    say("1,000 demands at once: seconds, CPU seconds", f"{ended[0]:8.3f} {ended[1]:8.3f}")
    return matches


def writing(market, engine, matches, folder):
    """Say what writes, a snapshot, opening it and a merge cost."""
    fresh = [replace(market.document(number), release_number=2) for number in range(300)]
    writes = [lambda d=d, n=n: engine.apply([d], [], 2 + n) for n, d in enumerate(fresh)]
    say("write of one listing", spent(writes, again=False))
    acts = [lambda query=query: engine.match(query) for query in matches]
    say(f"match after these writes, {len(engine._state.parts)} segments", spent(acts, again=True))
    for what, act in (
        ("merge of everything", engine.merge),
        ("snapshot", lambda: engine.save(folder)),
        ("opening it", lambda: EmbeddedEngine.open(ANALYSER, folder)),
    ):
        before = time.thread_time()
        act()
        say(f"{what}, ms", f"{1000 * (time.thread_time() - before):8.1f}")


def main():
    say("compiled code", backend.load())
    for argument in sys.argv[1:] or ["10000", "100000"]:
        market, documents, engine = built(int(argument))
        matches = reading(market, documents, engine)
        with TemporaryDirectory() as folder:
            writing(market, engine, matches, Path(folder))


if __name__ == "__main__":
    main()
