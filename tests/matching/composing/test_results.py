"""What is kept of an answer and shown of it: nothing that the checker does not accept; a chosen bundle as a draft."""

import copy
from dataclasses import replace

import pytest

from catalog import interop
from catalog.bundles import checks, drafting, knowing
from catalog.bundles import form as forms
from catalog.canonical import fingerprint
from catalog.errors import Conflict, Invalid
from matching.composer.instance import Weights
from matching.composing import drafts, results, wishes
from matching.composing.wishes import Wishes
from tests.composing import QUICK, TODAY

SAID = {"source": "합성 예시", "as_of": TODAY, "today": TODAY}


@pytest.fixture
def joined(asked, stage):
    """MES and ERP that exchange data, found for a demand; by a connector, for the outsider's MES is kept."""
    interop.note_connector(stage.session, "opcua", "rest", price_amount=3_000_000, **SAID)
    demand = stage.demand("mes", "erp", links=[("mes", "erp")])
    kept = (stage.listings["밖 MES"],)
    question, answer = asked.answer(demand, replace(QUICK, keep=kept, alternatives=1))
    return question, answer


def kept_of(question, answer):
    return results.kept(question.instance, answer, question.documents, question.said)


def test_what_is_shown_is_what_was_answered(joined, stage):
    question, answer = joined
    found = results.shown(kept_of(question, answer))
    assert found.status == "proven"
    assert found.best.items == answer.best.items
    assert found.best.verdict.money.own_amount == answer.best.money.own_amount == 36_000_000
    assert found.best.provider["mes"].offer == stage.listings["밖 MES"]
    assert found.offers[stage.listings["밖 MES"]]["vendor_name"] == "바깥"
    assert found.choice("best", 0) == found.best
    assert [found.choice(*one) for one in (("best", 1), ("pareto", 0), ("odd", 0), ("alternatives", 9))] == [
        None
    ] * 4


@pytest.mark.parametrize(
    "altered",
    [
        lambda result: result["answer"]["items"][0].update(stage=9),
        lambda result: result["answer"]["items"][0].update(plan="another"),
        lambda result: result["answer"]["items"].pop(),
        lambda result: result["answer"]["links"].clear(),
        lambda result: result["answer"]["links"][0].update(price_amount=0),
        lambda result: result["instance"]["demand"].update(budget_amount=1),
    ],
)
def test_a_bundle_that_breaks_a_rule_is_not_shown(joined, altered):
    """The checker judges what a page shows, not what was once answered."""
    result = copy.deepcopy(kept_of(*joined))
    altered(result)
    found = results.shown(result)
    assert found.best is None
    assert found.refused >= 1


def test_figures_are_the_checkers_and_not_those_that_were_written(joined):
    result = copy.deepcopy(kept_of(*joined))
    result["answer"]["own_amount"] = 1
    assert results.shown(result).best.verdict.money.own_amount == 36_000_000


def test_only_what_is_in_a_bundle_or_would_be_next_is_kept(asked, stage):
    for nth in range(5):
        stage.sell(stage.member, f"더 비싼 {nth}", {"mes": 3}, 60_000_000 + nth)
    question, answer = asked.answer(stage.demand("mes"), replace(QUICK, weighing="weighted"))
    assert len(question.instance.offers) == 7
    result = kept_of(question, answer)
    kept = {one["id"] for one in result["instance"]["offers"]}
    assert kept == {
        stage.listings["결 MES"],
        stage.listings["더 비싼 0"],
    }  # another member's, members being first
    [reason] = results.shown(result).reasons
    assert reason.runners_up["mes"].offer == stage.listings["더 비싼 0"]
    assert reason.own_more == reason.bundle.verdict.money.own_amount - answer.best.money.own_amount
    assert reason.fit_less == answer.best.fit - reason.bundle.verdict.fit
    assert reason.vendors_more == 0


def test_what_no_bundle_does_without_is_said_and_a_tampered_runner_up_is_refused(asked, stage):
    question, answer = asked.answer(stage.demand("mes", "erp"), QUICK)
    result = kept_of(question, answer)
    erp, mes = stage.listings["결 ERP"], stage.listings["결 MES"]
    reasons = {one.item.offer: one for one in results.shown(result).reasons}
    assert (reasons[erp].status, reasons[erp].bundle, reasons[erp].runners_up) == (
        "infeasible",
        None,
        {"erp": None},
    )
    assert reasons[mes].bundle is not None
    for one in result["answer"]["without"]:
        if one["bundle"]:
            one["bundle"]["items"][0]["stage"] = 99
    tampered = results.shown(result)
    assert [one.item.offer for one in tampered.reasons] == [erp]
    assert tampered.refused == 1
    assert tampered.best is not None


def test_the_same_question_has_the_same_digest_whatever_the_order(joined):
    question, _answer = joined
    turned = replace(question.instance, offers=question.instance.offers[::-1])
    assert results.digest(turned) == results.digest(question.instance)
    other = replace(question.instance, objective=Weights(1, 2, 3))
    assert results.digest(other) != results.digest(question.instance)


def test_a_chosen_bundle_becomes_a_working_copy_without_a_conflict_but_the_outsider(joined, stage):
    question, answer = joined
    facts = knowing.facts_for(stage.session, [one.offer for one in answer.best.items], stage.alliance, TODAY)
    texts = {"title": "MES와 ERP", "title_en": ""}
    form = drafts.form_of(
        drafts.of_bundle(question.instance, answer.best.items, question.said["target_level"]),
        facts,
        alliance=stage.alliance.public_id,
        lead=stage.coordinator.public_id,
        texts=texts,
    )
    assert [(item.id, item.covers, item.list_amount) for item in form.items] == [
        ("i1", ("erp",), 15_000_000),
        ("i2", ("mes",), 18_000_000),
    ] or [item.covers for item in form.items] == [("mes",), ("erp",)]
    assert [(link.how, link.price_amount) for link in form.links] == [("connector", 3_000_000)]
    assert (form.level_from, form.level_to) == (1, 3)
    bundle = drafting.begin(
        stage.session, stage.alliance, texts, level_from=form.level_from, level_to=form.level_to
    )
    stage.session.flush()
    whole = replace(form, texts=dict(bundle.draft["texts"]))
    kept = drafting.fill(stage.session, bundle, whole, bundle.draft_number)
    assert forms.problems(kept) == []
    assert sum(kept.shares().values()) == kept.price_amount == 36_000_000
    conflicts = [one.code for one in checks.obstacles(kept, facts)]
    assert conflicts == ["not_member"]
    assert drafts.outsiders(answer.best.items, facts) == {stage.outside.public_id: ("mes",)}


def test_a_part_that_is_gone_since_cannot_be_drafted(joined, stage):
    question, answer = joined
    ids = [one.offer for one in answer.best.items]
    facts = knowing.facts_for(stage.session, ids, stage.alliance, TODAY)
    without = replace(facts, parts={name: part for name, part in facts.parts.items() if name != ids[0]})
    over = replace(facts, today=TODAY.replace(year=2030))
    for changed in (without, over):
        with pytest.raises(Conflict, match="stale"):
            drafts.form_of(
                drafts.of_bundle(question.instance, answer.best.items, 3),
                changed,
                alliance="a",
                lead="b",
                texts={},
            )


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"pool": "everybody"}, "pool"),
        ({"weighing": "best"}, "weighing"),
        ({"level": 6}, "level"),
        ({"budget_amount": -1}, "budget_amount"),
        ({"budget_amount": 10**12 + 1}, "budget_amount"),
        ({"max_vendors": 0}, "max_vendors"),
        ({"seconds": 0}, "seconds"),
        ({"seconds": 121}, "seconds"),
        ({"alternatives": 6}, "alternatives"),
        ({"points": 1}, "points"),
        ({"keep": ["a"], "never": ["a"]}, "never"),
        ({"keep": [str(nth) for nth in range(41)]}, "keep"),
        ({"changes": [["capability:mes", "min_quality=9"]]}, "changes/0"),
        ({"changes": [["capability:mes", "must=true"]]}, "changes/0"),
        ({"changes": [["conflict:a:b", "drop"]]}, "changes/0"),
        ({"changes": [["pool", "pool=members"]]}, "changes/0"),
        ({"changes": [["budget_amount", "budget_amount=-1"]]}, "changes/0"),
    ],
)
def test_wishes_that_do_not_fit_are_said_at_their_field(changes, pointer):
    with pytest.raises(Invalid) as refused:
        wishes.read({**wishes.plain(Wishes()), **changes})
    assert [one.pointer for one in refused.value.problems] == [pointer]


def test_wishes_come_back_in_an_order_of_their_own():
    chosen = wishes.read(
        {**wishes.plain(Wishes()), "keep": ["b", "a", "a"], "changes": [["link:a:b", "drop"]]}
    )
    assert chosen.keep == ("a", "b")
    assert wishes.read(wishes.plain(chosen)) == chosen
    assert fingerprint(wishes.plain(chosen)) != fingerprint(wishes.plain(Wishes()))
