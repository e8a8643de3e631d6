"""Small segments drawn from a seed, with everything in them that a segment can have."""

import random

CODES = ("aps", "erp", "mes")
INTERFACES = ("mqtt", "opcua", "rest")
INDUSTRIES = ("food", "metals")


def draw(seed, *, offers=5, demands=6):
    """Return the JSON of a segment: up to three capabilities, some offers and demands."""
    rnd = random.Random(seed)
    drawn = {
        "demands": [_demand(rnd, number) for number in range(demands)],
        "offers": [_offer(rnd, number) for number in range(offers)],
        "connectors": [
            {"from": a, "to": b, "price_amount": rnd.randint(0, 4)}
            for a, b in (("mqtt", "opcua"), ("rest", "mqtt"), ("opcua", "rest"), ("rest", "opcua"))
            if rnd.random() < 0.4
        ],
        "max_vendors": rnd.choice([None, None, 1, 2]),
        "max_capabilities": rnd.choice([None, None, 2]),
    }
    clashing = [
        rnd.sample([offer["id"] for offer in drawn["offers"]], 2) for _ in range(rnd.choice([0, 1, 2]))
    ]
    return drawn | {"conflicts": clashing if offers > 1 else []}


def _demand(rnd, number):
    codes = rnd.sample(CODES, rnd.choice([1, 2, 2, 3]))
    demand = {
        "id": f"d{number}",
        "weight": rnd.choice([0, 1, 3, 3, 5]),
        "level": rnd.choice([1, 1, 2]),
        "requirements": [
            {
                "capability": code,
                "min_quality": rnd.choice([1, 2, 3, 3]),
                "stage": rnd.choice([1, 2]),
                "must": rnd.random() < 0.85,
            }
            for code in codes
        ],
    }
    if rnd.random() < 0.7:
        demand["industry"] = rnd.choice(INDUSTRIES)
    if rnd.random() < 0.7:
        demand["budget_amount"] = rnd.randint(5, 40)
    return demand


def _offer(rnd, number):
    brought = rnd.sample(CODES, rnd.choice([1, 1, 2]))
    offer = {
        "id": f"o{rnd.choice('abc')}{number}",
        "vendor": f"v{rnd.randrange(3)}",
        "entry_level": rnd.choice([0, 1, 1, 2, 3]),
        "interfaces": rnd.sample(INTERFACES, rnd.choice([0, 1, 1, 2])),
        "plans": [
            {
                "id": f"p{plan}",
                "price_amount": rnd.choice([0, 4, 5, 8, 13, 20]),
                "quality": {code: rnd.choice([0, 2, 3, 3, 4]) for code in brought},
            }
            for plan in range(rnd.choice([1, 1, 2]))
        ],
    }
    if rnd.random() < 0.4:
        offer["industries"] = rnd.sample(INDUSTRIES, 1)
    if rnd.random() < 0.1:
        offer["capacity"] = rnd.choice([0, 2])
    return offer


def shuffled(segment, seed):
    """The same segment in another order."""
    rnd = random.Random(seed)
    return segment | {
        name: rnd.sample(segment[name], len(segment[name]))
        for name in ("demands", "offers", "connectors", "conflicts")
        if name in segment
    }
