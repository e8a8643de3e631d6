"""What parts bear out of a bundle says of every capability what its proof says, and no more."""

from dataclasses import replace

import pytest

from catalog.bundles import backing
from catalog.bundles.proof import Cited, proof
from tests.catalog.bundles.forms import form, with_item
from tests.catalog.bundles.test_checks import facts, with_part

KINDS = ("field", "test_report", "claim")
STRONGEST = {"field": "field_proven", "test_report": "document", "claim": "claimed"}


def record(kind, **changes):
    return {
        "kind": kind,
        "direction": "lower",
        "baseline": "3",
        "after": "1",
        "site": {"industry": {"revision": "11", "code": "303"}, "region": "busan", "headcount": 9},
        "method": "이 글은 세지 않아요",
        **changes,
    }


def released(made, *, claimed="document", scope=("mes", "lot", "plm", "erp"), sites=1, records=KINDS):
    """Every part with the same certificate and records, each plan on the same basis."""
    return {
        item.listing: (
            {
                "plans": [
                    {"id": "other", "quality": []},
                    {
                        "id": item.plan,
                        "quality": [
                            {"capability": code, "quality": 4, "basis": claimed} for code in item.covers
                        ],
                    },
                ],
                "evidence": [record(kind) for kind in records],
            },
            {"capabilities": list(scope), "field_sites": sites},
        )
        for item in made.items
    }


def kinds(found):
    return [tuple(one["kind"] for one in records) for records in found]


@pytest.mark.parametrize(
    ("claimed", "scope", "sites", "borne"),
    [
        ("field_proven", ("mes",), 1, KINDS),
        ("field_proven", ("mes",), 0, ("claim",)),
        ("field_proven", (), 1, ("claim",)),
        ("document", ("mes",), 1, ("test_report", "claim")),
        ("document", ("erp",), 1, ("claim",)),
        ("claimed", ("mes",), 1, ("claim",)),
    ],
)
def test_records_count_up_to_the_basis_that_the_proof_shows(claimed, scope, sites, borne):
    made = form()
    plans = {"plan-1": replace(facts().parts["listing-1"].plans["plan-1"], quality={"mes": (4, claimed)})}
    known = with_part(1, plans=plans)
    cited = {"listing-1": Cited("C-1", frozenset(scope), frozenset(), sites, 1, 10)}
    shown = next(one for one in proof(made, known, cited).covers if one.wanted.capability == "mes")
    found = dict(
        zip(
            sorted(each.capability for each in made.wanted if each.must),
            backing.backing(made, released(made, claimed=claimed, scope=scope, sites=sites)),
            strict=True,
        )
    )
    assert tuple(one["kind"] for one in found["mes"]) == borne
    proven = shown.basis if shown.basis != "unproven" else "claimed"
    assert STRONGEST[borne[0]] == proven


def test_each_required_capability_has_the_records_of_the_item_that_answers():
    made = form()
    parts = released(made)
    content, scope = parts["listing-2"]
    parts["listing-2"] = ({**content, "evidence": []}, scope)
    asked = sorted(each.capability for each in made.wanted if each.must)
    answered = [next(item.listing for item in made.items if code in item.covers) for code in asked]
    found = backing.backing(made, parts)
    assert [bool(records) for records in found] == [listing != "listing-2" for listing in answered]
    assert {name for records in found for one in records for name in one} == {
        "kind",
        "direction",
        "baseline",
        "after",
        "site",
    }


def test_what_is_only_wished_for_weighs_only_where_nothing_is_required():
    made = form()
    wished = replace(made, wanted=tuple(replace(each, must=False) for each in made.wanted))
    covered = {code for item in made.items for code in item.covers}
    assert len(backing.backing(wished, released(made))) == len(covered)
    assert len(backing.backing(made, released(made))) == sum(each.must for each in made.wanted)


def test_a_part_that_is_gone_and_a_plan_that_is_gone_bear_out_nothing_that_was_measured():
    made = form()
    gone = released(made)
    del gone["listing-1"]
    assert () in backing.backing(made, gone)
    other = with_item(1, plan="another")
    assert ("claim",) in kinds(backing.backing(other, released(made)))
