"""A chosen bundle, or a package, as the working copy of a version: what nobody has signed yet. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from catalog.bundles import relinking
from catalog.bundles.facts import Facts
from catalog.bundles.form import Form, Item, Wanted
from catalog.errors import Conflict
from matching.composer.answers import Item as Bought
from matching.composer.instance import MAX_LEVEL, Instance
from matching.packages.answers import Member
from matching.packages.instance import SegmentDemand


@dataclass(frozen=True, slots=True)
class Draft:
    """What becomes a working copy.

    Attributes:
        level, target_level: company levels from which and to which it is wanted.
        items: what is bought, each in a stage from `level` on.
        wanted: what the bundle promises; exchanges: pairs of capabilities that exchange data, those of others too.
    """

    level: int
    target_level: int
    items: tuple[Bought, ...]
    wanted: tuple[Wanted, ...]
    exchanges: tuple[tuple[str, str], ...]


def of_bundle(instance: Instance, items: Sequence[Bought], target_level: int) -> Draft:
    """Return a bundle that was composed: it promises every must, and the wishes that it fulfils.

    Args:
        target_level: company level that the demand wants to reach.
    """
    covered = {capability for item in items for capability in item.capabilities}
    wanted = tuple(
        Wanted(one.capability, one.min_quality, one.must, one.stage)
        for one in instance.demand.requirements
        if one.must or one.capability in covered
    )
    return Draft(instance.demand.level, target_level, tuple(items), wanted, instance.demand.links)


def of_package(
    members: Sequence[Member],
    served: Sequence[SegmentDemand],
    links: Collection[tuple[str, str]],
    facts: Facts,
) -> Draft:
    """Return a package as a bundle that does for each of some demands what it did for them alone.

    It begins at the lowest of their levels. Of a capability it promises the best quality and the earliest time that any
    of them needs; what none of them needs is no must.

    Args:
        served: the demands that it serves, at least one.
        links: what any of them wants exchanged.
    """
    level = min(one.level for one in served)
    items = tuple(
        Bought(one.offer, one.plan, _first_stage(one.offer, level, facts), one.capabilities)
        for one in members
    )
    wanted = tuple(
        _promised(capability, item.stage, level, served) for item in items for capability in item.capabilities
    )
    target = max(one.level + must.stage for one in served for must in one.musts)
    exchanges = tuple(sorted({(min(pair), max(pair)) for pair in links}))
    return Draft(level, min(MAX_LEVEL, target), items, wanted, exchanges)


def form_of(draft: Draft, facts: Facts, *, alliance: str, lead: str, texts: Mapping[str, str]) -> Form:
    """Return the version with items i1, i2, … at today's prices; shares and duties come with the working copy.

    Args:
        alliance, lead: public ids.

    Raises:
        Conflict: a listing, its certificate or its plan is gone since the bundle was composed.
    """
    made = _items(draft.items, facts)
    named = {one.capability for one in draft.wanted}
    form = Form(
        bundle="",
        number=1,
        alliance=alliance,
        charter_hash="",
        lead=lead,
        texts=texts,
        level_from=draft.level,
        level_to=_level_to(draft, made, facts),
        wanted=draft.wanted,
        exchanges=tuple(pair for pair in draft.exchanges if named.issuperset(pair)),
        items=made,
        links=(),
        duties=(),
        discount_amount=0,
        rules=(),
    )
    return relinking.relinked(form, facts)


def _first_stage(listing: str, level: int, facts: Facts) -> int:
    part = facts.parts.get(listing)
    return 1 if part is None else max(1, part.level_from - level + 1)


def _promised(capability: str, stage: int, level: int, served: Sequence[SegmentDemand]) -> Wanted:
    """What is promised of a capability whose provider comes in that stage.

    A demand that begins at a higher level joins the path later: its first stage is one of those after the bundle's.
    """
    needs = [(one, must) for one in served for must in one.musts if must.capability == capability]
    if not needs:
        return Wanted(capability, 1, False, stage)
    best = max(must.min_quality for _one, must in needs)
    return Wanted(capability, best, True, min(one.level - level + must.stage for one, must in needs))


def _level_to(draft: Draft, items: Sequence[Item], facts: Facts) -> int:
    """Return where the bundle leads: no further than wanted, and no further than any part of it does."""
    reached = max(facts.parts[item.listing].level_to for item in items)
    return max(draft.level, min(draft.target_level, reached))


def _items(bought: Sequence[Bought], facts: Facts) -> tuple[Item, ...]:
    ordered = sorted(bought, key=lambda item: (item.stage, item.offer))
    return tuple(_item(f"i{nth}", item, facts) for nth, item in enumerate(ordered, start=1))


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
