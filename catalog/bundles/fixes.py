"""A fix of a finding carried out: the version as it would be after it. Pure."""

from dataclasses import replace

from catalog.bundles.checks import Fix
from catalog.bundles.facts import Facts
from catalog.bundles.form import Form, How, Item, Link


def applied(form: Form, fix: Fix, facts: Facts) -> Form:
    """Return the version with one fix carried out; links follow the items that they join.

    A vendor that comes in has no share and no duty yet: what is missing is told by `form.problems`.

    Raises:
        KeyError, ValueError, StopIteration: the fix is of another version, or of other facts.
    """
    acts = {
        "change_plan": _change_plan,
        "take_edition": _take_edition,
        "move": _move,
        "support": _support,
        "remove": _remove,
        "join": _join,
        "add": _add,
        "cover": _cover,
        "replace": _replace,
    }
    return acts[fix.act](form, fix, facts)


def _with(form: Form, item: Item) -> Form:
    return replace(form, items=tuple(item if each.id == item.id else each for each in form.items))


def _item(form: Form, fix: Fix) -> Item:
    return next(item for item in form.items if item.id == fix.item)


def _priced(item: Item, plan: str, facts: Facts) -> Item:
    """Return an item in a plan of its listing's present edition, at today's price."""
    part = facts.parts[item.listing]
    amount = part.plans[plan].amount
    if part.release is None or amount is None:
        raise ValueError(f"plan {plan} of {item.listing} has no price today")
    return replace(
        item,
        plan=plan,
        list_amount=amount * item.quantity,
        release=part.release,
        release_hash=part.release_hash,
    )


def _change_plan(form: Form, fix: Fix, facts: Facts) -> Form:
    return _with(form, _priced(_item(form, fix), fix.value, facts))


def _take_edition(form: Form, fix: Fix, facts: Facts) -> Form:
    item = _item(form, fix)
    return _with(form, _priced(item, item.plan, facts))


def _move(form: Form, fix: Fix, _: Facts) -> Form:
    return _with(form, replace(_item(form, fix), stage=int(fix.value)))


def _support(form: Form, fix: Fix, _: Facts) -> Form:
    item = _item(form, fix)
    return _with(form, replace(item, supports=tuple(sorted({*item.supports, fix.value}))))


def _cover(form: Form, fix: Fix, facts: Facts) -> Form:
    """Let an item answer for a capability that it brings; no later than it is due, where the entry level allows."""
    item = _item(form, fix)
    due = min((each.stage for each in form.wanted if each.capability == fix.value), default=item.stage)
    first = max(1, facts.parts[item.listing].level_from - form.level_from + 1)
    return _with(
        form,
        replace(
            item,
            covers=tuple(sorted({*item.covers, fix.value})),
            supports=tuple(code for code in item.supports if code != fix.value),
            stage=max(first, min(item.stage, due)),
        ),
    )


def _remove(form: Form, fix: Fix, _: Facts) -> Form:
    return replace(
        form,
        items=tuple(item for item in form.items if item.id != fix.item),
        links=tuple(link for link in form.links if fix.item not in link.items),
    )


def _join(form: Form, fix: Fix, facts: Facts) -> Form:
    first, second = fix.value.split()
    covering = {capability: item for item in form.items for capability in item.covers}
    one, other = covering[first], covering[second]
    others = tuple(link for link in form.links if {*link.capabilities} != {first, second})
    if one.id == other.id:
        link = Link((first, second), (one.id, other.id), "same", (), 0, one.vendor)
        return replace(form, links=(*others, link))
    way = facts.joint(one.listing, other.listing)
    if way is None:
        raise ValueError(f"{one.listing} and {other.listing} cannot be joined")
    interfaces, price = way
    how: How = "shared" if len(set(interfaces)) == 1 else "connector"
    link = Link((first, second), (one.id, other.id), how, interfaces, price, other.vendor)
    return replace(form, links=(*others, link))


def _add(form: Form, fix: Fix, facts: Facts) -> Form:
    """Put a listing in that answers for whatever is wanted and nobody answers for yet."""
    listing, plan = fix.value.split()
    part = facts.parts[listing]
    covered = {capability for item in form.items for capability in item.covers}
    wanted = [each for each in form.wanted if each.capability not in covered]
    brings = [
        each for each in wanted if part.plans[plan].quality.get(each.capability, (0,))[0] >= each.min_quality
    ]
    first = max(1, part.level_from - form.level_from + 1)
    made = Item(
        id=_free_id(form),
        vendor=part.vendor,
        listing=listing,
        release=0,
        release_hash="",
        plan=plan,
        quantity=1,
        stage=max(first, min((each.stage for each in brings), default=first)),
        list_amount=0,
        covers=tuple(sorted(each.capability for each in brings)),
    )
    return replace(form, items=(*form.items, _priced(made, plan, facts)))


def _free_id(form: Form) -> str:
    """Return an id behind all others: i1, i2, …"""
    return f"i{1 + max((int(item.id[1:]) for item in form.items), default=0)}"


def _replace(form: Form, fix: Fix, facts: Facts) -> Form:
    """Put another listing in an item's place; every link of the item is made anew, where it can be."""
    listing, plan = fix.value.split()
    before, part = _item(form, fix), facts.parts[listing]
    item = replace(
        before,
        vendor=part.vendor,
        listing=listing,
        stage=max(before.stage, part.level_from - form.level_from + 1),
    )
    found = _with(form, _priced(item, plan, facts))
    for link in form.links:
        if before.id in link.items and link.how != "same":
            found = replace(found, links=tuple(each for each in found.links if each != link))
            others = [each for each in found.items if each.id in link.items]
            if facts.joint(others[0].listing, others[1].listing) is not None:
                found = _join(found, Fix("join", "", " ".join(link.capabilities), None), facts)
        elif before.id in link.items:
            found = replace(
                found,
                links=tuple(
                    replace(each, answers=item.vendor) if each == link else each for each in found.links
                ),
            )
    return found
