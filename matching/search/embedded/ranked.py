"""The best rows of a segment by fit, policy term and text: the pass that numba compiles; `kernels` calls it.

Arguments are arrays and tuples of arrays as the callers lay them out there, as in `compiled`.
"""

import numpy as np
from numba import njit

from matching.scoring.formulas import price_value
from matching.search.embedded.asked import HUNDRED, ONE, TEXT_SCALE, ZERO
from matching.search.embedded.machine import AHEAD, BLOCK, U1, U63, ask_for, gather, ones

#: Looking up a row's posting costs as much as reading so many.
_LOOK_UP = 6
_price_value = njit(price_value)


@njit(cache=True, nogil=True)
def _add_found(rows, field, clause, start, sums):
    """Add one clause by looking up each row that is asked for: for few rows and a token that very many have."""
    _, counts, norms, _, weights, table, frequent, members, ranks, _ = field
    member, rank, weight = members[frequent[clause]], ranks[frequent[clause]], weights[clause]
    for nth in range(len(rows)):
        row = rows[nth]
        bit = U1 << (np.uint64(row) & U63)
        here = member[row >> 6]
        if here & bit != 0:
            at = start + np.int64(rank[row >> 6]) + np.int64(ones(here & (bit - U1)))
            sums[nth] += weight - weight / (ONE + np.float32(counts[at]) * table[norms[row]])


@njit(cache=True, nogil=True)
def _add_block(bits, low, high, rows, before, field, cursors, looked_up, sums):
    """Add the clauses of the rows asked for in words low..high to `sums`, in the order of the clauses.

    The cursors stay behind the last posting read; those of tokens whose rows are looked up stay where they are.

    Args:
        rows: the rows asked for; before: of each word, how many of them come before it.
    """
    sums[:] = 0
    of_rows, counts, norms, ends, weights, table = field[:6]
    for clause in range(len(cursors)):
        at, end, weight = cursors[clause], ends[clause], weights[clause]
        if looked_up[clause]:
            _add_found(rows, field, clause, at, sums)
            continue
        at = _reach(of_rows, at, end, 64 * low)
        while at < end and of_rows[at] < 64 * high:
            row = np.int64(of_rows[at])
            bit, here = U1 << (np.uint64(row) & U63), bits[row >> 6]
            if here & bit != 0:
                nth = before[(row >> 6) - low] + np.int64(ones(here & (bit - U1)))
                sums[nth] += weight - weight / (ONE + np.float32(counts[at]) * table[norms[row]])
            at += 1
        cursors[clause] = at


@njit(cache=True, nogil=True)
def _to_look_up(asked, field):
    """Return for each clause whether looking up the rows asked for costs less than reading all postings."""
    starts, ends, frequent = field[9], field[3], field[6]
    return (frequent >= 0) & (ends - starts > _LOOK_UP * asked)


@njit(cache=True, nogil=True)
def _plans(chosen, rows, records, tables, scalars, numbers, points):
    """Write the points of the best plan of some rows; `chosen` are places in `rows`.

    Nothing is called with an array and no tuple of arrays is made within the loop: each would be counted as in use.
    """
    starts, laid = records
    quality, musts, rates, caps = tables
    capability, price = scalars
    must_count, budget = numbers
    entries = laid.view(np.uint16)
    for nth in chosen:
        at = np.int64(starts[rows[nth]]) + 3
        best = ZERO
        for _ in range(entries[4 * at - 3]):
            found, met = ZERO, np.int64(0)
            size = np.int64(entries[4 * at + 4])
            for place in range(4 * at + 5, 4 * at + 5 + size):
                found += quality[entries[place]]
                met += musts[entries[place]]
            if met == must_count:
                value, amount = ZERO, laid[at]
                if budget >= 0 and amount >= 0:
                    left = amount
                    for funder in range(len(rates)):
                        left -= min(amount * rates[funder] // 10000, caps[funder], left)
                    value = np.float32(_price_value(left, budget))
                best = max(best, min(capability, found) + price * value)
            at += 2 + size // 4
        points[nth] = best


@njit(cache=True, nogil=True, inline="always")
def _worse(order, row, than, than_row):
    return order < than or (order == than and row > than_row)


@njit(cache=True, nogil=True, inline="always")
def _put(heap, at, order, row, fit, bm25):
    heap[at, 0], heap[at, 1], heap[at, 2], heap[at, 3] = order, row, fit, bm25


@njit(cache=True, nogil=True, inline="always")
def _move(heap, source, to):
    _put(heap, to, heap[source, 0], heap[source, 1], heap[source, 2], heap[source, 3])


@njit(cache=True, nogil=True)
def _push(heap, size, order, row, fit, bm25):
    """Keep the best rows of (order, row, fit, bm25): the worst is at the top of the heap. Returns the new size."""
    if size == len(heap):
        _sink(heap, size, order, row, fit, bm25)
        return size
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if not _worse(order, row, heap[above, 0], heap[above, 1]):
            break
        _move(heap, above, at)
        at = above
    _put(heap, at, order, row, fit, bm25)
    return size + 1


@njit(cache=True, nogil=True)
def _sink(heap, size, order, row, fit, bm25):
    """Put a row in the place of the one at the top of a heap of so many."""
    at = 0
    while 2 * at + 1 < size:
        below = 2 * at + 1
        if below + 1 < size and _worse(
            heap[below + 1, 0], heap[below + 1, 1], heap[below, 0], heap[below, 1]
        ):
            below += 1
        if not _worse(heap[below, 0], heap[below, 1], order, row):
            break
        _move(heap, below, at)
        at = below
    _put(heap, at, order, row, fit, bm25)


@njit(cache=True, nogil=True)
def _sort(heap, size):
    """Put a heap in order, the best first."""
    for last in range(size - 1, 0, -1):
        order, row, fit, bm25 = heap[last, 0], heap[last, 1], heap[last, 2], heap[last, 3]
        _move(heap, 0, last)
        _sink(heap, last, order, row, fit, bm25)


@njit(cache=True, nogil=True, inline="always")
def _reach(rows, at, end, row):
    """Return the first place from `at` on whose row is not before `row`."""
    while at < end and rows[at] < row:
        at += 1
    return at


@njit(cache=True, nogil=True)
def _bounds(rows, sums, records, demand, sparse, used, parts):
    """Write of each row what its plan cannot change, and the most that its order can be.

    A bound is the order with the most that a plan can bring, added in the same order: float32 addition never falls
    when a part rises, so no row that belongs in the heap is left out.
    """
    starts, laid = records
    codes, reals = laid.view(np.uint32), laid.view(np.float32)
    of_level, of_industry, of_interface, of_delivery, of_supply, of_shown, of_claimed = demand[0]
    of_evidence, capability, price, policy, text = demand[2]
    own, own_ranks, own_evidence, used_rows, used_supply = sparse
    bounds, early, more, texts, _ = parts
    for nth in range(len(rows)):
        if nth + AHEAD < len(rows):
            ahead = np.int64(starts[rows[nth + AHEAD]])
            ask_for(laid, ahead)
            ask_for(laid, ahead + 8)
        row = rows[nth]
        first = 2 * np.int64(starts[row])
        industry, interface, head = codes[first], codes[first + 1], codes[first + 4]
        points = of_level[head & 255] + of_industry[industry]
        points = points + of_interface[interface] + of_delivery[codes[first + 2]]
        supply = max(of_shown[codes[first + 3]], of_claimed[industry], of_supply[interface])
        used = _reach(used_rows, used, len(used_rows), row)
        if used < len(used_rows) and used_rows[used] == row:
            supply = used_supply[used]
        value, bit, here = reals[first + 5], U1 << (np.uint64(row) & U63), own[row >> 6]
        if here & bit != 0:
            value = own_evidence[np.int64(own_ranks[row >> 6]) + np.int64(ones(here & (bit - U1)))]
        early[nth] = points + supply + of_evidence * value
        texts[nth] = np.float32(sums[0, nth] + np.float64(np.float32(sums[1, nth])))
        more[nth] = policy if head & 0xFF00 else ZERO
        text_points = text * min(ONE, texts[nth] / TEXT_SCALE)
        bounds[nth] = min(HUNDRED, early[nth] + (capability + price)) + more[nth] + text_points
    return used


@njit(cache=True, nogil=True)
def _by_fit(rows, records, demand, parts, heap, found):
    """Score the rows that can still be among the best; returns how many are kept.

    Where none is kept yet, those of the highest bounds come first: then few others are left to score.
    """
    bounds, most = parts[0], len(heap)
    chosen = np.empty(len(rows), np.int64)
    if found == 0 and len(rows) > 2 * most:
        highest = np.empty((most, 4))
        kept = 0
        for nth in range(len(rows)):
            if kept < most or bounds[nth] > highest[0, 0]:
                kept = _push(highest, kept, bounds[nth], nth, 0.0, 0.0)
        for nth in range(most):
            chosen[nth] = np.int64(highest[nth, 1])
        found = _score(chosen[:most], rows, records, demand, parts, heap, found)
        for nth in chosen[:most]:
            bounds[nth] = -ONE
    size = 0
    for nth in range(len(rows)):
        if found < most or not _worse(bounds[nth], rows[nth], heap[0, 0], heap[0, 1]):
            chosen[size] = nth
            size += 1
    return _score(chosen[:size], rows, records, demand, parts, heap, found)


@njit(cache=True, nogil=True)
def _score(chosen, rows, records, demand, parts, heap, found):
    """Score some rows and keep the best; `chosen` are places in `rows`. Returns how many are kept."""
    _, early, more, texts, points = parts
    _, capability, price, _, text = demand[2]
    _plans(chosen, rows, records, demand[1], (capability, price), demand[3], points)
    for nth in chosen:
        fit = min(HUNDRED, early[nth] + points[nth])
        order = fit + more[nth] + text * min(ONE, texts[nth] / TEXT_SCALE)
        if found < len(heap) or _worse(heap[0, 0], heap[0, 1], order, rows[nth]):
            found = _push(heap, found, order, rows[nth], fit, texts[nth])
    return found


@njit(cache=True, nogil=True)
def _by_text(rows, sums, heap, found):
    for nth in range(len(rows)):
        bm25 = np.float32(sums[0, nth] + np.float64(np.float32(sums[1, nth])))
        if found < len(heap) or bm25 > heap[0, 0]:
            found = _push(heap, found, bm25, rows[nth], ZERO, bm25)
    return found


@njit(cache=True, nogil=True)
def best(bits, words, grams, has_fit, records, demand, sparse, heap, room):
    """Write the best rows, best first, by fit + policy + text, or by text alone; returns how many there are."""
    found = used = 0
    rows, before, sums, reals = room
    parts = reals[0], reals[1], reals[2], reals[3], reals[4]
    word_cursors, gram_cursors = words[9].copy(), grams[9].copy()
    asked = np.int64(0)
    for word in bits:
        asked += np.int64(ones(word))
    word_look, gram_look = _to_look_up(asked, words), _to_look_up(asked, grams)
    for low in range(0, len(bits), BLOCK):
        high = min(low + BLOCK, len(bits))
        size = gather(bits, low, high, low, rows)
        if size == 0:
            continue
        here = rows[:size]
        if len(word_cursors) + len(gram_cursors) == 0:
            sums[:, :size] = 0
        else:
            _rank(bits, low, high, before)
            _add_block(bits, low, high, here, before, words, word_cursors, word_look, sums[0, :size])
            _add_block(bits, low, high, here, before, grams, gram_cursors, gram_look, sums[1, :size])
        if has_fit:
            used = _bounds(here, sums, records, demand, sparse, used, parts)
            found = _by_fit(here, records, demand, parts, heap, found)
        else:
            found = _by_text(here, sums, heap, found)
    _sort(heap, found)
    return found


@njit(cache=True, nogil=True)
def _rank(bits, low, high, before):
    """Write for each word how many rows come before it."""
    total = np.int64(0)
    for word in range(low, high):
        before[word - low] = total
        total += np.int64(ones(bits[word]))
