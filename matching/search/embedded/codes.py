"""Numbers for the few different values that many listings share. Values are only ever added."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Generic, TypeVar

from matching.scoring.facts import Industry

V = TypeVar("V", bound=Hashable)


class Codes(Generic[V]):
    """Values numbered 0, 1, 2, … in the order in which they were first met."""

    def __init__(self, values: Iterable[V] = ()) -> None:
        self.values: list[V] = list(values)
        self._numbers = {value: number for number, value in enumerate(self.values)}

    def __len__(self) -> int:
        return len(self.values)

    def of(self, value: V) -> int:
        """Return the value's number, a new one if it has none."""
        number = self._numbers.get(value)
        if number is None:
            number = len(self.values)
            self.values.append(value)
            self._numbers[value] = number
        return number

    def find(self, value: V) -> int:
        """Return the value's number, or -1."""
        return self._numbers.get(value, -1)


#: Weeks of installation and projects a quarter, None where not known.
Delivery = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the columns' codes stand for; one for all segments of an engine.

    Attributes:
        industries: sets of claimed industries, sorted.
        interfaces: sets of interfaces, sorted.
        deliveries: (weeks of installation, projects a quarter).
        shown: sets of divisions, sorted, in which a measured figure has improved.
        divisions: divisions in which any record has improved.
        capabilities: capabilities that any plan has.
    """

    industries: Codes[tuple[Industry, ...]] = field(default_factory=Codes)
    interfaces: Codes[tuple[str, ...]] = field(default_factory=Codes)
    deliveries: Codes[Delivery] = field(default_factory=Codes)
    shown: Codes[tuple[str, ...]] = field(default_factory=Codes)
    divisions: Codes[str] = field(default_factory=Codes)
    capabilities: Codes[str] = field(default_factory=Codes)

    @property
    def size(self) -> int:
        """How many values it has by now; equal sizes of one vocabulary mean equal values."""
        sets = len(self.industries) + len(self.interfaces) + len(self.shown)
        return sets + len(self.deliveries) + len(self.divisions) + len(self.capabilities)

    def to_json(self) -> dict[str, Any]:
        """Return everything as lists, for `vocabulary_from_json`."""
        return {
            **{name: _laid(getattr(self, name).values) for name in _OF_SETS},
            "deliveries": self.deliveries.values,
            "divisions": self.divisions.values,
            "capabilities": self.capabilities.values,
        }


_OF_SETS = ("industries", "interfaces", "shown")


def vocabulary_from_json(lists: dict[str, Any]) -> Vocabulary:
    """Read what `Vocabulary.to_json` wrote.

    Raises:
        KeyError: a list is missing.
    """
    industries, interfaces, shown = (lists[name] for name in _OF_SETS)
    industries["kinds"] = [tuple(kind) for kind in industries["kinds"]]
    return Vocabulary(
        Codes(_sets(industries)),
        Codes(_sets(interfaces)),
        Codes((install, capacity) for install, capacity in lists["deliveries"]),
        Codes(_sets(shown)),
        Codes(lists["divisions"]),
        Codes(lists["capabilities"]),
    )


def _laid(sets: Sequence[tuple[Hashable, ...]]) -> dict[str, list[Any]]:
    """Return sets by the numbers of their members: many sets share few members, and numbers are read fast."""
    kinds: Codes[Hashable] = Codes()
    members = [kinds.of(member) for each in sets for member in each]
    return {"kinds": kinds.values, "sizes": [len(each) for each in sets], "members": members}


def _sets(laid: dict[str, list[Any]]) -> list[tuple[Any, ...]]:
    members = map(laid["kinds"].__getitem__, laid["members"])
    return [tuple(islice(members, size)) for size in laid["sizes"]]
