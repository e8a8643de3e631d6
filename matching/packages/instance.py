"""What is asked: the demands of a segment, the offers on sale, and what a package may be at most.

The rules are numbered as in docs/packages.md. Money is whole won, levels are company levels.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from matching.composer.instance import Connector, Offer, Requirement

#: A segment of the whole country's factories is far smaller; more would not fit into memory beside 19,999 offers.
MAX_DEMANDS = 2_000
#: More standing packages are no help to anybody who sells them.
MAX_PACKAGES = 50
#: Sums of weights stay within 64 bits, also when they are scaled in the search.
MAX_WEIGHT = 10**9


@dataclass(frozen=True, slots=True)
class SegmentDemand:
    """A demand of the segment.

    Attributes:
        weight: what serving it is worth.
        industry: "" when not stated; every offer suits it then.
        level: company level of the site now, 1–5.
        budget_amount: the most it pays; None = no limit.
    """

    id: str
    weight: int
    industry: str
    level: int
    budget_amount: int | None
    requirements: tuple[Requirement, ...]

    @property
    def musts(self) -> tuple[Requirement, ...]:
        """What a package has to meet; wishes hinder nobody."""
        return tuple(one for one in self.requirements if one.must)


@dataclass(frozen=True, slots=True)
class Segment:
    """Everything that decides an answer but the number of packages.

    Attributes:
        industries: by offer, the industries that it is made for; an offer that is not named suits all.
        conflicts: pairs of offers that cannot stand in one package.
        max_vendors, max_capabilities: of one package; None = no limit.
    """

    demands: tuple[SegmentDemand, ...]
    offers: tuple[Offer, ...]
    connectors: tuple[Connector, ...] = ()
    industries: Mapping[str, frozenset[str]] = field(default_factory=dict)
    conflicts: tuple[tuple[str, str], ...] = ()
    max_vendors: int | None = None
    max_capabilities: int | None = None
