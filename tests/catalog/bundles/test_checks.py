"""Every obstacle has its code, stands at its line, and its fixes mend it for exactly the won that they say."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from catalog.bundles import checks, fixes
from catalog.bundles.facts import ConflictFact, Connector, Facts, PartFacts, PlanFacts
from catalog.bundles.form import Link, Wanted
from tests.catalog.bundles.forms import form, item, with_item

TODAY = date(2026, 11, 22)
NEXT_YEAR = TODAY + timedelta(365)


def part(number, vendor, quality, *, amount=10_000_000, **more):
    """Facts of listing `number`, whose one plan brings these capabilities at quality 3."""
    plans = {f"plan-{number}": PlanFacts(amount, dict.fromkeys(quality, (3, "document")))}
    facts = PartFacts(
        title=f"Product {number}",
        vendor=vendor,
        is_bundle=False,
        release=1,
        release_hash=f"{number:064x}",
        certificate_until=NEXT_YEAR,
        level_from=1,
        level_to=3,
        interfaces=frozenset({"rest"}),
        plans=plans,
        is_member=True,
    )
    return replace(facts, **more)


def facts(**changes):
    parts = {
        "listing-1": part(1, "a", ("mes", "lot"), amount=40_000_000),
        "listing-2": part(2, "b", ("plm", "lot"), amount=30_000_000),
        "listing-3": part(3, "c", ("erp",), amount=32_000_000, interfaces=frozenset({"soap"}), level_from=2),
        "listing-7": part(7, "d", ("erp", "wms"), amount=20_000_000),
        "listing-8": part(8, "a", ("plm",), amount=25_000_000),
    }
    made = Facts(
        today=TODAY,
        parts=parts,
        exclusive=frozenset({"mes", "erp", "plm"}),
        connectors=(Connector(("rest", "soap"), 3_000_000, "list 2026", TODAY),),
        substitutes={
            "erp": (("listing-7", "plan-7", 20_000_000),),
            "plm": (("listing-8", "plan-8", 25_000_000),),
            "wms": (("listing-7", "plan-7", 20_000_000),),
        },
    )
    return replace(made, **changes)


def claiming(industries=None, regions=None):
    """Facts of parts that are meant for these industries and regions, by number; of the others it is not known."""
    made = facts()
    parts = dict(made.parts)
    for number, codes in (industries or {}).items():
        claims = frozenset(("11", code) for code in codes)
        parts[f"listing-{number}"] = replace(parts[f"listing-{number}"], industries=claims)
    for number, codes in (regions or {}).items():
        parts[f"listing-{number}"] = replace(parts[f"listing-{number}"], regions=frozenset(codes))
    return replace(made, parts=parts)


def with_part(number, **changes):
    made = facts()
    parts = {**made.parts, f"listing-{number}": replace(made.parts[f"listing-{number}"], **changes)}
    return replace(made, parts=parts)


def without_part(number):
    made = facts()
    return replace(
        made, parts={name: each for name, each in made.parts.items() if name != f"listing-{number}"}
    )


def plans(number, **made):
    return with_part(number, plans=made)


def told(made, known):
    return [(finding.code, finding.severity, finding.pointer) for finding in checks.findings(made, known)]


def test_nothing_stands_in_the_way_of_a_whole_bundle():
    assert checks.findings(form(), facts()) == ()
    assert checks.obstacles(form(), facts()) == ()


LINK = form().links[1]
CASES = {
    "a must nobody answers for": (
        form(items=form().items[:2], links=form().links[:1]), facts(), ("uncovered", "conflict", "items")
    ),
    "a wish nobody answers for": (
        with_item(1, covers=("mes",), supports=("lot",)), facts(), ("uncovered", "caution", "items")
    ),
    "too little quality": (
        form(),
        plans(
            2,
            **{
                "plan-2": PlanFacts(30_000_000, {"plm": (2, "document"), "lot": (3, "document")}),
                "plan-9": PlanFacts(36_000_000, {"plm": (4, "document")}),
            },
        ),
        ("quality", "conflict", "items/1/plan"),
    ),
    "before the site is ready": (with_item(3, stage=1), facts(), ("too_early", "conflict", "items/2/stage")),
    "after it is due": (with_item(1, stage=2), facts(), ("too_late", "conflict", "items/0/stage")),
    "a listing that is gone": (form(), without_part(2), ("gone", "conflict", "items/1/listing")),
    "a listing taken down": (form(), with_part(3, release=None), ("gone", "conflict", "items/2/listing")),
    "an expired certificate": (
        form(), with_part(3, certificate_until=TODAY - timedelta(1)), ("expired", "conflict", "items/2/listing")
    ),
    "no certificate": (form(), with_part(3, certificate_until=None), ("expired", "conflict", "items/2/listing")),
    "a certificate that ends soon": (
        form(), with_part(2, certificate_until=TODAY + timedelta(29)), ("expires_soon", "caution", "items/1/listing")
    ),
    "a plan that is gone": (
        form(),
        plans(2, **{"plan-9": PlanFacts(31_000_000, {"plm": (4, "document"), "lot": (3, "document")})}),
        ("plan_gone", "conflict", "items/1/plan"),
    ),
    "a price that moved": (
        form(),
        plans(2, **{"plan-2": PlanFacts(31_000_000, {"plm": (3, "document"), "lot": (3, "document")})}),
        ("price_changed", "conflict", "items/1/list_amount"),
    ),
    "another edition": (
        form(), with_part(2, release=2, release_hash="f" * 64), ("edition_changed", "conflict", "items/1/release")
    ),
    "a bundle inside": (form(), with_part(2, is_bundle=True), ("nested", "conflict", "items/1/listing")),
    "a vendor outside": (form(), with_part(2, is_member=False), ("not_member", "conflict", "items/1/vendor")),
    "a vendor that leaves": (
        form(), with_part(2, leaves_on=TODAY + timedelta(9)), ("leaves", "caution", "items/1/vendor")
    ),
    "parts for different industries": (
        form(), claiming(industries={1: ("25",), 2: ("30",), 3: ("C",), 8: ("259",)}),
        ("no_common_industry", "conflict", "items"),
    ),
    "parts for different regions": (
        form(), claiming(regions={1: ("busan",), 2: ("seoul",), 3: ("seoul", "busan"), 8: ("busan",)}),
        ("no_common_region", "conflict", "items"),
    ),
    "a vendor without a free project": (
        form(), with_part(2, free_projects=0), ("no_capacity", "caution", "items/1/vendor")
    ),
    "a capability that two bring": (
        with_item(2, supports=()), facts(), ("duplicate", "caution", "items/1/supports")
    ),
    "a second system of record": (
        form(),
        plans(
            2,
            **{
                "plan-2": PlanFacts(30_000_000, dict.fromkeys(("plm", "lot", "erp"), (3, "document"))),
                "plan-9": PlanFacts(28_000_000, dict.fromkeys(("plm", "lot"), (3, "document"))),
            },
        ),
        ("second_system", "conflict", "items/1/plan"),
    ),
    "a pair that is not joined": (form(links=form().links[:1]), facts(), ("unjoined", "conflict", "links")),
    "a pair that cannot be joined": (
        form(links=form().links[:1]), replace(facts(), connectors=()), ("impossible", "conflict", "links")
    ),
    "a joint that one side does not speak": (
        form(links=(form().links[0], replace(LINK, how="shared", interfaces=("rest", "rest"), price_amount=0))),
        facts(),
        ("link_broken", "conflict", "links/1"),
    ),
    "one product said to be two": (
        form(links=(form().links[0], replace(LINK, how="same", interfaces=(), price_amount=0))),
        facts(),
        ("link_broken", "conflict", "links/1"),
    ),
    "a connector whose price moved": (
        form(),
        replace(facts(), connectors=(Connector(("soap", "rest"), 3_500_000, "list 2027", TODAY),)),
        ("connector_price", "conflict", "links/1/price_amount"),
    ),
    "two that cannot stand together": (
        form(),
        replace(facts(), conflicts=(ConflictFact(("listing-3", "listing-1"), "driver", "test 2026", TODAY),)),
        ("conflict", "conflict", "items/2/listing"),
    ),
}  # fmt: skip
#: What can be mended by itself, without another decision.
WITHOUT_FIX = {
    "a certificate that ends soon",
    "a vendor without a free project",
}


@pytest.mark.parametrize("what", CASES)
def test_each_obstacle_is_told_at_its_line(what):
    made, known, expected = CASES[what]
    assert expected in told(made, known)
    assert bool(checks.obstacles(made, known)) == (expected[1] == "conflict")


@pytest.mark.parametrize("what", CASES)
def test_each_fix_mends_it_for_the_won_that_it_says(what):
    made, known, (code, _, pointer) = CASES[what]
    [finding] = [
        each for each in checks.findings(made, known) if (each.code, each.pointer) == (code, pointer)
    ]
    assert bool(finding.fixes) == (what not in WITHOUT_FIX)
    for fix in finding.fixes:
        after = fixes.applied(made, fix, known)
        left = {(each.code, str(each.params)) for each in checks.findings(after, known)}
        assert (code, str(finding.params)) not in left
        if fix.act in ("change_plan", "take_edition", "move", "support", "add"):
            assert after.price_amount - made.price_amount == fix.difference_amount


def test_what_an_item_brings_already_is_given_to_it_and_never_put_in_twice():
    known = facts()
    without = tuple(
        replace(each, covers=()) if each.listing == "listing-3" else each for each in form().items
    )
    made = form(items=without, links=form().links[:1])
    found = next(each for each in checks.findings(made, known) if each.code == "uncovered")
    first, *others = found.fixes
    assert (first.act, first.value, first.difference_amount) == ("cover", "erp", 0)
    assert [each.value for each in others] == ["listing-7 plan-7"]
    after = fixes.applied(made, first, known)
    assert after.price_amount == made.price_amount
    assert "uncovered" not in [each.code for each in checks.findings(after, known)]
    inside = replace(known, substitutes={"erp": (("listing-3", "plan-3", 1), ("listing-1", "plan-1", 1))})
    found = next(each for each in checks.findings(made, inside) if each.code == "uncovered")
    assert [each.act for each in found.fixes] == ["cover"]


def test_an_item_that_is_put_in_answers_for_all_that_was_missing():
    known = facts()
    wanted = (*form().wanted, Wanted("wms", 3, True, 2))
    made = form(items=form().items[:2], links=form().links[:1], wanted=wanted)
    first = next(each for each in checks.findings(made, known) if each.params.get("capability") == "erp")
    after = fixes.applied(made, first.fixes[0], known)
    assert (after.items[-1].id, after.items[-1].covers, after.items[-1].list_amount) == (
        "i3", ("erp", "wms"), 20_000_000
    )  # fmt: skip


def test_a_part_in_another_ones_place_is_joined_anew():
    known = with_part(3, certificate_until=None)
    [finding] = [each for each in checks.findings(form(), known) if each.code == "expired"]
    after = fixes.applied(form(), finding.fixes[0], known)
    assert [(each.how, each.price_amount) for each in after.links if "erp" in each.capabilities] == [
        ("shared", 0)
    ]
    assert checks.findings(after, known) == ()


def test_within_one_product_nothing_needs_a_joint():
    known, made = facts(), form(links=(), exchanges=(("mes", "lot"),))
    [finding] = [each for each in checks.findings(made, known) if each.code == "unjoined"]
    after = fixes.applied(made, finding.fixes[0], known)
    assert after.links == (Link(("mes", "lot"), ("i1", "i1"), "same", (), 0, "a"),)
    assert checks.findings(after, known) == ()


def test_what_stands_in_the_way_comes_first():
    known = replace(with_part(2, free_projects=0), connectors=())
    severities = [each.severity for each in checks.findings(form(), known)]
    assert severities == sorted(severities, reverse=True)
    assert set(severities) == {"conflict", "caution"}


def test_an_idle_item_can_be_taken_out():
    made = form(items=(*form().items, item(9, "a", (), supports=("lot",), amount=25_000_000)))
    [finding] = [each for each in checks.findings(made, facts()) if each.code == "gone"]
    assert fixes.applied(made, finding.fixes[0], facts()).items == form().items


def test_a_vendor_that_leaves_is_replaced_by_one_that_stays():
    known = with_part(2, leaves_on=TODAY + timedelta(9))
    parts = {**known.parts, "listing-8": replace(known.parts["listing-8"], leaves_on=TODAY + timedelta(9))}
    [finding] = [
        each for each in checks.findings(form(), replace(known, parts=parts)) if each.code == "leaves"
    ]
    assert finding.fixes == ()


def test_what_is_not_known_of_a_part_keeps_nothing_apart():
    codes = [code for code, *_ in told(form(), claiming(industries={1: ("25",)}, regions={1: ("busan",)}))]
    assert not {"no_common_industry", "no_common_region"} & {*codes}
