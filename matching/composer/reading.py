"""Read an instance out of its JSON form, and write it back. The form is fixed in docs/composer.md."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any, cast

from catalog.money import MAX_AMOUNT
from matching.composer import nodes
from matching.composer.instance import (
    FULL_RATE_BP,
    LEXICOGRAPHIC,
    MAX_ALTERNATIVES,
    MAX_BUDGET,
    MAX_FIT,
    MAX_LEVEL,
    MAX_OFFERS,
    MAX_POINTS,
    MAX_QUALITY,
    MAX_REQUIREMENTS,
    MAX_STAGE,
    MAX_WEIGHT,
    MIN_LEVEL,
    POOLS,
    Connector,
    Demand,
    Instance,
    Offer,
    Plan,
    Pool,
    Requirement,
    Subsidy,
    Weights,
    ordered,
    ordered_offers,
)
from matching.composer.nodes import BadInstance, Node

__all__ = [
    "BadInstance", "connectors", "limit", "lists", "offers", "once", "ordered_offers", "pairs", "parse",
    "read", "requirements", "to_json",
]  # fmt: skip

_OPTIONAL = (
    "connectors", "conflicts", "subsidies", "objective", "require", "forbid", "alternatives", "pareto",
    "reasons",
)  # fmt: skip


def parse(document: str | bytes) -> Instance:
    """Read the JSON text of an instance.

    Raises:
        BadInstance: it is none; the error names the place.
    """
    return _instance(nodes.parse(document))


def read(data: Any) -> Instance:
    """Read an instance out of what `json.loads` gives.

    Returns:
        The instance, everything in it in the order of its names.

    Raises:
        BadInstance: it is none; the error names the place.
    """
    return _instance(Node(data))


def requirements(node: Node) -> tuple[Requirement, ...]:
    """Read a list of requirements, each capability once.

    Raises:
        BadInstance: it is none.
    """
    found = []
    for item in node.items(MAX_REQUIREMENTS):
        at = item.fields(("capability", "min_quality", "stage"), ("must",))
        found.append(
            Requirement(
                capability=at["capability"].text(),
                min_quality=at["min_quality"].whole(1, MAX_AMOUNT),
                stage=at["stage"].whole(1, MAX_STAGE),
                must=at["must"].truth() if "must" in at else True,
            )
        )
    once(node, [one.capability for one in found], "capability")
    return tuple(found)


def offers(node: Node) -> tuple[Offer, ...]:
    """Read a list of offers, each id once.

    Raises:
        BadInstance: it is none.
    """
    found = tuple(_offer(item) for item in node.items(MAX_OFFERS))
    once(node, [offer.id for offer in found], "id")
    return found


def connectors(node: Node) -> tuple[Connector, ...]:
    """Read a list of connectors; of several for the same two interfaces the cheapest counts.

    Raises:
        BadInstance: it is none.
    """
    found = []
    for item in node.items():
        at = item.fields(("from", "to", "price_amount"))
        price = at["price_amount"].whole(0, MAX_AMOUNT)
        found.append(Connector(at["from"].text(), at["to"].text(), price))
    return tuple(found)


def to_json(instance: Instance) -> dict[str, Any]:
    """Return the JSON form of an instance; `read` gives it back."""
    data = asdict(instance)
    data["connectors"] = [
        {"from": one.one, "to": one.other, "price_amount": one.price_amount} for one in instance.connectors
    ]
    for offer in data["offers"]:
        if offer["capacity"] is None:
            del offer["capacity"]
    return cast("dict[str, Any]", lists(data))


def _instance(root: Node) -> Instance:
    at = root.fields(("demand", "offers"), _OPTIONAL)
    demand = _demand(at["demand"])
    sold = offers(at["offers"])
    known = {offer.id for offer in sold}
    found = Instance(
        demand=demand,
        offers=sold,
        connectors=connectors(at["connectors"]) if "connectors" in at else (),
        conflicts=pairs(at["conflicts"], known) if "conflicts" in at else (),
        subsidies=_subsidies(at["subsidies"]) if "subsidies" in at else (),
        objective=_objective(at["objective"]) if "objective" in at else Weights(),
        require=_offers_named(at["require"], known) if "require" in at else (),
        forbid=_offers_named(at["forbid"], known) if "forbid" in at else (),
        alternatives=at["alternatives"].whole(0, MAX_ALTERNATIVES) if "alternatives" in at else 0,
        pareto=at["pareto"].whole(0, MAX_POINTS) if "pareto" in at else 0,
        reasons=at["reasons"].truth() if "reasons" in at else False,
    )
    return ordered(found)


def _demand(node: Node) -> Demand:
    at = node.fields(
        ("level", "requirements"), ("budget_amount", "max_vendors", "links", "exclusive", "pool", "members")
    )
    asked = requirements(at["requirements"])
    known = {one.capability for one in asked}
    return Demand(
        level=at["level"].whole(MIN_LEVEL, MAX_LEVEL),
        requirements=asked,
        links=_links(at["links"], known) if "links" in at else (),
        exclusive=tuple(item.text() for item in at["exclusive"].items()) if "exclusive" in at else (),
        budget_amount=limit(at, "budget_amount", MAX_BUDGET),
        max_vendors=limit(at, "max_vendors", MAX_OFFERS),
        pool=cast("Pool", at["pool"].one_of(POOLS)) if "pool" in at else "all",
        members=tuple(item.text() for item in at["members"].items()) if "members" in at else (),
    )


def limit(at: dict[str, Node], name: str, most: int) -> int | None:
    """Read a limit from 0; left out or null = none.

    Raises:
        BadInstance: it is none.
    """
    return at[name].whole(0, most) if name in at and at[name].value is not None else None


def _offer(node: Node) -> Offer:
    at = node.fields(("id", "vendor", "entry_level", "plans"), ("interfaces", "fit", "capacity"))
    plans = tuple(_plan(item) for item in at["plans"].items())
    once(at["plans"], [plan.id for plan in plans], "id")
    fits = at["fit"].members() if "fit" in at else {}
    return Offer(
        id=at["id"].text(),
        vendor=at["vendor"].text(),
        entry_level=max(MIN_LEVEL, at["entry_level"].whole(0, MAX_LEVEL)),
        interfaces=tuple(item.text() for item in at["interfaces"].items()) if "interfaces" in at else (),
        plans=plans,
        fit={capability: one.whole(0, MAX_FIT) for capability, one in fits.items()},
        capacity=limit(at, "capacity", MAX_AMOUNT),
    )


def _plan(node: Node) -> Plan:
    at = node.fields(("id", "price_amount", "quality"))
    return Plan(
        id=at["id"].text(),
        price_amount=at["price_amount"].whole(0, MAX_AMOUNT),
        quality={code: one.whole(0, MAX_QUALITY) for code, one in at["quality"].members().items()},
    )


def _subsidies(node: Node) -> tuple[Subsidy, ...]:
    found = []
    for item in node.items():
        at = item.fields(("stage", "rate_bp", "cap_amount"))
        found.append(
            Subsidy(
                stage=at["stage"].whole(1, MAX_STAGE),
                rate_bp=at["rate_bp"].whole(0, FULL_RATE_BP),
                cap_amount=at["cap_amount"].whole(0, MAX_AMOUNT),
            )
        )
    once(node, [one.stage for one in found], "stage")
    return tuple(found)


def _objective(node: Node) -> Weights | Any:
    if isinstance(node.value, str):
        return node.one_of((LEXICOGRAPHIC,))
    at = node.fields((), ("cost", "fit", "vendors"))
    return Weights(**{name: at[name].whole(0, MAX_WEIGHT) if name in at else 0 for name in asdict(Weights())})


def _links(node: Node, required: Collection[str]) -> tuple[tuple[str, str], ...]:
    once(node, [frozenset(part.text() for part in item.pair()) for item in node.items()])
    return pairs(node, required)


def pairs(node: Node, known: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Read a list of pairs of different names. A pair of which one is not there says nothing, and is left out.

    Raises:
        BadInstance: it is none.
    """
    found = []
    for item in node.items():
        one, other = (part.text() for part in item.pair())
        if one == other:
            item.refuse("pair_of_one", f"{one!r} stands with itself")
        if one in known and other in known:
            found.append((one, other))
    return tuple(found)


def _offers_named(node: Node, known: Collection[str]) -> tuple[str, ...]:
    """Read offers that are to be kept or refused: one that is not there is a slip."""
    found = []
    for item in node.items():
        name = item.text()
        if name not in known:
            item.refuse("unknown_offer", f"there is no offer {name!r}")
        found.append(name)
    return tuple(found)


def once(node: Node, names: Sequence[Any], within: str = "") -> None:
    """Refuse the second of two elements of the same name.

    Raises:
        BadInstance: there is one.
    """
    seen = set()
    for index, name in enumerate(names):
        if name in seen:
            place = f"{node.pointer}/{index}" + (f"/{within}" if within else "")
            Node(name, place).refuse("repeated", "the same stands there before")
        seen.add(name)


def lists(value: Any) -> Any:
    """Return the same with lists for tuples, as JSON has them."""
    if isinstance(value, dict):
        return {name: lists(one) for name, one in value.items()}
    return [lists(one) for one in value] if isinstance(value, tuple | list) else value
