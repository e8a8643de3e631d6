"""What a site does not state yet, and which axis of the fit cannot be counted for it. Pure."""

from collections.abc import Mapping
from typing import Any, NamedTuple

#: Facts that no axis uses today; they are for the people who plan the work. In the order of the form.
WITHOUT_AXIS = (
    "processes",
    "products",
    "shifts",
    "revenue_band",
    "records",
    "history",
    "staff",
    "network",
    "residency",
    "budget_year",
)


class Gap(NamedTuple):
    """A fact that is not stated, and the axis that leaves the denominator without it (None: no axis uses it)."""

    fact: str
    axis: str | None


def gaps(stated: Mapping[str, Any], *, level: int | None) -> list[Gap]:
    """What is missing, the facts that an axis needs first (`docs/sites.md`).

    Args:
        stated: a site as `catalog.sites.stated` tells it.
        level: the company level that holds, None if there is none.
    """
    found = [] if level is not None else [Gap("level", "maturity")]
    speaking = [bool(system["interfaces"]) for system in stated["systems"]]
    if not speaking and not stated["interfaces"]:
        found.append(Gap("systems", "interfaces"))
    elif not all(speaking):
        found.append(Gap("system_interfaces", "interfaces"))
    return found + [Gap(fact, None) for fact in WITHOUT_AXIS if not stated.get(fact)]
