"""May a version be released? Every obstacle has a code, stands at its line, and brings what would mend it. Pure.

A `conflict` stands in the way of signing and publishing, a `caution` does not. A fix says by how many won it changes
what the buyer pays, where that can be told; `fixes.applied` carries it out.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Literal

from catalog.bundles import face
from catalog.bundles.facts import Facts, PartFacts
from catalog.bundles.form import Form, Item

Severity = Literal["conflict", "caution"]
Act = Literal["change_plan", "take_edition", "move", "support", "remove", "join", "add", "cover", "replace"]

#: A part whose certificate holds for fewer days is a caution: the signatures may take as long.
SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class Fix:
    """One change that mends a finding.

    Attributes:
        act: what is done; item: to which one, "" for a new one or a link; value: with what.
        difference_amount: by how many won the price changes; None when that is not known.
    """

    act: Act
    item: str
    value: str
    difference_amount: int | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One obstacle.

    Attributes:
        pointer: the line it stands at, as in `catalog.errors.Problem`.
        params: for the sentence.
    """

    code: str
    severity: Severity
    pointer: str
    params: Mapping[str, Any] = field(default_factory=dict)
    fixes: tuple[Fix, ...] = ()


Check = Callable[[Form, Facts], Iterator[Finding]]


def findings(form: Form, facts: Facts) -> tuple[Finding, ...]:
    """Return everything that stands in the way, and what may, conflicts first and then in the order of the checks."""
    found = [finding for check in CHECKS for finding in check(form, facts)]
    return tuple(sorted(found, key=lambda finding: finding.severity != "conflict"))


def obstacles(form: Form, facts: Facts) -> tuple[Finding, ...]:
    """Return what stands in the way of signing and publishing; () when nothing does."""
    return tuple(finding for finding in findings(form, facts) if finding.severity == "conflict")


def uncovered(form: Form, facts: Facts) -> Iterator[Finding]:
    """A required capability that no item answers for."""
    covered = {capability for item in form.items for capability in item.covers}
    for wanted in form.wanted:
        if wanted.capability not in covered:
            fixes = tuple(
                Fix("cover", item.id, wanted.capability, 0)
                for _, item, part in _present(form, facts)
                if (plan := part.plans.get(item.plan))
                and plan.quality.get(wanted.capability, (0, ""))[0] >= wanted.min_quality
            )
            fixes += tuple(
                Fix("add", "", f"{listing} {plan}", amount)
                for listing, plan, amount in _substitutes(wanted.capability, form, facts)[:3]
            )
            severity: Severity = "conflict" if wanted.must else "caution"
            yield Finding("uncovered", severity, "items", {"capability": wanted.capability}, fixes)


def _substitutes(capability: str, form: Form, facts: Facts) -> list[tuple[str, str, int]]:
    """Return plans that bring a capability, of listings that are not in the bundle: a listing is in it once."""
    inside = {item.listing for item in form.items}
    return [each for each in facts.substitutes.get(capability, ()) if each[0] not in inside]


def quality(form: Form, facts: Facts) -> Iterator[Finding]:
    """An item whose plan does not bring what it answers for at the quality that is asked."""
    least = {wanted.capability: wanted for wanted in form.wanted}
    for place, item, part in _present(form, facts):
        plan = part.plans.get(item.plan)
        for capability in item.covers:
            needed = least[capability].min_quality if capability in least else 1
            have = plan.quality.get(capability, (0, ""))[0] if plan else 0
            if plan is not None and have < needed:
                params = {"capability": capability, "have": have, "needed": needed}
                yield Finding(
                    "quality", "conflict", f"items/{place}/plan", params,
                    _better_plans(item, part, capability, needed),
                )  # fmt: skip


def _better_plans(item: Item, part: PartFacts, capability: str, needed: int) -> tuple[Fix, ...]:
    better = [
        Fix("change_plan", item.id, name, _difference(item, plan.amount))
        for name, plan in sorted(part.plans.items())
        if all(other in plan.quality for other in item.covers)
        and plan.quality[capability][0] >= needed
        and plan.amount is not None
    ]
    return tuple(sorted(better, key=lambda fix: fix.difference_amount or 0))


def _difference(item: Item, amount: int | None) -> int | None:
    return None if amount is None else amount * item.quantity - item.list_amount


def stages(form: Form, facts: Facts) -> Iterator[Finding]:
    """An item that comes before the site has reached its level, or after what it brings is due."""
    due = {wanted.capability: wanted.stage for wanted in form.wanted}
    for place, item, part in _present(form, facts):
        first = max(1, part.level_from - form.level_from + 1)
        last = min((due[capability] for capability in item.covers if capability in due), default=None)
        if item.stage < first:
            fixes = () if last is not None and first > last else (Fix("move", item.id, str(first), 0),)
            params = {"level": part.level_from, "stage": item.stage}
            yield Finding("too_early", "conflict", f"items/{place}/stage", params, fixes)
        elif last is not None and item.stage > last:
            fixes = (Fix("move", item.id, str(last), 0),) if first <= last else ()
            yield Finding("too_late", "conflict", f"items/{place}/stage", {"due": last}, fixes)


def editions(form: Form, facts: Facts) -> Iterator[Finding]:
    """An item whose listing is gone, not valid any more, or not what it was when it was put in."""
    for place, item in enumerate(form.items):
        part = facts.parts.get(item.listing)
        pointer = f"items/{place}/listing"
        others = _replacements(item, form, facts)
        if part is None or part.release is None:
            yield Finding("gone", "conflict", pointer, {"title": part.title if part else ""}, others)
        elif part.certificate_until is None or part.certificate_until < facts.today:
            params = {"title": part.title, "since": part.certificate_until}
            yield Finding("expired", "conflict", pointer, params, others)
        else:
            yield from _edition(place, item, part)
            if (part.certificate_until - facts.today).days < SOON_DAYS:
                params = {"title": part.title, "until": part.certificate_until}
                yield Finding("expires_soon", "caution", pointer, params)


def _edition(place: int, item: Item, part: PartFacts) -> Iterator[Finding]:
    plan = part.plans.get(item.plan)
    params: dict[str, Any] = {"title": part.title}
    if plan is None:
        fixes = tuple(
            Fix("change_plan", item.id, name, _difference(item, each.amount))
            for name, each in sorted(part.plans.items())
            if all(capability in each.quality for capability in item.covers)
        )
        yield Finding("plan_gone", "conflict", f"items/{place}/plan", params, fixes)
        return
    more = _difference(item, plan.amount)
    if more:
        fix = Fix("take_edition", item.id, str(part.release), more)
        params |= {"difference_amount": more}
        yield Finding("price_changed", "conflict", f"items/{place}/list_amount", params, (fix,))
    elif part.release_hash != item.release_hash:
        fix = Fix("take_edition", item.id, str(part.release), more)
        yield Finding("edition_changed", "conflict", f"items/{place}/release", params, (fix,))


def _replacements(item: Item, form: Form, facts: Facts) -> tuple[Fix, ...]:
    """Return plans that would bring all that an item answers for."""
    if not item.covers:
        return (Fix("remove", item.id, "", -item.list_amount),)
    one, *others = (set(_substitutes(capability, form, facts)) for capability in item.covers)
    ordered = sorted(one.intersection(*others), key=lambda each: (each[2], each))[:3]
    return tuple(
        Fix("replace", item.id, f"{listing} {plan}", amount - item.list_amount)
        for listing, plan, amount in ordered
    )


def nested(form: Form, facts: Facts) -> Iterator[Finding]:
    """A bundle inside a bundle."""
    for place, item, part in _present(form, facts):
        if part.is_bundle:
            fix = Fix("remove", item.id, "", -item.list_amount)
            yield Finding("nested", "conflict", f"items/{place}/listing", {"title": part.title}, (fix,))


def standing(form: Form, facts: Facts) -> Iterator[Finding]:
    """An item of a vendor that is not, or not for long, of the alliance, or has no project to spare."""
    for place, item, part in _present(form, facts):
        pointer = f"items/{place}/vendor"
        params: dict[str, Any] = {"vendor": item.vendor}
        if not part.is_member:
            yield Finding("not_member", "conflict", pointer, params, _replacements(item, form, facts))
        elif part.leaves_on is not None:
            stay = tuple(each for each in _replacements(item, form, facts) if _stays(each, facts))
            yield Finding("leaves", "caution", pointer, {**params, "on": part.leaves_on}, stay)
        if part.free_projects == 0:
            yield Finding("no_capacity", "caution", pointer, params)


def _stays(fix: Fix, facts: Facts) -> bool:
    """Whether what a fix puts in is of a member that stays."""
    part = facts.parts.get(fix.value.partition(" ")[0])
    return part is None or part.leaves_on is None


def industries(form: Form, facts: Facts) -> Iterator[Finding]:
    """Parts that are meant for no industry in common."""
    if not _shared_industries([item.listing for item in form.items], facts):
        fixes = _regrouped(form, facts, _shared_industries)
        yield Finding("no_common_industry", "conflict", "items", {}, fixes)


def regions(form: Form, facts: Facts) -> Iterator[Finding]:
    """Parts that are supplied together in no region."""
    if not _shared_regions([item.listing for item in form.items], facts):
        fixes = _regrouped(form, facts, _shared_regions)
        yield Finding("no_common_region", "conflict", "items", {}, fixes)


def _regrouped(form: Form, facts: Facts, shared: Callable[[Sequence[str], Facts], bool]) -> tuple[Fix, ...]:
    """Return what could stand in the place of one item so that all parts share something."""
    listings = [item.listing for item in form.items]
    return tuple(
        fix
        for place, item in enumerate(form.items)
        for fix in _replacements(item, form, facts)
        if fix.act == "replace"
        and shared([*listings[:place], fix.value.partition(" ")[0], *listings[place + 1 :]], facts)
    )


def _shared_industries(listings: Sequence[str], facts: Facts) -> bool:
    parts = [facts.parts[listing] for listing in listings if listing in facts.parts]
    known = [part.industries for part in parts if part.industries is not None]
    return not known or bool(face.shared_industries(known))


def _shared_regions(listings: Sequence[str], facts: Facts) -> bool:
    parts = [facts.parts[listing] for listing in listings if listing in facts.parts]
    known = [part.regions for part in parts if part.regions is not None]
    return not known or bool(frozenset.intersection(*known))


def duplicates(form: Form, facts: Facts) -> Iterator[Finding]:
    """A second system of record, or a capability that two items bring although one answers for it."""
    bringing: dict[str, list[tuple[int, Item]]] = defaultdict(list)
    for place, item, part in _present(form, facts):
        plan = part.plans.get(item.plan)
        for capability, (level, _) in sorted(plan.quality.items()) if plan else ():
            if level:
                bringing[capability].append((place, item))
    for capability, found in sorted(bringing.items()):
        main = [item for _, item in found if capability in item.covers]
        for place, item in found:
            if capability in item.covers or not main:
                continue
            params = {"capability": capability, "by": main[0].id}
            if capability in facts.exclusive:
                fixes = _plans_without(item, facts.parts[item.listing], capability)
                yield Finding("second_system", "conflict", f"items/{place}/plan", params, fixes)
            elif capability not in item.supports:
                fix = Fix("support", item.id, capability, 0)
                yield Finding("duplicate", "caution", f"items/{place}/supports", params, (fix,))


def _plans_without(item: Item, part: PartFacts, capability: str) -> tuple[Fix, ...]:
    return tuple(
        Fix("change_plan", item.id, name, _difference(item, plan.amount))
        for name, plan in sorted(part.plans.items())
        if capability not in plan.quality and all(other in plan.quality for other in item.covers)
    )


def links(form: Form, facts: Facts) -> Iterator[Finding]:
    """Two capabilities that must exchange data and do not, or not in the way that is written."""
    covering = {capability: item for item in form.items for capability in item.covers}
    written = {frozenset(link.capabilities): place for place, link in enumerate(form.links)}
    for pair in form.exchanges:
        sides = [covering.get(capability) for capability in pair]
        one, other = sides
        if one is None or other is None or any(item.listing not in facts.parts for item in (one, other)):
            continue
        params = {"capabilities": pair, "items": (one.id, other.id)}
        place = written.get(frozenset(pair))
        if place is None:
            yield _unjoined((one, other), pair, form, facts, params)
        else:
            yield from _joined(place, form, facts, params)


def _unjoined(
    sides: tuple[Item, Item], pair: tuple[str, str], form: Form, facts: Facts, params: Mapping[str, Any]
) -> Finding:
    one, other = sides
    if one.id == other.id:
        return Finding("unjoined", "conflict", "links", params, (Fix("join", "", " ".join(pair), 0),))
    way = facts.joint(one.listing, other.listing)
    if way is None:
        return Finding("impossible", "conflict", "links", params, _joinable(one, other, form, facts))
    return Finding("unjoined", "conflict", "links", params, (Fix("join", "", " ".join(pair), way[1]),))


def _joinable(one: Item, other: Item, form: Form, facts: Facts) -> tuple[Fix, ...]:
    """Return what could stand in the place of either side and be joined with the other."""
    return tuple(
        fix
        for item, kept in ((one, other), (other, one))
        for fix in _replacements(item, form, facts)
        if fix.act == "replace" and facts.joint(fix.value.split()[0], kept.listing) is not None
    )


def _joined(place: int, form: Form, facts: Facts, params: Mapping[str, Any]) -> Iterator[Finding]:
    link = form.links[place]
    pointer = f"links/{place}"
    value = " ".join(link.capabilities)
    items = {item.id: item for item in form.items}
    sides = [items[each] for each in link.items if each in items]
    if link.how == "same" or len(sides) < 2:
        if len({side.id for side in sides}) != 1 or link.price_amount:
            yield Finding("link_broken", "conflict", pointer, params, (Fix("join", "", value, None),))
        return
    way = facts.joint(sides[0].listing, sides[1].listing)
    speaks = all(
        interface in facts.parts[side.listing].interfaces
        for interface, side in zip(link.interfaces, sides, strict=True)
    )
    if way is None or not speaks:
        fixes = () if way is None else (Fix("join", "", value, way[1] - link.price_amount),)
        yield Finding("link_broken", "conflict", pointer, params, fixes)
    elif _price_of(link.interfaces, facts) != link.price_amount:
        fix = Fix("join", "", value, way[1] - link.price_amount)
        yield Finding("connector_price", "conflict", f"{pointer}/price_amount", params, (fix,))


def _price_of(interfaces: tuple[str, ...], facts: Facts) -> int | None:
    """Return what joining two interfaces costs; None where no connector is known."""
    if len(set(interfaces)) == 1:
        return 0
    known = [each.price_amount for each in facts.connectors if {*each.interfaces} == {*interfaces}]
    return min(known, default=None)


def conflicts(form: Form, facts: Facts) -> Iterator[Finding]:
    """Two products that are known not to stand together."""
    known = {frozenset(each.listings): each for each in facts.conflicts}
    for (_, one), (place, other) in combinations(enumerate(form.items), 2):
        fact = known.get(frozenset((one.listing, other.listing)))
        if fact is not None:
            params = {
                "items": (one.id, other.id),
                "reason": fact.reason,
                "source": fact.source,
                "as_of": fact.as_of,
            }
            fixes = (*_replacements(other, form, facts), *_replacements(one, form, facts))
            yield Finding("conflict", "conflict", f"items/{place}/listing", params, fixes)


def _present(form: Form, facts: Facts) -> Iterator[tuple[int, Item, PartFacts]]:
    for place, item in enumerate(form.items):
        part = facts.parts.get(item.listing)
        if part is not None:
            yield place, item, part


#: In the order in which they are read.
CHECKS: tuple[Check, ...] = (
    uncovered,
    quality,
    stages,
    editions,
    nested,
    standing,
    industries,
    regions,
    duplicates,
    links,
    conflicts,
)
