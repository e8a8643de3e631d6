"""A chosen bundle as the working copy of a version: what nobody has signed yet. Pure."""

from collections.abc import Mapping, Sequence

from catalog.bundles import relinking
from catalog.bundles.facts import Facts
from catalog.bundles.form import Form, Item, Wanted
from catalog.errors import Conflict
from matching.composer.answers import Item as Bought
from matching.composer.instance import Instance


def form_of(
    instance: Instance,
    items: Sequence[Bought],
    facts: Facts,
    *,
    alliance: str,
    lead: str,
    texts: Mapping[str, str],
    target_level: int,
) -> Form:
    """Return the version with items i1, i2, … at today's prices; shares and duties come with the working copy.

    Args:
        alliance, lead: public ids.
        target_level: company level that the demand wants to reach.

    Raises:
        Conflict: a listing, its certificate or its plan is gone since the bundle was composed.
    """
    made = _items(items, facts)
    wanted = _wanted(instance, made)
    named = {one.capability for one in wanted}
    form = Form(
        bundle="",
        number=1,
        alliance=alliance,
        charter_hash="",
        lead=lead,
        texts=texts,
        level_from=instance.demand.level,
        level_to=_level_to(instance, made, facts, target_level),
        wanted=wanted,
        exchanges=tuple(pair for pair in instance.demand.links if named.issuperset(pair)),
        items=made,
        links=(),
        duties=(),
        discount_amount=0,
        rules=(),
    )
    return relinking.relinked(form, facts)


def _level_to(instance: Instance, items: Sequence[Item], facts: Facts, target: int) -> int:
    """Return where the bundle leads: no further than wanted, and no further than any part of it does."""
    reached = max(facts.parts[item.listing].level_to for item in items)
    return max(instance.demand.level, min(target, reached))


def _items(bought: Sequence[Bought], facts: Facts) -> tuple[Item, ...]:
    ordered = sorted(bought, key=lambda item: (item.stage, item.offer))
    return tuple(_item(f"i{nth}", item, facts) for nth, item in enumerate(ordered, start=1))


def _wanted(instance: Instance, items: Sequence[Item]) -> tuple[Wanted, ...]:
    """Return what the bundle promises: every must, and the wishes that it fulfils."""
    covered = {capability for item in items for capability in item.covers}
    return tuple(
        Wanted(one.capability, one.min_quality, one.must, one.stage)
        for one in instance.demand.requirements
        if one.must or one.capability in covered
    )


def outsiders(items: Sequence[Bought], facts: Facts) -> Mapping[str, tuple[str, ...]]:
    """Return what each vendor that is no member would answer for: nothing is signed until it has joined."""
    found: dict[str, set[str]] = {}
    for item in items:
        part = facts.parts.get(item.offer)
        if part is not None and not part.is_member:
            found.setdefault(part.vendor, set()).update(item.capabilities)
    return {vendor: tuple(sorted(capabilities)) for vendor, capabilities in sorted(found.items())}


def _item(name: str, bought: Bought, facts: Facts) -> Item:
    part = facts.parts.get(bought.offer)
    plan = None if part is None else part.plans.get(bought.plan)
    if part is None or part.release is None or plan is None or plan.amount is None:
        raise Conflict("compose.stale")
    if part.certificate_until is None or part.certificate_until < facts.today:
        raise Conflict("compose.stale")
    return Item(
        id=name,
        vendor=part.vendor,
        listing=bought.offer,
        release=part.release,
        release_hash=part.release_hash,
        plan=bought.plan,
        quantity=1,
        stage=bought.stage,
        list_amount=plan.amount,
        covers=bought.capabilities,
        supports=(),
    )
