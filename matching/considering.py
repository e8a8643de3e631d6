"""Which listings a list looks at one by one: all of a small catalogue; of a large one the best and the nearest misses.

The engine ranks every listing in either case; what is kept of a large catalogue are counts that it made. Pure.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from matching import candidates
from matching.scoring.facts import Need, Offer
from matching.scoring.weights import Weights
from matching.search.documents import Document
from matching.search.engine import Engine
from matching.search.query import MAX_LIMIT, MatchQuery, SearchQuery
from matching.ways_back import ROUND_TO

#: A catalogue of up to so many visible listings is looked at whole.
WHOLE = 2_000
#: Of a larger one, so many of the best listings, …
BEST = 500
#: … and whoever among so many of the best would be left out were one cause not there.
NEAREST = 200
#: Budgets whose effect is counted, as multiples of the present one.
_RAISED = (1.25, 1.5, 2.0, 3.0)

#: Counts of a large catalogue: {"fitting", "kept", "causes": {code: {"count", "only"}}, "ways": as of `ways_back`}.
Beyond = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Considered:
    """What a list looks at.

    Attributes:
        documents: visible listings, by id.
        total: how many are visible in all.
        revision: the catalogue's, looked at before them: what changes meanwhile counts as newer.
        beyond: counts over all of them; None when `documents` are all.
    """

    documents: Mapping[str, Document]
    total: int
    revision: int
    beyond: Beyond | None

    def offers(self, today: date) -> list[Offer]:
        """The documents as the scorer sees them on a day."""
        return [candidates.offer_of(document, today) for document in self.documents.values()]

    def counts(self, kept: int) -> Beyond | None:
        """What a list keeps of the counts, when it holds so many listings."""
        return None if self.beyond is None else {**self.beyond, "kept": kept}


def considered(engine: Engine, need: Need, weights: Weights, today: date, *, policy: bool) -> Considered:
    """Choose the listings that a list for this need looks at."""
    revision = engine.revision
    total = engine.search(SearchQuery(today, limit=0)).everything_total
    if total <= WHOLE:
        documents = {document.id: document for document in engine.all() if document.is_visible_on(today)}
        return Considered(documents, len(documents), revision, None)
    asked = MatchQuery(today, need, weights, policy=policy, limit=0)
    fitting = engine.match(asked).total
    lighter = {code: replace(asked, need=lift(need)) for code, lift in _LIFTED.items()}
    totals = {code: engine.match(query).total for code, query in lighter.items()}
    ids = dict.fromkeys(_ids(engine, asked, BEST))
    for code, query in lighter.items():
        if totals[code] > fitting:
            ids.update(dict.fromkeys(_ids(engine, query, NEAREST)))
    beyond = {
        "fitting": fitting,
        "causes": _causes(engine, asked, total, {code: found - fitting for code, found in totals.items()}),
        "ways": _ways(engine, asked, fitting),
    }
    return Considered(engine.documents(ids), total, revision, beyond)


def _ids(engine: Engine, asked: MatchQuery, most: int) -> Iterator[str]:
    for offset in range(0, most, MAX_LIMIT):
        hits = engine.match(replace(asked, offset=offset, limit=MAX_LIMIT)).hits
        yield from (hit.id for hit in hits)
        if len(hits) < MAX_LIMIT:
            return


def _causes(
    engine: Engine, asked: MatchQuery, total: int, only: Mapping[str, int]
) -> dict[str, dict[str, int]]:
    """Count the excluded by their first cause, in the order of `EXCLUSION_CODES`: causes are put in one by one."""
    codes = ("level", "region", "must_capability", "price_over_budget")
    causes: dict[str, dict[str, int]] = {}
    before = total
    for place, code in enumerate(("certificate", *codes)):
        left = _without(asked.need, codes[place:])
        passing = engine.match(replace(asked, need=left)).total
        if before > passing:
            causes[code] = {"count": before - passing, "only": only.get(code, 0)}
        before = passing
    return causes


def _ways(engine: Engine, asked: MatchQuery, fitting: int) -> dict[str, list[dict[str, Any]]]:
    """Count what single changes bring back, by asking with each."""

    def more(need: Need) -> int:
        return engine.match(replace(asked, need=need)).total - fitting

    need, ways = asked.need, dict[str, list[dict[str, Any]]]()
    musts = [
        {"capability": each.capability, "count": more(_as_nice(need, each.capability))}
        for each in need.requirements
        if each.must
    ]
    ways["must_capability"] = sorted(musts, key=lambda way: (-way["count"], way["capability"]))
    ways["region"] = [{"count": more(replace(need, region=None))}]
    if need.budget_amount:
        amounts = {-(-int(need.budget_amount * times) // ROUND_TO) * ROUND_TO for times in _RAISED}
        ways["price_over_budget"] = [
            {
                "budget_amount": amount,
                "more_amount": amount - need.budget_amount,
                "count": more(replace(need, budget_amount=amount)),
            }
            for amount in sorted(amounts)
            if amount > need.budget_amount
        ]
    found = {code: [way for way in those if way["count"] > 0] for code, those in ways.items()}
    return {code: those for code, those in found.items() if those}


def _as_nice(need: Need, capability: str) -> Need:
    rows = (
        replace(each, must=False) if each.capability == capability else each for each in need.requirements
    )
    return replace(need, requirements=tuple(rows))


def _all_nice(need: Need) -> Need:
    return replace(need, requirements=tuple(replace(each, must=False) for each in need.requirements))


#: For each cause that a demand brings about, the demand without it.
_LIFTED: Mapping[str, Callable[[Need], Need]] = {
    "level": lambda need: replace(need, level=None),
    "region": lambda need: replace(need, region=None),
    "must_capability": _all_nice,
    "price_over_budget": lambda need: replace(need, budget_amount=None),
}


def _without(need: Need, codes: Iterable[str]) -> Need:
    for code in codes:
        need = _LIFTED[code](need)
    return need
