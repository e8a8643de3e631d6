"""Factories of the wider country with what they state, their papers on levels and their self-checks. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from marketplace.demo.naming import draw
from marketplace.demo.phrases import Pair, between, fill, join, number
from marketplace.demo.source import Entry
from marketplace.demo.wider_listings import words_of

_YEARS, _SHARE = (1988, 2019), (35, 85)
#: Fewest and most people by level, "0" is not known.
_PEOPLE = {0: (9, 60), 1: (8, 70), 2: (24, 150), 3: (70, 280), 4: (180, 420)}
_REVENUES = {0: "1b_5b", 1: "1b_5b", 2: "5b_10b", 3: "30b_50b", 4: "over_150b"}
_STAFF = {0: "none", 1: "none", 2: "one", 3: "2_4", 4: "5_plus"}
_HISTORY = {1: "under_1y", 2: "1y_3y", 3: "over_3y", 4: "over_3y"}
_NETWORKS = ("open", "limited", "closed")
#: Of so many firms one states nothing besides; of so many with a system one says that it is a product of the store.
_SILENT, _NAMED = 4, 2
#: Papers and self-checks: every so many firms of a known level, from these days on.
_PAPER_EVERY, _PAPER_FROM, _PAPERS_WAITING = 9, date(2026, 8, 24), 2
_CHECK_EVERY, _CHECKED_FROM = 11, date(2026, 9, 7)
_QUESTIONS = 12


@dataclass(frozen=True, slots=True)
class Firm:
    """One firm: the kind of its factory and its place among those, its entry, and what its site states besides."""

    field: str
    nth: int
    entry: Entry
    facts: Entry
    make: str

    @property
    def name(self) -> str:
        """Its Korean name."""
        return str(self.entry["name"])

    @property
    def level(self) -> int:
        """Company level of its site, 0 = not known."""
        return int(self.entry["sites"][0]["level"]["value"] or 0)


def of(fields: Mapping[str, Entry], rest: Entry, vendors: list[Entry]) -> list[Firm]:
    """Every firm, kind by kind in turn: the first of each kind, then the second of each, and so on."""
    count = {name: rest["more_firms"].get(name, rest["firms"]) for name in fields}
    held = {(row["field"], i): _held(row, i) for row in rest["chain"] for i in range(row["firms"])}
    turns = [(i, name) for i in range(max(count.values())) for name in fields if i < count[name]]
    return [
        _firm(rest, fields[name], (place, i), held.get((name, i)), vendors)
        for place, (i, name) in enumerate(turns)
    ]


def papers(firms: list[Firm]) -> list[Entry]:
    """Papers on levels: decided two days after they came, the last ones wait."""
    holders = [firm for firm in firms if firm.level][::_PAPER_EVERY]
    made = []
    for nth, firm in enumerate(holders):
        came = _PAPER_FROM + timedelta(days=nth * 8)
        issued = came - timedelta(days=between(20, 300, firm.name, "issued"))
        paper: Entry = {
            "manufacturer": firm.name,
            "site": 0,
            "number": f"합성-{issued.year}-{2100 + nth * 37}",
            "scale": "company_level",
            "level": firm.level,
            "issued_on": issued,
            "valid_until": issued + timedelta(days=3 * 365),
            "handed_in": came,
        }
        if nth < len(holders) - _PAPERS_WAITING:
            paper["decided"] = came + timedelta(days=2)
        made.append(paper)
    return made


def self_checks(firms: list[Firm]) -> list[Entry]:
    """Whole runs of the self-check, with answers around the firm's level."""
    known = [firm for firm in firms if firm.level][4::_CHECK_EVERY]
    return [
        {
            "manufacturer": firm.name,
            "site": 0,
            "day": _CHECKED_FROM + timedelta(days=nth * 6),
            "answers": "".join(_answer(firm, question) for question in range(_QUESTIONS)),
        }
        for nth, firm in enumerate(known)
    ]


def _answer(firm: Firm, question: int) -> str:
    said = draw(firm.name, str(question)) % 8
    return "?" if said == 0 else str(min(5, max(1, firm.level + (said > 5) - (said == 1))))


def _held(row: Entry, nth: int) -> int | None:
    """The level that the chain wants of its nth firm, None if it does not matter."""
    level: int | None = row.get("level")
    return 0 if level is not None and nth == row["firms"] - 1 else level


def _firm(rest: Entry, field: Entry, places: tuple[int, int], held: int | None, vendors: list[Entry]) -> Firm:
    place, nth = places
    level = _of(rest["levels"], place) if held is None else held
    name = _name(rest, field, place)
    regions = list(rest["cities"])
    region = regions[draw(name[0], "region") % len(regions)]
    city = _of(rest["cities"][region], draw(name[0], "city"))
    make = _of(field["makes"], nth)
    headcount = between(*_PEOPLE[level], name[0], "people")
    words = words_of(field) | {
        "city": city,
        "make": make,
        "n": number(headcount),
        "year": number(between(*_YEARS, name[0], "year")),
        "share": number(between(*_SHARE, name[0], "share")),
    }
    opening, habit = _of(rest["openings"], place), _of(rest["habits"][str(level)], nth)
    told = join(fill(opening, words), fill(habit, words))
    equipment = rest["equipment"][str(level)]
    basis = _of(rest["bases"], place) if level else "unknown"
    site = {
        "name": f"{city[0]} 공장",
        "industry": {"revision": "11", "code": field["code"]},
        "region": region,
        "headcount": headcount,
        "processes": field["processes"],
        **{key: equipment[key] for key in ("interfaces", "systems")},
        "level": {"scale": "company_level", "value": level or None, "basis": basis},
    }
    entry = {
        "name": name[0],
        "name_en": name[1],
        "first9": f"94{place:03d}8202",
        "region": region,
        "description": told[0],
        "description_en": told[1],
        "sites": [site],
    }
    facts = {} if place % _SILENT == _SILENT - 1 else _facts(name[0], make[0], level, equipment, vendors)
    return Firm(field["id"], nth, entry, facts, make[0])


def _name(rest: Entry, field: Entry, place: int) -> Pair:
    first, second = rest["first_names"], rest["second_names"]
    front, back = _of(first, place), second[(place // len(first) * 3 + place) % len(second)]
    suffix = _of(field["suffix"], place)
    return [front[0] + back[0] + suffix[0], f"{front[1]}{back[1]} {suffix[1]}"]


def _facts(name: str, make: str, level: int, equipment: Entry, vendors: list[Entry]) -> Entry:
    """What a site states besides the necessary; a level that is not known leaves most of it open."""
    made: Entry = {
        "manufacturer": name,
        "site": 0,
        "products": make,
        "shifts": between(1, 3, name, "shifts"),
        "revenue_band": _REVENUES[level],
        "staff": _STAFF[level],
    }
    if level == 0:
        return made
    systems = {
        system["name"]: _in_use(name, system, vendors)
        for system in equipment["systems"]
        if system["capability"] is not None
    }
    return made | {
        "records": equipment["records"],
        "history": _HISTORY[level],
        "network": _of(_NETWORKS, draw(name, "network")),
        "residency": "korea",
        "systems": systems,
    }


def _in_use(name: str, system: Entry, vendors: list[Entry]) -> Entry:
    """Since when it runs; for some also which product of the store it is."""
    since = f"{between(2015, 2024, name, system['name'])}-{between(1, 12, name, system['name'], 'month'):02d}"
    on_sale = [
        (listing["title"], vendor["name"])
        for vendor in vendors
        for listing in vendor["listings"]
        if system["capability"] in listing["capabilities"][:1]
    ]
    if draw(name, system["name"], "named") % _NAMED or not on_sale:
        return {"in_use_since": since}
    title, vendor = on_sale[draw(name, system["name"], "which") % len(on_sale)]
    return {"in_use_since": since, "product": title, "vendor_name": vendor, "listing": title}


def _of(items: Any, nth: int) -> Any:
    return items[nth % len(items)]
