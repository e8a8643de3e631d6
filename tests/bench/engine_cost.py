"""What a search, a match, a write and a merge cost: `python tests/bench/engine_cost.py 10000 100000`.

No test: milliseconds of this machine, rough while others use it.
"""

import sys
import time
from dataclasses import replace
from statistics import quantiles

from matching.scoring.weights import BUILT_IN
from matching.search.embedded import EmbeddedEngine
from matching.search.query import MatchQuery, SearchQuery
from tests.bench.listings import TODAY, Market
from tests.matching.search.factories import ANALYSER

QUERIES = 300


def timed(acts):
    """(median, 95th percentile) milliseconds of acts, each done once before."""
    spent = []
    for act in acts:
        act()
        before = time.thread_time()
        act()
        spent.append(1000 * (time.thread_time() - before))
    cuts = quantiles(spent, n=20)
    return f"{cuts[9]:8.3f} {cuts[18]:8.3f}"


def once(acts):
    """(median, 95th percentile) milliseconds of acts, each done for the first time."""
    spent = []
    for act in acts:
        before = time.thread_time()
        act()
        spent.append(1000 * (time.thread_time() - before))
    cuts = quantiles(spent, n=20)
    return f"{cuts[9]:8.3f} {cuts[18]:8.3f}"


def say(what, numbers):
    sys.stdout.write(f"{what:<58} {numbers}\n")
    sys.stdout.flush()


def cost(count):
    market = Market()
    before = time.perf_counter()
    documents = market.documents(count)
    made = time.perf_counter()
    engine = EmbeddedEngine(ANALYSER, merge_in_background=False)
    engine.apply(documents, [], 1)
    built = time.perf_counter()
    say(f"{count} listings", f"drawn in {made - before:.1f} s, built in {built - made:.1f} s")
    asked = market.draw.choices(documents, k=QUERIES)
    matches = [MatchQuery(TODAY, market.need(each), BUILT_IN, market.text(each, 3)) for each in asked]
    searches = [
        SearchQuery(TODAY, market.text(each, 3), {"region": frozenset([next(iter(each.regions))])})
        for each in asked
    ]
    for query in [*matches[:20], *searches[:20]]:
        engine.match(query) if isinstance(query, MatchQuery) else engine.search(query)
    totals = sorted(engine.match(query).total for query in matches)
    say("match: listings not excluded, median", f"{totals[len(totals) // 2]:8}")
    say(
        "match with text and 6 facets, first time: p50, p95",
        once([lambda q=q: engine.match(q) for q in matches]),
    )
    say("the same, asked again", timed([lambda q=q: engine.match(q) for q in matches]))
    plain = [replace(query, text="") for query in matches]
    say("match without text, 6 facets", timed([lambda q=q: engine.match(q) for q in plain]))
    say("search with text, one filter, 6 facets", timed([lambda q=q: engine.search(q) for q in searches]))
    say("match: counts left out", timed([lambda q=q: engine.match_many([q]) for q in plain]))
    many = [replace(query, text="") for query in matches * 4][:1000]
    engine.match_many(many)
    before = time.perf_counter()
    engine.match_many(many)
    say("1,000 demands at once, s", f"{time.perf_counter() - before:8.3f}")
    fresh = [replace(market.document(number), release_number=2) for number in range(300)]
    say(
        "write of one listing",
        once([lambda d=d, n=n: engine.apply([d], [], 2 + n) for n, d in enumerate(fresh)]),
    )
    say("match after these writes", timed([lambda q=q: engine.match(q) for q in matches]))
    before = time.perf_counter()
    engine.merge()
    say("merge of everything, s", f"{time.perf_counter() - before:8.3f}")


if __name__ == "__main__":
    for argument in sys.argv[1:] or ["10000", "100000"]:
        cost(int(argument))
