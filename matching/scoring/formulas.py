"""The two formulas of the score that run over every plan of every listing, in plain numbers.

`axes` calls them for one listing; the search engine compiles these very functions for a million.
"""

#: A price counts fully up to half of the budget and nothing from one and a half of it.
PRICE_ZERO_AT = 1.5
MAX_QUALITY = 5


def price_value(amount: int, budget: int) -> float:
    """Return 0–1 for what the company pays, `amount`, against its `budget`; whole won, both 0 or more."""
    if budget == 0:
        return 1.0 if amount == 0 else 0.0
    return min(1.0, max(0.0, PRICE_ZERO_AT - amount / budget))


def quality_value(quality: int, min_quality: int) -> float:
    """Return 0–1 for a capability of `quality` 0–5 where 1–5 is asked."""
    return 0.8 * min(1.0, quality / min_quality) + 0.2 * quality / MAX_QUALITY
