"""What each vendor gets of one price that several sell for together. Pure; whole won, and every won has one owner.

A fixed share is its amount. A percentage is of the price that the buyer pays, before VAT. The remainder is what the
others leave, and at most one vendor has it. Without a remainder the others have to add up to the price by themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from catalog.errors import Invalid, Problem
from catalog.money import MAX_AMOUNT
from catalog.subsidy import BASIS_POINTS, allocate

Kind = Literal["percent", "fixed", "remainder"]
KINDS: tuple[Kind, ...] = ("percent", "fixed", "remainder")


@dataclass(frozen=True, slots=True)
class Rule:
    """How one vendor's share is found.

    Attributes:
        vendor: its id; a vendor has one rule.
        value: basis points of a percentage, 1 to 10,000; won of a fixed share, 0 to `MAX_AMOUNT`; 0 of a remainder.
    """

    vendor: str
    kind: Kind
    value: int = 0


def divide(price: int, rules: Sequence[Rule]) -> dict[str, int]:
    """Return each vendor's won, which add up to the price.

    A percentage that is no whole won is rounded down when another takes the remainder; else the odd won go to the
    largest fractions, of equal ones to the lower id. The order of the rules changes nothing.

    Args:
        price: whole won without VAT, 0 to `MAX_AMOUNT`.

    Raises:
        Invalid: at "price_amount" or "shares/…": a number out of range, a vendor twice, two remainders, shares that
            are more than the price, or that do not add up to it (`shares_sum`, with the won that are missing).
    """
    problems = _problems(price, rules)
    if problems:
        raise Invalid(problems)
    percents = sorted((rule for rule in rules if rule.kind == "percent"), key=lambda rule: rule.vendor)
    given = {rule.vendor: rule.value for rule in rules if rule.kind == "fixed"}
    given |= {rule.vendor: price * rule.value // BASIS_POINTS for rule in percents}
    left = price - sum(given.values())
    last = next((rule.vendor for rule in rules if rule.kind == "remainder"), None)
    if last is not None:
        if left < 0:
            raise Invalid.at("shares", "shares_exceed", over=-left)
        given[last] = left
        return given
    _require_sum(price, rules)
    fractions = [price * rule.value % BASIS_POINTS for rule in percents]
    odd = allocate(left, fractions, [int(fraction > 0) for fraction in fractions])
    for rule, more in zip(percents, odd, strict=True):
        given[rule.vendor] += more
    return given


def _require_sum(price: int, rules: Sequence[Rule]) -> None:
    """Refuse shares that are not the price to the last fraction of a won."""
    of = {"percent": price, "fixed": BASIS_POINTS}
    missing = price * BASIS_POINTS - sum(of[rule.kind] * rule.value for rule in rules)
    if missing:
        # Less than a won is still wrong: it is told as one.
        whole = abs(missing) // BASIS_POINTS or 1
        raise Invalid.at("shares", "shares_sum", missing=whole if missing > 0 else -whole)


def _problems(price: int, rules: Sequence[Rule]) -> list[Problem]:
    found: list[Problem] = []
    if not 0 <= price <= MAX_AMOUNT:
        found.append(Problem("price_amount", "range", {"min": 0, "max": MAX_AMOUNT}))
    if not rules:
        found.append(Problem("shares", "required"))
    vendors: set[str] = set()
    remainders = 0
    for place, rule in enumerate(rules):
        low, high = {"percent": (1, BASIS_POINTS), "fixed": (0, MAX_AMOUNT), "remainder": (0, 0)}[rule.kind]
        if not low <= rule.value <= high:
            found.append(Problem(f"shares/{place}/value", "range", {"min": low, "max": high}))
        if rule.vendor in vendors:
            found.append(Problem(f"shares/{place}/vendor", "repeated", {"value": rule.vendor}))
        vendors.add(rule.vendor)
        remainders += rule.kind == "remainder"
        if rule.kind == "remainder" and remainders > 1:
            found.append(Problem(f"shares/{place}/kind", "two_remainders"))
    return found
