"""What would cost the first listing its place: of each of its facts the smallest single change, found by rescoring."""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from matching.scoring import axes, score
from matching.scoring.facts import EvidenceFact, Need, Offer, PlanFact
from matching.scoring.score import Param
from matching.scoring.weights import Weights

#: Prices are looked at in steps of this many won.
PRICE_STEP = 100_000
#: No installation is looked at that takes this many weeks longer.
MAX_MORE_WEEKS = 52
#: As many failures more than this are not looked at.
MAX_FAILURES = 5

#: Place of another listing in the order: `score.order_key`.
Key = tuple[float, str]


@dataclass(frozen=True, slots=True)
class Flip:
    """One fact of the first listing and the nearest value of it with which another one would be the first.

    Attributes:
        axis: where the fact counts; "certificate" for the certificate.
        fact: "price", "quality", "level_to", "level_from", "industry", "interface", "evidence", "region",
            "install_weeks", "capacity", "in_use" or "certificate".
        now, then: its value and the changed one: whole won, quality 0–5, company level, weeks, projects a quarter,
            failed records, or a code that is there and is not any more (then: None).
        code: the capability of a quality; else None.
        excluded: it would not only lose its place but leave the list.
    """

    axis: str
    fact: str
    now: Param
    then: Param
    code: str | None
    excluded: bool


#: A change: what it is, and the offer as it would be.
_Change = tuple[Param, Param, str | None, Offer]
_Loses = Callable[[Offer], bool | None]


def flips(
    need: Need, offer: Offer, rival: Key | None, weights: Weights, *, policy: bool = True, text: float = 0.0
) -> list[Flip]:
    """Return the flips of the listing that stands first, in the order of the axes; facts that cannot cost it its
    place are left out.

    Args:
        rival: place of the second listing; None when there is none, so that only leaving the list counts.
    """

    def loses(changed: Offer) -> bool | None:
        """True: it leaves the list; False: it stays and another one is the first; None: it keeps its place."""
        if score.exclusion(need, changed) is not None:
            return True
        if rival is None:
            return None
        result = score.score(need, changed, weights, text=text, policy=policy)
        return False if score.order_key(result, offer.listing) > rival else None

    found = []
    for axis, fact, changes in _facts(need, offer, weights, loses):
        for now, then, code, changed in changes:
            out = loses(changed)
            if out is not None:
                found.append(Flip(axis, fact, now, then, code, out))
                break
    return found


def _facts(
    need: Need, offer: Offer, weights: Weights, loses: _Loses
) -> Iterator[tuple[str, str, Iterator[_Change]]]:
    """Every fact that counts for this need, with its changes from the smallest on."""
    plan = score.considered_plan(need, offer, weights)
    if plan is not None:
        for capability in sorted({row.capability for row in need.requirements}):
            yield "capability", "quality", _qualities(offer, plan, capability)
    yield "maturity", "level_to", _levels_to(offer)
    yield "maturity", "level_from", _levels_from(offer)
    yield "industry", "industry", _industries(need, offer)
    yield "supply_chain", "in_use", _in_use(need, offer)
    yield "interfaces", "interface", _interfaces(offer)
    yield "evidence", "evidence", _failures(offer)
    if plan is not None and plan.first_year_amount is not None and need.budget_amount is not None:
        yield "price", "price", _prices(offer, plan, plan.first_year_amount, need.budget_amount, loses)
    if need.region is not None and need.region in offer.regions:
        yield "region", "region", iter([_without_region(offer, need.region)])
    yield "region", "install_weeks", _weeks(need, offer)
    yield "capacity", "capacity", _capacities(need, offer)
    yield "certificate", "certificate", iter([(True, None, None, replace(offer, certificate_valid=False))])


def _qualities(offer: Offer, plan: PlanFact, capability: str) -> Iterator[_Change]:
    now = plan.quality.get(capability, 0)
    for then in range(now - 1, -1, -1):
        changed = replace(plan, quality={**plan.quality, capability: then})
        yield now, then, capability, _with_plan(offer, changed)


def _levels_to(offer: Offer) -> Iterator[_Change]:
    for then in range(offer.level_to - 1, offer.level_from - 1, -1):
        yield offer.level_to, then, None, replace(offer, level_to=then)


def _levels_from(offer: Offer) -> Iterator[_Change]:
    for then in range(offer.level_from + 1, offer.level_to + 1):
        yield offer.level_from, then, None, replace(offer, level_from=then)


def _industries(need: Need, offer: Offer) -> Iterator[_Change]:
    site = axes.site_industry(need)
    if site is not None and offer.industries:
        _, nearest = axes.nearest_industry(site, offer.industries)
        rest = tuple(other for other in offer.industries if other != nearest)
        yield nearest[1], None, None, replace(offer, industries=rest)


def _in_use(need: Need, offer: Offer) -> Iterator[_Change]:
    # A name that no partner uses stands for "not in use there any more"; everything else stays the same.
    users = sum(offer.listing in partner.listings for partner in need.partners)
    if users:
        yield users, None, None, replace(offer, listing=f"{offer.listing}~")


def _interfaces(offer: Offer) -> Iterator[_Change]:
    for code in sorted(offer.interfaces):
        yield code, None, None, replace(offer, interfaces=offer.interfaces - {code})


def _failures(offer: Offer) -> Iterator[_Change]:
    failed = sum(record.improved is False for record in axes.proven(offer))
    for more in range(1, MAX_FAILURES + 1):
        records = tuple(EvidenceFact("field", None, False) for _ in range(more))
        yield failed, failed + more, None, replace(offer, evidence=(*offer.evidence, *records))


def _prices(offer: Offer, plan: PlanFact, now: int, budget: int, loses: _Loses) -> Iterator[_Change]:
    """A dearer plan never stands higher: the first step that loses is found by halving."""

    def dearer(steps: int) -> Offer:
        return _with_plan(offer, replace(plan, first_year_amount=now + steps * PRICE_STEP))

    last = max(0, 3 * budget // 2 - now) // PRICE_STEP + 1
    steps = bisect_left(range(1, last + 1), True, key=lambda n: loses(dearer(n)) is not None) + 1
    if steps <= last:
        yield now, now + steps * PRICE_STEP, None, dearer(steps)


def _weeks(need: Need, offer: Offer) -> Iterator[_Change]:
    if need.weeks_left is not None and offer.install_weeks is not None:
        for then in range(offer.install_weeks + 1, offer.install_weeks + MAX_MORE_WEEKS + 1):
            yield offer.install_weeks, then, None, replace(offer, install_weeks=then)


def _capacities(need: Need, offer: Offer) -> Iterator[_Change]:
    if need.weeks_left is not None and offer.capacity_per_quarter is not None:
        enough = min(offer.capacity_per_quarter, axes.WEEKS_A_QUARTER + 1)
        for then in range(enough - 1, -1, -1):
            changed = replace(offer, capacity_per_quarter=then)
            yield offer.capacity_per_quarter, then, None, changed


def _without_region(offer: Offer, region: str) -> _Change:
    return region, None, None, replace(offer, regions=offer.regions - {region})


def _with_plan(offer: Offer, plan: PlanFact) -> Offer:
    return replace(offer, plans=tuple(plan if other.id == plan.id else other for other in offer.plans))
