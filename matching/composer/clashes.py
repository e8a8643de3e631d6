"""Which requirements of an impossible demand cannot hold together, as few as can be."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from matching.composer import rows
from matching.composer.answers import Item
from matching.composer.changing import BUDGET, CAPABILITY, EXCLUSIVE, FORBID, LINK, POOL, REQUIRE, VENDORS
from matching.composer.checker import check
from matching.composer.columns import Facts, joints
from matching.composer.instance import Instance
from matching.composer.minimising import minimise
from matching.composer.model import dense
from matching.composer.solver import Clock, Outcome

Name = tuple[str, ...]

#: The most that one question, and all that make a core smaller, may take in the solver's deterministic time (about
#: seconds).
WORK, WORK_IN_ALL = 1.0, 2.0


def clash(
    facts: Facts, clock: Clock, first: Sequence[Name], witnesses: Sequence[tuple[Item, ...]] = ()
) -> tuple[tuple[Name, ...], bool]:
    """Return names of requirements that cannot hold together, and whether each of them is needed for that.

    Args:
        first: requirements that cannot hold together, more than need be.
        witnesses: bundles that meet some of the requirements: what they meet need not be asked.

    Returns:
        Their names, sorted, and whether giving up any one of them makes the rest possible.
    """
    names, is_minimal = _Search(facts.instance, clock, witnesses).fewer(list(first))
    return tuple(sorted(names)), is_minimal


def required(facts: Facts, clashing: Collection[Name]) -> list[Name]:
    """Return the requirements behind rows that leave no bundle, sorted.

    A link that has to be is one of capabilities that have to be; and what is not on sale has no column.
    """
    demand, found = facts.instance.demand, set(clashing)
    found |= {
        (CAPABILITY, code) for name in clashing if name[0] == LINK for code in name[1:] if facts.is_sure(code)
    }
    columns = [(FORBID, name) for name in facts.instance.forbid] + [(POOL,)] * (demand.pool == "members")
    columns += [(BUDGET,)] * (demand.budget_amount is not None)
    for kind in {name[0] for name in columns}:
        if len(Facts(facts.instance, opened=frozenset({kind})).purchases) > len(facts.purchases):
            found |= {name for name in columns if name[0] == kind}
    return sorted(found)


class _Search:
    """Questions about parts of the demand, and the work that they may still take."""

    def __init__(self, instance: Instance, clock: Clock, witnesses: Sequence[tuple[Item, ...]]) -> None:
        self._instance, self._clock = instance, clock
        self._witnesses = witnesses
        self._left = WORK_IN_ALL

    def fewer(self, found: list[Name]) -> tuple[list[Name], bool]:
        """Return a core, shrunk by leaving out one requirement after the other."""
        is_minimal = True
        for names in self._shares(found):
            rest = [one for one in found if one not in names]
            if len(rest) == len(found):
                continue
            outcome, clashing = self._ask(rest)
            if outcome == "infeasible":
                found = rest if clashing is None else [one for one in rest if one in clashing]
            elif outcome == "unknown" and len(names) == 1:
                is_minimal = False
        return found, is_minimal

    def _shares(self, names: list[Name]) -> list[set[Name]]:
        """Return what to leave out: each kind of rules at once, then every requirement by itself."""
        kinds = [{name for name in names if name[0] == kind} for kind in (LINK, EXCLUSIVE)]
        return [kind for kind in kinds if len(kind) > 1] + [{name} for name in names]

    def _ask(self, names: Collection[Name]) -> tuple[Outcome, frozenset[Name] | None]:
        """Return whether these requirements, without all others, can be met, and if not, rows that prove it."""
        part = _part(self._instance, frozenset(names))
        if any(_meets(part, items) for items in self._witnesses):
            return "good", None
        if self._left <= 0:
            return "unknown", None
        bundling = rows.build(Facts(part))
        objective = dense(bundling.own, len(bundling.model.most))
        found = minimise(bundling.model, objective, self._clock, work=WORK, enough=True)
        self._left -= found.work
        clashing = None if found.clashing is None else frozenset(required(bundling.facts, found.clashing))
        return found.status, clashing


def _part(instance: Instance, names: frozenset[Name]) -> Instance:
    """Return the instance in which nothing counts but these requirements and the facts."""
    demand = instance.demand
    asked = tuple(one for one in demand.requirements if (CAPABILITY, one.capability) in names)
    if any(
        name[0] == REQUIRE for name in names
    ):  # such an offer may answer for any of the others, as for a wish
        asked += tuple(replace(one, must=False) for one in demand.requirements if one not in asked)
    codes = {one.capability for one in asked}
    left_out = {one.capability for one in demand.requirements} - codes
    return replace(
        instance,
        demand=replace(
            demand,
            requirements=asked,
            links=tuple(link for link in demand.links if (LINK, *link) in names and set(link) <= codes),
            exclusive=tuple(
                code for code in demand.exclusive if (EXCLUSIVE, code) in names and code not in left_out
            ),
            budget_amount=demand.budget_amount if (BUDGET,) in names else None,
            max_vendors=demand.max_vendors if (VENDORS,) in names else None,
            pool="members" if (POOL,) in names else "all",
        ),
        require=tuple(name for name in instance.require if (REQUIRE, name) in names),
        forbid=tuple(name for name in instance.forbid if (FORBID, name) in names),
    )


def _meets(part: Instance, items: tuple[Item, ...]) -> bool:
    """Whether what a bundle does for some requirements is a bundle for them alone."""
    asked = {one.capability for one in part.demand.requirements}
    doing = tuple(
        replace(item, capabilities=codes)
        for item in items
        if (codes := tuple(code for code in item.capabilities if code in asked))
    )
    return check(part, doing, joints(Facts(part), doing)).is_valid
