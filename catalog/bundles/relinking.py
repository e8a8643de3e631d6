"""Links that follow the items: every pair that must exchange data is joined the cheapest way that there is. Pure.

A link whose two items still speak what it says stays as it is, at the price that it has: a connector's new price is
the checks' to tell.
"""

from dataclasses import replace

from catalog.bundles import fixes
from catalog.bundles.checks import Fix
from catalog.bundles.facts import Facts
from catalog.bundles.form import Form, Item, Link


def relinked(form: Form, facts: Facts) -> Form:
    """Return the form with a link for each pair that can be joined, and no other; pairs that cannot are left open."""
    covering = {capability: item for item in form.items for capability in item.covers}
    written = {frozenset(link.capabilities): link for link in form.links}
    found = replace(form, links=())
    for pair in form.exchanges:
        one, other = (covering.get(capability) for capability in pair)
        if one is None or other is None:
            continue
        link = written.get(frozenset(pair))
        if link is not None and _holds(link, covering, facts):
            found = replace(found, links=(*found.links, link))
        elif one.id == other.id or _joinable(one, other, facts):
            found = fixes.applied(found, Fix("join", "", " ".join(pair), None), facts)
    return found


def _holds(link: Link, covering: dict[str, Item], facts: Facts) -> bool:
    sides = [covering[capability] for capability in link.capabilities]
    if tuple(side.id for side in sides) != link.items or link.answers not in {side.vendor for side in sides}:
        return False
    if (link.how == "same") != (len({*link.items}) == 1):
        return False
    return all(
        side.listing not in facts.parts or interface in facts.parts[side.listing].interfaces
        for interface, side in zip(link.interfaces, sides, strict=False)
    )


def _joinable(one: Item, other: Item, facts: Facts) -> bool:
    if one.listing not in facts.parts or other.listing not in facts.parts:
        return False
    return facts.joint(one.listing, other.listing) is not None
