"""Listings of the wider country: a family of products in one kind of factory, with plans and measured values. Pure."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from catalog import taxonomy
from marketplace.demo.naming import draw
from marketplace.demo.phrases import Pair, between, fill, join, number
from marketplace.demo.source import Entry

#: Drafts are begun between these days, in the order of the vendors' turns.
_FIRST, _LAST = date(2026, 2, 25), date(2026, 10, 12)
#: Days from the end of the measuring to the draft, of the two periods, and of the weeks between them.
_REST, _PERIOD, _PAUSE = (14, 60), (27, 75), (35, 120)
#: Of so many listings one rests on claims alone, one states few facts, one sells everywhere.
_CLAIMED, _SPARSE, _EVERYWHERE = 11, 9, 3
#: Of so many records one is a failure; so much worse it became, in percent.
_FAILED, _WORSE = 7, (1, 7)
_HEADCOUNT = (14, 240)
#: Steps that scatter the vendors' turns over the year; it has no common factor with usual totals.
_STRIDE = 71
_WORDS = ("short", "shop", "product", "machine", "material", "signal", "defect")
_ROUNDED = {"subscription": 10_000, "one_off": 100_000, "project": 1_000_000, "usage": 10}
_BASIS = {"field": "field_proven", "test_report": "document", "claim": "claimed"}


class Place(NamedTuple):
    """The nth of so many listings."""

    nth: int
    total: int


def words_of(field: Entry) -> dict[str, Pair]:
    """The words with which a kind of factory fills sentences."""
    return {name: field[name] for name in _WORDS}


def listing(rest: Entry, family: Entry, field: Entry, vendor: Entry, place: Place) -> Entry:
    """The entry of one product."""
    words, nth = words_of(field), place.nth
    title = " ".join((vendor["brand"][0], field["short"][0], family["noun"][0]))
    kind = field["short"][1][:1].upper() + field["short"][1][1:]
    parts = [family["problem"], family["how"], family["limit"]]
    if not family.get("lean"):
        parts.append(rest["arrivals"][draw(title, "arrival") % len(rest["arrivals"])])
    description = join(*(fill(part, words) for part in parts))
    summary = fill(family["summary"], words)
    planned = _planned(place)
    evidence = _evidence(rest, family, field, (title, vendor["name"][0]), (nth, planned))
    made: Entry = {
        "title": title,
        "title_en": f"{vendor['brand'][1]} {kind} {family['noun'][1]}",
        "summary": summary[0],
        "summary_en": summary[1],
        "description": description[0],
        "description_en": description[1],
        "capabilities": family["caps"],
        "industries": [field["code"]],
        "processes": field["processes"],
        "interfaces": family["interfaces"],
        "regions": _regions(vendor["region"], nth),
        "deployment": family["deployment"],
        "level": {"from": family["level"][0], "to": family["level"][1]},
        "install_weeks": between(*family["weeks"], title, "weeks"),
        "plans": _plans(rest, family, title, evidence),
        "evidence": evidence,
        "planned": planned,
    }
    if nth % _SPARSE == _SPARSE - 1:
        made |= {"interfaces": [], "processes": [], "install_weeks": None}
    return made


def _planned(place: Place) -> date:
    turn = place.nth * _STRIDE % place.total
    return _FIRST + timedelta(days=turn * (_LAST - _FIRST).days // place.total)


def _regions(home: str, nth: int) -> str | list[str]:
    """Everywhere, or home and some provinces that follow it in the list."""
    if nth % _EVERYWHERE == 0:
        return "all"
    codes = [term.code for term in taxonomy.terms("region")]
    start = codes.index(home)
    return [codes[(start + i) % len(codes)] for i in range(between(3, 9, home, str(nth)))]


def _plans(rest: Entry, family: Entry, title: str, evidence: list[Entry]) -> list[Entry]:
    proof = next(kind for kind in _BASIS if kind in {record["kind"] for record in evidence})
    made = []
    for i, (kind, low, high) in enumerate(family["plans"]):
        named = rest["plan_names"][kind][min(i, 1) if low is not None else 1]
        price = None if low is None else _price(low, high, _ROUNDED[kind], title, str(i))
        setup = 0 if kind == "project" or price is None else _setup(kind, price)
        quality = {
            code: _quality(_BASIS[proof] if j == 0 else ("document", "claimed")[draw(title, code) % 2], title)
            for j, code in enumerate(family["caps"])
        }
        trial = 30 if kind == "subscription" and draw(title, "trial") % 2 else None
        made.append(
            {
                "name": named[0],
                "name_en": named[1],
                "kind": kind,
                "price_amount": price,
                "setup_amount": setup,
                "trial_days": trial,
                "quality": quality,
            }
        )
    return made


def _price(low: int, high: int, step: int, *words: str) -> int:
    return low + draw(*words, "price") % ((high - low) // step + 1) * step


def _setup(kind: str, price: int) -> int:
    """A subscription's setup is two months, of one bought an eighth; a fee per item has a fixed one."""
    if kind == "usage":
        return 900_000
    return price * 2 if kind == "subscription" else price // 800_000 * 100_000


def _quality(basis: str, title: str) -> tuple[int, str]:
    low, high = {"field_proven": (3, 5), "document": (2, 4), "claimed": (2, 3)}[basis]
    return between(low, high, title, basis), basis


def _evidence(
    rest: Entry, family: Entry, field: Entry, names: tuple[str, str], when: tuple[int, date]
) -> list[Entry]:
    """One record a KPI. Claims stand alone at some listings; elsewhere the first is measured."""
    title, vendor = names
    nth, planned = when
    if nth % _CLAIMED == _CLAIMED // 2:
        return [_record(rest, family["kpis"][0], family, field, (title, "claim", vendor), planned)]
    kinds = ["field" if draw(title, "proof") % 4 else "test_report", "field", "claim"]
    return [
        _record(rest, kpi, family, field, (title, kind, vendor), planned)
        for kpi, kind in zip(family["kpis"], kinds, strict=False)
    ]


def _record(  # noqa: PLR0917  # what is measured, of which product, where, by whom, until when
    rest: Entry, code: str, family: Entry, field: Entry, about: tuple[str, str, str], planned: date
) -> Entry:
    kpi, (title, kind, vendor) = rest["kpis"][code], about
    words = words_of(field) | {"n": number(between(*kpi["count"], title, code, "n"))}
    failed = draw(title, code, "outcome") % _FAILED == 0
    before, after = _values(kpi, (title, code), failed=failed)
    who = [f"{vendor} 자체 집계"] if kind == "claim" else rest["verified"][kind]
    method = kpi["method"]
    if failed:
        method += " " + rest["failures"][draw(title, code, "why") % len(rest["failures"])]
    regions = list(rest["cities"])
    return {
        "kind": kind,
        "kpi": _korean(kpi["kpi"], words),
        "unit": kpi["unit"],
        "direction": kpi["direction"],
        "baseline": before,
        "after": after,
        "industry": field["code"],
        "region": regions[draw(title, code, "where") % len(regions)],
        "headcount": between(*_HEADCOUNT, title, code, "people"),
        "level": between(*family["level"], title, code, "level"),
        "sample": _korean(kpi["sample"], words),
        "method": method,
        "verified_by": who[draw(title, code, "who") % len(who)],
        **_periods(planned, title, code),
    }


def _korean(text: str, words: dict[str, Pair]) -> str:
    return fill([text, ""], words)[0]


def _values(kpi: Entry, words: tuple[str, str], *, failed: bool) -> tuple[str, str]:
    """The values before and after, as text with the KPI's digits."""
    unit = Decimal(1).scaleb(-kpi["digits"])
    low, high = kpi["from"]
    before = (low + (high - low) * Decimal(between(0, 100, *words, "before")) / 100).quantize(unit)
    rises = (kpi["direction"] == "higher") != failed
    percent = between(*(_WORSE if failed else kpi["gain"]), *words, "gain")
    whole = 100 - before if rises and kpi["unit"] == "%" and not failed else before
    change = (whole * percent / 100).quantize(unit, ROUND_HALF_UP)
    return str(before), str(before + change if rises else before - change)


def _periods(planned: date, *words: str) -> Entry:
    """Both periods, the later one over well before the draft."""
    after_to = planned - timedelta(days=between(*_REST, *words, "rest"))
    after_from = after_to - timedelta(days=between(*_PERIOD, *words, "after"))
    before_to = after_from - timedelta(days=between(*_PAUSE, *words, "pause"))
    before_from = before_to - timedelta(days=between(*_PERIOD, *words, "before"))
    return {
        "baseline_from": before_from,
        "baseline_to": before_to,
        "after_from": after_from,
        "after_to": after_to,
    }
