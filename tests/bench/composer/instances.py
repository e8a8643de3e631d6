"""Synthetic demands and offers of the size that the composer is made for. Synthetic: no real product, vendor or price.

"easy" is meant to look like a real store: a few interfaces are spoken by most, every fifth connector is missing, and
the budget is well above the cheapest cover. "hard" is a stress case: interfaces evenly spread, nearly half of the
connectors missing, the budget just above the cheapest cover.
"""

import random
from dataclasses import dataclass

#: Capability → the company level that it belongs to.
LEVELS = {
    "iot": 2, "mes": 2, "qms": 2, "erp": 2, "plm": 3, "scm": 3, "wms": 3, "fems": 3, "aps": 3, "ai": 4, "pdm": 4,
    "twin": 4,
}  # fmt: skip
LINKS = (
    ("iot", "mes"), ("mes", "erp"), ("mes", "qms"), ("mes", "plm"), ("erp", "plm"), ("erp", "scm"), ("scm", "wms"),
    ("mes", "aps"), ("erp", "aps"), ("mes", "wms"), ("iot", "fems"), ("iot", "pdm"), ("mes", "ai"), ("qms", "ai"),
    ("mes", "twin"), ("plm", "twin"),
)  # fmt: skip
EXCLUSIVE = ("mes", "erp", "plm")
#: Interface → part of the products that speak it in the easy case.
SPOKEN = {
    "rest": 0.70, "opcua": 0.45, "mqtt": 0.35, "odbc": 0.25, "csv": 0.20, "soap": 0.15, "modbus": 0.10, "edi": 0.10,
    "isa95": 0.08, "ethercat": 0.05,
}  # fmt: skip
#: Prices are whole multiples of this many won.
UNIT = 100_000
#: One point of fit (of 1,000) is worth as much as this many won, one vendor less as much as so many.
FIT_AMOUNT, VENDOR_AMOUNT = 100_000, 3_000_000


@dataclass(frozen=True, slots=True)
class Kind:
    """What makes a demand easy or hard."""

    missing: float
    budget: float
    is_even: bool


KINDS = {"easy": Kind(0.20, 1.60, is_even=False), "hard": Kind(0.45, 1.15, is_even=True)}


def draw(seed, *, offers=2_000, capabilities=8, kind="easy", level=1):
    """Return the JSON of an instance."""
    rnd, case = random.Random(f"{kind} {seed} {offers}"), KINDS[kind]
    base = {code: rnd.randint(60, 220) for code in LEVELS}
    sold = [_offer(rnd, number, base, case, vendors=max(20, offers // 5)) for number in range(offers)]
    asked = {code: rnd.choices([2, 3, 4], [30, 50, 20])[0] for code in LEVELS}
    codes = sorted(rnd.sample(list(LEVELS), capabilities))
    requirements = [
        {"capability": code, "min_quality": asked[code], "stage": max(1, LEVELS[code] - level), "must": True}
        for code in codes
    ]
    names = list(SPOKEN)
    connectors = [
        {"from": one, "to": other, "price_amount": UNIT * rnd.randint(5, 40)}
        for place, one in enumerate(names)
        for other in names[place + 1 :]
        if rnd.random() >= case.missing
    ]
    return {
        "demand": {
            "level": level,
            "budget_amount": _budget(sold, requirements, case),
            "max_vendors": 8,
            "requirements": requirements,
            "links": [list(link) for link in LINKS if set(link) <= set(codes)],
            "exclusive": [code for code in EXCLUSIVE if code in codes],
        },
        "offers": sold,
        "connectors": connectors,
        "conflicts": [rnd.sample([offer["id"] for offer in sold], 2) for _ in range(offers // 4)],
        "subsidies": [{"stage": stage, "rate_bp": 5_000, "cap_amount": 700 * UNIT} for stage in (1, 2, 3)],
        "objective": {"cost": 1, "fit": FIT_AMOUNT, "vendors": VENDOR_AMOUNT},
    }


def _offer(rnd, number, base, case, *, vendors):
    """One to four capabilities that belong near each other, in one to three plans."""
    codes = list(LEVELS)
    count = rnd.choices([1, 2, 3, 4], [45, 30, 15, 10])[0]
    middle = rnd.randrange(len(codes))
    near = codes[max(0, middle - 3) : middle + 4]
    brought = list(dict.fromkeys([codes[middle], *rnd.sample(near, min(count, len(near)))]))[:count]
    quality = {code: rnd.choices([2, 3, 4, 5], [20, 40, 30, 10])[0] for code in brought}
    worth = sum(base[code] for code in brought) * (0.55 + 0.15 * max(quality.values()))
    price = max(15, int(worth * rnd.lognormvariate(0, 0.35) * 0.88 ** (len(brought) - 1)))
    if case.is_even:
        interfaces = rnd.sample(list(SPOKEN), rnd.choices([1, 2, 3, 4], [35, 35, 20, 10])[0])
    else:
        interfaces = [name for name, part in SPOKEN.items() if rnd.random() < part] or ["rest"]
    entry = min(rnd.choices([1, 2, 3], [60, 30, 10])[0], max(1, min(LEVELS[code] for code in brought)))
    return {
        "id": f"offer-{number:05}",
        "vendor": f"vendor-{rnd.randrange(vendors):04}",
        "entry_level": entry,
        "interfaces": interfaces,
        "plans": _plans(rnd, quality, price),
        "fit": {
            code: max(50, min(1_000, int(rnd.gauss(520 + 60 * (quality[code] - 3), 150)))) for code in brought
        },
    }


def _plans(rnd, quality, price):
    """All of it; sometimes one capability less for less; sometimes more quality for more."""
    plans = [{"id": "standard", "price_amount": UNIT * price, "quality": quality}]
    if len(quality) > 1 and rnd.random() < 0.6:
        fewer = dict(list(quality.items())[:-1])
        plans.append({"id": "basic", "price_amount": UNIT * int(price * 0.72), "quality": fewer})
    if rnd.random() < 0.35:
        more = {code: min(5, value + 1) for code, value in quality.items()}
        plans.append({"id": "premium", "price_amount": UNIT * int(price * 1.45), "quality": more})
    return plans


def _budget(sold, requirements, case):
    """A multiple of what the cheapest plans cost, each capability by itself."""
    codes = {one["capability"] for one in requirements}
    least = 0
    for one in requirements:
        least += min(
            plan["price_amount"] / len(codes & set(plan["quality"]))
            for offer in sold
            for plan in offer["plans"]
            if plan["quality"].get(one["capability"], 0) >= one["min_quality"]
        )
    return UNIT * int(least * case.budget / UNIT)
