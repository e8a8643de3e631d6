"""What is answered: packages, whom each of them serves, and who is left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

#: proven: no packages serve more weight. good: none that do were found.
Status = Literal["proven", "good"]

#: Why a demand is left out, in the order in which they are looked for (docs/packages.md says what each means).
NOTHING_REQUIRED, TOO_MANY_CAPABILITIES = "nothing_required", "too_many_capabilities"
NO_OFFER, QUALITY, INDUSTRY, LEVEL, OVER_BUDGET = "no_offer", "quality", "industry", "level", "over_budget"
NO_PACKAGE, NOT_CHOSEN = "no_package", "not_chosen"
CODES = (
    NOTHING_REQUIRED, TOO_MANY_CAPABILITIES, NO_OFFER, QUALITY, INDUSTRY, LEVEL, OVER_BUDGET, NO_PACKAGE, NOT_CHOSEN,
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Member:
    """An offer in a package: with which plan, answering for which capabilities (sorted)."""

    offer: str
    plan: str
    capabilities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Package:
    """Offers that stand together.

    Attributes:
        hub: the interface through which all members are joined; None when there is one member only.
        members: sorted.
    """

    hub: str | None
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Served:
    """A demand that a package serves.

    Attributes:
        package: its place in the answer, from 0.
        own_amount: what the members that it takes cost, with their connectors.
    """

    demand: str
    package: int
    own_amount: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A demand that no package of the answer serves, and why."""

    demand: str
    code: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer.

    Attributes:
        weight: of all demands that are served.
        served, left_out: sorted by demand; every demand stands in one of the two.
    """

    status: Status
    packages: tuple[Package, ...]
    served: tuple[Served, ...]
    left_out: tuple[LeftOut, ...]
    weight: int

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Answer":
        """Return the answer that `to_json` wrote."""
        return cls(
            status=data["status"],
            packages=tuple(
                Package(
                    one["hub"],
                    tuple(
                        Member(item["offer"], item["plan"], tuple(item["capabilities"]))
                        for item in one["items"]
                    ),
                )
                for one in data["packages"]
            ),
            served=tuple(Served(**one) for one in data["served"]),
            left_out=tuple(LeftOut(**one) for one in data["left_out"]),
            weight=data["weight"],
        )

    def to_json(self) -> dict[str, Any]:
        """Return the answer's JSON form."""
        return {
            "status": self.status,
            "weight": self.weight,
            "packages": [self._package(place) for place in range(len(self.packages))],
            "served": [
                {"demand": one.demand, "package": one.package, "own_amount": one.own_amount}
                for one in self.served
            ],
            "left_out": [{"demand": one.demand, "code": one.code} for one in self.left_out],
        }

    def _package(self, place: int) -> dict[str, Any]:
        package = self.packages[place]
        return {
            "hub": package.hub,
            "items": [
                {"offer": one.offer, "plan": one.plan, "capabilities": list(one.capabilities)}
                for one in package.members
            ],
            "demands": [one.demand for one in self.served if one.package == place],
        }
