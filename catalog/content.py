"""Facts drawn from a listing's frozen content (`listings.snapshot`), told the same way everywhere. Pure."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

#: Evidence records, all of their fields or those that are counted.
Records = tuple[Mapping[str, Any], ...]
#: Of a bundle, the records behind each capability that it must bring, in the order of the capabilities.
Backing = tuple[Records, ...]

MONTHS = 12


def first_year_amount(plan: Mapping[str, Any]) -> int | None:
    """The list price of a plan's first year in whole won without VAT, or None when it cannot be told.

    One-off and project: set-up + price. Subscription: set-up + twelve months. Usage, and a price by quote: not known.
    """
    price, setup = plan["price_amount"], plan["setup_amount"]
    if price is None or setup is None or plan["kind"] not in ("one_off", "project", "subscription"):
        return None
    total: int = setup + price * (MONTHS if plan["kind"] == "subscription" else 1)
    return total


def field_sites(evidence: Iterable[Mapping[str, Any]]) -> int:
    """How many different sites the field records come from.

    Sites carry no id in a release: records of the same profile are taken for one site, which may understate the number
    but never overstates it.
    """
    profiles = {
        json.dumps(record["site"], sort_keys=True) for record in evidence if record["kind"] == "field"
    }
    return len(profiles)
