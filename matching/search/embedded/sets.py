"""What the vocabulary's sets hold, as arrays that grow with it: a demand's tables cost a few array operations."""

import threading
from collections.abc import Callable, Collection, Hashable, Sequence
from typing import Generic, TypeVar

import numpy as np

from matching.search.embedded.arrays import Bools, Doubles, Longs
from matching.search.embedded.codes import Codes, Delivery

M = TypeVar("M", bound=Hashable)


class Members(Generic[M]):
    """The members of coded sets, laid end to end.

    Attributes:
        kinds: the different members met so far.
    """

    def __init__(self, sets: Codes[tuple[M, ...]]) -> None:
        self.kinds: Codes[M] = Codes()
        self._sets = sets
        self._flat: list[int] = []
        self._starts: list[int] = []
        self._arrays = (np.empty(0, np.int64), np.empty(0, np.int64))
        self._holders: Bools = np.zeros((0, 0), np.bool_)

    def current(self) -> tuple[Longs, Longs]:
        """Return (members, starts) of every set that the vocabulary has by now.

        Each set begins with member -1, which stands for none, so that no set is without one.
        """
        have = len(self._starts)
        for values in self._sets.values[have:]:
            self._starts.append(len(self._flat))
            self._flat.extend((-1, *(self.kinds.of(value) for value in values)))
        if len(self._starts) != have:
            self._arrays = (np.array(self._flat, np.int64), np.array(self._starts, np.int64))
        return self._arrays

    def highest(self, value_of: Doubles) -> Doubles:
        """Return for each set the highest value of its members, 0 for none.

        Args:
            value_of: (kinds + 1,) value of each kind of member, 0 or more; the last is 0 and stands for none.
        """
        members, starts = self.current()
        if not len(starts):
            return np.zeros(0, np.float64)
        highest: Doubles = np.maximum.reduceat(value_of[members], starts)
        return highest

    def touching(self, other: Collection[M]) -> Bools:
        """Return for each set whether it has a member in common with another."""
        members, starts = self.current()
        if len(self._holders) != len(self.kinds) + 1 or self._holders.shape[1] != len(starts):
            self._holders = np.zeros((len(self.kinds) + 1, len(starts)), np.bool_)
            sizes = np.diff(starts, append=len(members))
            self._holders[members, np.repeat(np.arange(len(starts)), sizes)] = True
            self._holders[-1] = False
        # A kind that no set holds is found as -1: the last row, which holds nothing.
        kinds = [self.kinds.find(kind) for kind in other]
        found: Bools = np.logical_or.reduce(self._holders[kinds], axis=0)
        return found


class Deliveries:
    """The coded pairs of (weeks of installation, projects a quarter) as arrays."""

    def __init__(self, pairs: Codes[Delivery]) -> None:
        self._pairs = pairs
        self._weeks: Codes[int | None] = Codes()
        self._week_of: list[int] = []
        self._capacity: list[int] = []

    def current(self) -> tuple[Sequence[int | None], Longs, Longs]:
        """Return the different weeks, and of each pair the place of its weeks among them and its projects.

        Projects that are not known are -1.
        """
        for weeks, projects in self._pairs.values[len(self._week_of) :]:
            self._week_of.append(self._weeks.of(weeks))
            self._capacity.append(-1 if projects is None else projects)
        return self._weeks.values, np.array(self._week_of, np.int64), np.array(self._capacity, np.int64)


K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Kept(Generic[K, T]):
    """Results by key, at most so many; the oldest make room."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: dict[K, T] = {}
        self._making_room = threading.Lock()

    def get(self, key: K, make: Callable[[], T]) -> T:
        """Return what is kept under a key, made now if it is not."""
        found = self._held.get(key)
        if found is None:
            found = make()
            with self._making_room:
                while len(self._held) >= self._most:
                    del self._held[next(iter(self._held))]
                self._held[key] = found
        return found
