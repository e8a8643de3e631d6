"""What one list costs: `make bench`. Prints CPU milliseconds and statements; no test, numbers of one machine.

The listings are those of the judged pairs, over and over with other ids and prices, ranked for a judged demand.
"""

import sys
import time
from dataclasses import replace
from itertools import pairwise

from matching import ranking
from matching.judged import data
from matching.scoring import explain, facts
from matching.scoring.weights import BUILT_IN
from tests.matching.search import factories


def offers(count):
    """`count` offers; their facts repeat, their ids and prices do not."""
    known = [judged.offer for judged in data.listings().values()]
    made = []
    for nth in range(count):
        offer = known[nth % len(known)]
        plans = tuple(
            replace(plan, first_year_amount=plan.first_year_amount and plan.first_year_amount + nth)
            for plan in offer.plans
        )
        made.append(replace(offer, listing=f"{nth:08d}", plans=plans))
    return made


def reading(count):
    """CPU milliseconds of reading the facts of `count` releases of two plans and three records."""
    content = factories.content(
        level={"scale": "company_level", "from": 1, "to": 3},
        industries=[{"revision": "11", "code": "303"}],
        interfaces=["rest", "opcua"],
        regions=["gyeonggi"],
        install_weeks=8,
        plans=[factories.plan(), factories.plan(30_000_000)],
        evidence=[factories.evidence(headcount=people) for people in (20, 60, 120)],
    )
    before = time.process_time()
    for nth in range(count):
        facts.offer_from_content(content, listing=str(nth), certificate_valid=True)
    return 1000 * (time.process_time() - before)


def cost(count, demand):
    """(CPU milliseconds of ranking, of flips, of reasons; how many are ranked)."""
    everything = offers(count)
    times = [time.process_time()]
    found = ranking.rank(demand.need, everything, BUILT_IN)
    times.append(time.process_time())
    ranking.first_flips(demand.need, found, BUILT_IN)
    times.append(time.process_time())
    for place in found.placed:
        explain.explain(demand.need, place.offer, place.score)
    times.append(time.process_time())
    spent = [1000 * (after - before) for before, after in pairwise(times)]
    return spent, len(found.placed)


def main():
    demand = max(data.demands(), key=lambda each: len(each.need.requirements))
    for count in (300, 10_000, 100_000):
        (rank, flips, reasons), placed = cost(count, demand)
        sys.stdout.write(
            f"{count:>7} listings, {placed:>6} ranked: facts {reading(count):8.1f} ms, rank {rank:8.1f} ms, "
            f"flips {flips:6.1f} ms, reasons {reasons:8.1f} ms CPU\n"
        )


if __name__ == "__main__":
    main()
