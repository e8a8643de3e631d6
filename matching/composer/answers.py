"""What the composer answers: bundles with their money, and why there is none when there is none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

#: proven: no bundle is better. good: a bundle, and how much better another could be. infeasible: there is none, and
#: that is proven. unknown: none was found in the time, which says nothing about whether there is one.
Status = Literal["proven", "good", "infeasible", "unknown"]
#: One number of a weighted objective; fit, own amount and vendors of a lexicographic one.
Value = int | tuple[int, int, int]

SAME_OFFER, INTERFACE, CONNECTOR = "same_offer", "interface", "connector"


@dataclass(frozen=True, slots=True, order=True)
class Item:
    """An offer that is bought: with which plan, installed when, answering for which capabilities (sorted)."""

    offer: str
    plan: str
    stage: int
    capabilities: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as the answer's JSON has it."""
        return {
            "offer": self.offer,
            "plan": self.plan,
            "stage": self.stage,
            "capabilities": list(self.capabilities),
        }


@dataclass(frozen=True, slots=True, order=True)
class Joint:
    """How the providers of two linked capabilities are joined.

    Attributes:
        one, other: the capabilities, as the demand names the link.
        how: `SAME_OFFER`, `INTERFACE` or `CONNECTOR`.
        interfaces: none, the shared one, or the two that the connector joins (that of `one` first).
    """

    one: str
    other: str
    how: str
    interfaces: tuple[str, ...] = ()
    price_amount: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return it as the answer's JSON has it."""
        return {
            "from": self.one,
            "to": self.other,
            "how": self.how,
            "interfaces": list(self.interfaces),
            "price_amount": self.price_amount,
        }


@dataclass(frozen=True, slots=True)
class Money:
    """What a bundle costs, in won: own = prices + connectors - subsidies."""

    prices_amount: int
    connectors_amount: int
    subsidies: Mapping[int, int]

    @property
    def own_amount(self) -> int:
        """What the buyer pays itself."""
        return self.prices_amount + self.connectors_amount - sum(self.subsidies.values())


@dataclass(frozen=True, slots=True)
class Bundle:
    """A valid set of offers: the independent checker has judged it and computed its figures.

    Attributes:
        items, links: sorted.
        objective: its value under the demand's objective.
        bound: what no bundle can be better than, under the same conditions; equal to `objective` if proven (of a
            lexicographic one, its first number is the best fit there is). None for a point of a front.
    """

    status: Status
    items: tuple[Item, ...]
    links: tuple[Joint, ...]
    money: Money
    fit: int
    vendors: int
    objective: Value
    bound: Value | None

    def to_json(self) -> dict[str, Any]:
        """Return it as the answer's JSON has it."""
        return {
            "status": self.status,
            "objective": _plain(self.objective),
            "bound": _plain(self.bound),
            "own_amount": self.money.own_amount,
            "fit": self.fit,
            "vendors": self.vendors,
            "prices_amount": self.money.prices_amount,
            "connectors_amount": self.money.connectors_amount,
            "subsidies": [
                {"stage": stage, "amount": amount} for stage, amount in sorted(self.money.subsidies.items())
            ],
            "items": [item.to_json() for item in self.items],
            "links": [joint.to_json() for joint in self.links],
        }


@dataclass(frozen=True, slots=True)
class Without:
    """Why an offer is in the best bundle: the best bundle that does without it.

    Attributes:
        offer: of the best bundle.
        status: of the search without it. infeasible: there is no bundle without it; unknown: none was found in time.
        bundle: the best one without it; who answers there for the offer's capabilities is its runner-up.
    """

    offer: str
    status: Status
    bundle: Bundle | None

    def to_json(self) -> dict[str, Any]:
        """Return it as the answer's JSON has it."""
        return {
            "offer": self.offer,
            "status": self.status,
            "bundle": self.bundle.to_json() if self.bundle else None,
        }


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many offers are left for one capability after each filter.

    Attributes:
        offers: bring it at all.
        available: of these, may be used: in the pool, not forbidden, with room for a project.
        quality: of these, bring it in the quality that is asked for.
        level: of these, can be installed early enough on the level path.
        affordable: of these, cost no more than the budget when bought alone.
    """

    offers: int
    available: int
    quality: int
    level: int
    affordable: int

    def to_json(self) -> dict[str, int]:
        """Return it as the answer's JSON has it."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a demand.

    Attributes:
        name: which of its requirements, as kind and subjects (docs/composer.md lists them).
        field: what of it is changed; "" = it is given up.
        value: to what.
        price_amount: what the change is worth in won, so that repairs can be compared.
    """

    name: tuple[str, ...]
    field: str
    value: int | str
    price_amount: int

    @property
    def requirement(self) -> str:
        """The name as one text."""
        return ":".join(self.name)

    @property
    def change(self) -> str:
        """The change as one text: "drop", or a field and its new value."""
        return f"{self.field}={self.value}" if self.field else "drop"

    def to_json(self) -> dict[str, Any]:
        """Return it as the answer's JSON has it."""
        return {
            "requirement": self.requirement,
            "change": self.change,
            "price_amount": self.price_amount,
        }


@dataclass(frozen=True, slots=True)
class Repair:
    """Changes that together make a demand possible; a bundle for the changed demand has been found and checked."""

    steps: tuple[Change, ...]

    @property
    def price_amount(self) -> int:
        """What all changes are worth in won."""
        return sum(step.price_amount for step in self.steps)

    def to_json(self) -> dict[str, Any]:
        """Return it as the answer's JSON has it: all steps in one line, then one by one."""
        return {
            "requirement": " + ".join(step.requirement for step in self.steps),
            "change": " + ".join(step.change for step in self.steps),
            "price_amount": self.price_amount,
            "steps": [step.to_json() for step in self.steps],
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer.

    Attributes:
        best: the bundle; None when the status is infeasible or unknown.
        bound: what no bundle can be better than, when there is no bundle but a bound.
        alternatives: further bundles, each different from the best and from those before it.
        pareto: points of the front between own money and fit, cheapest first.
        without: for each offer of the best bundle that nobody required, what would be without it.
        funnel: by required capability.
        core: names of requirements that cannot hold together; () when none was found in the time.
        is_core_minimal: whether they can hold together as soon as any one of them is given up.
        repairs: what would make the demand possible, cheapest first.
    """

    status: Status
    best: Bundle | None = None
    bound: Value | None = None
    alternatives: tuple[Bundle, ...] = ()
    pareto: tuple[Bundle, ...] = ()
    without: tuple[Without, ...] = ()
    funnel: Mapping[str, Funnel] = field(default_factory=dict)
    core: tuple[str, ...] = ()
    is_core_minimal: bool = False
    repairs: tuple[Repair, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the answer's JSON form."""
        nothing = {
            "objective": None,
            "bound": _plain(self.bound),
            "own_amount": None,
            "items": [],
            "links": [],
        }
        return {
            "status": self.status,
            **(self.best.to_json() if self.best else nothing),
            "alternatives": [bundle.to_json() for bundle in self.alternatives],
            "pareto": [bundle.to_json() for bundle in self.pareto],
            "without": [one.to_json() for one in self.without],
            "funnel": {code: funnel.to_json() for code, funnel in sorted(self.funnel.items())},
            "core": list(self.core),
            "core_minimal": self.is_core_minimal,
            "repairs": [repair.to_json() for repair in self.repairs],
        }


def _plain(value: Value | None) -> int | list[int] | None:
    return list(value) if isinstance(value, tuple) else value
