"""What a public portal does: order by match rates of past installations. Our own implementation of that idea.

The Korean portal of the smart-factory programmes names seven rates (`official_match_rates` in our capability data):
solution, level, industry, programme, result, headcount and revenue, all of past installations. How it computes and
joins them is not published; here each is the share of a listing's installations that match, and they join as their
mean.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from matching.judged.data import Build, JudgedDemand, JudgedListing

#: Upper ends of the bands of people at a plant; more than the last is a band of its own.
HEADCOUNTS = (9, 49, 99, 299)

Rate = Callable[[JudgedDemand, JudgedListing], float | None]


def _solution(demand: JudgedDemand, listing: JudgedListing) -> float | None:
    wanted = {row.capability for row in demand.need.requirements if row.must}
    return len(wanted & listing.capabilities) / len(wanted) if wanted else None


def _share(listing: JudgedListing, matches: Callable[[Build], bool]) -> float:
    return sum(map(matches, listing.builds)) / len(listing.builds) if listing.builds else 0.0


def _level(demand: JudgedDemand, listing: JudgedListing) -> float | None:
    level = demand.need.level
    return None if level is None else _share(listing, lambda build: build.level == level)


def _industry(demand: JudgedDemand, listing: JudgedListing) -> float | None:
    industry = demand.need.industry
    return None if industry is None else _share(listing, lambda build: build.division == industry[1][:2])


def _result(_demand: JudgedDemand, listing: JudgedListing) -> float | None:
    return _share(listing, lambda build: build.improved is True)


def _headcount(demand: JudgedDemand, listing: JudgedListing) -> float | None:
    people = demand.headcount
    if people is None:
        return None
    return _share(
        listing, lambda build: build.headcount is not None and band(build.headcount) == band(people)
    )


def _not_recorded(_demand: JudgedDemand, _listing: JudgedListing) -> float | None:
    return None


#: The seven rates; None: the demand does not state it, or no installation records it.
RATES: Mapping[str, Rate] = MappingProxyType(
    {
        "solution": _solution,
        "level": _level,
        "industry": _industry,
        "programme": _not_recorded,  # no published installation of ours names a programme …
        "result": _result,
        "headcount": _headcount,
        "revenue": _not_recorded,  # … or the revenue of the firm
    }
)


def band(headcount: int) -> int:
    """Return the number of the band of people, 0 to 4."""
    return sum(headcount > upper for upper in HEADCOUNTS)


def rates(demand: JudgedDemand, listing: JudgedListing) -> dict[str, float | None]:
    """Return the seven rates, 0–1, or None where the demand or the installations say nothing."""
    return {name: rate(demand, listing) for name, rate in RATES.items()}


def order(demand: JudgedDemand, listings: Mapping[str, JudgedListing]) -> list[str]:
    """Titles by the mean of the known rates, then by the number of installations, then by title."""

    def key(title: str) -> tuple[float, int, str]:
        known = [rate for rate in rates(demand, listings[title]).values() if rate is not None]
        return -sum(known) / len(known), -len(listings[title].builds), title

    return sorted(listings, key=key)
