"""Who answers to whom in a bundle: every vendor's promise ends at the lead, who answers to the buyer. Pure."""

from collections.abc import Iterable

from catalog.bundles.form import MAX_HOURS, Duty, Form
from catalog.errors import Problem


def problems(form: Form) -> list[Problem]:
    """Return what is wrong with the duties: a vendor without one or with two, one that never ends at the lead."""
    found: list[Problem] = []
    of = {duty.vendor: duty for duty in form.duties}
    needed: Iterable[str] = sorted({*form.vendors, form.lead})
    for place, duty in enumerate(form.duties):
        pointer = f"duties/{place}"
        if not 1 <= duty.hours <= MAX_HOURS:
            found.append(Problem(f"{pointer}/hours", "range", {"min": 1, "max": MAX_HOURS}))
        if of[duty.vendor] is not duty:
            found.append(Problem(f"{pointer}/vendor", "repeated", {"value": duty.vendor}))
        elif duty.vendor not in needed:  # it has no share, so it would never sign it
            found.append(Problem(f"{pointer}/vendor", "duty_stranger", {"vendor": duty.vendor}))
        elif (code := _astray(duty, of, form.lead)) is not None:
            found.append(Problem(f"{pointer}/escalates_to", code, {"vendor": duty.vendor}))
    found += [Problem("duties", "duty_missing", {"vendor": each}) for each in needed if each not in of]
    return found


def chain(form: Form, vendor: str) -> tuple[str, ...]:
    """Return who is asked, one after the other, when a vendor cannot help: from it to the lead.

    Raises:
        KeyError, ValueError: the duties have `problems`.
    """
    of = {duty.vendor: duty for duty in form.duties}
    asked = [vendor]
    while (following := of[asked[-1]].escalates_to) is not None:
        if following in asked:
            raise ValueError(f"the duties of {vendor} go round in a circle")
        asked.append(following)
    return tuple(asked)


def _astray(duty: Duty, of: dict[str, Duty], lead: str) -> str | None:
    """Return why a duty does not end at the lead: it goes round, leaves the bundle, or ends at another."""
    seen: set[str] = set()
    here = duty
    while here.escalates_to is not None:
        seen.add(here.vendor)
        if here.escalates_to in seen:
            return "duty_cycle"
        if here.escalates_to not in of:
            return "duty_outside"
        here = of[here.escalates_to]
    return None if here.vendor == lead else "duty_ends_early"
