"""All that the score reads of a row, laid end to end: one or two cache lines a row, found by one address.

A record is three 64-bit words and then the row's plans. As 32-bit words: industry, interface, delivery, shown (codes),
level + 256 × alliance + 65,536 × number of plans, the bits of evidence as float32. A plan is its first-year amount, and
as 16-bit words the number of its entries and these, filled up to 64 bits.
"""

import numpy as np

from matching.search.embedded.arrays import Array, Codes16, Longs, Rows

#: 64-bit words before the plans.
HEAD = 3
_MAX_PLANS = 65_535


def lay(
    simple: dict[str, Array], plan_starts: Rows, plan_amount: Longs, entry_starts: Rows, entries: Codes16
) -> tuple[Rows, Longs]:
    """Return where each row's record begins, (rows + 1,) in 64-bit words, and the records.

    Raises:
        ValueError: a row has more plans than are counted.
    """
    plans = _sizes(plan_starts)
    if plans.max(initial=0) > _MAX_PLANS:
        raise ValueError(f"{plans.max()} plans of one listing, expected at most {_MAX_PLANS}")
    sizes = _sizes(entry_starts)
    ends = np.cumsum(np.concatenate([[0], 2 + sizes // 4]), dtype=np.int64)
    starts = HEAD * np.arange(len(plans) + 1) + ends[plan_starts]
    laid = np.zeros(int(starts[-1]), np.int64)
    level = simple["level"].astype(np.uint32) + 256 * simple["alliance"].astype(np.uint32)
    codes = [simple[name] for name in ("industry", "interface", "delivery", "shown")]
    heads = [*codes, level + 65_536 * plans.astype(np.uint32), simple["evidence"].view(np.uint32)]
    for nth, head in enumerate(heads):
        laid.view(np.uint32)[2 * starts[:-1] + nth] = head
    firsts = ends[:-1] + HEAD * (np.repeat(np.arange(len(plans)), plans) + 1)
    laid[firsts] = plan_amount
    counts = 4 * (firsts + 1)
    laid.view(np.uint16)[counts] = sizes
    within = np.arange(len(entries)) - np.repeat(entry_starts[:-1].astype(np.int64), sizes)
    laid.view(np.uint16)[np.repeat(counts, sizes) + 1 + within] = entries
    return starts.astype(np.uint32), laid


def _sizes(starts: Rows) -> Longs:
    ends = starts.astype(np.int64)
    return ends[1:] - ends[:-1]
