"""What the composer is to reach by itself: several bundles, a front, many offers, and what is impossible explained."""

import time
from copy import deepcopy
from itertools import product

from matching.composer import compose, read
from matching.composer.clashes import clash
from matching.composer.composing import Composer
from matching.composer.explaining import clashing
from matching.composer.funnels import funnel
from matching.composer.instance import ordered
from matching.composer.repairs import repairs
from matching.composer.solver import Clock
from tests.bench.composer import instances

#: Name → (what it is, the most CPU seconds in the middle; None = there is no aim).
AIMS = {
    "bundles": ("five bundles that differ", 4),
    "front": ("a front of 8 points", 6),
    "many": ("five times as many offers", 5),
    "repairs": ("impossible: counts and tried repairs", 5),
    "core": ("impossible: with the clashing requirements", None),
}
BUNDLES, POINTS, MORE = 5, 8, 5


def _quarter(drawn, _code):
    drawn["demand"]["budget_amount"] //= 4


def _grade(drawn, code):
    for one in drawn["demand"]["requirements"]:
        one["min_quality"] = 6 if one["capability"] == code else one["min_quality"]


def _one_vendor(drawn, _code):
    drawn["demand"]["max_vendors"] = 1


def _two_vendors(drawn, _code):
    demand = drawn["demand"]
    demand |= {"max_vendors": 2, "budget_amount": demand["budget_amount"] * 2 // 5}


def _language(drawn, code):
    """The capability is sold alone, and speaks what nothing else speaks."""
    for offer in drawn["offers"]:
        if any(code in plan["quality"] for plan in offer["plans"]):
            offer["interfaces"] = ["a language of its own"]
            for plan in offer["plans"]:
                plan["quality"] = {name: grade for name, grade in plan["quality"].items() if name == code}


#: What makes a demand impossible; the capability is one that has links, if there is any.
IMPOSSIBLE = {
    "a quarter of the budget": _quarter,
    "a grade that nobody has": _grade,
    "one vendor": _one_vendor,
    "two vendors, 40 % of the budget": _two_vendors,
    "a language of its own": _language,
}


def run(*, offers, capabilities, seeds, say=lambda _: None):
    """Return rows of {aim, kind, capabilities, seed, case, cpu_s, is_right}; what turns out possible is left out.

    Args:
        capabilities: numbers of required capabilities; all but the impossible demands have the first of them.
    """
    rows = []
    for kind, seed in product(instances.KINDS, range(seeds)):
        place = {"kind": kind, "capabilities": capabilities[0], "seed": seed, "case": ""}
        drawn = instances.draw(seed, offers=offers, capabilities=capabilities[0], kind=kind)
        more = instances.draw(
            seed, offers=min(19_999, MORE * offers), capabilities=capabilities[0], kind=kind
        )
        for aim, asked in (
            ("bundles", drawn | {"alternatives": BUNDLES - 1}),
            ("front", drawn | {"pareto": POINTS}),
            ("many", more),
        ):
            rows.append(place | {"aim": aim} | _timed(read(asked)))
            say(f"{aim} {kind} {seed}: {rows[-1]['cpu_s']:.3f} s")
    for kind, count, seed, case in product(instances.KINDS, capabilities, range(seeds), IMPOSSIBLE):
        place = {"kind": kind, "capabilities": count, "seed": seed, "case": case}
        found = _explained(_impossible(case, seed, offers=offers, capabilities=count, kind=kind))
        rows += [place | one for one in found]
        say(f"{case}, {kind} {count} {seed}: {[one['cpu_s'] for one in found]} s")
    return rows


def table(rows):
    """Return the figures of each aim."""
    lines = ["| aim | CPU s in the middle | least–most | answers |", "| --- | ---: | ---: | ---: |"]
    for name, (what, most) in AIMS.items():
        spent = sorted(row["cpu_s"] for row in rows if row["aim"] == name)
        if spent:
            aim = f": {most} s" if most else ""
            middle = spent[len(spent) // 2]
            lines.append(f"| {what}{aim} | {middle:.2f} | {spent[0]:.2f}–{spent[-1]:.2f} | {len(spent)} |")
    return "\n".join(lines)


def wrong(rows):
    """Return what was not proven, and impossible demands without a repair."""
    return [
        f"{row['aim']} {row['case']} {row['kind']} {row['capabilities']} {row['seed']}: not as promised"
        for row in rows
        if not row["is_right"]
    ]


def _impossible(case, seed, **size):
    drawn = deepcopy(instances.draw(seed, **size))
    linked = sorted(code for link in drawn["demand"]["links"] for code in link)
    asked = [one["capability"] for one in drawn["demand"]["requirements"]]
    IMPOSSIBLE[case](drawn, (linked or asked)[0])
    return ordered(read(drawn))


def _timed(instance):
    before = time.process_time()
    answer = compose(instance)
    return {"cpu_s": round(time.process_time() - before, 6), "is_right": answer.status == "proven"}


def _explained(instance):
    """Return the rows of one impossible demand: the same steps as `compose` takes, with the time after each."""
    before = time.process_time()
    composer = Composer(instance, Clock())
    found = composer.best()
    if found.status != "infeasible":
        return []
    funnel(composer.facts)
    first = clashing(composer.facts, found.clashing)
    changes, witnesses = repairs(composer.facts, Clock(), first)
    middle = time.process_time()
    names, _ = clash(composer.facts, Clock(), first, witnesses)
    after = time.process_time()
    return [
        {"aim": "repairs", "cpu_s": round(middle - before, 6), "is_right": bool(changes)},
        {"aim": "core", "cpu_s": round(after - before, 6), "is_right": bool(names)},
    ]
