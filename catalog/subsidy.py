"""Who pays a purchase that a programme supports: state, province, company. Pure; amounts are whole won.

Every funder is rounded down to its rate and its cap, in order; the company takes what is left and all of the VAT.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Payer = Literal["national", "local"]

BASIS_POINTS = 10_000
VAT_PERCENT = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a purchase.

    Attributes:
        amount: whole won without VAT, ≥ 0.
        eligible: whether the programme pays for it at all.
    """

    amount: int
    eligible: bool = True

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError(f"a line of {self.amount} won, expected 0 or more")


@dataclass(frozen=True, slots=True)
class Funder:
    """One public payer, as its rule says.

    Attributes:
        rule: code of the rule, or its public id.
        rate_bp: highest share of the eligible cost in basis points, 0–10,000; None when the rule does not state
            it: then nothing can be computed, and it pays nothing here.
        cap_amount: most that it pays; None when the rule does not state it.
        time: where the rule stands in time on the day of the list: "past", "present" or "future".
        synthetic: the rule was invented for the demo.
    """

    payer: Payer
    rule: str
    rate_bp: int | None
    cap_amount: int | None
    time: str = "present"
    synthetic: bool = False

    def __post_init__(self) -> None:
        if self.rate_bp is not None and not 0 <= self.rate_bp <= BASIS_POINTS:
            raise ValueError(f"a rate of {self.rate_bp} basis points, expected 0 to {BASIS_POINTS}")
        if self.cap_amount is not None and self.cap_amount < 0:
            raise ValueError(f"a cap of {self.cap_amount} won, expected 0 or more")


@dataclass(frozen=True, slots=True)
class Split:
    """Who pays which line: an exact matrix, each line adds up over the payers.

    Attributes:
        funders: of each funder, in order, its part of every line.
        company: what the company pays of every line, without VAT.
        vat: VAT of every line; the company pays it.
    """

    funders: tuple[tuple[int, ...], ...]
    company: tuple[int, ...]
    vat: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Net:
    """One price by payer. The list price is the sum of the three amounts; VAT stands beside it.

    Attributes:
        own_amount: what the company pays without VAT.
        vat_amount: 10 % of the list price, paid by the company.
    """

    list_amount: int
    national_amount: int
    local_amount: int
    own_amount: int
    vat_amount: int


def split(lines: Sequence[Line], funders: Sequence[Funder], *, minimum_own_bp: int = 0) -> Split:
    """Split lines over the funders in their order.

    Args:
        minimum_own_bp: least share of the eligible cost that the company pays, in basis points: a ceiling on the
            sum of all funders.

    Source:
        Rules of the project's MONEY page, section 6.
    """
    if not 0 <= minimum_own_bp <= BASIS_POINTS:
        raise ValueError(f"a minimum share of {minimum_own_bp} basis points, expected 0 to {BASIS_POINTS}")
    eligible = [line.amount if line.eligible else 0 for line in lines]
    total = sum(eligible)
    room = total - -(-total * minimum_own_bp // BASIS_POINTS)
    left = list(eligible)
    parts: list[tuple[int, ...]] = []
    for funder in funders:
        amount = min(_at_most(funder, total), room)
        room -= amount
        part = allocate(amount, eligible, left)
        left = [have - taken for have, taken in zip(left, part, strict=True)]
        parts.append(tuple(part))
    paid = [sum(column) for column in zip(*parts, strict=True)] if parts else [0] * len(lines)
    return Split(
        funders=tuple(parts),
        company=tuple(line.amount - public for line, public in zip(lines, paid, strict=True)),
        vat=tuple(line.amount * VAT_PERCENT // 100 for line in lines),
    )


def net(list_amount: int, funders: Sequence[Funder]) -> Net:
    """Split one price, wholly eligible, by payer."""
    parts = split([Line(list_amount)], funders)
    sums = {"national": 0, "local": 0}
    for funder, part in zip(funders, parts.funders, strict=True):
        sums[funder.payer] += part[0]
    return Net(list_amount, sums["national"], sums["local"], parts.company[0], parts.vat[0])


def allocate(total: int, weights: Sequence[int], caps: Sequence[int]) -> list[int]:
    """Share `total` out by weight, at most `caps[i]` each; largest remainder, ties to the lower index.

    What does not fit under a cap moves on to the others.

    Raises:
        ValueError: the total is below 0 or does not fit under the caps.
    """
    if not 0 <= total <= sum(caps):
        raise ValueError(f"{total} won do not fit under caps of {sum(caps)}")
    given = [0] * len(weights)
    left = total
    while left:
        open_to = [i for i, cap in enumerate(caps) if given[i] < cap]
        weight = {i: weights[i] for i in open_to}
        if not any(weight.values()):
            weight = dict.fromkeys(open_to, 1)
        whole = sum(weight.values())
        share = {i: left * weight[i] // whole for i in open_to}
        rest = left - sum(share.values())
        for i in sorted(open_to, key=lambda i: (-(left * weight[i] % whole), i))[:rest]:
            share[i] += 1
        for i in open_to:
            taken = min(share[i], caps[i] - given[i])
            given[i] += taken
            left -= taken
    return given


def _at_most(funder: Funder, total: int) -> int:
    """What the rule allows of an eligible total, rounded down."""
    if funder.rate_bp is None:
        return 0
    amount = total * funder.rate_bp // BASIS_POINTS
    return amount if funder.cap_amount is None else min(amount, funder.cap_amount)
