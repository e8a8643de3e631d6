"""The forms of a bundle's working copy: which fields they know, what stands in them, what they send to the domain."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from catalog.bundles import defaults, reading
from catalog.bundles.form import Form
from catalog.errors import Problem
from catalog.subsidy import BASIS_POINTS
from marketplace.web import forms

#: Empty rows at the end of a list that grows.
MORE_ROWS = 3
#: Basis points of one percent.
OF_PERCENT = BASIS_POINTS // 100

GOAL_FIELDS: Mapping[str, forms.Reader] = {
    "texts/title": forms.text,
    "texts/title_en": forms.text,
    "texts/summary": forms.text,
    "texts/summary_en": forms.text,
    "texts/description": forms.lines,
    "texts/description_en": forms.lines,
    "level_from": forms.whole,
    "level_to": forms.whole,
    "wanted/*/capability": forms.chosen,
    "wanted/*/min_quality": forms.whole,
    "wanted/*/must": forms.flag,
    "wanted/*/stage": forms.whole,
    "exchanges/*/*": forms.chosen,
}
GOAL_DROPS: Mapping[str, forms.Drop] = {"wanted": lambda row: not row.get("capability")}

ITEM_FIELDS: Mapping[str, forms.Reader] = {
    "items/*/id": forms.text,
    "items/*/listing": forms.chosen,
    "items/*/plan": forms.chosen,
    "items/*/quantity": forms.whole,
    "items/*/stage": forms.whole,
    "items/*/covers": forms.many,
    "items/*/supports": forms.many,
    "items/*/removed": forms.flag,
}
ITEM_DROPS: Mapping[str, forms.Drop] = {"items": lambda row: bool(row.get("removed"))}

PRICE_FIELDS: Mapping[str, forms.Reader] = {
    "discount_amount": forms.whole_or_zero,
    "shares/*/vendor": forms.chosen,
    "shares/*/kind": forms.chosen,
    "shares/*/value": forms.text,
}
DUTY_FIELDS: Mapping[str, forms.Reader] = {
    "duties/*/vendor": forms.chosen,
    "duties/*/hours": forms.whole,
    "duties/*/escalates_to": forms.optional,
    "answers/*/capabilities": lambda texts: texts[-1].split() if texts else forms.MISSING,
    "answers/*/vendor": forms.chosen,
}


def goal_values(form: Form) -> dict[str, Any]:
    """What stands in the form of the goal, with empty rows behind it."""
    values: dict[str, Any] = {f"texts/{name}": form.texts.get(name, "") for name in reading.TEXTS}
    values |= {"level_from": str(form.level_from), "level_to": str(form.level_to)}
    for place, wanted in enumerate(form.wanted):
        values[f"wanted/{place}/capability"] = wanted.capability
        values[f"wanted/{place}/min_quality"] = str(wanted.min_quality)
        values[f"wanted/{place}/must"] = "1" if wanted.must else ""
        values[f"wanted/{place}/stage"] = str(wanted.stage)
    for place, pair in enumerate(form.exchanges):
        values |= {f"exchanges/{place}/{side}": code for side, code in enumerate(pair)}
    return values


def item_values(form: Form) -> dict[str, Any]:
    """What stands in the form of the items."""
    values: dict[str, Any] = {}
    for place, item in enumerate(form.items):
        pointer = f"items/{place}"
        values |= {
            f"{pointer}/{name}": str(getattr(item, name)) for name in ("id", "plan", "quantity", "stage")
        }
        values |= {f"{pointer}/listing": item.listing, f"{pointer}/removed": ""}
        values |= {f"{pointer}/covers": list(item.covers), f"{pointer}/supports": list(item.supports)}
    return values


def price_values(form: Form) -> dict[str, Any]:
    """What stands in the form of price and shares: percentages as people write them."""
    values: dict[str, Any] = {"discount_amount": str(form.discount_amount)}
    for place, rule in enumerate(form.rules):
        values |= {f"shares/{place}/vendor": rule.vendor, f"shares/{place}/kind": rule.kind}
        values[f"shares/{place}/value"] = (
            "" if rule.kind == "remainder" else share_text(rule.kind, rule.value)
        )
    return values


def duty_values(form: Form) -> dict[str, Any]:
    """What stands in the form of the duties."""
    values: dict[str, Any] = {}
    for place, duty in enumerate(form.duties):
        values |= {f"duties/{place}/vendor": duty.vendor, f"duties/{place}/hours": str(duty.hours)}
        values[f"duties/{place}/escalates_to"] = duty.escalates_to or ""
    for place, link in enumerate(form.links):
        values[f"answers/{place}/capabilities"] = " ".join(link.capabilities)
        values[f"answers/{place}/vendor"] = link.answers
    return values


def share_text(kind: str, value: int) -> str:
    """A share as it is typed: "12.5" percent, or won."""
    return f"{Decimal(value) / OF_PERCENT:f}" if kind == "percent" else str(value)


def with_shares(data: dict[str, Any]) -> dict[str, Any]:
    """The form's data with each typed share as a whole number: basis points of a percentage, else won."""
    return {**data, "shares": [{**each, "value": _value(each)} for each in data.get("shares", [])]}


def unless_offered(data: dict[str, Any], form: Form) -> dict[str, Any]:
    """The data without shares that are still those which are offered, so that they follow another discount."""
    typed = {(each.get("vendor"), each.get("kind"), each["value"]) for each in data["shares"]}
    offered = {(rule.vendor, rule.kind, rule.value) for rule in defaults.rules(form)}
    return {name: value for name, value in data.items() if name != "shares" or typed != offered}


def share_problems(problems: Iterable[Problem], data: Mapping[str, Any]) -> list[Problem]:
    """The same problems, those of a share in what people write: percent with two decimals, or won."""
    kinds = {f"shares/{place}/value": each.get("kind") for place, each in enumerate(data.get("shares", []))}
    meant = {"percent": "share_percent", "fixed": "amount_range"}
    return [
        replace(one, code=meant.get(kinds.get(one.pointer, ""), one.code))
        if one.code in ("integer", "range", "null")
        else one
        for one in problems
    ]


def _value(each: Mapping[str, Any]) -> Any:
    """The number, or what was typed where it is none, so that the schema refuses it at its field."""
    typed = str(each.get("value", "")).strip().rstrip("%").replace(",", "")
    if each.get("kind") == "remainder":
        return 0
    try:
        number = Decimal(typed) * (OF_PERCENT if each.get("kind") == "percent" else 1)
    except InvalidOperation:
        return typed or None
    whole = number.is_finite() and number == number.to_integral_value() and abs(number) < 10**15
    return int(number) if whole else typed


def without_removed(data: dict[str, Any]) -> dict[str, Any]:
    """The data of the items without what only the page knows."""
    rows = [
        {name: value for name, value in row.items() if name != "removed"} for row in data.get("items", [])
    ]
    return {"items": rows}


def added(form: Form, listing: str, plan: str, brings: Mapping[str, int], first: int) -> dict[str, Any]:
    """The items with one more: it answers for what is wanted and open, and helps with what it brings besides.

    Args:
        brings: capability → quality of the plan.
        first: the first stage in which a site has reached the level that the listing asks for.
    """
    answered = {capability for item in form.items for capability in item.covers}
    covers = [
        wanted
        for wanted in form.wanted
        if wanted.capability not in answered and brings.get(wanted.capability, 0) >= wanted.min_quality
    ]
    supports = [
        wanted.capability
        for wanted in form.wanted
        if wanted.capability in answered and brings.get(wanted.capability)
    ]
    made = {
        "id": "",
        "listing": listing,
        "plan": plan,
        "quantity": 1,
        "stage": max(first, min((each.stage for each in covers), default=first)),
        "covers": [each.capability for each in covers],
        "supports": supports,
    }
    items = reading.as_fields(form)["items"]
    return {"items": [*items, made]} if isinstance(items, list) else {"items": [made]}
