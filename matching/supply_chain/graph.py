"""The chain as a graph: tiers, loops, and the group that holds its level back. Pure.

Firms are names without meaning here; an edge runs from a supplier to its customer. `docs/supply-chain.md` works the
rules in numbers.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

#: A group is a bottleneck if its mean level lies at least this far below the mean of all known levels of the chain …
GAP = Fraction(1, 2)
#: … and rests on at least this many firms whose level is known.
MIN_KNOWN = 2


@dataclass(frozen=True, slots=True)
class Edge:
    """One trade: `supplier` delivers to `customer`."""

    supplier: str
    customer: str
    basis: Literal["confirmed", "declared"]


@dataclass(frozen=True, slots=True)
class Group:
    """Firms of one tier and one kind.

    Attributes:
        tier: 0 is the anchor.
        kind: KSIC division, "" = unknown.
        firms: sorted.
        levels: company levels 1–5, one a firm of `firms`; None = unknown.
    """

    tier: int
    kind: str
    firms: tuple[str, ...]
    levels: tuple[int | None, ...]

    @property
    def known(self) -> tuple[int, ...]:
        """The levels that are known, lowest first."""
        return tuple(sorted(level for level in self.levels if level is not None))

    @property
    def mean(self) -> Fraction | None:
        """Mean of the known levels; None if there is none."""
        return Fraction(sum(self.known), len(self.known)) if self.known else None


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """The group that holds the chain's level back, and how many links to the tiers above hang on it."""

    group: Group
    links: int
    chain_mean: Fraction


def tiers(edges: Iterable[Edge], anchor: str) -> dict[str, int]:
    """The tier of each firm below the anchor: the least number of links to it, the anchor itself 0.

    A loop changes nothing: the shortest way counts. Firms that do not reach the anchor have no tier.
    """
    suppliers = _suppliers(edges)
    found, waiting = {anchor: 0}, deque([anchor])
    while waiting:
        firm = waiting.popleft()
        for supplier in suppliers.get(firm, ()):
            if supplier not in found:
                found[supplier] = found[firm] + 1
                waiting.append(supplier)
    return found


def loops(edges: Iterable[Edge]) -> list[tuple[str, ...]]:
    """Groups of firms that supply one another in a circle, each sorted, in the order of their first firm.

    The strongly connected components of more than one firm, in time linear in the edges and without recursion.

    Source:
        R. Tarjan, *Depth-first search and linear graph algorithms*, SIAM J. Comput. 1 (1972).
    """
    search = _Components(_suppliers(edges))
    return sorted(search.found())


def groups(
    tier_of: Mapping[str, int], kind_of: Mapping[str, str], level_of: Mapping[str, int | None]
) -> list[Group]:
    """Firms by tier and kind, in the order tier, larger first, kind."""
    members: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for firm, tier in tier_of.items():
        members[tier, kind_of.get(firm, "")].append(firm)
    made = [
        Group(tier, kind, tuple(sorted(firms)), tuple(level_of.get(firm) for firm in sorted(firms)))
        for (tier, kind), firms in members.items()
    ]
    return sorted(made, key=lambda group: (group.tier, -len(group.firms), group.kind))


def bottleneck(found: Sequence[Group], edges: Iterable[Edge]) -> Bottleneck | None:
    """The group below the anchor that holds the chain's level back, or None.

    Among the groups of a known kind with MIN_KNOWN known levels or more it is the one of the lowest mean, if that
    lies GAP or more below the mean of all known levels below the anchor; at equal means the one with more links to
    tiers above, then the nearer one. Unknown levels count as unknown, never as low.
    """
    below = [group for group in found if group.tier > 0]
    known = [level for group in below for level in group.known]
    if not known:
        return None
    mean = Fraction(sum(known), len(known))
    tier_of = {firm: group.tier for group in found for firm in group.firms}
    links: defaultdict[str, int] = defaultdict(int)
    for edge in edges:
        if edge.supplier in tier_of and tier_of.get(edge.customer, len(tier_of)) < tier_of[edge.supplier]:
            links[edge.supplier] += 1
    candidates = [
        (group.mean, -sum(links[firm] for firm in group.firms), group.tier, group.kind, group)
        for group in below
        if group.kind
        and len(group.known) >= MIN_KNOWN
        and group.mean is not None
        and mean - group.mean >= GAP
    ]
    if not candidates:
        return None
    _mean, negative, _tier, _kind, worst = min(candidates, key=lambda row: row[:4])
    return Bottleneck(worst, -negative, mean)


def _suppliers(edges: Iterable[Edge]) -> dict[str, list[str]]:
    """By customer, its suppliers, sorted: the same edges in any order give the same answers."""
    below: defaultdict[str, set[str]] = defaultdict(set)
    for edge in edges:
        below[edge.customer].add(edge.supplier)
    return {customer: sorted(suppliers) for customer, suppliers in below.items()}


class _Components:
    """One run of Tarjan's search with a stack of its own: chains of thousands are deeper than Python's."""

    def __init__(self, below: Mapping[str, Sequence[str]]) -> None:
        self.below = below
        self.index: dict[str, int] = {}
        self.low: dict[str, int] = {}
        self.open: list[str] = []
        self.is_open: set[str] = set()

    def found(self) -> list[tuple[str, ...]]:
        components: list[tuple[str, ...]] = []
        for root in sorted(self.below):
            if root not in self.index:
                components += self._from(root)
        return components

    def _from(self, root: str) -> list[tuple[str, ...]]:
        components = []
        self._enter(root)
        path = [(root, iter(self.below.get(root, ())))]
        while path:
            firm, rest = path[-1]
            following = next(rest, None)
            if following is None:
                path.pop()
                if path:
                    above = path[-1][0]
                    self.low[above] = min(self.low[above], self.low[firm])
                component = self._close(firm)
                if len(component) > 1:
                    components.append(component)
            elif following not in self.index:
                self._enter(following)
                path.append((following, iter(self.below.get(following, ()))))
            elif following in self.is_open:
                self.low[firm] = min(self.low[firm], self.index[following])
        return components

    def _enter(self, firm: str) -> None:
        self.index[firm] = self.low[firm] = len(self.index)
        self.open.append(firm)
        self.is_open.add(firm)

    def _close(self, firm: str) -> tuple[str, ...]:
        """The component that ends at the firm, empty if the firm belongs to one further up."""
        if self.low[firm] != self.index[firm]:
            return ()
        members = []
        while True:
            member = self.open.pop()
            self.is_open.discard(member)
            members.append(member)
            if member == firm:
                return tuple(sorted(members))
