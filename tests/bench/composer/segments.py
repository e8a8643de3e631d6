"""Synthetic segments: factories of six industries and the offers of `instances`, each made for one to three of them."""

import random

from tests.bench.composer import instances
from tests.bench.composer.instances import KINDS, LEVELS, SPOKEN, UNIT

INDUSTRIES = ("automotive", "chemicals", "electronics", "food", "machinery", "metals")
#: How often each capability is required, in the order of `LEVELS`.
POPULAR = (9, 12, 8, 12, 6, 4, 4, 3, 5, 3, 3, 2)


def draw(seed, *, demands=500, offers=2_000):
    """Return the JSON of a segment."""
    rnd, case = random.Random(f"segment {seed} {demands} {offers}"), KINDS["easy"]
    base = {code: rnd.randint(60, 220) for code in LEVELS}
    sold = []
    for number in range(offers):
        offer = instances._offer(rnd, number, base, case, vendors=max(20, offers // 5))
        suited = rnd.sample(INDUSTRIES, rnd.choices([1, 2, 3], [55, 35, 10])[0])
        sold.append(offer | {"industries": sorted(suited)})
    names = list(SPOKEN)
    return {
        "demands": [_demand(rnd, number, base) for number in range(demands)],
        "offers": sold,
        "connectors": [
            {"from": one, "to": other, "price_amount": UNIT * rnd.randint(5, 40)}
            for place, one in enumerate(names)
            for other in names[place + 1 :]
            if rnd.random() >= case.missing
        ],
        "max_vendors": 5,
        "max_capabilities": 7,
    }


def _demand(rnd, number, base):
    """Three to seven capabilities; of each, what is paid is a part of what it costs on average, or more."""
    codes, level = set(), rnd.choice([1, 1, 2])
    count = rnd.randint(3, 7)
    while len(codes) < count:
        codes.update(rnd.choices(list(LEVELS), POPULAR))
    paid = sum(int(base[code] * rnd.choice([0.7, 0.85, 1.0, 1.2, 1.5])) for code in sorted(codes))
    return {
        "id": f"demand-{number:04}",
        "weight": rnd.randint(5, 20),
        "industry": rnd.choice(INDUSTRIES),
        "level": level,
        "budget_amount": UNIT * paid,
        "requirements": [
            {
                "capability": code,
                "min_quality": rnd.choices([2, 3, 4], [40, 45, 15])[0],
                "stage": max(1, LEVELS[code] - level),
            }
            for code in sorted(codes)
        ],
    }
