"""Small instances drawn from a seed, with everything in them that an instance can have."""

import random

CODES = ("aps", "erp", "mes", "plm")
INTERFACES = ("mqtt", "opcua", "rest")


def draw(seed, *, lexicographic=False):
    """Return the JSON of an instance: two to four capabilities, three to seven offers."""
    rnd = random.Random(seed)
    codes = rnd.sample(CODES, rnd.choice([2, 3, 3, 4]))
    unit = rnd.choice([1, 7, 1_000_000, 1_000_000])
    offers = [_offer(rnd, number, codes, unit) for number in range(rnd.randint(3, 7))]
    names = [offer["id"] for offer in offers]
    demand = {
        "level": rnd.choice([1, 1, 2]),
        "budget_amount": rnd.choice([None, None, unit * rnd.randint(5, 60)]),
        "max_vendors": rnd.choice([None, None, 1, 2, 3]),
        "requirements": [_requirement(rnd, code) for code in codes],
        "links": _links(rnd, codes),
        "exclusive": [code for code in codes if rnd.random() < 0.2],
        "pool": rnd.choice(["all", "all", "members", "members-first"]),
        "members": rnd.sample(["v0", "v1", "v2", "v3"], 3),
    }
    return {
        "demand": demand,
        "offers": offers,
        "connectors": _connectors(rnd, unit),
        "conflicts": [rnd.sample(names, 2) for _ in range(rnd.choice([0, 0, 1, 2]))],
        "subsidies": [
            {
                "stage": stage,
                "rate_bp": rnd.choice([0, 3_333, 5_000, 10_000]),
                "cap_amount": unit * rnd.randint(0, 12),
            }
            for stage in (1, 2, 3)
            if rnd.random() < 0.4
        ],
        "objective": "lexicographic" if lexicographic else _weights(rnd, unit),
        "require": rnd.sample(names, rnd.choice([0, 0, 0, 0, 1])),
        "forbid": rnd.sample(names, rnd.choice([0, 0, 0, 1])),
    }


def _weights(rnd, unit):
    return rnd.choice(
        [
            {"cost": 1, "fit": 0, "vendors": 0},
            {"cost": 1, "fit": 0, "vendors": 0},
            {"cost": 0, "fit": 0, "vendors": 0},
            {"cost": 0, "fit": 1, "vendors": 0},
            {"cost": 0, "fit": 2, "vendors": 100},
            {"cost": 1, "fit": unit // 100 or 1, "vendors": 2 * unit},
        ]
    )


def _requirement(rnd, code):
    return {
        "capability": code,
        "min_quality": rnd.choice([1, 2, 3, 3]),
        "stage": rnd.choice([1, 2, 3]),
        "must": rnd.random() < 0.75,
    }


def _offer(rnd, number, codes, unit):
    brought = rnd.sample(codes, rnd.choice([1, 1, 2, min(3, len(codes))]))
    plans = []
    for plan in range(rnd.choice([1, 1, 2])):
        quality = {code: rnd.choice([0, 2, 3, 3, 4]) for code in brought}
        plans.append(
            {"id": f"p{plan}", "price_amount": unit * rnd.choice([0, 4, 5, 5, 8, 13, 20]), "quality": quality}
        )
    offer = {
        "id": f"o{rnd.choice('abc')}{number}",
        "vendor": f"v{rnd.randrange(4)}",
        "entry_level": rnd.choice([0, 1, 1, 2, 3]),
        "interfaces": rnd.sample(INTERFACES, rnd.choice([0, 1, 1, 2])),
        "plans": plans,
        "fit": {code: rnd.choice([0, 400, 500, 500, 900]) for code in brought},
    }
    if rnd.random() < 0.15:
        offer["capacity"] = rnd.choice([0, 2])
    return offer


def _links(rnd, codes):
    pairs = [[a, b] for a in codes for b in codes if a < b]
    links = rnd.sample(pairs, min(len(pairs), rnd.choice([0, 1, 1, 2])))
    return [link if rnd.random() < 0.5 else link[::-1] for link in links]


def _connectors(rnd, unit):
    pairs = [("mqtt", "opcua"), ("rest", "mqtt"), ("opcua", "rest"), ("rest", "opcua")]
    return [
        {"from": a, "to": b, "price_amount": unit * rnd.randint(0, 4)}
        for a, b in pairs
        if rnd.random() < 0.45
    ]


def shuffled(instance, seed):
    """Return the same instance with everything in another order."""
    rnd = random.Random(seed)

    def mixed(values):
        values = list(values)
        rnd.shuffle(values)
        return values

    demand = dict(instance["demand"])
    for name in ("requirements", "links", "exclusive", "members"):
        demand[name] = mixed(demand.get(name, []))
    offers = [
        offer
        | {
            "plans": mixed(offer["plans"]),
            "interfaces": mixed(offer["interfaces"]),
            "fit": dict(mixed(offer["fit"].items())),
        }
        for offer in mixed(instance["offers"])
    ]
    rest = {
        name: mixed(instance.get(name, []))
        for name in ("connectors", "conflicts", "subsidies", "require", "forbid")
    }
    return instance | {"demand": demand, "offers": offers} | rest
