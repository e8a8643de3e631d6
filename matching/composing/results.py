"""What is kept of an answer and what a page shows of it: nothing that the independent checker does not accept. Pure.

Of thousands of offers those are kept that are in a bundle, or that somebody locked; the checker needs no others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.canonical import fingerprint
from matching.composer.answers import Answer, Bundle, Funnel, Item, Joint
from matching.composer.changing import only
from matching.composer.checker import Verdict, check
from matching.composer.instance import Instance, ordered
from matching.composer.reading import read, to_json
from matching.search.documents import Document

#: Lists of bundles in an answer.
BEST, ALTERNATIVES, PARETO = LISTS = ("best", "alternatives", "pareto")
#: Bundles that only say what an offer of the best one is there for; nobody chooses them.
WITHOUT = "without"


@dataclass(frozen=True, slots=True)
class Choice:
    """A bundle that can be chosen.

    Attributes:
        list, place: where it stands in the answer, from 0.
        status, bound: as the composer proved; None for a point of a front.
        verdict: of the checker, with the figures that are shown.
    """

    list: str
    place: int
    status: str
    objective: Any
    bound: Any
    items: tuple[Item, ...]
    links: tuple[Joint, ...]
    verdict: Verdict

    @property
    def is_shown(self) -> bool:
        """Whether the checker accepts it."""
        return self.verdict.is_valid and self.verdict.money is not None

    @property
    def provider(self) -> Mapping[str, Item]:
        """By capability the item that answers for it."""
        return {code: item for item in self.items for code in item.capabilities}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a listing is in the best bundle: what would be without it.

    Attributes:
        item: of the best bundle.
        status: of the search without it; infeasible: there is no bundle without it.
        bundle: the best one without it; None when there is none, or none was found in time.
        own_more, fit_less, vendors_more, outside_more: by how much it is dearer, fits worse, has more vendors, and
            leaves more capabilities to non-members than the best bundle (less than 0: the other way round).
    """

    item: Item
    status: str
    bundle: Choice | None
    own_more: int = 0
    fit_less: int = 0
    vendors_more: int = 0
    outside_more: int = 0

    @property
    def runners_up(self) -> Mapping[str, Item | None]:
        """By capability of the listing who would answer for it; None: nobody, for a wish may stay open."""
        provider = self.bundle.provider if self.bundle else {}
        return {code: provider.get(code) for code in self.item.capabilities}


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as a page shows it.

    Attributes:
        refused: bundles of the answer that the checker does not accept: a defect, said and never shown as a bundle.
        offers: by listing its title, vendor and plans as they were.
    """

    status: str
    bound: Any
    best: Choice | None
    alternatives: tuple[Choice, ...]
    pareto: tuple[Choice, ...]
    reasons: tuple[Reason, ...]
    refused: int
    funnel: Mapping[str, Funnel]
    core: tuple[str, ...]
    is_core_minimal: bool
    repairs: tuple[Mapping[str, Any], ...]
    instance: Instance
    offers: Mapping[str, Mapping[str, Any]]
    said: Mapping[str, Any]

    @property
    def prices(self) -> dict[tuple[str, str], int]:
        """What each plan (listing, plan) costs."""
        return {
            (offer.id, plan.id): plan.price_amount for offer in self.instance.offers for plan in offer.plans
        }

    def is_member(self, listing: str) -> bool:
        """Whether the listing's vendor belonged to the alliance when it was composed."""
        return self.offers[listing]["vendor"] in self.instance.demand.members

    def choice(self, name: str, place: int) -> Choice | None:
        """Return a bundle by its list and place; None if there is none."""
        if name == BEST:
            return self.best if place == 0 else None
        found = {ALTERNATIVES: self.alternatives, PARETO: self.pareto}.get(name, ())
        return next((one for one in found if one.place == place), None)


def digest(instance: Instance) -> str:
    """SHA-256 (hex) of an instance, whatever the order of its parts."""
    return fingerprint(to_json(ordered(instance)))


def kept(
    instance: Instance, answer: Answer, documents: Mapping[str, Document], said: Mapping[str, Any]
) -> dict[str, Any]:
    """Return as JSON what is kept of an answer."""
    without = (one.bundle for one in answer.without)
    bundles: list[Bundle | None] = [answer.best, *answer.alternatives, *answer.pareto, *without]
    used = {item.offer for bundle in bundles if bundle is not None for item in bundle.items}
    named = used | {*instance.require} | {*instance.forbid}
    return {
        "answer": answer.to_json(),
        "instance": to_json(only(instance, frozenset(named))),
        "offers": {name: offer_facts(documents[name]) for name in sorted(named & documents.keys())},
        "said": dict(said),
    }


def shown(result: Mapping[str, Any]) -> Shown:
    """Return what a page shows, every bundle judged by the checker again."""
    instance, answer = read(result["instance"]), result["answer"]
    best = [_choice(instance, BEST, 0, answer)] if answer["items"] else []
    lists = {
        name: [_choice(instance, name, place, one) for place, one in enumerate(answer[name])]
        for name in (ALTERNATIVES, PARETO)
    }
    shown_best = next((one for one in best if one.is_shown), None)
    without = [
        (one, _choice(instance, WITHOUT, place, one["bundle"]) if one["bundle"] else None)
        for place, one in enumerate(answer.get("without", ()))
    ]
    every = [*best, *lists[ALTERNATIVES], *lists[PARETO], *(choice for _one, choice in without if choice)]
    return Shown(
        status=answer["status"],
        bound=answer["bound"],
        best=shown_best,
        reasons=tuple(
            _reason(instance, shown_best, one, choice)
            for one, choice in without
            if shown_best is not None and (choice is None or choice.is_shown)
        ),
        alternatives=tuple(one for one in lists[ALTERNATIVES] if one.is_shown),
        pareto=tuple(one for one in lists[PARETO] if one.is_shown),
        refused=sum(not one.is_shown for one in every),
        funnel={code: Funnel(**counts) for code, counts in answer["funnel"].items()},
        core=tuple(answer["core"]),
        is_core_minimal=answer["core_minimal"],
        repairs=tuple(answer["repairs"]),
        instance=instance,
        offers=result["offers"],
        said=result["said"],
    )


def _outside(instance: Instance, choice: Choice) -> int:
    """For how many capabilities a non-member answers."""
    members, vendors = instance.demand.members, {offer.id: offer.vendor for offer in instance.offers}
    return sum(vendors[item.offer] not in members for item in choice.provider.values())


def _reason(instance: Instance, best: Choice, said: Mapping[str, Any], other: Choice | None) -> Reason:
    item = next(one for one in best.items if one.offer == said["offer"])
    if other is None:
        return Reason(item, said["status"], None)
    money, own = other.verdict.money, best.verdict.money
    return Reason(
        item=item,
        status=said["status"],
        bundle=other,
        own_more=money.own_amount - own.own_amount if money and own else 0,
        fit_less=best.verdict.fit - other.verdict.fit,
        vendors_more=other.verdict.vendors - best.verdict.vendors,
        outside_more=_outside(instance, other) - _outside(instance, best),
    )


def _choice(instance: Instance, name: str, place: int, bundle: Mapping[str, Any]) -> Choice:
    items = tuple(
        Item(one["offer"], one["plan"], one["stage"], tuple(one["capabilities"])) for one in bundle["items"]
    )
    links = tuple(
        Joint(one["from"], one["to"], one["how"], tuple(one["interfaces"]), one["price_amount"])
        for one in bundle["links"]
    )
    return Choice(
        list=name,
        place=place,
        status=bundle["status"],
        objective=bundle["objective"],
        bound=bundle["bound"],
        items=items,
        links=links,
        verdict=check(instance, items, links),
    )


def offer_facts(document: Document) -> dict[str, Any]:
    """Return what is kept of a listing: its title, vendor, plans, levels and certificate as they were."""
    content = document.content
    return {
        "title": content["title"],
        "title_en": content["title_en"],
        "vendor": document.vendor_id,
        "vendor_name": document.vendor_name,
        "release": document.release_number,
        "level": {"from": content["level"]["from"], "to": content["level"]["to"]},
        "plans": {plan["id"]: plan["name"] for plan in content["plans"]},
        "certificate_until": document.certificate_expires_on.isoformat(),
    }
