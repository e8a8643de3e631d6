"""What would bring excluded listings back: how many, for which single change. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

#: Steps named of a budget.
MAX_STEPS = 8
#: A rise of the budget is named in whole steps of so many won.
ROUND_TO = 1_000_000
LEVELS = range(1, 6)

#: An excluded listing as a list keeps it: "code", "codes", "params".
Row = Mapping[str, Any]


def ways_back(excluded: Sequence[Row]) -> dict[str, list[dict[str, Any]]]:
    """By cause, the changes that bring back listings which are left out for that cause alone.

    price_over_budget: {"budget_amount", "more_amount", "count"}, the least rise first, counts cumulative.
    must_capability: {"capability", "count"}: asked for as nice instead of must, most first.
    level: {"level", "count"}: were the site at that company level.
    certificate, region: {"count"}: nothing that the site can change. Causes without such a listing are left out.
    """
    ways = {}
    for code, say in (
        ("certificate", _count),
        ("level", _levels),
        ("region", _count),
        ("must_capability", _musts),
        ("price_over_budget", _budgets),
    ):
        only = [row["params"][code] for row in excluded if list(row["codes"]) == [code]]
        if only and (found := say(only)):
            ways[code] = found
    return ways


def _count(only: Sequence[Row]) -> list[dict[str, Any]]:
    return [{"count": len(only)}]


def _levels(only: Sequence[Row]) -> list[dict[str, Any]]:
    counts = {
        level: sum(params["level_from"] <= level <= params["level_to"] for params in only) for level in LEVELS
    }
    return [{"level": level, "count": count} for level, count in counts.items() if count]


def _musts(only: Sequence[Row]) -> list[dict[str, Any]]:
    singles = Counter(params["capabilities"][0] for params in only if len(params["capabilities"]) == 1)
    ordered = sorted(singles.items(), key=lambda item: (-item[1], item[0]))
    return [{"capability": code, "count": count} for code, count in ordered]


def _budgets(only: Sequence[Row]) -> list[dict[str, Any]]:
    rises = sorted(
        -(-(params["budget_needed_amount"] - params["budget_amount"]) // ROUND_TO) * ROUND_TO
        for params in only
    )
    budget = only[0]["budget_amount"]
    return [
        {"budget_amount": budget + rise, "more_amount": rise, "count": sum(other <= rise for other in rises)}
        for rise in sorted(set(rises))[:MAX_STEPS]
    ]
