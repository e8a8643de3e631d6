"""The facts of a segment's listings as flat arrays: what the score, the filters and the orders read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import accumulate

import numpy as np

from matching.scoring import axes
from matching.scoring.facts import EvidenceFact, Need, Offer, PlanFact
from matching.search.documents import VALIDATIONS, Document
from matching.search.embedded import bits, records
from matching.search.embedded.arrays import Array, Bits, Bytes, Codes16, Floats, Ints, Longs, Rows
from matching.search.embedded.codes import Vocabulary

#: A plan's entry is capability code × 8 + quality; a level pair is level from × 8 + level to.
STEP = 8
#: No price is known; sorts behind every price in the orders.
UNKNOWN_AMOUNT = -1
#: Prices are compared as 2 × amount > 3 × budget and × 10,000 basis points in 64-bit integers.
MAX_AMOUNT = 900_000_000_000_000
#: Bitmaps of rows whose cheapest plan costs at most so much: one for each of as many shares of the rows.
_PRICE_STEPS = 32


@dataclass(frozen=True, slots=True)
class Columns:
    """One value for each row (`rows` long) unless said otherwise. Codes are `Vocabulary`'s.

    Attributes:
        level: level from × 8 + level to.
        industry, interface, delivery, shown: codes of the sets and pairs.
        evidence: value of the evidence axis, 0–1, for a site in whose division nothing was measured.
        alliance: 1 where the policy term applies.
        last_day, approved: the certificate's last day and the day of approval, proleptic ordinals.
        field_sites, test_reports: how many.
        best_evidence: index in `VALIDATIONS`.
        amount: lowest first-year list price in won; `UNKNOWN_AMOUNT` when none is known.
        least: the least that any plan may cost: 0 for one of unknown price, and without plans.
        plan_starts: (rows + 1,) where a row's plans begin.
        plan_amount: (plans,) first-year list price in won or `UNKNOWN_AMOUNT`.
        entry_starts: (plans + 1,) where a plan's entries begin.
        entries: (entries,) capability × 8 + quality 1–5, within a plan by the capability's name.
        own_starts: (divisions + 1,) where a division's entries begin in the next two.
        own_rows, own_evidence: rows with a record improved in that division, and their value of the axis there.
        quality_starts: (capabilities × 8 + 1,) where the rows of each entry begin in `quality_rows`.
        quality_rows: rows that have a plan with that entry.
        price_steps: (k,) amounts; price_bits: (k, words) rows whose `least` is not above each.
        many_plans: (words,) rows with more than one plan.
        record_starts, records: all of a row that the score reads, see `records`.
    """

    level: Bytes
    industry: Rows
    interface: Rows
    delivery: Rows
    shown: Rows
    evidence: Floats
    alliance: Bytes
    last_day: Ints
    approved: Ints
    field_sites: Ints
    test_reports: Ints
    best_evidence: Bytes
    amount: Longs
    least: Longs
    plan_starts: Rows
    plan_amount: Longs
    entry_starts: Rows
    entries: Codes16
    own_starts: Longs
    own_rows: Rows
    own_evidence: Floats
    quality_starts: Longs
    quality_rows: Rows
    price_steps: Longs
    price_bits: Bits
    many_plans: Bits
    record_starts: Rows
    records: Longs

    @property
    def size(self) -> int:
        """How many rows."""
        return len(self.level)


#: Columns with one value a row, which a merge just moves.
BY_ROW = (
    "level", "industry", "interface", "delivery", "shown", "evidence", "alliance", "last_day", "approved",
    "field_sites", "test_reports", "best_evidence", "amount", "least",
)  # fmt: skip


def build(documents: Sequence[Document], offers: Sequence[Offer], vocabulary: Vocabulary) -> Columns:
    """Build from documents in the order of rows and their offers; new values are added to the vocabulary.

    Raises:
        ValueError: a price is above `MAX_AMOUNT`, or the vocabulary has more values than a code can hold.
    """
    plans = [plan for offer in offers for plan in offer.plans]
    entries = [_entries(plan, vocabulary) for plan in plans]
    own = [
        (vocabulary.divisions.of(division), row, value)
        for row, offer in enumerate(offers)
        for division, value in _own_evidence(offer)
    ]
    return finished(
        _simple(documents, offers, vocabulary),
        plan_starts=_starts(len(offer.plans) for offer in offers),
        plan_amount=_amounts(plan.first_year_amount for plan in plans),
        entry_starts=_starts(map(len, entries)),
        entries=_codes(entry for row in entries for entry in row),
        own=(
            np.array([division for division, _, _ in own], np.int64),
            np.array([row for _, row, _ in own], np.int64),
            np.array([value for _, _, value in own], np.float64),
        ),
    )


def _simple(
    documents: Sequence[Document], offers: Sequence[Offer], vocabulary: Vocabulary
) -> dict[str, Array]:
    """Return the columns of `BY_ROW`."""
    return {
        "level": _bytes(offer.level_from * STEP + offer.level_to for offer in offers),
        "industry": _sets(vocabulary.industries.of(tuple(sorted(offer.industries))) for offer in offers),
        "interface": _sets(vocabulary.interfaces.of(tuple(sorted(offer.interfaces))) for offer in offers),
        "delivery": _sets(
            vocabulary.deliveries.of((offer.install_weeks, offer.capacity_per_quarter)) for offer in offers
        ),
        "shown": _sets(
            vocabulary.shown.of(tuple(sorted(axes.prior_divisions(offer)[0]))) for offer in offers
        ),
        "evidence": np.array([_evidence(offer.evidence, "") for offer in offers], np.float32),
        "alliance": _bytes(offer.alliance for offer in offers),
        "last_day": _ints(document.certificate_expires_on.toordinal() for document in documents),
        "approved": _ints(document.approved_on.toordinal() for document in documents),
        "field_sites": _ints(document.field_sites for document in documents),
        "test_reports": _ints(document.test_reports for document in documents),
        "best_evidence": _bytes(VALIDATIONS.index(document.best_evidence) for document in documents),
        "amount": _amounts(document.first_year_amount for document in documents),
        "least": np.array([_least(offer) for offer in offers], np.int64),
    }


def finished(
    simple: dict[str, Array],
    *,
    plan_starts: Rows,
    plan_amount: Longs,
    entry_starts: Rows,
    entries: Codes16,
    own: tuple[Array, Array, Array],
) -> Columns:
    """Add what follows from the facts: the bitmaps, and the rows of each division and of each entry.

    Args:
        own: (division, row, evidence) of each record improved in a division, in any order.
    """
    size = len(simple["level"])
    by_division = np.lexsort(own[1::-1])
    own_divisions, own_rows, own_evidence = (each[by_division] for each in own)
    row_of_plan = np.repeat(np.arange(size, dtype=np.uint32), np.diff(plan_starts))
    row_of_entry = np.repeat(row_of_plan, np.diff(entry_starts))
    order = np.argsort(entries, kind="stable")
    highest = int(entries.max(initial=0)) // STEP * STEP + STEP
    steps = _steps(simple["least"])
    record_starts, laid = records.lay(simple, plan_starts, plan_amount, entry_starts, entries)
    return Columns(
        **simple,
        plan_starts=plan_starts,
        plan_amount=plan_amount,
        entry_starts=entry_starts,
        entries=entries,
        own_starts=np.searchsorted(own_divisions, np.arange(own_divisions.max(initial=-1) + 2)),
        own_rows=own_rows.astype(np.uint32),
        own_evidence=own_evidence.astype(np.float32),
        quality_starts=np.searchsorted(entries[order], np.arange(highest + 1)).astype(np.int64),
        quality_rows=row_of_entry[order],
        price_steps=steps,
        price_bits=bits.pack(simple["least"][None, :] <= steps[:, None]),
        many_plans=bits.pack(np.diff(plan_starts.astype(np.int64)) > 1),
        record_starts=record_starts,
        records=laid,
    )


def _steps(least: Longs) -> Longs:
    """Return the prices at which bitmaps are kept, rising; of few rows every price, which costs less than quantiles."""
    if len(least) <= _PRICE_STEPS:
        return np.unique(least)
    return np.unique(np.quantile(least, np.linspace(0, 1, _PRICE_STEPS + 1), method="lower")).astype(np.int64)


def merge(parts: Sequence[Columns], order: Longs, places: Sequence[Longs]) -> Columns:
    """Join the columns of several segments.

    Args:
        order: for each new row, its place in the parts laid end to end.
        places: for each part, the new row of each of its rows, or -1 where it is left out.
    """
    simple = {name: np.concatenate([getattr(part, name) for part in parts])[order] for name in BY_ROW}
    plan_sizes = np.concatenate([np.diff(part.plan_starts) for part in parts])
    entry_sizes = np.concatenate([np.diff(part.entry_starts) for part in parts])
    plans = _gather(plan_sizes, order)
    entries = _gather(entry_sizes, plans)
    divisions = [np.repeat(np.arange(len(part.own_starts) - 1), np.diff(part.own_starts)) for part in parts]
    rows = np.concatenate([place[part.own_rows] for part, place in zip(parts, places, strict=True)])
    left = rows >= 0
    return finished(
        simple,
        plan_starts=_starts(plan_sizes[order]),
        plan_amount=np.concatenate([part.plan_amount for part in parts])[plans],
        entry_starts=_starts(entry_sizes[plans]),
        entries=np.concatenate([part.entries for part in parts])[entries],
        own=(
            np.concatenate(divisions)[left],
            rows[left],
            np.concatenate([part.own_evidence for part in parts])[left],
        ),
    )


def own_evidence(columns: Columns, division: int) -> tuple[Rows, Floats]:
    """Return the rows with a record improved in a division (a code, or -1), and their evidence there."""
    if not 0 <= division < len(columns.own_starts) - 1:
        return columns.own_rows[:0], columns.own_evidence[:0]
    span = slice(int(columns.own_starts[division]), int(columns.own_starts[division + 1]))
    return columns.own_rows[span], columns.own_evidence[span]


def with_quality(columns: Columns, capability: int, min_quality: int) -> Bits:
    """Return the rows with a plan that has a capability (a code, or -1) in at least this quality."""
    ends = columns.quality_starts
    low, high = capability * STEP + min_quality, capability * STEP + STEP
    if capability < 0 or high >= len(ends):
        return bits.empty(columns.size)
    return bits.of_rows(columns.quality_rows[int(ends[low]) : int(ends[high])], columns.size)


def arrays_of(columns: Columns) -> dict[str, Array]:
    """Return every array by its name."""
    return {each.name: getattr(columns, each.name) for each in fields(columns)}


def _gather(sizes: Array, order: Longs) -> Longs:
    """Return the places of the items of lists of these sizes, the lists taken in another order."""
    ends = np.cumsum(sizes, dtype=np.int64)
    taken = sizes[order].astype(np.int64)
    firsts = (ends - sizes)[order]
    into = np.cumsum(taken) - taken
    return np.repeat(firsts - into, taken) + np.arange(int(taken.sum()))


def _entries(plan: PlanFact, vocabulary: Vocabulary) -> list[int]:
    # By name, not by code: the order in which points are added must not depend on what was met first.
    return [
        vocabulary.capabilities.of(code) * STEP + plan.quality[code]
        for code in sorted(plan.quality)
        if plan.quality[code]
    ]


def _own_evidence(offer: Offer) -> list[tuple[str, float]]:
    divisions = {
        record.industry[1][:2]
        for record in offer.evidence
        if record.improved and record.industry and record.industry[1] != "C"
    }
    return [(division, _evidence(offer.evidence, division)) for division in divisions]


@lru_cache(maxsize=65_536)
def _evidence(records: tuple[EvidenceFact, ...], division: str) -> float:
    """Return the value of the axis for a site of a division, "" for one in which nothing was measured."""
    need = Need((), None, None, ("11", division) if division else None, None, (), None, None)
    offer = Offer("", 1, 1, (), frozenset(), frozenset(), (), records, None, certificate_valid=True)
    return axes.evidence(need, offer).value


def _least(offer: Offer) -> int:
    return min((plan.first_year_amount or 0 for plan in offer.plans), default=0)


def _amounts(amounts: Iterable[int | None]) -> Longs:
    known = [UNKNOWN_AMOUNT if amount is None else amount for amount in amounts]
    if max(known, default=0) > MAX_AMOUNT:
        raise ValueError(f"a first year of {max(known)} won, expected at most {MAX_AMOUNT}")
    return np.array(known, np.int64)


def _starts(sizes: Iterable[int]) -> Rows:
    return np.array(list(accumulate(map(int, sizes), initial=0)), np.uint32)


def _sets(numbers: Iterable[int]) -> Rows:
    return np.array(list(numbers), np.uint32)


def _codes(numbers: Iterable[int]) -> Codes16:
    found = np.array(list(numbers), np.int64)
    if found.max(initial=0) > np.iinfo(np.uint16).max:
        raise ValueError(f"{found.max()} different values of one column, expected at most 65535")
    return found.astype(np.uint16)


def _bytes(numbers: Iterable[int]) -> Bytes:
    return np.array(list(numbers), np.uint8)


def _ints(numbers: Iterable[int]) -> Ints:
    return np.array(list(numbers), np.int32)
