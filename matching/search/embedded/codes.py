"""Numbers for the few different values that many listings share. Values are only ever added."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
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
        lists = (
            self.industries,
            self.interfaces,
            self.deliveries,
            self.shown,
            self.divisions,
            self.capabilities,
        )
        return sum(map(len, lists))

    def to_json(self) -> dict[str, Any]:
        """Return everything as lists, for `vocabulary_from_json`."""
        return {name: getattr(self, name).values for name in self.__dataclass_fields__}


def vocabulary_from_json(lists: dict[str, Sequence[Any]]) -> Vocabulary:
    """Read what `Vocabulary.to_json` wrote.

    Raises:
        KeyError: a list is missing.
    """
    return Vocabulary(
        Codes(tuple((revision, code) for revision, code in row) for row in lists["industries"]),
        Codes(map(tuple, lists["interfaces"])),
        Codes((install, capacity) for install, capacity in lists["deliveries"]),
        Codes(map(tuple, lists["shown"])),
        Codes(lists["divisions"]),
        Codes(lists["capabilities"]),
    )
