"""Shares and duties as they are offered until somebody chooses others. Pure.

Shares are the price in proportion to what each vendor brings at list price, to the won; without a discount that is its
list price. Everybody's next to ask is the lead.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from catalog.bundles.form import MAX_HOURS, Duty, Form
from catalog.shares import Rule
from catalog.subsidy import allocate


def rules(form: Form) -> tuple[Rule, ...]:
    """Return the won of each vendor, by the list price of its items and the links it answers for.

    Odd won go to the largest fractions. The lead has the remainder, which is its own part: nothing if that is nothing.
    """
    brought = {form.lead: 0, **_brought(form)}
    price, vendors = max(form.price_amount, 0), sorted(brought)
    amounts = allocate(price, [brought[vendor] for vendor in vendors], [price] * len(vendors))
    given = zip(vendors, amounts, strict=True)
    return (
        Rule(form.lead, "remainder"),
        *(Rule(vendor, "fixed", amount) for vendor, amount in given if vendor != form.lead),
    )


def duties(form: Form, hours: int) -> tuple[Duty, ...]:
    """Return a duty for each vendor: to answer within `hours`, and after it the lead.

    Args:
        hours: what the alliance's charter promises buyers.
    """
    least = min(hours, MAX_HOURS)
    others = sorted({*form.vendors} - {form.lead})
    return (Duty(form.lead, least, None), *(Duty(vendor, least, form.lead) for vendor in others))


def followed(before: Form, after: Form, hours: int) -> Form:
    """Return `after` with shares and duties for exactly its vendors.

    Shares that were the offered ones stay the offered ones. Those that somebody chose stay as they are; a vendor that
    comes in is offered a share, one that has gone has none.
    """
    return _with_duties(_with_shares(before, after), hours)


def _with_shares(before: Form, after: Form) -> Form:
    offered = rules(after)
    if not before.rules or {*before.rules} == {*rules(before)}:
        return replace(after, rules=offered)
    vendors = {*after.vendors, after.lead}
    kept = {rule.vendor: rule for rule in after.rules if rule.vendor in vendors}
    has_remainder = any(rule.kind == "remainder" for rule in kept.values())
    for rule in offered:
        if rule.vendor not in kept:
            kept[rule.vendor] = (
                Rule(rule.vendor, "fixed") if rule.kind == "remainder" and has_remainder else rule
            )
    return replace(after, rules=tuple(kept.values()))


def _with_duties(after: Form, hours: int) -> Form:
    """Whoever escalated to somebody that has gone asks the lead; so does a lead of before."""
    vendors = {*after.vendors, after.lead}
    kept: Mapping[str, Duty] = {duty.vendor: duty for duty in after.duties if duty.vendor in vendors}
    return replace(
        after,
        duties=tuple(
            _ending(kept.get(offered.vendor, offered), after.lead, vendors)
            for offered in duties(after, hours)
        ),
    )


def _ending(duty: Duty, lead: str, vendors: set[str]) -> Duty:
    if duty.vendor == lead:
        return replace(duty, escalates_to=None)
    return duty if duty.escalates_to in vendors else replace(duty, escalates_to=lead)


def _brought(form: Form) -> Mapping[str, int]:
    brought: dict[str, int] = defaultdict(int)
    for item in form.items:
        brought[item.vendor] += item.list_amount
    for link in form.links:
        brought[link.answers] += link.price_amount
    return brought
