"""What a search would find with one condition less. Pure: the counts come from whoever can count."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from matching.search.query import SearchQuery

#: The condition that is the text itself.
TEXT = "text"


@dataclass(frozen=True, slots=True)
class Lighter:
    """A search without one condition: a facet's name, or `TEXT`, and how many listings it finds."""

    condition: str
    total: int


def lighter_queries(query: SearchQuery) -> dict[str, SearchQuery]:
    """Return for every condition of a search the search without it, to be counted (limit 0, from the first hit)."""
    counted = replace(query, offset=0, limit=0)
    found = {
        facet: replace(counted, filters={name: kept for name, kept in query.filters.items() if name != facet})
        for facet, values in query.filters.items()
        if values
    }
    if query.text.strip():
        found[TEXT] = replace(counted, text="")
    return found


def worth_dropping(total: int, totals: Mapping[str, int]) -> list[Lighter]:
    """Return the conditions whose removal finds more than now, most first; equal ones in the order given.

    Args:
        total: listings that the search finds as it is.
        totals: for each condition, listings that the search finds without it.
    """
    found = [Lighter(condition, count) for condition, count in totals.items() if count > total]
    return sorted(found, key=lambda one: -one.total)
