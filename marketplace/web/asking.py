"""What an address of the store asks of the search, and the addresses that ask a little more or less.

The page never refuses an address: what it does not know is left out, with a notice.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from catalog import taxonomy
from catalog.bundle_states import LISTING_KINDS
from marketplace import wording
from matching.search.conditions import TEXT, lighter_queries, worth_dropping
from matching.search.documents import MANUFACTURING_DIVISIONS, ON_REQUEST, PRICE_BANDS, VALIDATIONS
from matching.search.engine import Engine, Result
from matching.search.helping import FEW
from matching.search.query import FACETS, SORTS, SearchQuery

PER_PAGE = 20
#: The analyser reads no more of a query than this.
TEXT_LENGTH = 200
#: A page number of more digits than this is no page of ours.
PAGE_DIGITS = 6
#: Facets whose values have an order of their own; the others stand by count.
ORDERED = ("level", "price", "validation")
#: Facets that stand open before anything is chosen in them.
OPEN = ("capability", "industry", "kind", "level")

#: value, name, count, whether it is chosen
Option = tuple[str, str, int, bool]


@dataclass(frozen=True, slots=True)
class Asked:
    """One address: text, chosen values a facet, order, page from 1; `ignored` says what was left out of it.

    `ignored` holds "unknown" (a parameter or value that the page does not know), "page" and "long".
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = SORTS[0]
    page: int = 1
    ignored: frozenset[str] = frozenset()

    def url(self) -> str:
        """The shortest address that asks the same."""
        wanted: dict[str, Any] = {facet: list(values) for facet, values in self.filters.items() if values}
        if self.text:
            wanted["q"] = self.text
        if self.sort != SORTS[0]:
            wanted["sort"] = self.sort
        if self.page > 1:
            wanted["page"] = self.page
        return url_for("catalogue.search", **wanted)

    def on_page(self, page: int) -> str:
        """The address of another page of the same list."""
        return replace(self, page=page).url()

    def without(self, facet: str, value: str | None = None) -> "Asked":
        """The same without one value of a facet, or without the whole facet; from page 1."""
        kept = () if value is None else tuple(v for v in self.filters[facet] if v != value)
        return replace(self, filters={**self.filters, facet: kept}, page=1)

    def query(self, today: date, *, limit: int = PER_PAGE) -> SearchQuery:
        """The search that it means."""
        return SearchQuery(
            today=today,
            text=self.text,
            filters={facet: frozenset(values) for facet, values in self.filters.items()},
            sort=self.sort,
            offset=(self.page - 1) * PER_PAGE,
            limit=limit,
        )


def read(args: MultiDict[str, str]) -> Asked:
    """What the parameters of an address ask for."""
    ignored = {"unknown"} if set(args) - {"q", "sort", "page", *FACETS} else set()
    text = _text(args.get("q", ""))
    if len(text) > TEXT_LENGTH:
        text, ignored = text[:TEXT_LENGTH], ignored | {"long"}
    sort = args.get("sort", "") or SORTS[0]
    if sort not in SORTS:
        sort, ignored = SORTS[0], ignored | {"unknown"}
    page = _page(args.get("page", "1"))
    filters: dict[str, tuple[str, ...]] = {}
    for facet in FACETS:
        given = [value for value in dict.fromkeys(args.getlist(facet)) if value]
        filters[facet] = tuple(value for value in given if is_known(facet, value))
        ignored |= {"unknown"} if len(filters[facet]) < len(given) else set()
    return Asked(text, filters, sort, page or 1, frozenset(ignored | (set() if page else {"page"})))


def answer(engine: Engine, asked: Asked, today: date) -> tuple[Asked, Result]:
    """Search; a page beyond the end becomes page 1, and the address says so."""
    result = engine.search(asked.query(today))
    if asked.page > 1 and not result.hits:
        asked = replace(asked, page=1, ignored=asked.ignored | {"page"})
        result = engine.search(asked.query(today))
    if result.text_was_cut:
        asked = replace(asked, ignored=asked.ignored | {"long"})
    return asked, result


def options(asked: Asked, facet: str, counts: Mapping[str, int]) -> list[Option]:
    """The rows of a facet: chosen ones first, those without any listing last."""
    chosen = asked.filters.get(facet, ())
    listed = [*values(facet), *sorted({*counts, *chosen} - set(values(facet)))]
    places = {value: place for place, value in enumerate(listed)}

    def place(value: str) -> tuple[bool, bool, int, int]:
        count = counts.get(value, 0)
        return value not in chosen, not count, 0 if facet in ORDERED else -count, places[value]

    return [
        (value, value_name(facet, value), counts.get(value, 0), value in chosen)
        for value in sorted(listed, key=place)
    ]


def chips(asked: Asked) -> list[tuple[str, str]]:
    """Each chosen value with the address without it."""
    return [
        (value_name(facet, value), asked.without(facet, value).url())
        for facet, chosen in asked.filters.items()
        for value in chosen
    ]


def ways_back(engine: Engine, asked: Asked, result: Result, today: date) -> list[tuple[str, int, str]]:
    """Of a search that found few, the single conditions whose removal finds more, most first.

    Each with its words, how many listings it gives, and the address.
    """
    if result.total > FEW:
        return []
    lighter = lighter_queries(asked.query(today))
    totals = {condition: engine.search(query).total for condition, query in lighter.items()}
    return [
        (
            asked.text if way.condition == TEXT else _words(way.condition, asked.filters[way.condition]),
            way.total,
            (
                replace(asked, text="", page=1) if way.condition == TEXT else asked.without(way.condition)
            ).url(),
        )
        for way in worth_dropping(result.total, totals)
    ]


@cache
def values(facet: str) -> tuple[str, ...]:
    """The values of a facet that are always shown, in their own order."""
    match facet:
        case "industry":
            return MANUFACTURING_DIVISIONS
        case "kind":
            return LISTING_KINDS
        case "level":
            return ("1", "2", "3", "4", "5")
        case "price":
            return (*(band.code for band in PRICE_BANDS), ON_REQUEST)
        case "validation":
            return VALIDATIONS
        case _:
            return tuple(term.code for term in taxonomy.terms(facet))


def is_known(facet: str, value: str) -> bool:
    """Whether a facet can have the value; industries are two-digit divisions, also outside manufacturing."""
    if facet == "industry" and len(value) == 2:
        return taxonomy.find("ksic", value) is not None
    return value in values(facet)


def value_name(facet: str, value: str) -> str:
    """A facet's value in the reader's language."""
    match facet:
        case "industry":
            return wording.industry_name({"revision": taxonomy.current_revision("ksic"), "code": value})
        case "kind":
            return wording.name("listing_kind", value)
        case "level":
            return wording.name("level_value", value)
        case "price":
            return wording.name("price_band", value)
        case "validation":
            return wording.name("validation", value)
        case _:
            return wording.term_name(facet, value)


def _words(facet: str, chosen: Iterable[str]) -> str:
    return ", ".join(value_name(facet, value) for value in chosen)


def _text(typed: str) -> str:
    """What was typed on one line, without control characters."""
    return " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in typed).split())


def _page(typed: str) -> int | None:
    if typed == "":
        return 1
    if not typed.isascii() or not typed.isdecimal() or len(typed) > PAGE_DIGITS:
        return None
    return int(typed) or None
