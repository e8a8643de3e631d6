"""One version of a bundle in full, as it is signed: canonical, so that the same bundle always has the same hash. Pure.

Amounts are whole won without VAT. Lists have one order of their own, whatever order they were given in.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, TypeVar

from catalog import shares
from catalog.canonical import fingerprint
from catalog.errors import Invalid, Problem
from catalog.money import MAX_AMOUNT

#: Names the fields and their meaning. Another meaning is another form: signatures of this one stay what they were.
FORM = "ieum-bundle/1"
MAX_ITEMS, MAX_QUANTITY, MAX_STAGES, MAX_HOURS = 60, 999, 8, 720

#: Fields of the whole that are neither lists nor texts.
_PLAIN = (
    "bundle",
    "number",
    "alliance",
    "charter_hash",
    "lead",
    "level_from",
    "level_to",
    "discount_amount",
)

How = Literal["same", "shared", "connector"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A capability that the bundle promises to bring, at a least quality and by a stage."""

    capability: str
    min_quality: int
    must: bool
    stage: int


@dataclass(frozen=True, slots=True)
class Item:
    """One member's listing in one of its plans.

    Attributes:
        id: stays the item's own from version to version.
        release, release_hash: which edition of the listing, and the SHA-256 of its content.
        quantity: 1 to `MAX_QUANTITY`.
        stage: in which installation stage it comes, from 1.
        list_amount: the plan's first year times the quantity.
        covers: capabilities that this item alone answers for; supports: those it helps with, which is no coverage.
    """

    id: str
    vendor: str
    listing: str
    release: int
    release_hash: str
    plan: str
    quantity: int
    stage: int
    list_amount: int
    covers: tuple[str, ...] = ()
    supports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """Two capabilities whose products exchange data.

    Attributes:
        capabilities, items: the pair and its two items, in the same order.
        how: within one product, by an interface that both have, or by a connector.
        interfaces: what each side speaks; none within one product.
        answers: the vendor that answers for it.
    """

    capabilities: tuple[str, str]
    items: tuple[str, str]
    how: How
    interfaces: tuple[str, ...]
    price_amount: int
    answers: str


@dataclass(frozen=True, slots=True)
class Duty:
    """What a vendor promises beside its items: to answer within hours, and who takes over when it cannot help.

    Attributes:
        escalates_to: another vendor; None for the lead, who answers to the buyer for everything.
    """

    vendor: str
    hours: int
    escalates_to: str | None


@dataclass(frozen=True, slots=True)
class Form:
    """One version of a bundle.

    Attributes:
        bundle, alliance, lead: ids; the lead is the vendor that is accountable to the buyer.
        number: of the version, from 1.
        charter_hash: the alliance's charter under which it was made.
        texts: name and description of the listing in both languages.
        level_from, level_to: company level that a site needs, and the one it leads to.
        wanted: what it promises to cover; exchanges: pairs of capabilities that have to exchange data.
        discount_amount: taken off the sum of the items and links.
        rules: how the price is shared out; one for each vendor with an item.
    """

    bundle: str
    number: int
    alliance: str
    charter_hash: str
    lead: str
    texts: Mapping[str, str]
    level_from: int
    level_to: int
    wanted: tuple[Wanted, ...]
    exchanges: tuple[tuple[str, str], ...]
    items: tuple[Item, ...]
    links: tuple[Link, ...]
    duties: tuple[Duty, ...]
    discount_amount: int
    rules: tuple[shares.Rule, ...]

    @property
    def list_amount(self) -> int:
        """What the items cost one by one."""
        return sum(item.list_amount for item in self.items)

    @property
    def links_amount(self) -> int:
        """What the connectors cost."""
        return sum(link.price_amount for link in self.links)

    @property
    def price_amount(self) -> int:
        """What the buyer pays."""
        return self.list_amount + self.links_amount - self.discount_amount

    @property
    def vendors(self) -> tuple[str, ...]:
        """Vendors that have an item, rising."""
        return tuple(sorted({item.vendor for item in self.items}))

    def shares(self) -> dict[str, int]:
        """Return each vendor's won.

        Raises:
            Invalid: they do not add up, see `catalog.shares.divide`.
        """
        return shares.divide(self.price_amount, self.rules)


def plain(form: Form) -> dict[str, Any]:
    """Return a version, whole or not, as plain JSON whose lists have one order; `read` takes it back."""
    return {"form": FORM, **asdict(sorted_form(form)), "texts": dict(form.texts)}


def same_content(one: Form, other: Form) -> bool:
    """Whether two versions say the same, but for their number and whose charter holds for them."""

    def said(form: Form) -> Form:
        return sorted_form(replace(form, number=0, charter_hash="", lead=""))

    return said(one) == said(other)


def canonical(form: Form) -> dict[str, Any]:
    """Return a whole version as plain JSON, with every won written out.

    Raises:
        Invalid: as `Form.shares`.
    """
    return {
        **plain(form),
        "list_amount": form.list_amount,
        "links_amount": form.links_amount,
        "price_amount": form.price_amount,
        "shares": dict(sorted(form.shares().items())),
    }


def digest(form: Form) -> str:
    """SHA-256 (hex) of the canonical form: what everybody signs."""
    return fingerprint(canonical(form))


def sorted_form(form: Form) -> Form:
    """Return the same version with its lists in their own order."""
    return replace(
        form,
        wanted=tuple(sorted(form.wanted, key=lambda wanted: wanted.capability)),
        exchanges=tuple(sorted(_rising(pair) for pair in form.exchanges)),
        items=tuple(sorted((_sorted_item(item) for item in form.items), key=lambda item: item.id)),
        links=tuple(sorted((_sorted_link(link) for link in form.links), key=lambda link: link.capabilities)),
        duties=tuple(sorted(form.duties, key=lambda duty: duty.vendor)),
        rules=tuple(sorted(form.rules, key=lambda rule: rule.vendor)),
    )


def _rising(pair: tuple[str, str]) -> tuple[str, str]:
    return pair if pair[0] <= pair[1] else (pair[1], pair[0])


def _sorted_item(item: Item) -> Item:
    return replace(item, covers=tuple(sorted(item.covers)), supports=tuple(sorted(item.supports)))


def _sorted_link(link: Link) -> Link:
    """Put the lower capability first; whatever stands for the two sides turns with it."""
    if link.capabilities[0] <= link.capabilities[1]:
        return link
    return replace(
        link, capabilities=link.capabilities[::-1], items=link.items[::-1], interfaces=link.interfaces[::-1]
    )


def read(content: Mapping[str, Any]) -> Form:
    """Return the version that `plain` or `canonical` wrote.

    Raises:
        ValueError: it is of another form.
    """
    if content["form"] != FORM:
        raise ValueError(f"a version of the form {content['form']}, expected {FORM}")
    return Form(
        **{name: content[name] for name in _PLAIN},
        texts=dict(content["texts"]),
        wanted=tuple(Wanted(**each) for each in content["wanted"]),
        exchanges=tuple((one, other) for one, other in content["exchanges"]),
        items=tuple(_made(Item, each, "covers", "supports") for each in content["items"]),
        links=tuple(_made(Link, each, "capabilities", "items", "interfaces") for each in content["links"]),
        duties=tuple(Duty(**each) for each in content["duties"]),
        rules=tuple(shares.Rule(**each) for each in content["rules"]),
    )


def _made(kind: Callable[..., T], content: Mapping[str, Any], *pairs: str) -> T:
    """Return a line of the form whose lists are tuples again."""
    return kind(**{**content, **{name: tuple(content[name]) for name in pairs}})


def problems(form: Form) -> list[Problem]:
    """Return what is wrong with a version by itself, each at its field; whether it fits anything is not looked at."""
    found = [*_wanted_problems(form), *_item_problems(form), *_link_problems(form), *_money_problems(form)]
    if not 1 <= form.level_from <= form.level_to <= 5:
        found.append(Problem("level_to", "level_order"))
    return found


def _wanted_problems(form: Form) -> list[Problem]:
    named = [wanted.capability for wanted in form.wanted]
    found = [] if named else [Problem("wanted", "required")]
    found += [
        Problem(f"wanted/{place}/capability", "repeated", {"value": name})
        for place, name in enumerate(named)
        if name in named[:place]
    ]
    found += [
        Problem(f"exchanges/{place}", "exchange_unwanted")
        for place, pair in enumerate(form.exchanges)
        if len({*pair} & {*named}) != 2
    ]
    return found


def _item_problems(form: Form) -> list[Problem]:
    found: list[Problem] = []
    if not form.items:
        found.append(Problem("items", "required"))
    if len(form.items) > MAX_ITEMS:
        found.append(Problem("items", "too_many", {"max": MAX_ITEMS}))
    covered: dict[str, str] = {}
    listings: set[str] = set()
    for place, item in enumerate(form.items):
        found += _ranges(f"items/{place}", item)
        if item.listing in listings:
            found.append(Problem(f"items/{place}/listing", "repeated", {"value": item.listing}))
        listings.add(item.listing)
        for capability in item.covers:
            if covered.setdefault(capability, item.id) != item.id:
                found.append(Problem(f"items/{place}/covers", "covered_twice", {"capability": capability}))
        if not item.covers and not item.supports:
            found.append(Problem(f"items/{place}/covers", "item_idle"))
    return found


def _ranges(pointer: str, item: Item) -> list[Problem]:
    limits = {
        "quantity": (1, MAX_QUANTITY),
        "stage": (1, MAX_STAGES),
        "list_amount": (0, MAX_AMOUNT),
    }
    return [
        Problem(f"{pointer}/{name}", "range", {"min": low, "max": high})
        for name, (low, high) in limits.items()
        if not low <= getattr(item, name) <= high
    ]


def _link_problems(form: Form) -> list[Problem]:
    items = {item.id: item for item in form.items}
    found: list[Problem] = []
    for place, link in enumerate(form.links):
        pointer = f"links/{place}"
        if not 0 <= link.price_amount <= MAX_AMOUNT:
            found.append(Problem(f"{pointer}/price_amount", "range", {"min": 0, "max": MAX_AMOUNT}))
        sides = [items.get(each) for each in link.items]
        for capability, item in zip(link.capabilities, sides, strict=True):
            if item is None or capability not in item.covers:
                found.append(Problem(f"{pointer}/items", "link_side", {"capability": capability}))
        if link.answers not in {item.vendor for item in sides if item is not None}:
            found.append(Problem(f"{pointer}/answers", "link_answers"))
    return found


def _money_problems(form: Form) -> list[Problem]:
    if not 0 <= form.discount_amount <= form.list_amount + form.links_amount:
        most = form.list_amount + form.links_amount
        return [Problem("discount_amount", "range", {"min": 0, "max": most})]
    ruled = [rule.vendor for rule in form.rules]
    # The lead answers to the buyer, so it signs even if it delivers nothing; nobody else has a share without an item.
    entitled = sorted({*form.vendors, form.lead})
    astray = [Problem("shares", "share_missing", {"vendor": each}) for each in entitled if each not in ruled]
    astray += [
        Problem(f"shares/{place}/vendor", "share_outside", {"vendor": each})
        for place, each in enumerate(ruled)
        if each not in entitled
    ]
    if astray:
        return astray
    try:
        form.shares()
    except Invalid as error:
        return list(error.problems)
    return []
