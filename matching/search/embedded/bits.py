"""Sets of rows as bitmaps, 64 rows a word."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from matching.search.embedded.arrays import Bits, Bools, Longs, Rows

WORD = 64


def words_for(size: int) -> int:
    """Return how many 64-bit words `size` rows take."""
    return (size + WORD - 1) // WORD


def empty(size: int) -> Bits:
    """Return the set without a row."""
    return np.zeros(words_for(size), np.uint64)


def pack(mask: Bools) -> Bits:
    """Return a bool for each row as a bitmap; also row by row of a matrix (k, size) → (k, words)."""
    size = mask.shape[-1]
    padded = np.zeros((*mask.shape[:-1], words_for(size) * WORD), np.bool_)
    padded[..., :size] = mask
    return np.ascontiguousarray(np.packbits(padded, axis=-1, bitorder="little")).view(np.uint64)


def unpack(bits: Bits, size: int) -> Bools:
    """Return a bitmap as one bool for each of `size` rows."""
    return np.unpackbits(bits.view(np.uint8), count=size, bitorder="little").view(np.bool_)


class Ranked(NamedTuple):
    """A set whose rows can be numbered at once.

    Attributes:
        ranks: (words,) how many rows come before each word.
    """

    members: Bits
    ranks: Rows


def ranked(members: Bits) -> Ranked:
    """Return a set with its ranks."""
    ones = np.bitwise_count(members)
    return Ranked(members, np.cumsum(ones, dtype=np.uint32) - ones)


def unpack_each(bitmaps: Bits, size: int) -> Bools:
    """Return several bitmaps, (k, words), as bools (k, size)."""
    found = np.unpackbits(bitmaps.view(np.uint8), axis=1, count=size, bitorder="little")
    return found.view(np.bool_)


def rows_of(bits: Bits, size: int) -> Longs:
    """Return the rows of a set, in order."""
    return np.flatnonzero(unpack(bits, size))


def of_rows(rows: Rows | Longs, size: int) -> Bits:
    """Return the set of these rows."""
    mask = np.zeros(size, np.bool_)
    mask[rows] = True
    return pack(mask)


def count(bits: Bits) -> int:
    """Return how many rows a set has."""
    return int(np.bitwise_count(bits).sum(dtype=np.int64))


def at_least(sets: Sequence[Bits], needed: int) -> Bits:
    """Return the rows that are in at least `needed` of the sets, 1 ≤ needed ≤ len(sets).

    Counts in bit planes: plane i holds bit i of every row's count.
    """
    first, *others = sets
    if needed in (1, len(sets)):
        for other in others:
            first = first | other if needed == 1 else first & other
        return first
    planes: list[Bits] = []
    for one in sets:
        carry = one
        for place, plane in enumerate(planes):
            planes[place], carry = plane ^ carry, plane & carry
        if len(planes) < len(sets).bit_length():
            planes.append(carry)
    above = np.zeros_like(planes[0])
    equal = ~above
    for place in range(len(planes) - 1, -1, -1):
        if needed >> place & 1:
            equal = equal & planes[place]
        else:
            above, equal = above | (equal & planes[place]), equal & ~planes[place]
    return above | equal
