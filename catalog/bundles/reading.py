"""Changes of a working copy as people and programs give them, made lines of the form. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypedDict

from catalog import codes, shares
from catalog.bundles.facts import Facts, PartFacts
from catalog.bundles.form import MAX_STAGES, Duty, Form, Item, Wanted
from catalog.errors import Invalid, Problem
from catalog.listings import TEXT_FIELDS

TEXTS = TEXT_FIELDS
MAX_QUALITY = 5


class WantedFields(TypedDict):
    """A capability that is promised."""

    capability: str
    min_quality: int
    must: bool
    stage: int


class ItemFields(TypedDict):
    """A listing (public id) in one of its plans; `id` is empty for one that comes in."""

    id: str
    listing: str
    plan: str
    quantity: int
    stage: int
    covers: list[str]
    supports: list[str]


class AnswerFields(TypedDict):
    """Which of the two vendors of a link answers for it."""

    capabilities: list[str]
    vendor: str


class ShareFields(TypedDict):
    """How one vendor's share is found (`shares.Rule`)."""

    vendor: str
    kind: shares.Kind
    value: int


class DutyFields(TypedDict):
    """What one vendor promises (`form.Duty`)."""

    vendor: str
    hours: int
    escalates_to: str | None


class Changes(TypedDict, total=False):
    """Any parts of a working copy."""

    texts: dict[str, str]
    level_from: int
    level_to: int
    wanted: list[WantedFields]
    exchanges: list[list[str]]
    items: list[ItemFields]
    answers: list[AnswerFields]
    discount_amount: int
    shares: list[ShareFields]
    duties: list[DutyFields]


PARTS = frozenset(Changes.__annotations__)


def changed(before: Form, changes: Changes, facts: Facts) -> Form:
    """Return the form with everything of the changes but links, shares and duties.

    Raises:
        Invalid: unknown codes, listings, plans, items; what has no price; a bundle as a part.
    """
    found = _unknown(changes)
    items = _items(before, changes.get("items"), facts, found)
    if found:
        raise Invalid(found)
    wanted, exchanges = changes.get("wanted"), changes.get("exchanges")
    return replace(
        before,
        texts={**before.texts, **changes.get("texts", {})},
        level_from=changes.get("level_from", before.level_from),
        level_to=changes.get("level_to", before.level_to),
        wanted=before.wanted if wanted is None else tuple(Wanted(**each) for each in wanted),
        exchanges=before.exchanges if exchanges is None else tuple((one, other) for one, other in exchanges),
        items=items,
        discount_amount=changes.get("discount_amount", before.discount_amount),
    )


def answered(form: Form, changes: Changes) -> Form:
    """Return the form with the links answered for by whom the changes name.

    Raises:
        Invalid: no such link.
    """
    links = {frozenset(link.capabilities): link for link in form.links}
    found: list[Problem] = []
    for place, each in enumerate(changes.get("answers", ())):
        key = frozenset(each["capabilities"])
        if key not in links:
            found.append(Problem(f"answers/{place}/capabilities", "unknown_link"))
            continue
        links[key] = replace(links[key], answers=each["vendor"])
        sides = {item.vendor for item in form.items if item.id in links[key].items}
        if each["vendor"] not in sides:
            found.append(Problem(f"answers/{place}/vendor", "link_answers"))
    if found:
        raise Invalid(found)
    return replace(form, links=tuple(links.values()))


def shared_out(form: Form, changes: Changes) -> Form:
    """Return the form with the shares and duties of the changes."""
    given, promised = changes.get("shares"), changes.get("duties")
    return replace(
        form,
        rules=form.rules if given is None else tuple(shares.Rule(**each) for each in given),
        duties=form.duties if promised is None else tuple(Duty(**each) for each in promised),
    )


def _unknown(changes: Changes) -> list[Problem]:
    wanted = changes.get("wanted", [])
    found = [
        Problem(f"wanted/{place}/{name}", "range", {"min": 1, "max": most})
        for place, each in enumerate(wanted)
        for name, value, most in (
            ("min_quality", each["min_quality"], MAX_QUALITY),
            ("stage", each["stage"], MAX_STAGES),
        )
        if not 1 <= value <= most
    ]
    for place, each in enumerate(wanted):
        found += [
            Problem(f"wanted/{place}/capability", problem.code, problem.params)
            for problem in codes.unknown_codes("", "capability", [each["capability"]])
        ]
    pairs = [frozenset(pair) for pair in changes.get("exchanges", [])]
    found += [
        Problem(f"exchanges/{place}", "repeated", {"value": " · ".join(sorted(pair))})
        for place, pair in enumerate(pairs)
        if pair in pairs[:place]
    ]
    for place, item in enumerate(changes.get("items", [])):
        found += codes.unknown_codes(f"items/{place}/covers", "capability", item["covers"])
        found += codes.unknown_codes(f"items/{place}/supports", "capability", item["supports"])
    return found


def _items(
    before: Form, given: Sequence[ItemFields] | None, facts: Facts, found: list[Problem]
) -> tuple[Item, ...]:
    if given is None:
        return before.items
    known = {item.id: item for item in before.items}
    highest = max((int(name[1:]) for name in known), default=0)
    made: list[Item] = []
    for place, fields in enumerate(given):
        kept = known.pop(fields["id"], None)
        if fields["id"] and kept is None:
            found.append(Problem(f"items/{place}/id", "unknown_item", {"value": fields["id"]}))
            continue
        if kept is None:
            highest += 1
        name = f"i{highest}" if kept is None else kept.id
        item = _item(f"items/{place}", name, fields, kept, facts=facts, found=found)
        if item is not None:
            made.append(item)
    return tuple(made)


def _item(
    pointer: str, name: str, fields: ItemFields, kept: Item | None, *, facts: Facts, found: list[Problem]
) -> Item | None:
    covers, supports = tuple(codes.once(fields["covers"])), tuple(codes.once(fields["supports"]))
    if kept is not None and _is_same(kept, fields):
        return replace(kept, stage=fields["stage"], covers=covers, supports=supports)
    part = facts.parts.get(fields["listing"])
    problem = _not_to_be_had(pointer, fields, part)
    if problem is not None or part is None or part.release is None:
        found.append(problem or Problem(f"{pointer}/listing", "unknown_listing"))
        return None
    amount = part.plans[fields["plan"]].amount or 0
    return Item(
        id=name,
        vendor=part.vendor,
        listing=fields["listing"],
        release=part.release,
        release_hash=part.release_hash,
        plan=fields["plan"],
        quantity=fields["quantity"],
        stage=fields["stage"],
        list_amount=amount * fields["quantity"],
        covers=covers,
        supports=supports,
    )


def _is_same(kept: Item, fields: ItemFields) -> bool:
    now = (fields["listing"], fields["plan"], fields["quantity"])
    return (kept.listing, kept.plan, kept.quantity) == now


def _not_to_be_had(pointer: str, fields: ItemFields, part: PartFacts | None) -> Problem | None:
    if part is None or part.release is None:
        return Problem(f"{pointer}/listing", "unknown_listing", {"value": fields["listing"]})
    if part.is_bundle:
        return Problem(f"{pointer}/listing", "bundle_nested", {"title": part.title})
    plan = part.plans.get(fields["plan"])
    if plan is None:
        return Problem(f"{pointer}/plan", "unknown_plan", {"value": fields["plan"]})
    return Problem(f"{pointer}/plan", "plan_unpriced") if plan.amount is None else None


def as_fields(form: Form) -> Mapping[str, object]:
    """Return a form's parts as `Changes` would give them: what a page or a program changes and sends back."""
    return {
        "texts": dict(form.texts),
        "level_from": form.level_from,
        "level_to": form.level_to,
        "wanted": [_plain(each, WantedFields) for each in form.wanted],
        "exchanges": [list(pair) for pair in form.exchanges],
        "items": [_plain(each, ItemFields) for each in form.items],
        "answers": [{"capabilities": list(link.capabilities), "vendor": link.answers} for link in form.links],
        "discount_amount": form.discount_amount,
        "shares": [_plain(each, ShareFields) for each in form.rules],
        "duties": [_plain(each, DutyFields) for each in form.duties],
    }


def _plain(line: object, fields: type) -> dict[str, object]:
    values = {name: getattr(line, name) for name in fields.__annotations__}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
