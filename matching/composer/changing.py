"""A demand with some of its requirements changed or given up."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from matching.composer.answers import Change
from matching.composer.instance import Demand, Instance

CAPABILITY, LINK, EXCLUSIVE, REQUIRE, FORBID = "capability", "link", "exclusive", "require", "forbid"
BUDGET, VENDORS, POOL = "budget_amount", "max_vendors", "pool"
#: All kinds of requirements.
KINDS = frozenset({CAPABILITY, LINK, EXCLUSIVE, REQUIRE, FORBID, BUDGET, VENDORS, POOL})


def changed(instance: Instance, steps: Sequence[Change]) -> Instance:
    """Return the instance with every change made. A capability that is given up becomes a wish."""
    for step in steps:
        instance = _changed(instance, step)
    return instance


def only(instance: Instance, offers: frozenset[str]) -> Instance:
    """Return the instance as if no other offers were on sale."""
    return replace(
        instance,
        offers=tuple(offer for offer in instance.offers if offer.id in offers),
        conflicts=tuple(pair for pair in instance.conflicts if set(pair) <= offers),
        forbid=tuple(name for name in instance.forbid if name in offers),
    )


def _changed(instance: Instance, step: Change) -> Instance:
    kind, *subjects = step.name
    demand = instance.demand
    if kind == REQUIRE:
        return replace(instance, require=_without(instance.require, subjects[0]))
    if kind == FORBID:
        return replace(instance, forbid=_without(instance.forbid, subjects[0]))
    made: dict[str, Any] = {step.field: step.value}
    if kind == LINK:
        made = {"links": _without(demand.links, (subjects[0], subjects[1]))}
    elif kind == EXCLUSIVE:
        made = {"exclusive": _without(demand.exclusive, subjects[0])}
    elif kind == CAPABILITY:
        made = {"requirements": _requirements(demand, subjects[0], made if step.field else {"must": False})}
    return replace(instance, demand=replace(demand, **made))


def _requirements(demand: Demand, code: str, made: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(replace(one, **made) if one.capability == code else one for one in demand.requirements)


def _without(values: Sequence[Any], gone: Any) -> tuple[Any, ...]:
    return tuple(value for value in values if value != gone)
