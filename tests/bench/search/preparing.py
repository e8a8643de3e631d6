"""Draw listings and demands, build every index and weigh it: each in a process of its own."""

from dataclasses import dataclass, replace

from matching.scoring.weights import BUILT_IN
from matching.search.query import MatchQuery
from tests.bench.listings import TODAY, Market
from tests.bench.search import facts as reading
from tests.bench.search.processes import folder_mb, in_child, resident_mb, timed

#: Demands that are asked before any is timed, of every engine.
WARMING = 10


@dataclass(frozen=True)
class Plan:
    """How much is asked.

    Attributes:
        listings: how many there are.
        alternations: rounds, in each of which every engine answers the same demands.
        demands: for each round; no demand is asked twice of any engine.
        writes: for each round.
        batch: demands asked in one call.
        batch_seconds: a peer that has no such call is asked one by one for so long.
        seed: of listings and demands.
        wide: no requirement is a must, so that a demand leaves more listings.
        note: a sentence that stands with the result.
    """

    listings: int
    alternations: int = 7
    demands: int = 100
    writes: int = 10
    batch: int = 1000
    batch_seconds: float = 3.0
    seed: int = 7
    wide: bool = False
    note: str = ""


@dataclass(frozen=True)
class Drawn:
    """What a run asks and writes.

    Attributes:
        warming, batch: demands; rounds: the demands of each round.
        writes: for each round, (row, document) that replace listings; each has the round's word of `written_word`.
        built: for each engine's key, what building it took.
    """

    facts: reading.Facts
    warming: list
    rounds: list
    batch: list
    writes: list
    built: dict


def written_word(nth):
    """Return a word that only the listings written in a round have."""
    return f"zq{nth}zq"


def prepare(plan, engines, folder):
    """Draw everything and build the index of each engine in a folder of its own."""
    # The listings themselves, gigabytes at a million, are gone with this process.
    drawn = in_child(_prepare, plan, engines, folder)
    lists = (drawn.warming, drawn.batch, *drawn.rounds)
    for each in lists:
        # An edition of the weights does not go through a pipe.
        each[:] = [MatchQuery(TODAY, need, BUILT_IN, text) for need, text in each]
    return drawn


def _prepare(plan, engines, folder):
    market = Market(plan.seed)
    documents = market.documents(plan.listings)
    facts = reading.read(documents)
    built = {}
    for key, engine in engines.items():
        (folder / key).mkdir()
        built[key] = in_child(_build, engine, documents, facts, folder / key)
    chosen = market.draw.choices(documents, k=WARMING + plan.alternations * plan.demands + plan.batch)
    demands = [(_need(market, each, plan), market.text(each, 3)) for each in chosen]
    rounds = demands[WARMING : WARMING + plan.alternations * plan.demands]
    return Drawn(
        facts=facts,
        warming=demands[:WARMING],
        rounds=[rounds[first :: plan.alternations] for first in range(plan.alternations)],
        batch=demands[WARMING + plan.alternations * plan.demands :],
        writes=[_writes(market, documents, plan.writes, nth) for nth in range(plan.alternations)],
        built=built,
    )


def _need(market, document, plan):
    need = market.need(document)
    if plan.wide:
        need = replace(need, requirements=tuple(replace(each, must=False) for each in need.requirements))
    return need


def _writes(market, documents, count, nth):
    rows = market.draw.sample(range(len(documents)), count)
    return [
        (
            row,
            replace(
                documents[row], release_number=2 + nth, words=f"{documents[row].words} {written_word(nth)}"
            ),
        )
        for row in rows
    ]


def _build(engine, documents, facts, folder):
    engine.versions()
    seconds, _ = timed(lambda: engine.build(documents, facts, folder))
    return {"build_s": seconds, "disk_mb": folder_mb(folder)}


def weigh(engines, drawn, folder):
    """Return for each engine what opening it takes: time to the first answer, memory after some."""
    return {key: in_child(_weigh, engine, drawn, folder / key) for key, engine in engines.items()}


def _weigh(engine, drawn, folder):
    engine.versions()  # the libraries are loaded before memory is counted
    before = resident_mb()
    open_s, opened = timed(lambda: engine(drawn.facts, folder))
    first_s, _ = timed(lambda: opened.answer(drawn.warming[0]))
    for query in drawn.warming[1:]:
        opened.answer(query)
    return {"open_ms": 1e3 * open_s, "first_answer_ms": 1e3 * first_s, "memory_mb": resident_mb() - before}
