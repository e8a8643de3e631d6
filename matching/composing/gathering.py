"""Candidates for a composed bundle: listings with a valid certificate that bring anything of what is asked. Pure.

The engine chooses and orders them; of more than the composer takes, the best by fit. Memory is bounded by that number,
whatever the catalogue's size.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from matching.composer.instance import MAX_OFFERS
from matching.scoring import axes
from matching.scoring.facts import Need
from matching.scoring.weights import Weights
from matching.search.documents import Document
from matching.search.engine import Engine
from matching.search.query import MAX_LIMIT, MatchQuery, SearchQuery

#: A catalogue of up to so many visible listings is looked at whole; of a larger one the best fitting, a page of the
#: engine at a time: 5,000 are more than any bundle chooses among, and cost seconds to page through.
WHOLE, BEST = MAX_OFFERS, 5_000
#: Why a listing that brings something is no candidate: it is not meant for the site's industry (with it the bundle
#: could not be sold to the one that asks), it is a bundle itself, it leads no further than the site stands, no plan of
#: it has a price.
INDUSTRY, BUNDLE, LEVEL, PRICE = "industry", "bundle", "level", "price"


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
    revision, division = engine.revision, axes.site_division(need)
    if engine.search(SearchQuery(today, limit=0)).everything_total <= WHOLE:
        every = [one for one in engine.all() if _brings(one, need, codes, today)]
        causes = [cause(one, level, division) for one in every]
        return _gathered(every, causes, 0, 0, revision)
    wishes = tuple(replace(one, must=False) for one in need.requirements)
    open_need = replace(need, level=None, budget_amount=None, requirements=wishes)
    asked = MatchQuery(today, open_need, weights, filters={"capability": codes}, policy=False, limit=0)
    everywhere = engine.match(asked).total
    meant = {**asked.filters, "industry": frozenset({division} if division else ())}
    asked = replace(asked, filters=meant)
    elsewhere = max(0, everywhere - engine.match(asked).total)
    kept = engine.documents(keep)
    able = (kept[name] for name in dict.fromkeys(keep) if name in kept)
    first = [one for one in able if _brings(one, need, codes, today) and _is_meant_for(one, division)]
    names = {one.id for one in first}
    best = _best(engine, replace(asked, limit=MAX_LIMIT))
    every = [*first, *(one for one in best if one.id not in names)]
    cut = max(0, everywhere - elsewhere - len(every))
    return _gathered(every, [cause(one, level) for one in every], elsewhere, cut, revision)


def _gathered(
    every: Sequence[Document], causes: Sequence[str | None], elsewhere: int, cut: int, revision: int
) -> Gathered:
    """Put together what was looked at; `elsewhere`: how many more are not meant for the industry."""
    documents = {one.id: one for one, why in zip(every, causes, strict=True) if why is None}
    left_out = Counter(why for why in causes if why is not None) + Counter({INDUSTRY: elsewhere})
    return Gathered(documents, len(every) + elsewhere + cut, cut, dict(left_out), revision)


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


def _is_meant_for(document: Document, division: str) -> bool:
    """Whether a listing is for sites of a two-digit industry; of "", an industry that is not known, all are."""
    return not division or division in document.divisions


def cause(document: Document, level: int, division: str = "") -> str | None:
    """Return why a listing is no candidate for sites of a company level and a division; None when it is one."""
    if not _is_meant_for(document, division):
        return INDUSTRY
    if document.alliance or document.content.get("kind") == "bundle":
        return BUNDLE
    if document.content["level"]["to"] < level:
        return LEVEL
    return PRICE if document.first_year_amount is None else None
