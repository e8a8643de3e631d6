"""What a person asks of the catalogue: text, filters, an order, a page. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from matching.scoring.facts import Need
from matching.scoring.weights import Weights

#: The facets, in their order on screens. Values of "level" are "1" to "5"; of "industry" two-digit divisions; of "kind"
#: "solution" and "bundle".
FACETS = ("capability", "industry", "kind", "level", "price", "region", "validation")
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
        if self.sort not in SORTS:
            raise InvalidSearch("sort", "unknown_sort")
        _check(self.filters, self.offset, self.limit)


@dataclass(frozen=True, slots=True)
class MatchQuery:
    """One demand asked of the catalogue, in the order of the fit: docs/fit-score.md.

    Attributes:
        today: the day on which certificates are looked at.
        need, weights: the demand and the edition of the weights.
        text: adds to the order by its text score.
        text_required: a listing must also have enough of the text, as in a search.
        filters: as of a search, beside what the demand itself excludes.
        policy: whether alliances get the policy term.
        offset, limit: as of a search.

    Raises:
        InvalidSearch: an unknown facet, an offset or limit outside its range.
    """

    today: date
    need: Need
    weights: Weights
    text: str = ""
    text_required: bool = False
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    policy: bool = True
    offset: int = 0
    limit: int = 20

    def __post_init__(self) -> None:
        _check(self.filters, self.offset, self.limit)


def _check(filters: Iterable[str], offset: int, limit: int) -> None:
    for facet in filters:
        if facet not in FACETS:
            raise InvalidSearch(facet, "unknown_facet")
    if offset < 0:
        raise InvalidSearch("offset", "out_of_range")
    if not 0 <= limit <= MAX_LIMIT:
        raise InvalidSearch("limit", "out_of_range")
