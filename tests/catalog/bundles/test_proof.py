"""The proof says what is so, and finds exactly what the checks find although it is computed apart."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from catalog.bundles import checks
from catalog.bundles.facts import Connector
from catalog.bundles.form import Link
from catalog.bundles.proof import Cited, proof
from tests.catalog.bundles.forms import form, item, with_item
from tests.catalog.bundles.test_checks import TODAY, facts, part, with_part

METAL = ("11", "C25")
CITED = {
    "listing-1": Cited("C-1", frozenset({"mes", "lot"}), frozenset({METAL}), 5, 1, 10),
    "listing-2": Cited("C-2", frozenset({"plm"}), frozenset(), 0, 2, 8),
    "listing-3": Cited("C-3", frozenset({"erp"}), frozenset(), 0, 1, None),
}
#: Codes of the checks that the proof answers, too.
SHARED = {
    "uncovered",
    "quality",
    "too_early",
    "unjoined",
    "impossible",
    "link_broken",
    "connector_price",
    "second_system",
    "duplicate",
}


def shown(made=None, known=None, **more):
    return proof(made or form(), known or facts(), more.pop("cited", CITED), **more)


def cover(found, capability):
    return next(one for one in found.covers if one.wanted.capability == capability)


def proven(**cited):
    """Facts in which listing 1 calls its MES field-proven, and what is cited of it."""
    known = facts()
    plan = known.parts["listing-1"].plans["plan-1"]
    stated = replace(plan, quality={**plan.quality, "mes": (4, "field_proven")})
    known = with_part(1, plans={"plan-1": stated})
    return known, {**CITED, "listing-1": replace(CITED["listing-1"], **cited)}


def test_each_capability_is_covered_by_the_one_item_that_answers_and_by_no_helper():
    found = cover(shown(), "lot")
    assert (found.item.id, [each.id for each in found.supports], found.basis) == ("i1", ["i2"], "document")
    helped = shown(with_item(1, covers=("mes",)))
    assert cover(helped, "lot").item is None
    assert not cover(helped, "lot").holds
    assert [each.id for each in cover(helped, "lot").supports] == ["i2"]


def test_a_claim_is_told_as_a_claim():
    plans = {"plan-3": replace(facts().parts["listing-3"].plans["plan-3"], quality={"erp": (3, "claimed")})}
    assert cover(shown(known=with_part(3, plans=plans)), "erp").basis == "claimed"


@pytest.mark.parametrize(
    ("cited", "industry", "basis", "doubt"),
    [
        ({}, None, "field_proven", ""),
        ({}, ("11", "C2592"), "field_proven", ""),
        ({}, ("11", "C29"), "unproven", "other_industry"),
        ({}, ("10", "C25"), "unproven", "other_industry"),
        ({"field_sites": 0}, None, "unproven", "no_site"),
        ({"capabilities": frozenset({"lot"})}, None, "unproven", "outside_scope"),
    ],
)
def test_field_proven_holds_only_inside_the_scope_of_the_certificate(cited, industry, basis, doubt):
    known, scopes = proven(**cited)
    found = cover(shown(known=known, cited=scopes, industry=industry), "mes")
    assert (found.basis, found.doubt) == (basis, doubt)
    assert (found in shown(known=known, cited=scopes, industry=industry).unproven) == bool(doubt)


def test_an_expired_certificate_proves_nothing():
    known = with_part(3, certificate_until=TODAY - timedelta(1))
    assert (cover(shown(known=known), "erp").basis, cover(shown(known=known), "erp").doubt) == (
        "unproven",
        "expired",
    )


def test_each_stage_says_what_it_takes_where_it_leads_and_how_long():
    one, two = shown().stages
    assert [each.id for each in one.items] == ["i1", "i2"]
    assert (one.takes, one.leads, one.weeks, one.vouched) == (1, 2, 10, True)
    assert (two.takes, two.leads, two.weeks, two.vouched) == (2, 3, None, True)
    early = shown(known=with_part(2, level_from=2))
    assert [each.id for each in early.stages[0].too_early] == ["i2"]
    assert not early.holds


def test_a_level_that_no_part_leads_to_is_not_vouched_for():
    known = facts()
    parts = {listing: replace(each, level_to=2) for listing, each in known.parts.items()}
    assert [each.vouched for each in shown(known=replace(known, parts=parts)).stages] == [True, False]


def test_pairs_are_joined_directly_or_by_a_connector_with_its_price():
    direct, joined = shown().pairs
    assert (direct.how, direct.interfaces, direct.price_amount, direct.answers) == (
        "shared",
        ("rest", "rest"),
        0,
        "b",
    )
    assert (joined.how, joined.interfaces, joined.price_amount, joined.answers) == (
        "connector",
        ("soap", "rest"),
        3_000_000,
        "c",
    )
    assert direct.holds
    assert joined.holds


def test_a_pair_in_one_product_a_broken_one_and_an_impossible_one():
    same = form(
        items=(item(1, "a", ("mes", "lot", "erp"), amount=40_000_000), form().items[1]),
        links=(form().links[0], Link(("erp", "mes"), ("i1", "i1"), "same", (), 0, "a")),
    )
    assert shown(same).pairs[1].how == "same"
    assert shown(same).pairs[1].holds
    alone = shown(known=facts(connectors=()))
    assert alone.pairs[1].how == "impossible"
    assert not alone.holds
    dearer = shown(known=facts(connectors=(Connector(("rest", "soap"), 4_000_000, "list 2027", TODAY),)))
    assert (dearer.pairs[1].how, dearer.pairs[1].price_amount) == ("connector", 4_000_000)
    assert not dearer.pairs[1].holds
    assert shown(form(items=form().items[:2])).pairs[1].how == "open"


def test_a_duplicate_is_explained_where_one_answers_and_the_other_is_named_as_help():
    (found,) = shown().duplicates
    assert (found.capability, found.main.id, [each.id for each in found.others]) == ("lot", "i1", ["i2"])
    assert found.unexplained == ()
    (bare,) = shown(with_item(2, supports=())).duplicates
    assert [each.id for each in bare.unexplained] == ["i2"]
    (second,) = shown(known=facts(exclusive=frozenset({"lot"}))).duplicates
    assert [each.id for each in second.unexplained] == ["i2"]


def disturbed(chance):
    """A version and facts with some things as they should be and some not."""
    made, known = form(), facts()
    items = list(made.items)
    for place, one in enumerate(items):
        if chance.random() < 0.1:
            items[place] = replace(one, stage=chance.randint(1, 3))
        if chance.random() < 0.1:
            items[place] = replace(items[place], supports=())
    made = replace(made, items=tuple(items))
    if chance.random() < 0.2:
        made = replace(made, links=tuple(each for each in made.links if chance.random() < 0.5))
    if chance.random() < 0.2:
        gone = chance.choice(made.items).id
        made = replace(
            made,
            items=tuple(each for each in made.items if each.id != gone),
            links=tuple(each for each in made.links if gone not in each.items),
        )
    parts = {
        f"listing-{number}": part(
            number,
            vendor,
            chance.sample(("mes", "lot", "plm", "erp"), 2) + list(own),
            interfaces=frozenset(chance.sample(("rest", "soap", "opc"), chance.randint(0, 2))),
            level_from=chance.randint(1, 2),
            level_to=3,
        )
        for number, vendor, own in ((1, "a", ("mes", "lot")), (2, "b", ("plm",)), (3, "c", ("erp",)))
        if chance.random() < 0.3
    }
    return made, replace(known, parts={**known.parts, **parts})


def test_proof_and_checks_find_the_same_although_neither_asks_the_other():
    """Over disturbed versions: what a check calls by code, the proof shows at the same place."""
    held = 0
    for seed in range(600):
        made, known = disturbed(random.Random(seed))
        found = [each for each in checks.findings(made, known) if each.code in SHARED]
        said = proof(made, known, {})
        params = {code: [each.params for each in found if each.code == code] for code in SHARED}
        missing = {each["capability"] for each in params["uncovered"]}
        assert missing == {each.wanted.capability for each in said.covers if each.item is None}
        weak = {each["capability"] for each in params["quality"]}
        assert weak == {each.wanted.capability for each in said.covers if each.item and not each.holds}
        early = sum(each.code == "too_early" for each in found)
        assert early == sum(len(stage.too_early) for stage in said.stages)
        broken = {
            frozenset(each["capabilities"])
            for code in ("unjoined", "impossible", "link_broken", "connector_price")
            for each in params[code]
        }
        assert broken == {
            frozenset(each.capabilities) for each in said.pairs if each.how != "open" and not each.holds
        }
        twice = {each["capability"] for code in ("second_system", "duplicate") for each in params[code]}
        assert twice == {each.capability for each in said.duplicates if each.unexplained}
        held += said.holds
    assert 10 < held < 590
