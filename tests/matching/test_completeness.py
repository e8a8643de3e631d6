"""What a site does not state yet, and which axis it keeps from being counted: the table of docs/sites.md."""

import re
from pathlib import Path

import pytest

from matching import completeness
from matching.completeness import Gap

DOCS = Path(__file__).parents[2] / "docs" / "sites.md"
FULL = {
    "systems": [{"name": "PLC", "interfaces": ["opcua"]}],
    "interfaces": [],
    "processes": ["welding"],
    "products": "브래킷",
    "shifts": 2,
    "revenue_band": "1b_5b",
    "records": "files",
    "history": "1y_3y",
    "staff": "one",
    "network": "open",
    "residency": "korea",
    "budget_year": 2027,
}


def test_a_site_that_states_everything_lacks_nothing():
    assert completeness.gaps(FULL, level=2) == []


@pytest.mark.parametrize(
    ("changes", "level", "gap"),
    [
        ({}, None, Gap("level", "maturity")),
        ({"systems": []}, 2, Gap("systems", "interfaces")),
        ({"systems": [{"name": "ERP", "interfaces": []}]}, 2, Gap("system_interfaces", "interfaces")),
        (
            {"systems": [*FULL["systems"], {"name": "ERP", "interfaces": []}]},
            2,
            Gap("system_interfaces", "interfaces"),
        ),
        *(({fact: None}, 2, Gap(fact, None)) for fact in completeness.WITHOUT_AXIS),
    ],
)
def test_each_missing_fact_is_named_with_its_axis(changes, level, gap):
    assert completeness.gaps({**FULL, **changes}, level=level) == [gap]


def test_interfaces_of_the_plant_alone_are_enough():
    assert completeness.gaps({**FULL, "systems": [], "interfaces": ["mqtt"]}, level=1) == []


def test_what_counts_comes_first():
    empty = {"systems": [], "interfaces": []}
    found = completeness.gaps(empty, level=None)
    assert [gap.axis for gap in found] == ["maturity", "interfaces", *[None] * 10]


def test_the_page_has_the_same_table():
    rows = re.findall(
        r"^\| `(\w+)` \|[^|]*\| (?:`(\w+)`|–) \|$", DOCS.read_text(encoding="utf-8"), re.MULTILINE
    )
    told = {fact: axis or None for fact, axis in rows}
    assert told == {
        "level": "maturity",
        "systems": "interfaces",
        "system_interfaces": "interfaces",
        **dict.fromkeys(completeness.WITHOUT_AXIS),
    }
