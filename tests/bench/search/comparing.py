"""Is it the same work? Totals and facets must be equal, lists of exact engines too; of others a share is found."""

import math
from dataclasses import dataclass, field

#: Exact engines compute in float32 or float64 in their own order: this far apart, in points of the order, is rounding.
ROUNDING = 2e-4


@dataclass
class Agreement:
    """How one engine's answers compare with ours.

    Attributes:
        answers: how many were compared.
        same_lists: lists of the same listings in the same order.
        alike: the same but for ties, within `ROUNDING`.
        found: of our best, how many stood in theirs, of `wanted`.
        totals: how many listings each demand left.
        largest: the largest difference of two scores at one place.
        wrong: what must not differ and does, the first few.
    """

    answers: int = 0
    same_lists: int = 0
    alike: int = 0
    found: int = 0
    wanted: int = 0
    totals: list = field(default_factory=list)
    largest: float = 0.0
    wrong: list = field(default_factory=list)

    @property
    def recall(self):
        """Of the true best twenty, the share that was found."""
        return self.found / self.wanted if self.wanted else 1.0

    def compare(self, ours, theirs, *, is_exact, name):
        """Add one pair of answers."""
        self.answers += 1
        self.totals.append(theirs.total)
        rows, others = list(map(int, ours.rows)), list(map(int, theirs.rows))
        self.same_lists += rows == others
        self.wanted += len(rows)
        self.found += len(set(rows) & set(others))
        pairs = list(zip(ours.scores, theirs.scores, strict=False))
        self.largest = max([self.largest, *(abs(float(a) - float(b)) for a, b in pairs)])
        alike = len(rows) == len(others) and _alike(ours, theirs)
        self.alike += alike
        if ours.total != theirs.total:
            self._say(f"{name}: {theirs.total} listings, ours {ours.total}")
        if _counts(ours) != _counts(theirs):
            self._say(f"{name}: other facet counts")
        if is_exact and not alike:
            self._say(f"{name}: another list: {others}, ours {rows}")

    def _say(self, what):
        if len(self.wrong) < 3:
            self.wrong.append(what)


def _alike(ours, theirs):
    """Say whether the scores are equal place by place, and listings of only one side tie with the last."""
    scores, others = list(map(float, ours.scores)), list(map(float, theirs.scores))
    if not all(math.isclose(a, b, rel_tol=0, abs_tol=ROUNDING) for a, b in zip(scores, others, strict=True)):
        return False
    left = {int(row): score for row, score in zip(ours.rows, scores, strict=True)}
    right = {int(row): score for row, score in zip(theirs.rows, others, strict=True)}
    last = scores[-1] if scores else 0.0
    both = left.keys() & right.keys()
    alone = [score for side in (left, right) for row, score in side.items() if row not in both]
    return all(abs(score - last) <= ROUNDING for score in alone) and all(
        abs(left[row] - right[row]) <= ROUNDING for row in both
    )


def _counts(answer):
    return {
        facet: {v: n for v, n in values.items() if n}
        for facet, values in answer.facets.items()
        if any(values.values())
    }
