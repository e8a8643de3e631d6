"""The rules that the product brings along: those of past years, read in public sources, and invented ones for the demo.

Frozen data beside this module. The rows are made of it by `catalog.programmes.rules.add_new`.
"""

from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import yaml

from catalog.programmes.rules import Fields


@cache
def past_rules() -> tuple[Fields, ...]:
    """Rules of past years, each with its source; none of them is an offer of today's."""
    return tuple(_rule(row, synthetic=False) for row in _read("past.yaml"))


@cache
def example_rules() -> tuple[Fields, ...]:
    """Shares that provinces might add, invented for the demo and marked as synthetic."""
    return tuple(_rule(row, synthetic=True) for row in _read("examples.yaml"))


def _rule(row: dict[str, Any], *, synthetic: bool) -> Fields:
    first, last = row["years"]
    days = {"valid_from": date(first, 1, 1), "valid_to": date(last, 12, 31)}
    fields = {name: value for name, value in row.items() if name != "years"}
    return {"region": None, **fields, **days, "synthetic": synthetic}


def _read(name: str) -> list[dict[str, Any]]:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    rules: list[dict[str, Any]] = yaml.safe_load(text)["rules"]
    return rules
