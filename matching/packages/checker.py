"""Judge packages by the rules of docs/packages.md and by nothing else: it has never heard of a search."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from matching.composer.instance import Offer, Plan
from matching.packages.answers import Answer, Member, Package
from matching.packages.instance import Segment, SegmentDemand


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that an answer breaks.

    Attributes:
        rule: its number in docs/packages.md.
        code: what of it.
        where: the names it is about.
    """

    rule: int
    code: str
    where: tuple[str, ...] = ()


def check(segment: Segment, count: int, answer: Answer) -> tuple[Broken, ...]:
    """Return which rules an answer breaks."""
    judge = _Judge(segment)
    broken = [Broken(1, "too_many_packages")] if len(answer.packages) > count else []
    for place, package in enumerate(answer.packages):
        broken += judge.package(str(place), package)
    if any(one.code == "unknown_plan" for one in broken):
        return tuple(broken)
    return (*broken, *judge.service(answer))


class _Judge:
    """The rules, beside the facts that they are about."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self._offers = {offer.id: offer for offer in segment.offers}
        self._plans = {(offer.id, plan.id): plan for offer in segment.offers for plan in offer.plans}
        self._demands = {demand.id: demand for demand in segment.demands}

    def package(self, name: str, package: Package) -> Iterator[Broken]:
        """Rules 1 to 3: members that exist, one for each capability, within the limits, joined, without conflict."""
        for member in package.members:
            if (member.offer, member.plan) not in self._plans:
                yield Broken(1, "unknown_plan", (name, member.offer))
                return
        for offer, times in Counter(one.offer for one in package.members).items():
            if times > 1:
                yield Broken(1, "offer_twice", (name, offer))
        for member in package.members:
            offered = self._offer(member)
            if not member.capabilities:
                yield Broken(1, "answers_for_nothing", (name, member.offer))
            if offered.capacity == 0:
                yield Broken(1, "no_capacity", (name, member.offer))
            if any(not self._plan(member).quality.get(code, 0) for code in member.capabilities):
                yield Broken(1, "not_brought", (name, member.offer))
            if len(package.members) > 1 and self._join(member, package.hub) is None:
                yield Broken(3, "not_joined", (name, member.offer))
        offers = {member.offer for member in package.members}
        for one, other in self._segment.conflicts:
            if {one, other} <= offers:
                yield Broken(3, "conflict", (name, one, other))
        yield from self._limits(name, package)

    def service(self, answer: Answer) -> Iterator[Broken]:
        """Rules 4 and 5: each demand is served once, by a package that meets it, or left out; weights add up."""
        named = Counter([*(one.demand for one in answer.served), *(one.demand for one in answer.left_out)])
        if set(named) != set(self._demands) or any(times > 1 for times in named.values()):
            yield Broken(5, "not_each_once")
            return
        if answer.weight != sum(self._demands[one.demand].weight for one in answer.served):
            yield Broken(5, "weight")
        for one in answer.served:
            if not 0 <= one.package < len(answer.packages):
                yield Broken(5, "unknown_package", (one.demand,))
                continue
            amount = self.amount(self._demands[one.demand], answer.packages[one.package])
            if amount is None:
                yield Broken(4, "not_served", (one.demand,))
            elif amount != one.own_amount:
                yield Broken(4, "own_amount", (one.demand,))
        for left in answer.left_out:
            demand = self._demands[left.demand]
            if any(self.amount(demand, package) is not None for package in answer.packages):
                yield Broken(5, "left_out_though_served", (left.demand,))

    def _limits(self, name: str, package: Package) -> Iterator[Broken]:
        segment = self._segment
        codes = Counter(code for one in package.members for code in one.capabilities)
        if any(times > 1 for times in codes.values()):
            yield Broken(1, "two_providers", (name,))
        vendors = {self._offer(member).vendor for member in package.members}
        if segment.max_vendors is not None and len(vendors) > segment.max_vendors:
            yield Broken(2, "too_many_vendors", (name,))
        if segment.max_capabilities is not None and len(codes) > segment.max_capabilities:
            yield Broken(2, "too_many_capabilities", (name,))

    def amount(self, demand: SegmentDemand, package: Package) -> int | None:
        """Rule 4: return what a demand pays for the members that it takes; None when the package does not serve it."""
        taken: list[Member] = []
        for asked in demand.musts:
            member = next((one for one in package.members if asked.capability in one.capabilities), None)
            if member is None:
                return None
            offer = self._offer(member)
            suited = self._segment.industries.get(offer.id)
            if (
                self._plan(member).quality.get(asked.capability, 0) < asked.min_quality
                or max(1, offer.entry_level - demand.level + 1) > asked.stage
                or (demand.industry and suited is not None and demand.industry not in suited)
            ):
                return None
            if member not in taken:
                taken.append(member)
        if not taken:
            return None
        amount = sum(self._plan(member).price_amount for member in taken)
        if len(taken) > 1:
            amount += sum(self._join(member, package.hub) or 0 for member in taken)
        return amount if demand.budget_amount is None or amount <= demand.budget_amount else None

    def _join(self, member: Member, hub: str | None) -> int | None:
        """Rule 3: return what joins a member to the hub; None when nothing does."""
        interfaces = self._offer(member).interfaces
        if hub is None:
            return None
        if hub in interfaces:
            return 0
        prices = [
            one.price_amount
            for one in self._segment.connectors
            for interface in interfaces
            if {one.one, one.other} == {hub, interface}
        ]
        return min(prices, default=None)

    def _offer(self, member: Member) -> Offer:
        return self._offers[member.offer]

    def _plan(self, member: Member) -> Plan:
        return self._plans[member.offer, member.plan]
