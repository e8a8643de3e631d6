"""Of offers that are alike in everything but their name, as many as any answer can need.

A bundle that has other ones of them can have these instead: it is worth the same, differs from other bundles as much,
and comes no later in the order of rule 7, because these have the smallest names. Offers that are worse in something are
not left out: an alternative, or a front, may have just them.
"""

from collections import Counter
from collections.abc import Hashable
from dataclasses import replace

from matching.composer.instance import Instance, Offer


def folded(instance: Instance) -> Instance:
    """Return an ordered instance without the offers that others stand for.

    Of each capability that an offer brings a bundle needs one like it at most; each bundle that has to differ from
    those before it, and a bundle without one of its offers, may need as many again. What a conflict, a requirement or a
    ban names is like no other. Whose vendor sells nothing else is like those of such vendors.
    """
    named = {name for pair in instance.conflicts for name in pair} | {*instance.require, *instance.forbid}
    asked = {one.capability for one in instance.demand.requirements}
    bundles = 1 + instance.alternatives + instance.reasons
    sold = Counter(offer.vendor for offer in instance.offers)
    members = frozenset(instance.demand.members)
    seen: Counter[Hashable] = Counter()
    kept = []
    for offer in instance.offers:
        vendor = offer.vendor if sold[offer.vendor] > 1 else offer.vendor in members
        key = (vendor, _likeness(offer))
        brought = asked.intersection(code for plan in offer.plans for code in plan.quality)
        if offer.id in named:
            kept.append(offer)
        elif seen[key] < bundles * len(brought):
            seen[key] += 1
            kept.append(offer)
    return replace(instance, offers=tuple(kept))


def _likeness(offer: Offer) -> Hashable:
    """Return what two offers share that are alike in everything but their names and vendors."""
    plans = tuple((plan.id, plan.price_amount, tuple(plan.quality.items())) for plan in offer.plans)
    return (offer.entry_level, offer.interfaces, plans, tuple(offer.fit.items()), offer.capacity == 0)
