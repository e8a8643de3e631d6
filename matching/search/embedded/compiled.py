"""The loops over rows that numba compiles; `kernels` calls them.

Arguments are arrays and tuples of arrays as the callers lay them out there; Python types would say nothing here.
No function holds Python's lock while it runs. The first compilation takes half a minute of a core, and its result
is kept in a file beside this one (or in the user's cache).
"""

import numpy as np
from numba import njit

from matching.search.embedded.machine import AHEAD, BLOCK, U1, U63, ask_for, gather, lowest, ones

_TILE = 512
#: Adding up one word of a row's values costs as much as so many words of the values' bitmaps.
_SPREAD = 16
#: The lowest bit of each byte of a word, and all bits of the lowest byte.
_EACH, _BYTE = np.uint64(0x0101010101010101), np.uint64(255)


@njit(cache=True, nogil=True)
def of_rows(rows, bits):
    """Set the bits of some rows."""
    for row in rows:
        bits[row >> 6] |= U1 << (np.uint64(row) & U63)


@njit(cache=True, nogil=True)
def narrowed(masks, in_doubt, records, must_table, numbers):
    """Turn masks[0], the rows found, and masks[1:], each filter's rows, into what `Narrowed` has; returns the total.

    Args:
        in_doubt: the rows of which only the plans tell whether the demand excludes them; () for none.
    """
    words = masks.shape[1]
    rows, unsure = np.empty(64 * BLOCK, np.int64), np.empty(BLOCK, np.uint64)
    for low in range(0, words, BLOCK):
        high = min(low + BLOCK, words)
        for word in range(low, high):
            some = _filter(masks, word)
            unsure[word - low] = some & in_doubt[word] if len(in_doubt) else np.uint64(0)
        if len(in_doubt):
            found = gather(unsure, 0, high - low, low, rows)
            _leave_out(rows[:found], masks, records, must_table, numbers)
    total = np.int64(0)
    for word in range(words):
        total += np.int64(ones(masks[0, word]))
    return total


@njit(cache=True, nogil=True, inline="always")
def _filter(masks, word):
    """Make one word of the masks; returns the rows that pass all filters but one at most."""
    base, once, twice = masks[0, word], np.uint64(0), np.uint64(0)
    for place in range(1, len(masks)):
        failed = base & ~masks[place, word]
        twice |= once & failed
        once |= failed
    for place in range(1, len(masks)):
        failed = base & ~masks[place, word]
        masks[place, word] = (base & ~once) | (failed & ~twice)
    masks[0, word] = base & ~once
    return base & ~twice


@njit(cache=True, nogil=True)
def _leave_out(rows, masks, records, must_table, numbers):
    """Clear the bits of rows without a plan that meets every must and is not known to cost too much."""
    starts, laid = records
    entries, heads = laid.view(np.uint16), laid.view(np.uint32)
    must_count, budget = numbers
    for nth in range(len(rows)):
        if nth + AHEAD < len(rows):
            ask_for(laid, np.int64(starts[rows[nth + AHEAD]]))
        row = rows[nth]
        at = np.int64(starts[row])
        plans = heads[2 * at + 4] >> 16
        passes = plans == 0 and must_count == 0
        at += 3
        for _ in range(plans):
            size = np.int64(entries[4 * at + 4])
            met = 0
            for entry in range(4 * at + 5, 4 * at + 5 + size):
                met += must_table[entries[entry]]
            passes |= met == must_count and (budget < 0 or 2 * laid[at] <= 3 * budget)
            at += 2 + size // 4
        if not passes:
            others = ~(U1 << (np.uint64(row) & U63))
            for place in range(len(masks)):
                masks[place, row >> 6] &= others


@njit(cache=True, nogil=True)
def counted(masks, mask_of, facets, proofs, counts):
    """Write how many rows each value has under its mask, by the values' bitmaps or row by row."""
    spans, members, held = facets
    last = len(spans) - 2
    words = masks.shape[1]
    for mask in range(len(masks)):
        rows, values = 0, 0
        for word in masks[mask]:
            rows += np.int64(ones(word))
        for facet in range(last):
            if mask_of[facet] == mask:
                values += spans[facet + 1] - spans[facet]
        if mask_of[last] == mask:
            _by_bitmaps(masks[mask], proofs, 0, len(proofs), counts[spans[last] :])
        if rows * held.shape[1] * _SPREAD < words * values:
            tally = _by_rows(masks[mask], held)
            for facet in range(last):
                if mask_of[facet] == mask:
                    counts[spans[facet] : spans[facet + 1]] = tally[spans[facet] : spans[facet + 1]]
        else:
            for facet in range(last):
                if mask_of[facet] == mask:
                    _by_bitmaps(masks[mask], members, spans[facet], spans[facet + 1], counts)


@njit(cache=True, nogil=True)
def _by_bitmaps(mask, members, first, end, counts):
    """Count some values a few words of all of them at a time."""
    counts[first:end] = 0
    for low in range(0, len(mask), _TILE):
        high = min(low + _TILE, len(mask))
        for value in range(first, end):
            member = members[value]
            total = np.uint64(0)
            for word in range(low, high):
                total += ones(member[word] & mask[word])
            counts[value] += np.int64(total)


@njit(cache=True, nogil=True)
def _by_rows(mask, held):
    """Count all values of some rows: bit b of each byte in sums[b], whose eight counts are full after 255 rows."""
    words = held.shape[1]
    sums, totals = np.zeros((words, 8), np.uint64), np.zeros(64 * words, np.int64)
    waiting = 0
    for word in range(len(mask)):
        left = mask[word]
        while left != 0:
            row = word * 64 + lowest(left)
            left &= left - U1
            for place in range(words):
                values = held[row, place]
                for bit in range(8):
                    sums[place, bit] += (values >> np.uint64(bit)) & _EACH
            waiting += 1
            if waiting == 255:
                _empty(sums, totals)
                waiting = 0
    _empty(sums, totals)
    return totals


@njit(cache=True, nogil=True)
def _empty(sums, totals):
    """Add the counts in the bytes of `sums` to `totals`."""
    for place in range(len(sums)):
        for bit in range(8):
            for byte in range(8):
                totals[64 * place + 8 * byte + bit] += np.int64(
                    (sums[place, bit] >> np.uint64(8 * byte)) & _BYTE
                )
    sums[:] = 0
