"""The rules of a bundle as a linear model whose relaxation is nearly exact.

One column for each purchase, each provider of a capability, each way to join a link, each vendor, and the subsidy of
each stage (`rows`, `linking` and `spending` add them; docs/composer.md derives them).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from matching.composer.answers import Item
from matching.composer.columns import Facts
from matching.composer.model import Model

Terms = list[tuple[int, int]]


@dataclass
class Bundling:
    """A model with what its columns mean.

    Attributes:
        unit_amount: won in one unit of the model's money.
        buy: (offer, plan, stage), the first two as places in the instance → column.
        serve: capability → offer's place → column.
        vendor: vendor → column.
        own: own amount in units.
    """

    facts: Facts
    model: Model = field(default_factory=Model)
    unit_amount: int = 1
    buy: dict[tuple[int, int, int], int] = field(default_factory=dict)
    serve: dict[str, dict[int, int]] = field(default_factory=dict)
    vendor: dict[str, int] = field(default_factory=dict)
    own: Terms = field(default_factory=list)

    @property
    def bought(self) -> dict[int, list[int]]:
        """Offer's place → columns of its purchases."""
        found = defaultdict(list)
        for (offer, _, _), column in self.buy.items():
            found[offer].append(column)
        return dict(found)

    @property
    def fit(self) -> Terms:
        """Sum of fits."""
        offers = self.facts.instance.offers
        return [
            (column, offers[index].fit.get(code, 0))
            for code, providers in self.serve.items()
            for index, column in providers.items()
            if offers[index].fit.get(code, 0)
        ]

    @property
    def vendors(self) -> Terms:
        """Number of vendors."""
        return [(column, 1) for column in self.vendor.values()]

    @property
    def outside(self) -> Terms:
        """Number of capabilities for which a non-member answers."""
        offers, members = self.facts.instance.offers, self.facts.members
        return [
            (column, 1)
            for providers in self.serve.values()
            for index, column in providers.items()
            if offers[index].vendor not in members
        ]

    def items(self, point: Sequence[int]) -> tuple[Item, ...]:
        """Return what a solution buys, sorted."""
        offers = self.facts.instance.offers
        found = []
        for (index, plan, stage), column in self.buy.items():
            if point[column]:
                codes = [code for code, by in self.serve.items() if index in by and point[by[index]]]
                offer = offers[index]
                found.append(Item(offer.id, offer.plans[plan].id, stage, tuple(sorted(codes))))
        return tuple(sorted(found))
