"""What a coordinator chooses for a run: how to weigh, whom to ask, what to keep and what never to take. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from catalog.errors import Invalid, Problem
from catalog.money import MAX_AMOUNT
from matching.composer.answers import Change
from matching.composer.instance import MAX_LEVEL, MAX_QUALITY, MAX_STAGE, MIN_LEVEL, POOLS, Pool

#: Most fit first, then money; one sum of both; the front between them.
Weighing = Literal["lexicographic", "weighted", "pareto"]
WEIGHINGS: tuple[Weighing, ...] = ("lexicographic", "weighted", "pareto")
#: Nobody chooses among more.
MAX_ALTERNATIVES, MAX_POINTS = 5, 12
#: Offers that are kept or refused, changes that are tried: more than a person sets by hand.
MAX_LOCKS, MAX_CHANGES = 40, 20
#: A capability works in practice from the middle of the five grades on; asked where the demand's own is not shown.
USUAL_QUALITY = 3
#: Seconds that the search may take; the explanation of an impossible demand comes on top.
LEAST_SECONDS, USUAL_SECONDS, MOST_SECONDS = 1, 20, 120
#: Won that one point of fit (0–1000 a capability) is worth in a weighted sum: our proposal, so that 100 points, a
#: tenth of a capability's fit, weigh as much as one million won.
POINT_AMOUNT = 10_000
MAX_POINT_AMOUNT = 100_000_000


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was chosen; the defaults compose for the demand as it is.

    Attributes:
        pool: whose offers.
        weighing: what is best.
        point_amount: of a weighted sum, won that a point of fit is worth; vendor_amount: won that a vendor less is.
        level: company level of the site to compute with; None = the one that is known.
        budget_amount: the most of own money; None = what is known of the demand's.
        max_vendors: None = no limit.
        min_quality: where the demand's own is not shown to the coordinator.
        programme: code or public id of the rule to count with; None = the one that is known of the demand.
        keep, never: public ids of listings.
        changes: steps of repairs that are tried, as (requirement, change) of the answer's JSON.
        alternatives, points: how many further bundles, how many points of the front.
        seconds: for the search.
    """

    pool: Pool = "members-first"
    weighing: Weighing = "lexicographic"
    point_amount: int = POINT_AMOUNT
    vendor_amount: int = 0
    level: int | None = None
    budget_amount: int | None = None
    max_vendors: int | None = None
    min_quality: int = USUAL_QUALITY
    programme: str | None = None
    keep: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    changes: tuple[tuple[str, str], ...] = ()
    alternatives: int = 2
    points: int = 6
    seconds: int = USUAL_SECONDS


def plain(wishes: Wishes) -> dict[str, Any]:
    """Return them as JSON; `read` takes it back."""
    return {
        **asdict(wishes),
        "keep": list(wishes.keep),
        "never": list(wishes.never),
        "changes": [list(change) for change in wishes.changes],
    }


def read(content: Mapping[str, Any]) -> Wishes:
    """Return the wishes that `plain` wrote, their lists in an order of their own.

    Raises:
        Invalid: something does not fit, each at its field.
    """
    wishes = Wishes(
        **{
            **content,
            "keep": tuple(sorted(set(content.get("keep", ())))),
            "never": tuple(sorted(set(content.get("never", ())))),
            "changes": tuple((one, change) for one, change in content.get("changes", ())),
        }
    )
    found = problems(wishes)
    if found:
        raise Invalid(found)
    return wishes


def problems(wishes: Wishes) -> list[Problem]:
    """Return what does not fit, each at its field."""
    ranges = {
        "point_amount": (0, MAX_POINT_AMOUNT),
        "vendor_amount": (0, MAX_AMOUNT),
        "level": (MIN_LEVEL, MAX_LEVEL),
        "budget_amount": (0, MAX_AMOUNT),
        "max_vendors": (1, MAX_LOCKS),
        "min_quality": (1, MAX_QUALITY),
        "alternatives": (0, MAX_ALTERNATIVES),
        "points": (2, MAX_POINTS),
        "seconds": (LEAST_SECONDS, MOST_SECONDS),
    }
    found = outside(wishes, ranges)
    chosen = (("pool", wishes.pool, POOLS), ("weighing", wishes.weighing, WEIGHINGS))
    found += [Problem(name, "choice") for name, value, known in chosen if value not in known]
    for name, most in (("keep", MAX_LOCKS), ("never", MAX_LOCKS), ("changes", MAX_CHANGES)):
        if len(getattr(wishes, name)) > most:
            found.append(Problem(name, "too_many", {"max": most}))
    both = sorted({*wishes.keep} & {*wishes.never})
    found += [Problem("never", "kept_and_never", {"value": one}) for one in both]
    return found + [
        Problem(f"changes/{place}", "choice")
        for place, change in enumerate(wishes.changes)
        if step(*change) is None
    ]


def outside(chosen: Any, ranges: Mapping[str, tuple[int, int]]) -> list[Problem]:
    """Return which numbers are outside their range; None is no number."""
    return [
        Problem(name, "range", {"min": low, "max": high})
        for name, (low, high) in ranges.items()
        if getattr(chosen, name) is not None and not low <= getattr(chosen, name) <= high
    ]


def step(requirement: str, change: str) -> Change | None:
    """Return a step of a repair as the composer takes it, out of its two texts; None: it is none.

    What a demand asks for can only be made easier by one, never harder.
    """
    name = tuple(requirement.split(":"))
    kind, subjects = name[0], len(name) - 1
    if change == "drop":
        known = {"capability": 1, "link": 2, "exclusive": 1, "require": 1, "forbid": 1}
        return Change(name, "", "", 0) if known.get(kind) == subjects else None
    field, _, value = change.partition("=")
    if (kind, field, value, subjects) == ("pool", "pool", "all", 0):
        return Change(name, "pool", "all", 0)
    limits = {
        ("budget_amount", "budget_amount"): (0, 0, MAX_AMOUNT * 2_000),
        ("max_vendors", "max_vendors"): (0, 1, 999),
        ("capability", "min_quality"): (1, 1, MAX_QUALITY),
        ("capability", "stage"): (1, 1, MAX_STAGE),
    }
    wanted, low, high = limits.get((kind, field), (-1, 0, 0))
    if subjects != wanted or not value.isascii() or not value.isdigit() or not low <= int(value[:18]) <= high:
        return None
    return Change(name, field, int(value[:18]), 0)
