"""A bundle of three vendors, whose lead is the first, to be changed by each test."""

from dataclasses import replace

from catalog.bundles.form import Duty, Form, Item, Link, Wanted
from catalog.shares import Rule


def item(number, vendor, covers, *, amount=10_000_000, stage=1, **more):
    return Item(
        id=f"i{number}",
        vendor=vendor,
        listing=f"listing-{number}",
        release=1,
        release_hash=f"{number:064x}",
        plan=f"plan-{number}",
        quantity=1,
        stage=stage,
        list_amount=amount,
        covers=covers,
        **more,
    )


def form(**changes):
    made = Form(
        bundle="bundle",
        number=1,
        alliance="alliance",
        charter_hash="c" * 64,
        lead="a",
        texts={"title": "묶음", "title_en": "Bundle"},
        level_from=1,
        level_to=3,
        wanted=(
            Wanted("mes", 3, True, 1),
            Wanted("plm", 3, True, 2),
            Wanted("erp", 2, True, 2),
            Wanted("lot", 3, False, 1),
        ),
        exchanges=(("mes", "plm"), ("erp", "mes")),
        items=(
            item(1, "a", ("mes", "lot"), amount=40_000_000),
            item(2, "b", ("plm",), amount=30_000_000, supports=("lot",)),
            item(3, "c", ("erp",), amount=32_000_000, stage=2),
        ),
        links=(
            Link(("plm", "mes"), ("i2", "i1"), "shared", ("rest", "rest"), 0, "b"),
            Link(("erp", "mes"), ("i3", "i1"), "connector", ("soap", "rest"), 3_000_000, "c"),
        ),
        duties=(Duty("a", 8, None), Duty("b", 24, "a"), Duty("c", 8, "b")),
        discount_amount=5_000_000,
        rules=(Rule("a", "remainder"), Rule("b", "fixed", 28_000_000), Rule("c", "percent", 3_000)),
    )
    return replace(made, **changes)


def with_item(number, **changes):
    made = form()
    items = tuple(replace(each, **changes) if each.id == f"i{number}" else each for each in made.items)
    return replace(made, items=items)
