"""Candidates for a composed bundle: listings with a valid certificate that bring anything of what is asked. Pure.

The engine chooses and orders them; of more than the composer takes, the best by fit. Memory is bounded by that number,
whatever the catalogue's size.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from matching.composer.instance import MAX_OFFERS
from matching.scoring.facts import Need
from matching.scoring.weights import Weights
from matching.search.documents import Document
from matching.search.engine import Engine
from matching.search.query import MAX_LIMIT, MatchQuery

#: Why a listing that brings something is no candidate: it leads no further than the site stands, no plan of it has a
#: price, it is a bundle itself.
LEVEL, PRICE, BUNDLE = "level", "price", "bundle"


@dataclass(frozen=True, slots=True)
class Gathered:
    """Candidates.

    Attributes:
        documents: by listing, the best fitting first.
        found: how many listings bring anything of what is asked, with a certificate and for the site's region.
        left_out: cause → how many of them are no candidates.
        revision: the catalogue's.
    """

    documents: Mapping[str, Document]
    found: int
    left_out: Mapping[str, int]
    revision: int


def gather(
    engine: Engine, need: Need, weights: Weights, today: date, level: int, *, keep: Collection[str] = ()
) -> Gathered:
    """Collect the candidates for a need at a company level, those of `keep` among them if they can be."""
    codes = frozenset(one.capability for one in need.requirements)
    if not codes:
        return Gathered({}, 0, {}, engine.revision)
    revision = engine.revision
    wishes = tuple(replace(one, must=False) for one in need.requirements)
    open_need = replace(need, level=None, budget_amount=None, requirements=wishes)
    asked = MatchQuery(
        today, open_need, weights, filters={"capability": codes}, policy=False, limit=MAX_LIMIT
    )
    found = engine.match(replace(asked, limit=0)).total
    documents: dict[str, Document] = {}
    left_out: Counter[str] = Counter()
    kept = engine.documents(keep)
    fit_in = (name for name in keep if name in kept and kept[name].certificate_expires_on >= today)
    for name, document in _documents(engine, asked, fit_in, kept):
        why = cause(document, level)
        if why is not None:
            left_out[why] += 1
        elif len(documents) < MAX_OFFERS:
            documents[name] = document
    return Gathered(documents, found, dict(left_out), revision)


def _documents(
    engine: Engine, asked: MatchQuery, first: Iterator[str], kept: Mapping[str, Document]
) -> Iterator[tuple[str, Document]]:
    """Yield what is to be kept, then the others, a page of the engine at a time."""
    seen: set[str] = set()
    for name in first:
        seen.add(name)
        yield name, kept[name]
    for offset in range(0, MAX_OFFERS, MAX_LIMIT):
        ids = [hit.id for hit in engine.match(replace(asked, offset=offset)).hits]
        page = engine.documents(ids)
        for name in ids:
            if name in page and name not in seen:
                seen.add(name)
                yield name, page[name]
        if len(ids) < MAX_LIMIT:
            return


def cause(document: Document, level: int) -> str | None:
    """Return why a listing is no candidate at a company level; None when it is one."""
    if document.alliance or document.content.get("kind") == "bundle":
        return BUNDLE
    if document.content["level"]["to"] < level:
        return LEVEL
    return PRICE if document.first_year_amount is None else None
