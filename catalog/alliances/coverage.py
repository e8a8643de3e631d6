"""What the members' public listings cover, capability by capability and step by step, and what is missing. Pure.

A capability is needed at the step from level n to n + 1 if a site of level n can enter it and it leads further than n,
by the proposal in the taxonomy. A listing covers it there if it names the capability and is for sites of level n, up to
n + 1 at least. How strongly that is known follows from the plan that states it best and from the certificate's scope.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog import taxonomy
from catalog.taxonomy import Capability

#: How a cell is known, strongest first: measured at sites within the certificate's scope, tested, read, said.
FIELD, TEST_REPORT, DOCUMENT, CLAIMED = BASES = ("field", "test_report", "document", "claimed")

#: (from level, to level), one level apart.
Step = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Offered:
    """One public, certified listing: whose (public id), which, its frozen content and the certificate's scope."""

    vendor: str
    listing: str
    content: Mapping[str, Any]
    scope: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """One capability at one step.

    Attributes:
        needed: whether sites need it at this step.
        count: listings that cover it; `basis` the strongest among them, one of BASES, None when there is none.
        vendors: public ids of their vendors.
    """

    needed: bool
    count: int
    basis: str | None
    vendors: frozenset[str]

    @property
    def is_gap(self) -> bool:
        """Whether it is needed and nobody covers it."""
        return self.needed and not self.count


@dataclass(frozen=True, slots=True)
class Row:
    """One capability over all steps."""

    capability: str
    cells: tuple[Cell, ...]

    @property
    def is_gap(self) -> bool:
        """Whether it is missing at a step at least."""
        return any(cell.is_gap for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The whole matrix.

    Attributes:
        steps: its columns.
        groups: (group of capabilities, its rows), in the order of the taxonomy, without rows that nobody needs.
    """

    steps: tuple[Step, ...]
    groups: tuple[tuple[str, tuple[Row, ...]], ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row."""
        return tuple(row for _group, rows in self.groups for row in rows)

    def covered(self, step: Step) -> tuple[int, int]:
        """How many capabilities are covered of those that are needed at a step."""
        place = self.steps.index(step)
        cells = [row.cells[place] for row in self.rows if row.cells[place].needed]
        return sum(not cell.is_gap for cell in cells), len(cells)

    def gaps(self) -> dict[str, tuple[Step, ...]]:
        """Capabilities that are missing, each with the steps at which they are."""
        return {
            row.capability: tuple(
                step for step, cell in zip(self.steps, row.cells, strict=True) if cell.is_gap
            )
            for row in self.rows
            if row.is_gap
        }


def steps(level_from: int, level_to: int) -> tuple[Step, ...]:
    """The steps that factories of those levels take: one level up each."""
    return tuple((level, level + 1) for level in range(level_from, level_to + 1))


def coverage(offered: Iterable[Offered], over: Sequence[Step]) -> Coverage:
    """The matrix of the taxonomy's capabilities over the steps."""
    by_capability: dict[str, list[Offered]] = {}
    for one in offered:
        for code in one.content["capabilities"]:
            by_capability.setdefault(code, []).append(one)
    groups = []
    for group in taxonomy.capability_groups():
        of_group = [one for one in taxonomy.capabilities() if one.group == group.code]
        rows = [_row(one, by_capability.get(one.code, ()), over) for one in of_group]
        shown = tuple(row for row in rows if any(cell.needed for cell in row.cells))
        if shown:
            groups.append((group.code, shown))
    return Coverage(tuple(over), tuple(groups))


def lost_without(offered: Sequence[Offered], over: Sequence[Step], vendor: str) -> tuple[str, ...]:
    """Capabilities that are covered at a step now and would be missing there without one vendor."""
    now = coverage(offered, over).gaps()
    later = coverage([one for one in offered if one.vendor != vendor], over).gaps()
    return tuple(code for code, missing in later.items() if set(missing) - set(now.get(code, ())))


def unlisted(capabilities: Sequence[str], offered: Iterable[Offered], vendor: str) -> tuple[str, ...]:
    """Of the capabilities that a vendor takes on, those that none of its public listings names."""
    named = {code for one in offered if one.vendor == vendor for code in one.content["capabilities"]}
    return tuple(code for code in capabilities if code not in named)


def covers(content: Mapping[str, Any], step: Step) -> bool:
    """Whether a listing is for sites at the beginning of a step, and leads to its end at least."""
    level = content["level"]
    return level is not None and level["from"] <= step[0] and level["to"] >= step[1]


def basis(content: Mapping[str, Any], scope: Mapping[str, Any], capability: str) -> str:
    """How well it is known that a listing does a capability, one of BASES."""
    stated = {
        quality["basis"]
        for plan in content["plans"]
        for quality in plan["quality"]
        if quality["capability"] == capability and quality["quality"] > 0
    }
    if capability in scope["capabilities"]:
        if "field_proven" in stated and scope["field_sites"]:
            return FIELD
        if scope["test_reports"]:
            return TEST_REPORT
        return DOCUMENT
    return CLAIMED


def _row(capability: Capability, offered: Collection[Offered], over: Sequence[Step]) -> Row:
    return Row(capability.code, tuple(_cell(capability, offered, step) for step in over))


def _cell(capability: Capability, offered: Collection[Offered], step: Step) -> Cell:
    covering = [one for one in offered if covers(one.content, step)]
    known = {basis(one.content, one.scope, capability.code) for one in covering}
    return Cell(
        needed=capability.entry_level <= step[0] < capability.lifts_to_level,
        count=len(covering),
        basis=next((one for one in BASES if one in known), None),
        vendors=frozenset(one.vendor for one in covering),
    )
