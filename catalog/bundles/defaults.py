"""Shares and duties as they are offered until somebody chooses others. Pure.

Shares follow the list price of what each vendor brings, and the lead takes what is left. Everybody's next to ask is the
lead.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from catalog.bundles.form import MAX_HOURS, Duty, Form
from catalog.shares import Rule
from catalog.subsidy import BASIS_POINTS


def rules(form: Form) -> tuple[Rule, ...]:
    """Return a percentage for each vendor, by the list price of its items and the links it answers for.

    Percentages are rounded down: the lead has the remainder, and so every odd won.
    """
    whole = form.list_amount + form.links_amount
    brought = _brought(form)
    percents = (
        Rule(vendor, "percent", max(1, amount * BASIS_POINTS // whole)) if whole else Rule(vendor, "fixed", 0)
        for vendor, amount in sorted(brought.items())
        if vendor != form.lead
    )
    return (Rule(form.lead, "remainder"), *percents)


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
