"""The loops over rows that numba compiles; `kernels` calls them.

Arguments are arrays and tuples of arrays as the callers lay them out there; Python types would say nothing here.
No function holds Python's lock while it runs. The first compilation takes half a minute of a core, and its result
is kept in a file beside this one (or in the user's cache).
"""

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from matching.scoring.formulas import price_value
from matching.search.embedded.asked import HUNDRED, ONE, TEXT_SCALE, ZERO

#: Rows whose text is added up at a time: their sums stay in the first caches.
BLOCK = 4096
_TILE = 512
#: Looking up a row's posting costs as much as reading so many.
_LOOK_UP = 6
_U1, _U63, _U6 = np.uint64(1), np.uint64(63), np.uint64(6)
_price_value = njit(price_value)


@intrinsic
def _ones(typing, word):
    """Return how many bits of a word are set."""

    def generate(context, builder, signature, arguments):
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), generate


@intrinsic
def _lowest(typing, word):
    """Return the place of the lowest bit of a word that has one."""

    def generate(context, builder, signature, arguments):
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), generate


@njit(cache=True, nogil=True)
def of_rows(rows, bits):
    """Set the bits of some rows."""
    for row in rows:
        bits[row >> 6] |= _U1 << (np.uint64(row) & _U63)


@njit(cache=True, nogil=True)
def counted(members, masks, mask_of, counts):
    """Add to `counts` how many bits each value's rows share with its mask, a few words of all values at a time."""
    words = masks.shape[1]
    for low in range(0, words, _TILE):
        high = min(low + _TILE, words)
        for value in range(len(members)):
            mask, member = masks[mask_of[value]], members[value]
            total = np.uint64(0)
            for word in range(low, high):
                total += _ones(member[word] & mask[word])
            counts[value] += np.int64(total)


@njit(cache=True, nogil=True)
def tallied(rows, starts, values, mask_of, mask, counts):
    """Add to `counts` the values of some rows that are counted under this mask."""
    for word in range(len(rows)):
        left = rows[word]
        while left != 0:
            row = word * 64 + _lowest(left)
            left &= left - _U1
            for at in range(starts[row], starts[row + 1]):
                counts[values[at]] += mask_of[values[at]] == mask


@njit(cache=True, nogil=True)
def affordable(rows, plans, demand, numbers, kept):
    """Set the bits of the rows that have a plan which meets every must and is not known to cost too much."""
    starts, amounts, entry_starts, entries = plans
    musts = demand[1]
    must_count, budget = numbers
    for word in range(len(rows)):
        left = rows[word]
        while left != 0:
            place = _lowest(left)
            left &= left - _U1
            row = word * 64 + place
            passes = starts[row] == starts[row + 1] and must_count == 0
            for plan in range(starts[row], starts[row + 1]):
                met = 0
                for entry in range(entry_starts[plan], entry_starts[plan + 1]):
                    met += musts[entries[entry]]
                passes |= met == must_count and (budget < 0 or 2 * amounts[plan] <= 3 * budget)
            if passes:
                kept[word] |= _U1 << np.uint64(place)


@njit(cache=True, nogil=True)
def _add_found(rows_asked, field, clause, start, low, high, sums):
    """Add one clause by looking up each row that is asked for: for few rows and a token that very many have."""
    _, counts, norms, _, weights, table, frequent, members, ranks = field
    member, rank, weight = members[frequent[clause]], ranks[frequent[clause]], weights[clause]
    for word in range(low >> 6, (high + 63) >> 6):
        left = rows_asked[word] & member[word]
        while left != 0:
            place = _lowest(left)
            left &= left - _U1
            before = member[word] & ((_U1 << np.uint64(place)) - _U1)
            at = start + np.int64(rank[word]) + np.int64(_ones(before))
            row = word * 64 + place
            sums[row - low] += weight - weight / (ONE + np.float32(counts[at]) * table[norms[row]])


@njit(cache=True, nogil=True)
def _add_block(rows_asked, field, cursors, looked_up, low, high, sums):
    """Add the clauses of rows low..high that are asked for to `sums`, in the order of the clauses.

    The cursors stay behind the last posting read; those of tokens whose rows are looked up stay where they are.
    """
    rows, counts, norms, ends, weights, table = field[:6]
    for clause in range(len(cursors)):
        at, end, weight = cursors[clause], ends[clause], weights[clause]
        if looked_up[clause]:
            _add_found(rows_asked, field, clause, at, low, high, sums)
            continue
        while at < end and rows[at] < low:
            at += 1
        while at < end and rows[at] < high:
            row = np.int64(rows[at])
            if (rows_asked[row >> 6] >> (np.uint64(row) & _U63)) & _U1 != 0:
                sums[row - low] += weight - weight / (ONE + np.float32(counts[at]) * table[norms[row]])
            at += 1
        cursors[clause] = at


@njit(cache=True, nogil=True)
def _to_look_up(rows_asked, field, cursors):
    """Return for each clause whether looking up the rows asked for costs less than reading all postings."""
    asked = np.uint64(0)
    for word in rows_asked:
        asked += _ones(word)
    ends, frequent = field[3], field[6]
    return (frequent >= 0) & (ends - cursors > _LOOK_UP * np.int64(asked))


@njit(cache=True, nogil=True, inline="always")
def _own_amount(amount, rates, caps):
    left = amount
    for funder in range(len(rates)):
        left -= min(amount * rates[funder] // 10000, caps[funder], left)
    return left


@njit(cache=True, nogil=True)
def _best_plan(first, last, plans, tables, scalars, numbers):
    amounts, entry_starts, entries = plans
    quality, musts, rates, caps = tables
    capability, price = scalars
    must_count, budget = numbers
    best = ZERO
    for plan in range(first, last):
        points = ZERO
        met = 0
        for entry in range(entry_starts[plan], entry_starts[plan + 1]):
            points += quality[entries[entry]]
            met += musts[entries[entry]]
        if met == must_count:
            points = min(capability, points)
            value = ZERO
            amount = amounts[plan]
            if budget >= 0 and amount >= 0:
                if len(rates):
                    amount = _own_amount(amount, rates, caps)
                value = np.float32(_price_value(amount, budget))
            best = max(best, points + price * value)
    return best


@njit(cache=True, nogil=True, inline="always")
def _worse(order, row, than, than_row):
    return order < than or (order == than and row > than_row)


@njit(cache=True, nogil=True)
def _push(heap, size, order, row, fit, bm25):
    """Keep the best rows: the worst of them is at the top of the heap. Returns the new size."""
    orders, rows, fits, texts = heap
    most = len(orders)
    if size < most:
        at = size
        while at > 0:
            above = (at - 1) >> 1
            if not _worse(order, row, orders[above], rows[above]):
                break
            _move(heap, above, at)
            at = above
        size += 1
    else:
        at = 0
        while 2 * at + 1 < most:
            below = 2 * at + 1
            if below + 1 < most and _worse(orders[below + 1], rows[below + 1], orders[below], rows[below]):
                below += 1
            if not _worse(orders[below], rows[below], order, row):
                break
            _move(heap, below, at)
            at = below
    orders[at], rows[at], fits[at], texts[at] = order, row, fit, bm25
    return size


@njit(cache=True, nogil=True, inline="always")
def _move(heap, source, to):
    orders, rows, fits, texts = heap
    orders[to], rows[to], fits[to], texts[to] = orders[source], rows[source], fits[source], texts[source]


@njit(cache=True, nogil=True)
def best_by_text(rows, size, words, word_cursors, grams, gram_cursors, heap):
    """Fill the heap with the best rows by BM25; returns how many there are."""
    found = 0
    word_sums, gram_sums = np.zeros(BLOCK), np.zeros(BLOCK)
    word_look, gram_look = _to_look_up(rows, words, word_cursors), _to_look_up(rows, grams, gram_cursors)
    for low in range(0, size, BLOCK):
        high = min(low + BLOCK, size)
        if not rows[low >> 6 : (high + 63) >> 6].any():
            continue
        _add_block(rows, words, word_cursors, word_look, low, high, word_sums)
        _add_block(rows, grams, gram_cursors, gram_look, low, high, gram_sums)
        for word in range(low >> 6, (high + 63) >> 6):
            left = rows[word]
            while left != 0:
                row = word * 64 + _lowest(left)
                left &= left - _U1
                bm25 = np.float32(word_sums[row - low] + np.float64(np.float32(gram_sums[row - low])))
                if found < len(heap[0]) or bm25 > heap[0][0]:
                    found = _push(heap, found, bm25, row, ZERO, bm25)
        word_sums[:] = 0
        gram_sums[:] = 0
    return found


@njit(cache=True, nogil=True, inline="always")
def _early(of, tables):
    """Return the points of the axes that tables tell at once, and the supply chain's by table."""
    of_level, of_industry, of_interface, of_delivery, of_supply, of_shown, of_claimed = tables
    points = of_level[of[4] & 255] + of_industry[of[0]]
    points = points + of_interface[of[1]] + of_delivery[of[2]]
    supply = max(of_shown[of[3]], of_claimed[of[0]], of_supply[of[1]])
    return points, supply


@njit(cache=True, nogil=True, inline="always")
def _reach(rows, at, row):
    """Return the first place from `at` on whose row is not before `row`."""
    while at < len(rows) and rows[at] < row:
        at += 1
    return at


@njit(cache=True, nogil=True)
def _best_in_block(block, rows, sums, columns, demand, sparse, heap, at, found):
    """Score the rows of a block; late facts are read only where the row can still be among the best.

    A row's bound is its score with the most that evidence and plan can bring, added in the same order: float32
    addition never falls when a part rises, so no row that belongs in the heap is left out.
    """
    low, high = block
    packed, evidence, plans = columns
    tables, plan_tables, scalars, numbers = demand
    of_evidence, capability, price, policy, text = scalars
    own_rows, own_evidence, used_rows, used_supply = sparse
    own, used = at
    for word in range(low >> 6, (high + 63) >> 6):
        left = rows[word]
        while left != 0:
            row = word * 64 + _lowest(left)
            left &= left - _U1
            of = packed[row]
            early, supply = _early(of, tables)
            used = _reach(used_rows, used, row)
            if used < len(used_rows) and used_rows[used] == row:
                supply = used_supply[used]
            early = early + supply
            bm25 = np.float32(sums[0][row - low] + np.float64(np.float32(sums[1][row - low])))
            more = policy if of[4] > 255 else ZERO
            text_points = text * min(ONE, bm25 / TEXT_SCALE)
            bound = min(HUNDRED, (early + of_evidence) + (capability + price)) + more + text_points
            if found == len(heap[0]) and bound <= heap[0][0]:
                continue
            own = _reach(own_rows, own, row)
            value = own_evidence[own] if own < len(own_rows) and own_rows[own] == row else evidence[row, 5]
            best = _best_plan(of[6], of[7], plans, plan_tables, (capability, price), numbers)
            fit = min(HUNDRED, early + of_evidence * value + best)
            order = fit + more + text_points
            if found < len(heap[0]) or order > heap[0][0]:
                found = _push(heap, found, order, row, fit, bm25)
    return own, used, found


@njit(cache=True, nogil=True)
def best_by_fit(rows, size, words, word_cursors, grams, gram_cursors, columns, demand, sparse, heap):
    """Fill the heap with the best rows by fit + policy + text; returns how many there are."""
    found = own = used = 0
    sums = np.zeros(BLOCK), np.zeros(BLOCK)
    word_look, gram_look = _to_look_up(rows, words, word_cursors), _to_look_up(rows, grams, gram_cursors)
    has_text = len(word_cursors) + len(gram_cursors) > 0
    for low in range(0, size, BLOCK):
        high = min(low + BLOCK, size)
        if not rows[low >> 6 : (high + 63) >> 6].any():
            continue
        if has_text:
            _add_block(rows, words, word_cursors, word_look, low, high, sums[0])
            _add_block(rows, grams, gram_cursors, gram_look, low, high, sums[1])
        at = own, used
        own, used, found = _best_in_block((low, high), rows, sums, columns, demand, sparse, heap, at, found)
        if has_text:
            sums[0][:] = 0
            sums[1][:] = 0
    return found
