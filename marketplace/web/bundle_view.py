"""A version of a bundle as pages show it: what is called what, who brings what, what is in the way, what it costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy.orm import Session

from catalog import taxonomy
from catalog.bundles import backing, checks, drafting, knowing, proof
from catalog.bundles import form as forms
from catalog.bundles.checks import Finding, Fix
from catalog.bundles.facts import Facts
from catalog.bundles.form import Form, Item, Wanted
from catalog.bundles.proof import Cited, Pair, Proof
from catalog.errors import Invalid, Problem
from catalog.models import Alliance, Bundle, BundleVersion
from marketplace.accounts import access
from marketplace.accounts.access import Standing
from marketplace.extensions import db, today
from marketplace.wording import own_words
from marketplace.wording.bundles import Called
from matching.search import lending
from matching.search.lending import Proven

#: What an item is to a capability: answers for it, helps, brings it unasked beside another, could take it, cannot.
Role = Literal["main", "sub", "dup", "may", "none"]
#: How a row of the matrix ends.
Sum = Literal["good", "dup", "weak", "gap"]
#: Ways of exchanging data, the best first.
HOWS = ("same", "shared", "connector", "impossible", "open")


@dataclass(frozen=True, slots=True)
class Cell:
    """One item at one capability, with the quality that its plan brings."""

    item: Item
    role: Role
    quality: int


@dataclass(frozen=True, slots=True)
class Row:
    """One capability that is wanted. `offers`: plans of the store that would bring it, while nobody answers."""

    wanted: Wanted
    cells: tuple[Cell, ...]
    sum: Sum
    offers: int


@dataclass(frozen=True, slots=True)
class ShareLine:
    """What one vendor gets, with the list price of what it brings; amount is None while the shares do not add up."""

    vendor: str
    kind: str
    value: int
    amount: int | None
    list_amount: int


@dataclass(frozen=True, slots=True)
class Sight:
    """One version with everything that pages say of it.

    Attributes:
        findings: conflicts first; problems: why its shares do not add up.
        public: listings that have a page, with what is cited of them.
    """

    form: Form
    facts: Facts
    called: Called
    findings: tuple[Finding, ...]
    proof: Proof
    problems: tuple[Problem, ...]
    public: Mapping[str, Standing]

    @property
    def conflicts(self) -> tuple[Finding, ...]:
        """What stands in the way."""
        return tuple(one for one in self.findings if one.severity == "conflict")

    @property
    def cautions(self) -> tuple[Finding, ...]:
        """What may."""
        return tuple(one for one in self.findings if one.severity == "caution")

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return title(self.form)

    @property
    def summary(self) -> str:
        """Its one sentence in the reader's language."""
        return own_words(self.form.texts.get("summary", ""), self.form.texts.get("summary_en", ""))

    @property
    def shares(self) -> tuple[ShareLine, ...]:
        """What each vendor gets, the lead first, then the dearest."""
        amounts: Mapping[str, int] = {} if self.problems else self.form.shares()
        lines = [
            ShareLine(
                one.vendor,
                one.kind,
                one.value,
                amounts.get(one.vendor),
                sum(item.list_amount for item in self.form.items if item.vendor == one.vendor),
            )
            for one in self.form.rules
        ]
        return tuple(
            sorted(lines, key=lambda one: (one.vendor != self.form.lead, -one.list_amount, one.vendor))
        )

    @property
    def groups(self) -> tuple[tuple[str, tuple[Row, ...]], ...]:
        """The matrix: (group of capabilities, its rows), in the order of the taxonomy."""
        rows = {wanted.capability: self._row(wanted) for wanted in self.form.wanted}
        known = [one for one in taxonomy.capabilities() if one.code in rows]
        found = [
            (group.code, tuple(rows[one.code] for one in known if one.group == group.code))
            for group in taxonomy.capability_groups()
        ]
        return tuple((code, lines) for code, lines in found if lines)

    def between(self, one: Item, other: Item) -> Pair | None:
        """How two items exchange data, the worst of several; None: nothing is asked of them."""
        found = [
            each
            for each in self.proof.pairs
            if {item.id for item in each.items if item is not None} == {one.id, other.id}
        ]
        return max(found, key=lambda each: HOWS.index(each.how), default=None)

    @property
    def proven(self) -> Proven:
        """How far all its parts are proven, as its card and the matches say it."""
        released = {listing: (each.content, each.scope) for listing, each in self.public.items()}
        return lending.proven((), backing.backing(self.form, released))

    @property
    def capabilities(self) -> list[str]:
        """What it promises to bring."""
        return [wanted.capability for wanted in self.form.wanted]

    @property
    def covered(self) -> int:
        """How many of the wanted capabilities are brought well enough."""
        return sum(cover.holds for cover in self.proof.covers)

    def _row(self, wanted: Wanted) -> Row:
        cells = tuple(self._cell(item, wanted.capability) for item in self.form.items)
        main = next((cell for cell in cells if cell.role == "main"), None)
        ends: Sum = "good"
        if main is None:
            ends = "gap"
        elif main.quality < wanted.min_quality:
            ends = "weak"
        elif any(cell.role == "dup" for cell in cells):
            ends = "dup"
        return Row(wanted, cells, ends, len(self.facts.substitutes.get(wanted.capability, ())))

    def _cell(self, item: Item, capability: str) -> Cell:
        part = self.facts.parts.get(item.listing)
        plan = None if part is None else part.plans.get(item.plan)
        quality = 0 if plan is None else plan.quality.get(capability, (0, ""))[0]
        answered = any(capability in one.covers for one in self.form.items)
        role: Role = "none"
        if capability in item.covers:
            role = "main"
        elif capability in item.supports:
            role = "sub"
        elif quality:
            role = "dup" if answered else "may"
        return Cell(item, role, quality)


def sight_of(bundle: Bundle, form: Form | None = None, *, fixes: bool = False) -> Sight:
    """A form of a bundle, its working copy if none is given, with everything that is said of it today."""
    made = drafting.working_copy(bundle) if form is None else form
    facts = knowing.facts_of(db, made, bundle.alliance, today(), substitutes=fixes)
    return sight(db, made, facts, bundle.alliance)


def version_sight(version: BundleVersion, *others: BundleVersion | None) -> Sight:
    """A version with what is said of it today.

    Its own listing is among the public ones, as it stood when the version was sold, and so are those of `others`, with
    which it is compared.
    """
    made, bundle = forms.read(version.content), version.bundle
    facts = knowing.facts_of(db, made, bundle.alliance, today(), substitutes=False)
    past = (item["listing"] for other in others if other is not None for item in other.content["items"])
    return sight(db, made, facts, bundle.alliance, version, besides=(bundle.listing.public_id, *past))


def sight(
    session: Session,
    form: Form,
    facts: Facts,
    alliance: Alliance,
    version: BundleVersion | None = None,
    *,
    besides: Sequence[str] = (),
) -> Sight:
    """Read a version; one statement more, however many parts it has."""
    found = checks.findings(form, facts)
    offered = {fix.value.split()[0] for one in found for fix in one.fixes if fix.act in ("add", "replace")}
    listings = {item.listing for item in form.items} | offered | {*besides}
    parts = access.public_parts(session, sorted(listings), version)
    return Sight(
        form,
        facts,
        called(parts, alliance, facts),
        found,
        proof.proof(form, facts, cited(parts)),
        tuple(share_problems(form)),
        parts,
    )


def under(form: Form, charter_hash: str) -> Form:
    """The same under another charter."""
    return replace(form, charter_hash=charter_hash)


def offered(form: Form, facts: Facts) -> list[Fix]:
    """Everything that a finding of today offers."""
    return [fix for found in checks.findings(form, facts) for fix in found.fixes]


def called(parts: Mapping[str, Standing], alliance: Alliance, facts: Facts) -> Called:
    """What the vendors, listings and plans are called in the reader's language."""
    firms = {
        row.organization.public_id: own_words(row.organization.name, row.organization.name_en)
        for row in alliance.members
    }
    firms |= {each.vendor: own_words(each.vendor_name, each.vendor_name_en) for each in parts.values()}
    titles = {listing: part.title for listing, part in facts.parts.items()}
    titles |= {
        listing: own_words(each.content["title"], each.content["title_en"]) for listing, each in parts.items()
    }
    plans = {
        (listing, plan["id"]): plan["name"]
        for listing, each in parts.items()
        for plan in each.content["plans"]
    }
    return Called(firms, titles, plans)


def cited(parts: Mapping[str, Standing]) -> dict[str, Cited]:
    """What the proof cites of each listing: its certificate's scope, how long it takes to install."""
    return {
        listing: Cited(
            certificate=each.certificate,
            capabilities=frozenset(each.scope["capabilities"]),
            industries=frozenset((one["revision"], one["code"]) for one in each.scope["industries"]),
            field_sites=each.scope["field_sites"],
            test_reports=each.scope["test_reports"],
            install_weeks=each.content["install_weeks"],
        )
        for listing, each in parts.items()
    }


def share_problems(form: Form) -> Sequence[Problem]:
    """Why the shares do not add up, if they do not."""
    try:
        form.shares()
    except Invalid as error:
        return tuple(error.problems)
    return ()


def title(form: Form) -> str:
    """A bundle's name in the reader's language."""
    return own_words(form.texts.get("title", ""), form.texts.get("title_en", ""))


def turned(form: Form, item: str, capability: str) -> Form:
    """Return the form after a press on one cell: nothing → answers → helps → nothing.

    Where another answered, it helps from then on: of a capability only one answers.

    Raises:
        StopIteration: there is no such item.
    """
    pressed = next(each for each in form.items if each.id == item)
    takes = capability not in pressed.covers and capability not in pressed.supports
    items = tuple(
        _turned(one, capability, takes=takes and one.id == item)
        if one.id == item or (takes and capability in one.covers)
        else one
        for one in form.items
    )
    return replace(form, items=items)


def _turned(one: Item, capability: str, *, takes: bool) -> Item:
    covers, supports = set(one.covers) - {capability}, set(one.supports) - {capability}
    if takes:
        covers.add(capability)
    elif capability in one.covers:
        supports.add(capability)
    return replace(one, covers=tuple(sorted(covers)), supports=tuple(sorted(supports)))
