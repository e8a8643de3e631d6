"""Every bundle of a small instance, written from the rules alone: plain JSON in, plain tuples out."""

from itertools import combinations


def bundles(instance):
    """Yield every valid bundle as {items, links, own, fit, vendors, outside}."""
    demand = instance["demand"]
    requirements = sorted(demand["requirements"], key=lambda one: one["capability"])
    for purchases, providers in _choices(instance, requirements, {}, {}):
        found = _judged(instance, purchases, providers)
        if found is not None:
            yield found


def best(instance):
    """Return the best bundle by rules 6 and 7, or None."""
    found = list(bundles(instance))
    if not found:
        return None
    if instance["demand"].get("pool") == "members-first":
        fewest = min(one["outside"] for one in found)
        found = [one for one in found if one["outside"] == fewest]
    if instance["objective"] == "lexicographic":
        most = max(one["fit"] for one in found)
        floor = -(-98 * most // 100)
        found = [one for one in found if one["fit"] >= floor]
        return min(found, key=lambda one: (one["own"], one["vendors"], one["items"], one["links"]))
    return min(found, key=lambda one: (score(instance, one), one["vendors"], one["items"], one["links"]))


def score(instance, one):
    weights = instance["objective"]
    return weights["cost"] * one["own"] + weights["vendors"] * one["vendors"] - weights["fit"] * one["fit"]


def _choices(instance, requirements, purchases, providers):
    if not requirements:
        yield dict(purchases), dict(providers)
        return
    requirement, rest = requirements[0], requirements[1:]
    code = requirement["capability"]
    if not requirement["must"]:
        yield from _choices(instance, rest, purchases, providers)
    for offer in instance["offers"]:
        earliest = max(1, max(1, offer["entry_level"]) - instance["demand"]["level"] + 1)
        for plan in offer["plans"]:
            if plan["quality"].get(code, 0) < requirement["min_quality"]:
                continue
            for stage in range(earliest, requirement["stage"] + 1):
                way = (offer["id"], plan["id"], stage)
                if purchases.get(offer["id"], way) != way:
                    continue
                yield from _choices(
                    instance, rest, purchases | {offer["id"]: way}, providers | {code: offer["id"]}
                )


def _judged(instance, purchases, providers):
    demand, offers = instance["demand"], {offer["id"]: offer for offer in instance["offers"]}
    plans = {(offer["id"], plan["id"]): plan for offer in instance["offers"] for plan in offer["plans"]}
    vendors = {offers[name]["vendor"] for name in purchases}
    members = demand.get("members", [])
    if (
        any(purchases.get(a) and purchases.get(b) for a, b in instance["conflicts"])
        or (demand["max_vendors"] is not None and len(vendors) > demand["max_vendors"])
        or any(name not in purchases for name in instance.get("require", []))
        or any(name in purchases for name in instance.get("forbid", []))
        or any(offers[name].get("capacity") == 0 for name in purchases)
        or (demand.get("pool") == "members" and not vendors <= set(members))
    ):
        return None
    for code in demand["exclusive"]:
        copies = [way for way in purchases.values() if plans[way[0], way[1]]["quality"].get(code, 0) >= 1]
        if len(copies) > 1:
            return None
    links = [_joined(instance, offers, providers, link) for link in demand["links"]]
    if "apart" in links:
        return None
    links = sorted(link for link in links if link is not None)
    prices = {way: plans[way[0], way[1]]["price_amount"] for way in purchases.values()}
    own = sum(prices.values()) + sum(link[4] for link in links)
    for rule in instance["subsidies"]:
        installed = sum(price for way, price in prices.items() if way[2] == rule["stage"])
        own -= min(rule["cap_amount"], rule["rate_bp"] * installed // 10_000)
    if demand["budget_amount"] is not None and own > demand["budget_amount"]:
        return None
    codes = {name: tuple(sorted(c for c, by in providers.items() if by == name)) for name in purchases}
    return {
        "items": sorted((*way, codes[way[0]]) for way in purchases.values()),
        "links": links,
        "own": own,
        "fit": sum(offers[name]["fit"].get(code, 0) for code, name in providers.items()),
        "vendors": len(vendors),
        "outside": sum(offers[name]["vendor"] not in members for name in providers.values()),
    }


def _joined(instance, offers, providers, link):
    one, other = (providers.get(code) for code in link)
    if one is None or other is None:
        return None
    if one == other:
        return (*link, "same_offer", (), 0)
    left, right = offers[one]["interfaces"], offers[other]["interfaces"]
    shared = sorted(set(left) & set(right))
    if shared:
        return (*link, "interface", (shared[0],), 0)
    ways = [
        (connector["price_amount"], (a, b))
        for a in left
        for b in right
        for connector in instance["connectors"]
        if {a, b} == {connector["from"], connector["to"]}
    ]
    if not ways:
        return "apart"
    price, pair = min(ways)
    return (*link, "connector", pair, price)


def difference(one, other):
    """Which part of the smaller of two bundles' offers is not in the other, 0–1."""
    first, second = ({item[0] for item in items} for items in (one, other))
    return 1 - len(first & second) / max(1, min(len(first), len(second)))


def pairs(values):
    return combinations(values, 2)
