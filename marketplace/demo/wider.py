"""The wider country: more vendors, products and factories, made by rule from the parts in `data/wider*.yaml`. Pure.

It gives the same kinds of entries as the files that are written by hand, and comes after them: nothing of those
changes. Every choice is a draw from words or a place in a list, so that each reading gives the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from marketplace.demo import phrases, source, wider_chain, wider_firms, wider_listings
from marketplace.demo.phrases import Pair, fill, number
from marketplace.demo.source import Country, Entry

#: Vendors began between these years and have so many people.
_YEARS, _PEOPLE = (2009, 2022), (9, 84)
#: Each vendor but every third states how many projects it takes on in a quarter.
_STATING, _PROJECTS = 3, (1, 6)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the files of parts say, by name."""

    fields: Mapping[str, Entry]
    families: Mapping[str, Entry]
    rest: Entry


def widen(country: Country) -> Country:
    """The country with the wider one behind it."""
    parts = read()
    vendors = _vendors(parts)
    firms = wider_firms.of(parts.fields, parts.rest, vendors)
    demands, shared = wider_chain.demands(parts.rest, firms)
    links = wider_chain.links(parts.rest, firms)
    people = [firm.entry for firm in firms]
    facts, papers = [firm.facts for firm in firms if firm.facts], wider_firms.papers(firms)
    capacity = {
        vendor["name"]: phrases.between(*_PROJECTS, vendor["name"])
        for nth, vendor in enumerate(vendors)
        if nth % _STATING
    }
    lives, leads = country.demand_lives, country.leads
    return replace(
        country,
        vendors=[*country.vendors, *vendors],
        manufacturers=[*country.manufacturers, *people],
        demands=[*country.demands, *demands],
        links={**country.links, "confirmed": [*country.links["confirmed"], *links]},
        sites={
            "facts": [*country.sites["facts"], *facts],
            "papers": [*country.sites["papers"], *papers],
        },
        self_checks=[*country.self_checks, *wider_firms.self_checks(firms)],
        demand_lives={**lives, "shared": [*lives["shared"], *shared]},
        leads={**leads, "capacity": {**leads["capacity"], **capacity}},
    )


def read() -> Parts:
    """The files of parts."""
    return Parts(
        fields={field["id"]: field for field in source.document("wider-fields.yaml")},
        families={family["id"]: family for family in source.document("wider-families.yaml")},
        rest=source.document("wider.yaml"),
    )


def _vendors(parts: Parts) -> list[Entry]:
    """Every vendor with its listings. A family's kinds of factories go to its vendors in turn."""
    vendors = parts.rest["vendors"]
    sellers = {
        name: [vendor["name"][0] for vendor in vendors if name in vendor["families"]]
        for name in parts.families
    }
    total = sum(len(family["fields"]) for family in parts.families.values())
    made, so_far = [], 0
    for nth, vendor in enumerate(vendors):
        entry = _vendor(parts, vendor, nth)
        for name in vendor["families"]:
            family, mine = parts.families[name], sellers[name]
            for field in family["fields"][mine.index(entry["name"]) :: len(mine)]:
                place = wider_listings.Place(so_far, total)
                entry["listings"].append(
                    wider_listings.listing(parts.rest, family, parts.fields[field], vendor, place)
                )
                so_far += 1
        made.append(entry)
    return made


def _vendor(parts: Parts, vendor: Entry, nth: int) -> Entry:
    name, rest = vendor["name"][0], parts.rest
    first, second = (parts.families[family]["does"] for family in vendor["families"])
    words: dict[str, Pair] = {
        "first": first,
        "second": second,
        "city": _of(rest["cities"][vendor["region"]], nth),
        "year": number(phrases.between(*_YEARS, name, "year")),
        "n": number(phrases.between(*_PEOPLE, name, "people")),
    }
    story = fill(_of(rest["stories"], nth), words)
    return {
        "name": name,
        "name_en": vendor["name"][1],
        "first9": f"93{nth:03d}8104",
        "region": vendor["region"],
        "description": story[0],
        "description_en": story[1],
        "competitors": [],
        "listings": [],
    }


def _of(items: list[Any], nth: int) -> Any:
    return items[nth % len(items)]
