"""What the store knows today of the parts of a bundle: what the checks hold a version against. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A plan of a listing's present edition.

    Attributes:
        amount: won of the first year; None when it cannot be told.
        quality: capability → (quality 1–5, basis).
    """

    amount: int | None
    quality: Mapping[str, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class PartFacts:
    """A listing as it is public today.

    Attributes:
        title: for texts.
        is_bundle: it is a bundle itself.
        release, release_hash: the present edition; None when it is not public.
        certificate_until: the last day on which its certificate holds.
        level_from: company level that a site needs; level_to: the one it leads to.
        is_member: its vendor stands in the alliance; leaves_on: the vendor's last day there, if it leaves.
        free_projects: that its vendor can still start in this quarter; None when not known.
        industries: (revision of the classification, code) that it is meant for; regions: where it is supplied; None of
            either while it is not public.
    """

    title: str
    vendor: str
    is_bundle: bool
    release: int | None
    release_hash: str
    certificate_until: date | None
    level_from: int
    level_to: int
    interfaces: frozenset[str]
    plans: Mapping[str, PlanFacts]
    is_member: bool
    leaves_on: date | None = None
    free_projects: int | None = None
    industries: frozenset[tuple[str, str]] | None = None
    regions: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Connector:
    """What joining two interfaces costs, in either direction: dated, with its source."""

    interfaces: tuple[str, str]
    price_amount: int
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class ConflictFact:
    """Two listings that cannot stand in one factory: dated, with its source."""

    listings: tuple[str, str]
    reason: str
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a version is held against.

    Attributes:
        parts: by listing; one that is gone altogether is missing.
        exclusive: capabilities of which a factory has one system of record.
        substitutes: capability → plans of the store that would bring it, cheapest first: (listing, plan, won).
    """

    today: date
    parts: Mapping[str, PartFacts]
    exclusive: frozenset[str] = frozenset()
    connectors: tuple[Connector, ...] = ()
    conflicts: tuple[ConflictFact, ...] = ()
    substitutes: Mapping[str, tuple[tuple[str, str, int], ...]] = field(default_factory=dict)

    def joint(self, one: str, other: str) -> "tuple[tuple[str, ...], int] | None":
        """Return the cheapest way of joining two listings, (interfaces, won); None where there is none.

        An interface of both is free; of several the first by name.
        """
        mine, theirs = self.parts[one].interfaces, self.parts[other].interfaces
        shared = sorted(mine & theirs)
        if shared:
            return (shared[0], shared[0]), 0
        ways = [
            (connector.price_amount, sides)
            for connector in self.connectors
            for sides in (connector.interfaces, connector.interfaces[::-1])
            if sides[0] in mine and sides[1] in theirs
        ]
        if not ways:
            return None
        price, sides = min(ways)
        return sides, price
