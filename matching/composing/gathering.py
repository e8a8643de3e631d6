"""Candidates for a composed bundle: listings with a valid certificate that bring anything of what is asked. Pure.

The engine chooses and orders them; of more than the composer takes, the best by fit. Memory is bounded by that number,
whatever the catalogue's size.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from matching.composer.instance import MAX_OFFERS
from matching.scoring.facts import Need
from matching.scoring.weights import Weights
from matching.search.documents import Document
from matching.search.engine import Engine
from matching.search.query import MAX_LIMIT, MatchQuery, SearchQuery

#: A catalogue of up to so many visible listings is looked at whole; of a larger one the best fitting, a page of the
#: engine at a time: 5,000 are more than any bundle chooses among, and cost seconds to page through.
WHOLE, BEST = MAX_OFFERS, 5_000
#: Why a listing that brings something is no candidate: it leads no further than the site stands, no plan of it has a
#: price, it is a bundle itself.
LEVEL, PRICE, BUNDLE = "level", "price", "bundle"


@dataclass(frozen=True, slots=True)
class Gathered:
    """Candidates.

    Attributes:
        documents: by listing, the best fitting first.
        found: how many listings bring anything of what is asked, with a certificate and for the site's region.
        cut: how many of them were not looked at: the worst fitting of a large catalogue.
        left_out: cause → how many of them are no candidates.
        revision: the catalogue's.
    """

    documents: Mapping[str, Document]
    found: int
    cut: int
    left_out: Mapping[str, int]
    revision: int


def gather(
    engine: Engine, need: Need, weights: Weights, today: date, level: int, *, keep: Collection[str] = ()
) -> Gathered:
    """Collect the candidates for a need at a company level, those of `keep` among them if they can be."""
    codes = frozenset(one.capability for one in need.requirements)
    if not codes:
        return Gathered({}, 0, 0, {}, engine.revision)
    revision = engine.revision
    if engine.search(SearchQuery(today, limit=0)).everything_total <= WHOLE:
        every = [one for one in engine.all() if _brings(one, need, codes, today)]
        return _gathered(every, len(every), 0, level, revision)
    wishes = tuple(replace(one, must=False) for one in need.requirements)
    open_need = replace(need, level=None, budget_amount=None, requirements=wishes)
    asked = MatchQuery(
        today, open_need, weights, filters={"capability": codes}, policy=False, limit=MAX_LIMIT
    )
    found = engine.match(replace(asked, limit=0)).total
    kept = engine.documents(keep)
    first = [kept[name] for name in keep if name in kept and _brings(kept[name], need, codes, today)]
    best = list(_best(engine, asked))
    names = {one.id for one in first}
    every = [*first, *(one for one in best if one.id not in names)]
    return _gathered(every, found, max(0, found - len(every)), level, revision)


def _gathered(every: Sequence[Document], found: int, cut: int, level: int, revision: int) -> Gathered:
    causes = {one.id: cause(one, level) for one in every}
    documents = {one.id: one for one in every if causes[one.id] is None}
    left_out = Counter(why for why in causes.values() if why is not None)
    return Gathered(documents, found, cut, dict(left_out), revision)


def _best(engine: Engine, asked: MatchQuery) -> Iterator[Document]:
    """Yield the best fitting, a page of the engine at a time; one that moves meanwhile comes once."""
    seen: set[str] = set()
    for offset in range(0, BEST, MAX_LIMIT):
        ids = [hit.id for hit in engine.match(replace(asked, offset=offset)).hits]
        page = engine.documents(ids)
        for name in ids:
            if name in page and name not in seen:
                seen.add(name)
                yield page[name]
        if len(ids) < MAX_LIMIT:
            return


def _brings(document: Document, need: Need, codes: frozenset[str], today: date) -> bool:
    """Whether a listing with a certificate brings anything of what is asked, where the site is."""
    here = need.region is None or need.region in document.regions
    return here and document.certificate_expires_on >= today and not codes.isdisjoint(document.capabilities)


def cause(document: Document, level: int) -> str | None:
    """Return why a listing is no candidate at a company level; None when it is one."""
    if document.alliance or document.content.get("kind") == "bundle":
        return BUNDLE
    if document.content["level"]["to"] < level:
        return LEVEL
    return PRICE if document.first_year_amount is None else None
