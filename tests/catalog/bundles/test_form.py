"""A version of a bundle: one canonical form, what is wrong with one, what each vendor signs, what a new one changes."""

import json
from dataclasses import replace
from itertools import permutations

import pytest

from catalog.bundles import changes, duties, parts
from catalog.bundles import form as forms
from catalog.bundles.form import MAX_HOURS, MAX_ITEMS, MAX_QUANTITY, MAX_STAGES, Duty, Link
from catalog.money import MAX_AMOUNT
from catalog.shares import Rule
from tests.catalog.bundles.forms import form, item, with_item


def told(problems):
    return {(problem.pointer, problem.code) for problem in problems}


def test_money_adds_up():
    made = form()
    assert (made.list_amount, made.links_amount, made.price_amount) == (102_000_000, 3_000_000, 100_000_000)
    assert made.shares() == {"a": 42_000_000, "b": 28_000_000, "c": 30_000_000}
    assert forms.problems(made) == duties.problems(made) == []


def test_the_order_in_which_it_was_put_together_changes_nothing():
    made = form()
    expected = forms.digest(made)
    for order in permutations(range(3)):
        turned = replace(
            made,
            items=tuple(made.items[place] for place in order),
            duties=tuple(made.duties[place] for place in order),
            rules=tuple(made.rules[place] for place in order),
            links=made.links[::-1],
            wanted=made.wanted[::-1],
            exchanges=(("mes", "erp"), ("plm", "mes")),
        )
        assert forms.digest(turned) == expected
    other_way = Link(("mes", "plm"), ("i1", "i2"), "shared", ("rest", "rest"), 0, "b")
    assert forms.digest(replace(made, links=(other_way, made.links[1]))) == expected
    swapped = replace(made.items[0], covers=("lot", "mes"))
    assert forms.digest(replace(made, items=(swapped, *made.items[1:]))) == expected


def test_it_is_read_back_as_it_was_written():
    made = forms.sorted_form(form())
    stored = json.loads(json.dumps(forms.canonical(made)))
    assert forms.read(stored) == made
    with pytest.raises(ValueError, match="another/9"):
        forms.read({**stored, "form": "another/9"})


ALTERATIONS = {
    "a won of a price": with_item(2, list_amount=30_000_001),
    "what it promises": form(wanted=form().wanted[:3]),
    "how well": form(wanted=(replace(form().wanted[0], min_quality=4), *form().wanted[1:])),
    "what exchanges data": form(exchanges=form().exchanges[:1]),
    "a plan": with_item(2, plan="plan-9"),
    "an edition": with_item(2, release=2),
    "what the edition says": with_item(2, release_hash="f" * 64),
    "a quantity": with_item(2, quantity=2),
    "a stage": with_item(2, stage=2),
    "who answers for a capability": with_item(1, covers=("mes",)),
    "who helps": with_item(2, supports=()),
    "a share": form(
        rules=(Rule("a", "remainder"), Rule("b", "fixed", 28_000_001), Rule("c", "percent", 3_000))
    ),
    "a rule with the same won": form(
        rules=(Rule("a", "remainder"), Rule("b", "percent", 2_800), Rule("c", "percent", 3_000))
    ),
    "the discount": form(discount_amount=5_000_001),
    "a connector's price": form(
        links=(form().links[0], replace(form().links[1], price_amount=3_000_001)),
    ),
    "who answers for a link": form(links=(replace(form().links[0], answers="a"), form().links[1])),
    "hours": form(duties=(Duty("a", 8, None), Duty("b", 23, "a"), Duty("c", 8, "b"))),
    "the lead": form(lead="b"),
    "the charter": form(charter_hash="d" * 64),
    "the text": form(texts={"title": "묶음", "title_en": "A bundle"}),
    "the level": form(level_to=4),
    "the number": form(number=2),
}


@pytest.mark.parametrize("what", ALTERATIONS)
def test_whatever_is_altered_makes_another_hash(what):
    assert forms.digest(ALTERATIONS[what]) != forms.digest(form())


def links(**changed):
    return (replace(form().links[0], **changed), form().links[1])


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (form(items=(), links=(), rules=()), {("items", "required"), ("discount_amount", "range")}),
        (form(wanted=(), exchanges=()), {("wanted", "required")}),
        (form(wanted=(*form().wanted, form().wanted[0])), {("wanted/4/capability", "repeated")}),
        (form(exchanges=(("mes", "wms"),)), {("exchanges/0", "exchange_unwanted")}),
        (form(exchanges=(("mes", "mes"),)), {("exchanges/0", "exchange_unwanted")}),
        (with_item(1, quantity=0), {("items/0/quantity", "range")}),
        (with_item(1, quantity=MAX_QUANTITY + 1), {("items/0/quantity", "range")}),
        (with_item(1, stage=0), {("items/0/stage", "range")}),
        (with_item(1, stage=MAX_STAGES + 1), {("items/0/stage", "range")}),
        (with_item(1, list_amount=-1), {("items/0/list_amount", "range")}),
        (
            with_item(1, list_amount=MAX_AMOUNT + 1),
            {("items/0/list_amount", "range"), ("price_amount", "range")},
        ),
        (with_item(2, covers=("plm", "mes")), {("items/1/covers", "covered_twice")}),
        (with_item(2, listing="listing-1"), {("items/1/listing", "repeated")}),
        (form(items=(*form().items, item(4, "a", ()))), {("items/3/covers", "item_idle")}),
        (form(links=links(price_amount=-1)), {("links/0/price_amount", "range")}),
        (
            form(links=links(price_amount=MAX_AMOUNT + 1)),
            {("links/0/price_amount", "range"), ("price_amount", "range")},
        ),
        (form(links=links(items=("i2", "i9"))), {("links/0/items", "link_side")}),
        (
            form(links=links(items=("i3", "i1"))),
            {("links/0/items", "link_side"), ("links/0/answers", "link_answers")},
        ),
        (form(links=links(answers="c")), {("links/0/answers", "link_answers")}),
        (form(discount_amount=-1), {("discount_amount", "range")}),
        (form(discount_amount=105_000_001), {("discount_amount", "range")}),
        (form(rules=form().rules[:2]), {("shares", "share_missing")}),
        (form(rules=(Rule("a", "fixed", 1), *form().rules[1:])), {("shares", "shares_sum")}),
        (form(level_from=4), {("level_to", "level_order")}),
        (form(level_to=6), {("level_to", "level_order")}),
    ],
)
def test_what_is_wrong_is_told_at_its_field(made, expected):
    assert told(forms.problems(made)) == expected


def test_too_many_items_are_refused():
    many = tuple(item(number, "a", (f"c{number}",)) for number in range(MAX_ITEMS + 1))
    assert ("items", "too_many") in told(forms.problems(form(items=many, links=())))


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (
            (Duty("a", 8, "c"), Duty("b", 24, "a"), Duty("c", 8, "b")),
            {(f"duties/{n}/escalates_to", "duty_cycle") for n in range(3)},
        ),
        (
            (Duty("a", 8, None), Duty("b", 24, "b"), Duty("c", 8, "a")),
            {("duties/1/escalates_to", "duty_cycle")},
        ),
        (
            (Duty("a", 8, None), Duty("b", 24, "x"), Duty("c", 8, "b")),
            {("duties/1/escalates_to", "duty_outside"), ("duties/2/escalates_to", "duty_outside")},
        ),
        (
            (Duty("a", 8, None), Duty("b", 24, None), Duty("c", 8, "a")),
            {("duties/1/escalates_to", "duty_ends_early")},
        ),
        ((Duty("a", 8, None), Duty("b", 24, "a")), {("duties", "duty_missing")}),
        (
            (Duty("b", 24, None), Duty("c", 8, "b")),
            {
                ("duties/0/escalates_to", "duty_ends_early"),
                ("duties/1/escalates_to", "duty_ends_early"),
                ("duties", "duty_missing"),
            },
        ),
        (
            (Duty("a", 8, None), Duty("b", 24, "a"), Duty("b", 24, "a"), Duty("c", 8, "b")),
            {("duties/1/vendor", "repeated")},
        ),
        (
            (Duty("a", 0, None), Duty("b", MAX_HOURS + 1, "a"), Duty("c", 8, "b")),
            {("duties/0/hours", "range"), ("duties/1/hours", "range")},
        ),
    ],
)
def test_every_duty_ends_at_the_lead(made, expected):
    assert told(duties.problems(form(duties=made))) == expected


def test_who_is_asked_one_after_the_other():
    assert duties.chain(form(), "c") == ("c", "b", "a")
    with pytest.raises(ValueError, match="circle"):
        duties.chain(form(duties=(Duty("a", 8, "b"), Duty("b", 8, "a"), Duty("c", 8, "a"))), "c")


@pytest.mark.parametrize(
    ("what", "asked"),
    [
        # Of the remainder and of a percentage the buyer's total is part: a price of another moves their won.
        ("a won of a price", {"a", "b", "c"}),
        ("a plan", {"b"}),
        ("an edition", {"b"}),
        ("who answers for a capability", {"a"}),
        ("a rule with the same won", {"b"}),
        ("the discount", {"a", "c"}),
        ("a connector's price", {"a", "c"}),
        ("who answers for a link", {"a", "b"}),
        ("hours", {"a", "b"}),
        ("the charter", {"a", "b", "c"}),
        ("the lead", {"a", "b", "c"}),
        ("the text", set()),
        ("what it promises", {"a"}),
        ("how well", {"a"}),
        ("what exchanges data", set()),
        ("the number", set()),
    ],
)
def test_only_those_whose_part_changes_are_asked_again(what, asked):
    assert set(parts.affected(form(), ALTERATIONS[what])) == asked


def test_a_vendor_that_comes_in_is_asked():
    joined = form(
        items=(*form().items, item(4, "d", ("wms",), amount=0)),
        rules=(*form().rules, Rule("d", "fixed", 0)),
        duties=(*form().duties, Duty("d", 8, "a")),
    )
    assert set(parts.affected(form(), joined)) == {"a", "d"}
    assert set(parts.affected(joined, form())) == {"a"}


def test_a_part_has_its_own_items_links_and_won_and_nobody_elses():
    part = parts.part(form(), "c")
    assert [each["id"] for each in part["items"]] == ["i3"]
    assert [each["capabilities"] for each in part["links"]] == [("erp", "mes")]
    assert part["share"] == {"vendor": "c", "kind": "percent", "value": 3_000, "amount": 30_000_000}
    assert part["price_amount"] == 100_000_000
    assert "price_amount" not in parts.part(form(), "b")


def test_changes_are_told_line_by_line():
    after = with_item(2, list_amount=31_200_000, plan="plan-9")
    found = {(each.place, each.key): each for each in changes.changes(form(), after)}
    assert set(found) == {
        ("list_amount", ""), ("price_amount", ""), ("items", "i2"), ("shares", "a"), ("shares", "c")
    }  # fmt: skip
    line = found["items", "i2"]
    assert (line.vendor, line.difference_amount, line.after["plan"]) == ("b", 1_200_000, "plan-9")
    assert found["shares", "c"].difference_amount == 360_000
    assert sum(found["shares", each].difference_amount for each in "ac") == 1_200_000
    assert changes.changes(form(), form(number=2)) == ()


def test_what_goes_and_what_comes_is_a_change():
    less = form(
        items=form().items[:2], links=form().links[:1], rules=form().rules[:2], duties=form().duties[:2]
    )
    gone = {(each.place, each.key): each for each in changes.changes(form(), less)}
    assert (gone["items", "i3"].after, gone["items", "i3"].difference_amount) == (None, -32_000_000)
    back = {(each.place, each.key): each for each in changes.changes(less, form())}
    assert (back["items", "i3"].before, back["items", "i3"].vendor) == (None, "c")
    assert back["links", "erp mes"].difference_amount == 3_000_000
