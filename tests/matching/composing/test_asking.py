"""A demand and an alliance as the composer's instance: what flows in, what does not, what is said beside it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from catalog import interop
from catalog.errors import Invalid
from catalog.programmes import rules
from matching import candidates
from matching.composer import read
from matching.composer.reading import to_json
from matching.composing import gathering
from matching.composing.demanded import demanded
from matching.models import Assessment, Lead
from matching.models.lead import CONTACT
from matching.scoring import score
from matching.scoring.facts import Requirement
from matching.scoring.weights import BUILT_IN
from tests import factories
from tests.composing import NOW, QUICK, TODAY

SAID = {"source": "합성 예시", "as_of": TODAY, "today": TODAY}


def rule(session, **changes):
    """A published rule of a programme; its code."""
    fields = {
        "name": "합성 규칙",
        "name_en": "",
        "body": "시험부",
        "region": None,
        "level": None,
        "cap_amount": 10_000_000,
        "cap_unit": "company",
        "rate_bp": 5000,
        "months": None,
        "note": "",
        "source": "합성 예시",
        "source_url": "",
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2026, 12, 31),
        **changes,
    }
    made = rules.draft(session, fields, NOW)
    session.flush()
    rules.publish(session, made, NOW)
    session.flush()
    return made.public_id


def offer(question, stage, title):
    return next(one for one in question.instance.offers if one.id == stage.listings[title])


def test_an_instance_holds_what_the_demand_and_the_alliance_say(asked, stage):
    demand = stage.demand("mes", "erp", links=[("mes", "erp")])
    question = asked.question(demand)
    made = question.instance
    assert made.demand.level == 1
    assert [(one.capability, one.min_quality, one.stage, one.must) for one in made.demand.requirements] == [
        ("mes", 3, 2, True),
        ("erp", 3, 2, True),
    ]
    assert made.demand.links == (("mes", "erp"),)
    assert made.demand.exclusive == ("erp", "mes")
    assert set(made.demand.members) == {stage.coordinator.public_id, stage.member.public_id}
    assert {one.id for one in made.offers} == {stage.listings[t] for t in ("결 MES", "결 ERP", "밖 MES")}
    mes = offer(question, stage, "결 MES")
    assert (mes.vendor, mes.entry_level, mes.interfaces) == (
        stage.coordinator.public_id,
        1,
        ("opcua", "rest"),
    )
    assert [(plan.price_amount, dict(plan.quality)) for plan in mes.plans] == [(20_000_000, {"mes": 3})]
    assert read(to_json(made)) is not None


def test_the_coordinator_composes_with_what_it_is_shown_and_no_more(asked, stage):
    """The budget's band and a usual quality stand for what the alliance is not shown; the exact ones never show."""
    demand = stage.demand("mes", budget=43_210_000, quality=2)
    question = asked.question(demand)
    assert question.instance.demand.budget_amount == 50_000_000
    assert question.instance.demand.requirements[0].min_quality == QUICK.min_quality == 3
    assert question.said["assumed"] == ["quality", "budget_band", "industry", "region"]
    assert question.said["sure_amount"] == 30_000_000
    assert "43210000" not in str(question.said) + str(to_json(question.instance))


def test_once_the_contact_is_accepted_the_quality_is_known_and_the_budget_stays_a_band(asked, stage):
    demand = stage.demand("mes", budget=43_210_000, quality=2)
    stage.session.add(
        Lead(
            demand=demand,
            organization=stage.coordinator,
            standings=[],
            weights="",
            revision=0,
            state=CONTACT,
            offered_at=NOW,
        )
    )
    question = asked.question(demand)
    assert question.instance.demand.requirements[0].min_quality == 2
    assert question.instance.demand.budget_amount == 50_000_000
    assert question.said["assumed"] == ["budget_band"]


def test_the_coordinators_own_demand_is_known_in_full(asked, stage):
    stage.coordinator.roles.extend(factories.company(stage.session, "manufacturer").roles)
    site = factories.site(stage.session, stage.coordinator, level=1)
    demand = stage.demand("mes", budget=43_210_000, quality=2, site=site)
    question = asked.question(demand)
    assert question.instance.demand.budget_amount == 43_210_000
    assert question.instance.demand.requirements[0].min_quality == 2
    assert question.said["assumed"] == []
    assert question.said["sure_amount"] is None


def test_an_open_band_is_no_limit_and_its_beginning_is_what_is_sure(asked, stage):
    question = asked.question(stage.demand("mes", budget=4_000_000_000))
    assert question.instance.demand.budget_amount is None
    assert question.said["assumed"] == ["quality", "budget_band", "industry", "region"]
    assert question.said["sure_amount"] == 1_000_000_000
    typed = asked.question(
        stage.demand("mes", budget=4_000_000_000), replace(QUICK, budget_amount=70_000_000)
    )
    assert (typed.instance.demand.budget_amount, typed.said["sure_amount"]) == (70_000_000, None)


def test_the_fit_for_a_capability_is_the_score_of_a_demand_for_it_alone(asked, stage):
    demand = stage.demand("mes", "erp")
    question = asked.question(demand)
    need = asked_need(demand, stage, question)
    document = question.documents[stage.listings["결 MES"]]
    alone = replace(need, requirements=(Requirement("mes", must=True, min_quality=3),))
    expected = score.score(alone, candidates.offer_of(document, TODAY), BUILT_IN, policy=False).fit
    fit = offer(question, stage, "결 MES").fit
    assert fit == {"mes": round(expected * 10)}
    assert 0 < fit["mes"] <= 1000


def asked_need(demand, stage, question):
    """The need that the instance was made of."""
    found = demanded(stage.session, demand, stage.coordinator, QUICK, TODAY)
    assert found.level == question.instance.demand.level
    return found.need


def test_an_offer_that_is_not_good_enough_has_no_fit(asked, stage):
    question = asked.question(stage.demand("mes"), replace(QUICK, min_quality=4))
    assert offer(question, stage, "결 MES").fit == {}
    assert offer(question, stage, "밖 MES").fit["mes"] > 0


def test_listings_that_lead_no_further_or_have_no_price_are_left_out_and_counted(asked, stage):
    stage.sell(stage.member, "낮은 MES", {"mes": 3}, level=(1, 1))
    stage.sell(stage.member, "견적 MES", {"mes": 3}, price=None, kind="project")
    question = asked.question(stage.demand("mes", level=2))
    assert question.said["left_out"] == {"level": 1, "price": 1}
    assert {stage.listings[t] for t in ("낮은 MES", "견적 MES")}.isdisjoint(question.documents)


def test_an_ended_certificate_is_no_candidate(asked, stage):
    demand = stage.demand("mes")
    stage.sell(stage.member, "옛 MES", {"mes": 3}, expires_on=TODAY + timedelta(days=1))
    assert stage.listings["옛 MES"] in asked.question(demand).documents
    assert stage.listings["옛 MES"] not in asked.question(demand, today=TODAY + timedelta(days=2)).documents


def test_connectors_and_conflicts_of_the_store_flow_in(asked, stage):
    interop.note_connector(stage.session, "opcua", "rest", price_amount=3_000_000, **SAID)
    mes, erp = stage.sold["결 MES"], stage.sold["결 ERP"]
    interop.note_conflict(stage.session, mes, erp, reason="같은 포트를 써요.", **SAID)
    question = asked.question(stage.demand("mes", "erp"))
    assert question.instance.conflicts == (tuple(sorted((mes.public_id, erp.public_id))),)
    assert [(one.one, one.other, one.price_amount) for one in question.instance.connectors] == [
        ("opcua", "rest", 3_000_000)
    ]


@pytest.mark.parametrize(
    ("pool", "bought"),
    [
        ("members", ["결 MES"]),
        ("members-first", ["결 MES"]),
        ("all", ["밖 MES"]),
    ],
)
def test_the_pool_decides_whose_offers_are_bought(asked, stage, pool, bought):
    _question, answer = asked.answer(stage.demand("mes"), replace(QUICK, pool=pool, weighing="weighted"))
    assert answer.status == "proven"
    assert asked.titles(answer.best.items) == bought


def test_a_vendor_without_a_free_project_cannot_be_bought(asked, stage):
    stage.outside.capacity_per_quarter = 0
    _question, answer = asked.answer(stage.demand("mes"), replace(QUICK, pool="all", weighing="weighted"))
    assert asked.titles(answer.best.items) == ["결 MES"]


def test_what_is_kept_is_bought_and_what_is_refused_is_not(asked, stage):
    demand = stage.demand("mes")
    keep = replace(QUICK, pool="members-first", keep=(stage.listings["밖 MES"],))
    assert asked.titles(asked.answer(demand, keep)[1].best.items) == ["밖 MES"]
    never = replace(QUICK, pool="all", never=(stage.listings["밖 MES"],))
    assert asked.titles(asked.answer(demand, never)[1].best.items) == ["결 MES"]


def test_what_is_kept_has_to_be_a_candidate(asked, stage):
    with pytest.raises(Invalid) as refused:
        asked.question(stage.demand("mes"), replace(QUICK, keep=(stage.listings["밖 WMS"], "nothing")))
    assert [(one.pointer, one.code) for one in refused.value.problems] == [
        ("keep/0", "compose_keep"),
        ("keep/1", "compose_keep"),
    ]


def test_a_rule_that_holds_pays_of_the_first_stage(asked, stage):
    name = rule(stage.session)
    question, answer = asked.answer(stage.demand("mes"), replace(QUICK, programme=name, pool="members"))
    assert [(one.stage, one.rate_bp, one.cap_amount) for one in question.instance.subsidies] == [
        (1, 5000, 10_000_000)
    ]
    assert question.said["subsidy"]["name"] == "합성 규칙"
    assert answer.best.money.own_amount == 10_000_000


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"valid_to": date(2026, 11, 20)}, "not_now"),
        ({"cap_amount": None}, "not_stated"),
        ({"rate_bp": None}, "not_stated"),
    ],
)
def test_a_rule_that_is_over_or_states_too_little_pays_nothing(asked, stage, changes, why):
    name = rule(stage.session, **changes)
    question = asked.question(stage.demand("mes"), replace(QUICK, programme=name))
    assert question.instance.subsidies == ()
    assert question.said["subsidy"]["none"] == why


def test_without_a_programme_nothing_is_paid_and_that_is_said(asked, stage):
    assert asked.question(stage.demand("mes")).said["subsidy"] == {"none": "no_programme"}
    with pytest.raises(Invalid) as refused:
        asked.question(stage.demand("mes"), replace(QUICK, programme="nonsense"))
    assert refused.value.problems[0].pointer == "programme"


def test_an_unknown_level_has_to_be_typed(asked, stage):
    site = factories.site(stage.session, stage.maker, level=1)
    demand = stage.demand("mes", site=site)
    for row in stage.session.query(Assessment).filter_by(site_id=site.id):
        stage.session.delete(row)
    with pytest.raises(Invalid) as refused:
        asked.question(demand)
    assert [(one.pointer, one.code) for one in refused.value.problems] == [("level", "compose_level")]
    question = asked.question(demand, replace(QUICK, level=2))
    assert question.instance.demand.level == 2
    assert "level" in question.said["assumed"]


def test_no_candidate_at_all_is_infeasible_with_an_empty_funnel(asked, stage):
    question, answer = asked.answer(stage.demand("scm"))
    assert question.instance.offers == ()
    assert answer.status == "infeasible"
    assert answer.funnel["scm"].to_json() == dict.fromkeys(
        ("offers", "available", "quality", "level", "affordable"), 0
    )


def test_the_change_of_a_repair_is_tried(asked, stage):
    demand = stage.demand("mes", "scm")
    _question, answer = asked.answer(demand)
    assert answer.status == "infeasible"
    repair = answer.repairs[0]
    changes = tuple((step.requirement, step.change) for step in repair.steps)
    _question, mended = asked.answer(demand, replace(QUICK, changes=changes))
    assert mended.status == "proven"


def test_bundles_are_never_candidates(asked, stage):
    """A bundle inside a bundle: the engine would find it, and it is left out with its cause."""
    listing = stage.sell(stage.member, "번들", {"mes": 5})
    asked.question(stage.demand("mes"))
    found = asked.follower.engine.documents([listing.public_id])[listing.public_id]
    assert gathering.cause(replace(found, alliance=True), 1) == "bundle"
    assert gathering.cause(found, 1) is None


def test_of_a_large_catalogue_the_best_fitting_are_looked_at(asked, stage, monkeypatch):
    """Bounded whatever the size: what is kept comes first, and how many were not looked at is said."""
    monkeypatch.setattr(gathering, "WHOLE", 1)
    monkeypatch.setattr(gathering, "MAX_LIMIT", 1)
    monkeypatch.setattr(gathering, "BEST", 1)
    demand = stage.demand("mes")
    best = asked.question(demand)
    assert (len(best.documents), best.said["found"], best.said["cut"]) == (1, 2, 1)
    (other,) = {stage.listings["결 MES"], stage.listings["밖 MES"]} - set(best.documents)
    fetched, engine = [], type(asked.follower.engine)
    fetch = engine.documents
    monkeypatch.setattr(
        engine, "documents", lambda self, names: fetched.append([*names]) or fetch(self, names)
    )
    kept = asked.question(demand, replace(QUICK, keep=(other, *best.documents)))
    assert (set(kept.documents), kept.said["cut"]) == ({other, *best.documents}, 0)
    assert (
        fetched.count([other, *best.documents]) == 1
    )  # all that is kept at once: members' listings are many
    monkeypatch.setattr(gathering, "BEST", 10)
    assert len(asked.question(demand).documents) == 2


def test_what_is_not_meant_for_the_sites_industry_is_no_candidate(asked, stage, monkeypatch):
    """A bundle with such a part could not be sold to the very firm that asks: the count of them is said."""
    stage.sell(
        stage.member, "옷 MES", {"mes": 5}, industries=[{"revision": factories.REVISION, "code": "14"}]
    )
    stage.sell(
        stage.member, "두루 MES", {"mes": 4}, industries=[{"revision": factories.REVISION, "code": "C"}]
    )
    stage.coordinator.roles.extend(factories.company(stage.session, "manufacturer").roles)
    demand = stage.demand("mes", site=factories.site(stage.session, stage.coordinator, level=1))
    candidates_of = {stage.listings[title] for title in ("결 MES", "밖 MES", "두루 MES")}
    few = asked.question(demand)
    assert (set(few.documents), few.said["left_out"]) == (candidates_of, {"industry": 1})
    monkeypatch.setattr(gathering, "WHOLE", 1)
    other = stage.listings["옷 MES"]
    many = asked.question(demand)
    assert (set(many.documents), many.said) == (candidates_of, few.said)
    with pytest.raises(Invalid) as refused:
        asked.question(demand, replace(QUICK, keep=(other,)))
    assert [(one.pointer, one.code) for one in refused.value.problems] == [("keep/0", "compose_keep")]
