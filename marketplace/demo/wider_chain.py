"""Demands of the wider country's factories, and the rest of the anchor's supply chain. Pure."""

from datetime import date, timedelta

from marketplace.demo.naming import draw
from marketplace.demo.source import Entry
from marketplace.demo.wider_firms import Firm

_STATED_FROM, _DEADLINE_FROM = date(2026, 10, 6), date(2027, 4, 30)
_LINKED_FROM, _TRADING_FROM, _TRADING_DAYS = date(2026, 7, 20), date(2014, 1, 6), 3500
#: Quality that a demand asks for: of what it must have, of what it would like.
_MUST, _NICE = 2, 1
_BOARD, _ORGANIZATIONS = "board", "organizations"


def demands(rest: Entry, firms: list[Firm]) -> tuple[list[Entry], list[Entry]]:
    """What firms need, and to whom some of it is shown."""
    stated, shared = [], []
    for nth, row in enumerate(rest["demands"]):
        firm = next(firm for firm in firms if firm.field == row["field"] and firm.level)
        must, *nice = row["needs"]
        needs = [{"capability": must, "must": True, "min_quality": _MUST}]
        needs += [{"capability": code, "must": False, "min_quality": _NICE} for code in nice]
        stated.append(
            {
                "manufacturer": firm.name,
                "site": 0,
                "title": row["title"],
                "requirements": needs,
                "target_level": row["target"],
                "budget_amount": row["budget"],
                "deadline": _DEADLINE_FROM + timedelta(days=nth * 19),
                "stated": _STATED_FROM + timedelta(days=nth * 2),
            }
        )
        audience = row.get("shared")
        if audience is not None:
            named = [] if audience == _BOARD else audience
            kind = _ORGANIZATIONS if named else _BOARD
            shared.append({"manufacturer": firm.name, "audience": kind, "organizations": named})
    return stated, shared


def links(rest: Entry, firms: list[Firm]) -> list[Entry]:
    """Confirmed links: each supplier delivers what it makes, and shows its level and what is below it."""
    at = {f"{firm.field}/{firm.nth}": firm for firm in firms}
    made: list[Entry] = []
    for row in rest["chain"]:
        for i in range(row["firms"]):
            supplier = at[f"{row['field']}/{i}"]
            customer = row["customers"][i % len(row["customers"])]
            made.append(
                {
                    "supplier": supplier.name,
                    "customer": at[customer].name if customer in at else customer,
                    "item": supplier.make,
                    "since": _TRADING_FROM + timedelta(days=draw(supplier.name, "since") % _TRADING_DAYS),
                    "shows": True,
                    "shares": draw(supplier.name, "shares") % 3 == 0,
                    "declared": _LINKED_FROM + timedelta(days=len(made)),
                }
            )
    return made
