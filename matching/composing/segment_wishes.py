"""What a coordinator chooses for packages: which segment, how many of which size, whose offers. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from catalog.errors import Invalid, Problem
from matching.composer.instance import MAX_LEVEL, MAX_QUALITY, MIN_LEVEL
from matching.composing import wishes
from matching.composing.wishes import LEAST_SECONDS, MOST_SECONDS, USUAL_QUALITY, USUAL_SECONDS

#: Whose offers: the alliance's members' alone, or everybody's.
Whose = Literal["members", "all"]
WHOSE: tuple[Whose, ...] = ("members", "all")
#: More packages are no help to an alliance that has to keep each of them ready.
MAX_PACKAGES = 5
#: A package with more of either is nobody's standing offer.
MAX_VENDORS, MAX_CAPABILITIES = 10, 20


@dataclass(frozen=True, slots=True)
class SegmentWishes:
    """What was chosen; the defaults look for three packages for every demand that the alliance is shown.

    Attributes:
        industry: KSIC division, two digits; None = all, also demands that do not say.
        level: company level of the sites; None = all.
        count: how many packages at most.
        max_vendors, max_capabilities: of each.
        pool: whose offers.
        min_quality: where a demand's own is not shown to the coordinator.
        seconds: for the search.
    """

    industry: str | None = None
    level: int | None = None
    count: int = 3
    max_vendors: int = 5
    max_capabilities: int = 7
    pool: Whose = "all"
    min_quality: int = USUAL_QUALITY
    seconds: int = USUAL_SECONDS


def plain(chosen: SegmentWishes) -> dict[str, Any]:
    """Return them as JSON; `read` takes it back."""
    return asdict(chosen)


def read(content: Mapping[str, Any]) -> SegmentWishes:
    """Return the wishes that `plain` wrote.

    Raises:
        Invalid: something does not fit, each at its field.
    """
    chosen = SegmentWishes(**content)
    found = wishes.outside(
        chosen,
        {
            "level": (MIN_LEVEL, MAX_LEVEL),
            "count": (1, MAX_PACKAGES),
            "max_vendors": (1, MAX_VENDORS),
            "max_capabilities": (1, MAX_CAPABILITIES),
            "min_quality": (1, MAX_QUALITY),
            "seconds": (LEAST_SECONDS, MOST_SECONDS),
        },
    )
    if chosen.pool not in WHOSE:
        found.append(Problem("pool", "choice"))
    if found:
        raise Invalid(found)
    return chosen
