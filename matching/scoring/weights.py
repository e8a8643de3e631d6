"""The published weights of the fit score, as dated data.

An edition never changes once a list was shown with it: a stored list names its edition and can be recomputed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

AXES = (
    "capability",
    "maturity",
    "industry",
    "supply_chain",
    "interfaces",
    "evidence",
    "price",
    "region",
    "capacity",
)


@dataclass(frozen=True, slots=True)
class Weights:
    """One edition of the weights.

    Attributes:
        version: name of the edition, e.g. "2026-1".
        axis: weight of each of the nine axes, whole numbers ≥ 0.
        not_in_use: axes that this edition names but does not count; they are in no denominator.
        text_weight: points that a text score of 1 adds to the order of a list (never to the fit).
        policy_term: points that an alliance's listing gets in the order of a list (never in the fit).

    Raises:
        ValueError: an axis is missing or not one of the nine, or a weight is negative.
    """

    version: str
    axis: Mapping[str, int]
    not_in_use: tuple[str, ...]
    text_weight: int
    policy_term: int

    def __post_init__(self) -> None:
        if set(self.axis) != set(AXES) or not set(self.not_in_use) <= set(AXES):
            raise ValueError(f"weights {self.version}: the axes are {', '.join(AXES)}")
        if min(self.axis.values()) < 0:
            raise ValueError(f"weights {self.version}: a weight is below 0")

    def counted(self, axis: str) -> int:
        """Return the weight that `axis` can bring into a denominator: 0 when this edition does not use it."""
        return 0 if axis in self.not_in_use else self.axis[axis]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading under which screens group axes. `id` is a code; its wording belongs to the screens."""

    id: str
    axes: tuple[str, ...]


#: The six headings in the order of the screens; every axis stands under exactly one.
HEADINGS = (
    Heading("task", ("capability", "industry")),
    Heading("level", ("maturity",)),
    Heading("connection", ("supply_chain", "interfaces")),
    Heading("proof", ("evidence",)),
    Heading("cost", ("price",)),
    Heading("delivery", ("region", "capacity")),
)

#: The first edition. Later ones are rows that operators publish (`matching/editions.py`).
BUILT_IN = Weights(
    version="2026-1",
    axis=MappingProxyType(dict(zip(AXES, (22, 18, 12, 10, 10, 12, 10, 4, 2), strict=True))),
    not_in_use=(),
    text_weight=15,
    policy_term=3,
)
