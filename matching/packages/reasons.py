"""Why a demand is left out: the first filter that nothing passes, or that others were worth more."""

from collections.abc import Callable, Sequence

from matching.composer.instance import Offer, Plan, Requirement
from matching.packages import answers
from matching.packages.instance import Segment, SegmentDemand

_Filter = tuple[str, Callable[[Offer, Plan], bool]]


class Reasons:
    """Why no package at all can serve a demand, where one of its requirements shows it by itself."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self._bringing: dict[str, list[tuple[Offer, Plan]]] = {}
        for offer in segment.offers:
            for plan in offer.plans if offer.capacity != 0 else ():
                for code, quality in plan.quality.items():
                    if quality:
                        self._bringing.setdefault(code, []).append((offer, plan))

    def of(self, demand: SegmentDemand) -> str | None:
        """Return why a demand cannot be served; None when no requirement shows it by itself."""
        musts, most = demand.musts, self._segment.max_capabilities
        if not musts:
            return answers.NOTHING_REQUIRED
        if most is not None and len(musts) > most:
            return answers.TOO_MANY_CAPABILITIES
        found = [code for one in musts if (code := self._empty(demand, one)) is not None]
        return min(found, key=answers.CODES.index) if found else None

    def _empty(self, demand: SegmentDemand, asked: Requirement) -> str | None:
        """Return the first filter after which no offer is left for a requirement."""
        left = self._bringing.get(asked.capability, [])
        filters: tuple[_Filter, ...] = (
            (answers.NO_OFFER, lambda _offer, _plan: True),
            (answers.QUALITY, lambda _offer, plan: plan.quality[asked.capability] >= asked.min_quality),
            (answers.INDUSTRY, lambda offer, _plan: self._suits(offer, demand)),
            (answers.LEVEL, lambda offer, _plan: offer.entry_level - demand.level + 1 <= asked.stage),
            (answers.OVER_BUDGET, lambda _offer, plan: _is_paid(plan, demand)),
        )
        return next(
            (code for place, (code, _) in enumerate(filters) if not _any(left, filters[: place + 1])), None
        )

    def _suits(self, offer: Offer, demand: SegmentDemand) -> bool:
        made_for = self._segment.industries.get(offer.id)
        return made_for is None or not demand.industry or demand.industry in made_for


def is_over_budget(demand: SegmentDemand, least_amounts: Sequence[int]) -> bool:
    """Whether the least shares of prices, added up, are above what the demand pays."""
    return demand.budget_amount is not None and sum(least_amounts) > demand.budget_amount


def _any(ways: Sequence[tuple[Offer, Plan]], filters: Sequence[_Filter]) -> bool:
    return any(all(passes(offer, plan) for _, passes in filters) for offer, plan in ways)


def _is_paid(plan: Plan, demand: SegmentDemand) -> bool:
    return demand.budget_amount is None or plan.price_amount <= demand.budget_amount
