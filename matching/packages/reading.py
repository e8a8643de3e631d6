"""Read a segment out of its JSON form, and write it back: docs/packages.md; parts of it are the composer's."""

from dataclasses import asdict
from typing import Any

from matching.composer import nodes, reading
from matching.composer.instance import MAX_BUDGET, MAX_LEVEL, MAX_OFFERS, MIN_LEVEL
from matching.composer.nodes import Node
from matching.packages.instance import MAX_DEMANDS, MAX_WEIGHT, Segment, SegmentDemand

_INDUSTRIES = "industries"


def parse(document: str | bytes) -> Segment:
    """Read the JSON text of a segment.

    Raises:
        BadInstance: it is none; the error names the place.
    """
    return _segment(nodes.parse(document))


def read(data: Any) -> Segment:
    """Read a segment out of what `json.loads` gives.

    Returns:
        The segment; the order of its demands and offers is forgotten.

    Raises:
        BadInstance: it is none; the error names the place.
    """
    return _segment(Node(data))


def to_json(segment: Segment) -> dict[str, Any]:
    """Return the JSON form of a segment; `read` gives it back."""
    data = asdict(segment)
    made_for = data.pop("industries")
    for offer in data["offers"]:
        if offer["capacity"] is None:
            del offer["capacity"]
        if offer["id"] in made_for:
            offer[_INDUSTRIES] = sorted(made_for[offer["id"]])
    return {
        **reading.lists(data),
        "connectors": [
            {"from": one.one, "to": one.other, "price_amount": one.price_amount} for one in segment.connectors
        ],
    }


def _segment(root: Node) -> Segment:
    at = root.fields(("demands", "offers"), ("connectors", "conflicts", "max_vendors", "max_capabilities"))
    demands = tuple(_demand(item) for item in at["demands"].items(MAX_DEMANDS))
    reading.once(at["demands"], [one.id for one in demands], "id")
    plain, industries = _apart(at["offers"])
    sold = reading.ordered_offers(reading.offers(plain))
    known = {one.id for one in sold}
    clashing = reading.pairs(at["conflicts"], known) if "conflicts" in at else ()
    return Segment(
        demands=tuple(sorted(demands, key=lambda one: one.id)),
        offers=sold,
        connectors=tuple(
            sorted(
                reading.connectors(at["connectors"]) if "connectors" in at else (),
                key=lambda one: (one.one, one.other, one.price_amount),
            )
        ),
        industries=industries,
        conflicts=tuple(sorted((min(pair), max(pair)) for pair in clashing)),
        max_vendors=reading.limit(at, "max_vendors", MAX_OFFERS),
        max_capabilities=reading.limit(at, "max_capabilities", MAX_OFFERS),
    )


def _demand(node: Node) -> SegmentDemand:
    at = node.fields(("id", "level", "requirements"), ("weight", "industry", "budget_amount"))
    stated = "industry" in at and at["industry"].value is not None
    return SegmentDemand(
        id=at["id"].text(),
        weight=at["weight"].whole(0, MAX_WEIGHT) if "weight" in at else 1,
        industry=at["industry"].text() if stated else "",
        level=at["level"].whole(MIN_LEVEL, MAX_LEVEL),
        budget_amount=reading.limit(at, "budget_amount", MAX_BUDGET),
        requirements=tuple(sorted(reading.requirements(at["requirements"]), key=lambda one: one.capability)),
    )


def _apart(node: Node) -> tuple[Node, dict[str, frozenset[str]]]:
    """Return the offers as the composer knows them, and the industries that they are made for."""
    plain, industries = [], {}
    for item in node.items(MAX_OFFERS):
        members = item.members()
        plain.append({name: one.value for name, one in members.items() if name != _INDUSTRIES})
        if _INDUSTRIES in members:
            suited = frozenset(one.text() for one in members[_INDUSTRIES].items())
            if "id" in members:
                industries[members["id"].text()] = suited
    return Node(plain, node.pointer), industries
