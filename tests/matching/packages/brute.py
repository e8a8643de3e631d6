"""Every package of a small segment, written from the rules alone: plain JSON in, plain sets out."""

from itertools import combinations


def most(segment, count):
    """Return the most weight that so many packages can serve together."""
    weights = {demand["id"]: demand.get("weight", 1) for demand in segment["demands"]}
    found = _undominated({frozenset(_served(segment, hub, by)) for hub, by in packages(segment)})
    return max(
        (
            sum(weights[name] for name in frozenset().union(*some))
            for size in range(min(count, len(found)) + 1)
            for some in combinations(found, size)
        ),
        default=0,
    )


def packages(segment):
    """Yield every package as its hub and {capability: (offer, plan)}."""
    codes = sorted({one["capability"] for demand in segment["demands"] for one in demand["requirements"]})
    hubs = sorted({name for offer in segment["offers"] for name in offer["interfaces"]})
    for by in _choices(segment, codes, {}):
        offers = {offer["id"]: offer for offer, _ in by.values()}
        plans = {(offer["id"], plan["id"]) for offer, plan in by.values()}
        if len(plans) > len(offers):
            continue
        if len({offer["vendor"] for offer in offers.values()}) > (segment.get("max_vendors") or 99):
            continue
        if len(by) > (segment.get("max_capabilities") or 99):
            continue
        if any({*pair} <= {*offers} for pair in segment.get("conflicts", ())):
            continue
        for hub in hubs if len(offers) > 1 else [None]:
            if hub is None or all(join(segment, offer, hub) is not None for offer in offers.values()):
                yield hub, by


def _choices(segment, codes, by):
    if not codes:
        yield by
        return
    yield from _choices(segment, codes[1:], by)
    for offer in segment["offers"]:
        for plan in offer["plans"]:
            if plan["quality"].get(codes[0], 0) and offer.get("capacity") != 0:
                yield from _choices(segment, codes[1:], by | {codes[0]: (offer, plan)})


def _served(segment, hub, by):
    for demand in segment["demands"]:
        asked = [one for one in demand["requirements"] if one.get("must", True)]
        if not asked or not all(_meets(demand, one, by) for one in asked):
            continue
        taken = {by[one["capability"]][0]["id"]: by[one["capability"]] for one in asked}.values()
        amount = sum(plan["price_amount"] for _, plan in taken)
        if len(taken) > 1:
            amount += sum(join(segment, offer, hub) for offer, _ in taken)
        if demand.get("budget_amount") is None or amount <= demand["budget_amount"]:
            yield demand["id"]


def _meets(demand, one, by):
    if one["capability"] not in by:
        return False
    offer, plan = by[one["capability"]]
    earliest = max(1, max(1, offer["entry_level"]) - demand["level"] + 1)
    industry = demand.get("industry")
    suits = not industry or "industries" not in offer or industry in offer["industries"]
    return (
        plan["quality"].get(one["capability"], 0) >= one["min_quality"] and earliest <= one["stage"] and suits
    )


def join(segment, offer, hub):
    """What joins an offer to a hub; None when nothing does."""
    if hub in offer["interfaces"]:
        return 0
    prices = [
        one["price_amount"]
        for one in segment["connectors"]
        for name in offer["interfaces"]
        if {one["from"], one["to"]} == {name, hub}
    ]
    return min(prices, default=None)


def _undominated(found):
    return [one for one in found if one and not any(one < other for other in found)]
