"""The fit of an offer for one capability: the score of the demand as if it asked for that capability alone. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from matching.composer.instance import MAX_FIT
from matching.scoring import score
from matching.scoring.facts import Need, Offer
from matching.scoring.weights import Weights

#: The score runs from 0 to 100, the composer counts in whole numbers to 1000.
_POINTS = MAX_FIT // 100


class Fitting:
    """One demand, ready to be asked of many offers."""

    def __init__(self, need: Need, weights: Weights) -> None:
        self._weights = weights
        self._needs = {
            one.capability: replace(need, requirements=(replace(one, must=True),))
            for one in need.requirements
        }

    def of(self, offer: Offer, capabilities: Iterable[str]) -> dict[str, int]:
        """Return by capability the fit 0–1000; only of those that a plan brings in the quality asked for.

        Where no plan does, the offer cannot answer for it and is not scored.
        """
        return {
            capability: self._fit(offer, capability)
            for capability in capabilities
            if capability in self._needs and self._is_met(offer, capability)
        }

    def _fit(self, offer: Offer, capability: str) -> int:
        found = score.score(self._needs[capability], offer, self._weights, policy=False)
        return min(MAX_FIT, round(found.fit * _POINTS))

    def _is_met(self, offer: Offer, capability: str) -> bool:
        least = self._needs[capability].requirements[0].min_quality
        return any(plan.quality.get(capability, 0) >= least for plan in offer.plans)
