"""What proves that a bundle fits: who brings what on which basis, where each stage leads, what joins what. Pure.

It is read from the version and from today's facts alone, apart from `checks`: what one of them misses the other shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from catalog.bundles.facts import Facts
from catalog.bundles.form import Form, Item, Link, Wanted

#: How a brought capability is known, strongest first. `unproven` is a proof that is claimed and does not hold here.
FIELD_PROVEN: Final = "field_proven"
DOCUMENT: Final = "document"
CLAIMED: Final = "claimed"
UNPROVEN: Final = "unproven"

Basis = Literal["field_proven", "document", "claimed", "unproven"]
Doubt = Literal["", "expired", "outside_scope", "no_site", "other_industry"]
How = Literal["same", "shared", "connector", "impossible", "open"]
#: (revision, code), as in `catalog.codes`.
Industry = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Cited:
    """What is cited of a part beside its facts: its certificate's scope and how long it takes to install.

    Attributes:
        certificate: its number, "" if there is none.
        capabilities: of which more than the vendor's word was looked at; industries: of the sites that were.
        field_sites, test_reports: how many of each.
        install_weeks: None when not stated.
    """

    certificate: str = ""
    capabilities: frozenset[str] = frozenset()
    industries: frozenset[Industry] = frozenset()
    field_sites: int = 0
    test_reports: int = 0
    install_weeks: int | None = None


@dataclass(frozen=True, slots=True)
class Cover:
    """One capability that is wanted, and the one item that answers for it.

    Attributes:
        item: None when nobody does.
        quality: that its plan brings today; `basis`: how that is known, None without an item.
        doubt: why it is unproven.
        supports: items that help, which is no coverage.
    """

    wanted: Wanted
    item: Item | None
    quality: int
    basis: Basis | None
    doubt: Doubt
    cited: Cited
    supports: tuple[Item, ...]

    @property
    def holds(self) -> bool:
        """Whether it is brought at the quality that is asked."""
        return self.item is not None and self.quality >= self.wanted.min_quality


@dataclass(frozen=True, slots=True)
class Stage:
    """One installation stage.

    Attributes:
        takes: company level that a site has reached when it begins; `leads`: the one it has at its end.
        too_early: items that need a higher level than the site has by then.
        vouched: whether a part that is in by then is said to lead as far.
        weeks: of its slowest item; None when one is not known.
    """

    number: int
    items: tuple[Item, ...]
    takes: int
    leads: int
    too_early: tuple[Item, ...]
    vouched: bool
    weeks: int | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two capabilities that must exchange data.

    Attributes:
        items: that answer for them; None where nobody does.
        how: in one product, directly, by a connector, not at all; open while a side is missing.
        agreed: whether the version says it so, at today's price.
        answers: the vendor that answers for it, by the version.
    """

    capabilities: tuple[str, str]
    items: tuple[Item | None, Item | None]
    how: How
    interfaces: tuple[str, ...]
    price_amount: int
    agreed: bool
    answers: str | None

    @property
    def holds(self) -> bool:
        """Whether the data flow as the version says."""
        return self.agreed and self.how in ("same", "shared", "connector")


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A capability that several items bring: one answers, the others help or are too much.

    Attributes:
        unexplained: those that neither answer nor are named as help; of a system of record every other one.
    """

    capability: str
    main: Item
    others: tuple[Item, ...]
    unexplained: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """The whole proof."""

    covers: tuple[Cover, ...]
    stages: tuple[Stage, ...]
    pairs: tuple[Pair, ...]
    duplicates: tuple[Duplicate, ...]
    titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def musts(self) -> tuple[Cover, ...]:
        """Capabilities without which it is of no use."""
        return tuple(cover for cover in self.covers if cover.wanted.must)

    @property
    def unproven(self) -> tuple[Cover, ...]:
        """Of those, what is claimed to be proven and is not."""
        return tuple(cover for cover in self.musts if cover.basis == UNPROVEN)

    @property
    def holds(self) -> bool:
        """Whether everything that has to fit does."""
        return (
            all(cover.holds for cover in self.musts)
            and all(pair.holds for pair in self.pairs)
            and not any(stage.too_early for stage in self.stages)
            and not any(one.unexplained for one in self.duplicates)
        )


@dataclass(frozen=True, slots=True)
class _Known:
    """What the proof is read from."""

    form: Form
    facts: Facts
    cited: Mapping[str, Cited]
    industry: Industry | None

    def brought(self, item: Item, capability: str) -> tuple[int, str]:
        """Return the quality that the item's plan brings today and what its vendor names as its basis."""
        part = self.facts.parts.get(item.listing)
        plan = None if part is None else part.plans.get(item.plan)
        return (0, CLAIMED) if plan is None else plan.quality.get(capability, (0, CLAIMED))

    def cites(self, item: Item) -> Cited:
        """Return what is cited of an item's listing."""
        return self.cited.get(item.listing, Cited())


def proof(
    form: Form,
    facts: Facts,
    cited: Mapping[str, Cited],
    *,
    industry: Industry | None = None,
) -> Proof:
    """Return the proof of a version.

    Args:
        cited: by listing.
        industry: of the factory that reads it; None: it is not looked at.
    """
    known = _Known(form, facts, cited, industry)
    answering = {capability: item for item in form.items for capability in item.covers}
    return Proof(
        covers=tuple(_cover(wanted, answering.get(wanted.capability), known) for wanted in form.wanted),
        stages=_stages(known),
        pairs=tuple(_pair(pair, answering, known) for pair in form.exchanges),
        duplicates=_duplicates(answering, known),
        titles={listing: part.title for listing, part in facts.parts.items()},
    )


def _cover(wanted: Wanted, item: Item | None, known: _Known) -> Cover:
    supports = tuple(one for one in known.form.items if wanted.capability in one.supports and one != item)
    if item is None:
        return Cover(wanted, None, 0, None, "", Cited(), supports)
    quality, claimed = known.brought(item, wanted.capability)
    cited = known.cites(item)
    basis, doubt = borne_out(wanted.capability, claimed if quality else CLAIMED, cited)
    if basis != CLAIMED:
        doubt = _doubt_here(item, doubt, claimed, known)
        basis = UNPROVEN if doubt else basis
    return Cover(wanted, item, quality, basis, doubt, cited, supports)


def borne_out(capability: str, claimed: str, cited: Cited) -> tuple[Basis, Doubt]:
    """Return on which basis a certificate bears out what a vendor says of a capability, and why it does not.

    It is so on any day on which the certificate holds, and for every reader.
    """
    if claimed == CLAIMED:
        return CLAIMED, ""
    if capability not in cited.capabilities:
        return UNPROVEN, "outside_scope"
    if claimed == FIELD_PROVEN:
        return (FIELD_PROVEN, "") if cited.field_sites else (UNPROVEN, "no_site")
    return DOCUMENT, ""


def _doubt_here(item: Item, doubt: Doubt, claimed: str, known: _Known) -> Doubt:
    """Return why what is claimed to be proven does not hold today and for this reader, or nothing."""
    until, cited = known.facts.parts[item.listing].certificate_until, known.cites(item)
    if until is None or until < known.facts.today:
        return "expired"
    is_meant = claimed != FIELD_PROVEN or _is_meant(known.industry, cited)
    return doubt or ("" if is_meant else "other_industry")


def _is_meant(industry: Industry | None, cited: Cited) -> bool:
    """Whether the sites that were looked at are of the reader's industry; without one they are."""
    return industry is None or any(_is_within(industry, scope) for scope in cited.industries)


def _is_within(industry: Industry, scope: Industry) -> bool:
    """Whether one industry is another, or a part of it."""
    return industry[0] == scope[0] and industry[1].startswith(scope[1])


def _stages(known: _Known) -> tuple[Stage, ...]:
    numbers = sorted({item.stage for item in known.form.items})
    return tuple(_stage(number, number == numbers[-1], known) for number in numbers)


def _stage(number: int, is_last: bool, known: _Known) -> Stage:
    """Each stage lifts the site by one level; the last one to where the bundle leads."""
    form, facts = known.form, known.facts
    takes = form.level_from + number - 1
    leads = form.level_to if is_last else min(form.level_to, takes + 1)
    items = tuple(item for item in form.items if item.stage == number)
    parts = [(item, facts.parts[item.listing]) for item in form.items if item.listing in facts.parts]
    weeks = [known.cites(item).install_weeks for item in items]
    stated = [week for week in weeks if week is not None]
    return Stage(
        number=number,
        items=items,
        takes=min(takes, form.level_to),
        leads=leads,
        too_early=tuple(item for item, part in parts if item.stage == number and part.level_from > takes),
        vouched=any(part.level_to >= leads for item, part in parts if item.stage <= number),
        weeks=max(stated) if len(stated) == len(weeks) else None,
    )


def _pair(pair: tuple[str, str], answering: Mapping[str, Item], known: _Known) -> Pair:
    sides = (answering.get(pair[0]), answering.get(pair[1]))
    one, other = sides
    link = next((each for each in known.form.links if {*each.capabilities} == {*pair}), None)
    answers = None if link is None else link.answers
    if one is None or other is None or not {one.listing, other.listing} <= known.facts.parts.keys():
        return Pair(pair, sides, "open", (), 0, agreed=False, answers=answers)
    if one.id == other.id:
        agreed = link is not None and link.how == "same" and not link.price_amount
        return Pair(pair, sides, "same", (), 0, agreed=agreed, answers=answers)
    prices = _ways(one, other, known.facts)
    said = _said(link, one)
    if link is not None and said in prices and prices[said] == link.price_amount:
        return Pair(pair, sides, _how(said), said, link.price_amount, agreed=True, answers=answers)
    if not prices:
        return Pair(pair, sides, "impossible", (), 0, agreed=False, answers=answers)
    price, best = min((price, interfaces) for interfaces, price in prices.items())
    return Pair(pair, sides, _how(best), best, price, agreed=False, answers=answers)


def _ways(one: Item, other: Item, facts: Facts) -> dict[tuple[str, ...], int]:
    """Return every way of joining two items: the interfaces on either side, and what that costs today."""
    mine, theirs = facts.parts[one.listing].interfaces, facts.parts[other.listing].interfaces
    prices: dict[tuple[str, ...], int] = {(name, name): 0 for name in mine & theirs}
    for connector in facts.connectors:
        for sides in (connector.interfaces, connector.interfaces[::-1]):
            if sides[0] in mine and sides[1] in theirs and sides[0] != sides[1]:
                prices[sides] = min(prices.get(sides, connector.price_amount), connector.price_amount)
    return prices


def _said(link: Link | None, one: Item) -> tuple[str, ...]:
    """Return the interfaces that a link names, the side of `one` first."""
    if link is None:
        return ()
    return link.interfaces if link.items[0] == one.id else link.interfaces[::-1]


def _how(interfaces: tuple[str, ...]) -> How:
    return "shared" if len({*interfaces}) == 1 else "connector"


def _duplicates(answering: Mapping[str, Item], known: _Known) -> tuple[Duplicate, ...]:
    found = []
    for capability, main in sorted(answering.items()):
        others = tuple(
            item for item in known.form.items if item.id != main.id and known.brought(item, capability)[0]
        )
        record = capability in known.facts.exclusive
        unexplained = tuple(item for item in others if record or capability not in item.supports)
        if others:
            found.append(Duplicate(capability, main, others, unexplained))
    return tuple(found)
