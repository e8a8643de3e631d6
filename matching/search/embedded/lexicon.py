"""Which number a token has within one segment."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from matching.search.embedded.arrays import Array, Ints, Longs

_REMEMBERED = 65_536
_EMPTY = -1


class Lexicon:
    """Tokens numbered 0, 1, 2, …; made of a list, or of arrays that may lie in a mapped file.

    The arrays are the tokens' UTF-8 bytes end to end, their ends, and a hash table of their numbers with open
    addressing, so that opening costs nothing whatever the size.
    """

    def __init__(self, tokens: Sequence[str]) -> None:
        self._numbers = {token: number for number, token in enumerate(tokens)}
        self._arrays: tuple[memoryview, Longs, Ints] | None = None

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Array]) -> "Lexicon":
        """Make one of what `arrays` returned."""
        made = cls(())
        made._arrays = (arrays["text"].data, arrays["ends"], arrays["slots"])
        return made

    def arrays(self) -> dict[str, Array]:
        """Return {"text": uint8 bytes, "ends": int64 (tokens,), "slots": int32 (a power of two,)}."""
        if self._arrays is not None:
            text, ends, slots = self._arrays
            return {"text": np.frombuffer(text, np.uint8), "ends": ends, "slots": slots}
        encoded = [token.encode() for token in self]
        slots = np.full(1 << max(2 * len(encoded), 1).bit_length(), _EMPTY, np.int32)
        for number, token in enumerate(encoded):
            slot = _hash(token) & (len(slots) - 1)
            while slots[slot] != _EMPTY:
                slot = (slot + 1) & (len(slots) - 1)
            slots[slot] = number
        ends = np.cumsum([len(token) for token in encoded], dtype=np.int64)
        return {"text": np.frombuffer(b"".join(encoded), np.uint8), "ends": ends, "slots": slots}

    def __len__(self) -> int:
        return len(self._numbers if self._arrays is None else self._arrays[1])

    def __iter__(self) -> Iterator[str]:
        if self._arrays is None:
            return iter(self._numbers)
        text, ends, _ = self._arrays
        return (_token(number, text, ends).decode() for number in range(len(ends)))

    def find(self, token: str) -> int:
        """Return the token's number, or -1."""
        number = self._numbers.get(token)
        if number is None:
            number = _EMPTY if self._arrays is None else _look_up(token.encode(), *self._arrays)
            if self._arrays is not None and len(self._numbers) < _REMEMBERED:
                self._numbers[token] = number
        return number


def _look_up(token: bytes, text: memoryview, ends: Longs, slots: Ints) -> int:
    slot = _hash(token) & (len(slots) - 1)
    while (number := int(slots[slot])) != _EMPTY and _token(number, text, ends) != token:
        slot = (slot + 1) & (len(slots) - 1)
    return number


def _token(number: int, text: memoryview, ends: Longs) -> bytes:
    return bytes(text[int(ends[number - 1]) if number else 0 : int(ends[number])])


def _hash(token: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(token, digest_size=8).digest(), "little")
