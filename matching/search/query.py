"""What a person asks of the catalogue: text, filters, an order, a page. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

#: The facets, in their order on screens. Values of "level" are "1" to "5"; of "industry" two-digit divisions.
FACETS = ("capability", "industry", "level", "price", "region", "validation")
#: The orders a list can have; docs/search.md says what each means.
SORTS = ("relevance", "newest", "price", "evidence", "title")
MAX_LIMIT = 100


class InvalidSearch(ValueError):
    """A search that cannot be asked; `field` names the part that is wrong, `code` says how."""

    def __init__(self, field_name: str, code: str) -> None:
        super().__init__(f"{field_name}: {code}")
        self.field = field_name
        self.code = code


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """One search.

    Attributes:
        today: the day on which certificates are looked at.
        text: as typed, any length; the analyser says how much of it is read.
        filters: for a facet, the values of which a listing must have at least one. No value: no filter.
            A value that nobody has is no error and finds nothing.
        sort: one of `SORTS`.
        offset: how many hits to pass over, 0 or more, without an upper bound.
        limit: how many hits to answer, 0 to `MAX_LIMIT`.

    Raises:
        InvalidSearch: an unknown facet or sort, an offset or limit outside its range.
    """

    today: date
    text: str = ""
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    sort: str = "relevance"
    offset: int = 0
    limit: int = 20

    def __post_init__(self) -> None:
        for facet in self.filters:
            if facet not in FACETS:
                raise InvalidSearch(facet, "unknown_facet")
        if self.sort not in SORTS:
            raise InvalidSearch("sort", "unknown_sort")
        if self.offset < 0:
            raise InvalidSearch("offset", "out_of_range")
        if not 0 <= self.limit <= MAX_LIMIT:
            raise InvalidSearch("limit", "out_of_range")
