"""One fact at a time: each axis moves its part, its reason and the rank, and nothing else."""

from dataclasses import replace

import pytest

from matching.scoring import axes
from matching.scoring.explain import Reason, explain
from matching.scoring.facts import EvidenceFact, Need, PlanFact, Requirement
from matching.scoring.score import considered_plan, exclusion, order_key, score, whole_points
from matching.scoring.weights import AXES, BUILT_IN, HEADINGS, Weights
from tests.matching.scoring.cases import NEED, OFFER, PLAN

WEIGHTS = BUILT_IN


def plan(plan_id="p1", amount=30_000_000, **quality):
    return PlanFact(plan_id, plan_id, amount, quality)


def codes(need, offer, axis):
    reasons = explain(need, offer, score(need, offer, WEIGHTS))
    return [(reason.sign, reason.code) for reason in reasons if reason.axis == axis]


# axis, the one fact that changes, the reasons before, the reasons after; each change makes the offer better
BETTER = [
    (
        "capability",
        {"plans": (plan(ai_vision=3, qms=2),)},
        [("for", "capability.all_must"), ("against", "capability.nice_missing")],
        [("for", "capability.all_met")],
    ),
    (
        "maturity",
        {"level_to": 4},
        [("for", "maturity.lifts_partly")],
        [("for", "maturity.reaches_target")],
    ),
    (
        "industry",
        {"industries": (("11", "303"),)},
        [("for", "industry.division")],
        [("for", "industry.same_group")],
    ),
    (
        "interfaces",
        {"interfaces": frozenset({"rest", "plc_native"})},
        [("against", "interfaces.some")],
        [("for", "interfaces.all")],
    ),
    (
        "evidence",
        {"evidence": tuple(EvidenceFact("field", ("11", "303"), True, site) for site in ("s1", "s2"))},
        [("for", "evidence.field"), ("for", "evidence.same_division"), ("against", "evidence.thin")],
        [("for", "evidence.field"), ("for", "evidence.same_division")],
    ),
    (
        "price",
        {"plans": (replace(PLAN, first_year_amount=20_000_000),)},
        [("against", "price.close_to_budget")],
        [("for", "price.under_budget")],
    ),
    (
        "region",
        {"install_weeks": 12},
        [("for", "region.covered"), ("against", "region.late")],
        [("for", "region.covered"), ("for", "region.on_time")],
    ),
]


@pytest.mark.parametrize(("axis", "change", "before", "after"), BETTER, ids=[row[0] for row in BETTER])
def test_one_fact_moves_its_part_its_reason_and_the_rank(axis, change, before, after):
    need = replace(NEED, target_level=4, budget_amount=34_000_000)
    better = replace(OFFER, listing="c", **change)
    parts = [score(need, offer, WEIGHTS).parts for offer in (OFFER, better)]

    changed = [
        old.axis
        for old, new in zip(*parts, strict=True)
        if (old.value, old.points) != (new.value, new.points)
    ]
    assert changed == [axis]
    assert parts[1][AXES.index(axis)].value > parts[0][AXES.index(axis)].value
    assert (codes(need, OFFER, axis), codes(need, better, axis)) == (before, after)

    ranked = sorted((OFFER, better), key=lambda offer: order_key(score(need, offer, WEIGHTS), offer.listing))
    assert [offer.listing for offer in ranked] == ["c", "b"]
    tied = sorted(
        (replace(OFFER, listing="c"), OFFER), key=lambda o: order_key(score(need, o, WEIGHTS), o.listing)
    )
    assert [offer.listing for offer in tied] == ["b", "c"]


EXCLUDED = [
    ("certificate", {"certificate_valid": False}, {}),
    ("level", {"level_from": 3}, {"level": 2, "level_from": 3, "level_to": 3}),
    ("level", {"level_to": 1}, {"level": 2, "level_from": 1, "level_to": 1}),
    ("region", {"regions": frozenset({"seoul"})}, {"region": "gyeongnam"}),
    ("must_capability", {"plans": (plan(ai_vision=2, qms=5),)}, {"capabilities": ["ai_vision"]}),
    (
        "price_over_budget",
        {"plans": (replace(PLAN, first_year_amount=60_000_001),)},
        {"list_amount": 60_000_001, "budget_amount": 40_000_000, "budget_needed_amount": 40_000_001},
    ),
]


@pytest.mark.parametrize(("code", "change", "params"), EXCLUDED)
def test_one_fact_excludes(code, change, params):
    assert exclusion(NEED, OFFER) is None
    found = exclusion(NEED, replace(OFFER, **change))
    assert (found.code, found.codes, found.params) == (code, (code,), {code: params})


def test_all_causes_are_kept_and_the_first_is_the_reason():
    hopeless = replace(
        OFFER, certificate_valid=False, level_to=1, regions=frozenset(), plans=(plan(amount=10**9, qms=1),)
    )
    found = exclusion(NEED, hopeless)
    assert found.code == "certificate"
    assert found.codes == ("certificate", "level", "region", "must_capability", "price_over_budget")


def test_what_a_demand_does_not_state_excludes_nothing():
    silent = Need((), None, None, None, None, (), None, None)
    assert exclusion(silent, replace(OFFER, level_from=4, regions=frozenset(), plans=())) is None
    result = score(silent, OFFER, WEIGHTS)
    states = {part.axis: part.state for part in result.parts}
    assert states.pop("evidence") == "known"
    assert set(states.values()) == {"unknown_need"}
    # .5 × .6: a site that names no industry has no division of its own
    assert (result.denominator, result.fit) == (12, pytest.approx(30))


def test_musts_must_be_met_by_one_plan():
    need = replace(NEED, requirements=(Requirement("mes", True, 3), Requirement("erp", True, 3)))
    split = replace(OFFER, plans=(plan("p1", mes=5), plan("p2", erp=5)))
    assert exclusion(need, split).params == {"must_capability": {"capabilities": ["erp"]}}
    result = score(need, split, WEIGHTS)
    assert (result.plan, result.part("capability").value, result.part("price").value) == (None, 0, 0)
    assert codes(need, split, "capability") == [("against", "capability.must_missing")]


def test_ties_between_plans_go_to_the_cheaper_then_to_the_lesser_id():
    plans = (
        plan("c", 9_000_000, ai_vision=3),
        plan("b", 8_000_000, ai_vision=3),
        plan("a", 9_000_000, ai_vision=3),
    )
    offer = replace(OFFER, plans=plans)
    assert (
        considered_plan(NEED, offer, WEIGHTS).id == "b"
    )  # all below half of the budget, so all of one value
    assert considered_plan(NEED, replace(offer, plans=(plans[0], plans[2])), WEIGHTS).id == "a"
    unpriced = plan("0", None, ai_vision=3)
    no_budget = replace(NEED, budget_amount=None)
    assert considered_plan(no_budget, replace(offer, plans=(unpriced, *plans)), WEIGHTS).id == "b"


def test_a_plan_above_the_budget_names_the_one_within_it():
    plans = (
        plan("big", 70_000_000, ai_vision=5, qms=5),
        replace(plan("small", 39_000_000, ai_vision=3), name="Small"),
    )
    offer = replace(OFFER, plans=plans)
    result = score(NEED, offer, WEIGHTS)
    assert exclusion(NEED, offer) is None
    assert (result.plan, result.part("price").value) == ("big", 0)
    assert explain(NEED, offer, result)[-5:-3] == [
        Reason(
            "price", "against", "price.over_budget", {"list_amount": 70_000_000, "budget_amount": 40_000_000}
        ),
        Reason("price", "for", "price.cheaper_plan", {"list_amount": 39_000_000, "plan_name": "Small"}),
    ]


UNKNOWN_OFFERS = [
    ({"industries": ()}, "industry", "industry.not_given"),
    ({"interfaces": frozenset()}, "interfaces", "interfaces.not_given"),
    ({"evidence": ()}, "evidence", "evidence.none"),
    ({"evidence": (), "alliance": True}, "evidence", "evidence.part_none"),
    ({"plans": (replace(PLAN, first_year_amount=None),)}, "price", "price.not_given"),
]


@pytest.mark.parametrize(("change", "axis", "code"), UNKNOWN_OFFERS)
def test_what_the_listing_does_not_say_counts_zero_and_is_said(change, axis, code):
    offer = replace(OFFER, **change)
    result = score(NEED, offer, WEIGHTS)
    assert (result.part(axis).state, result.part(axis).points, result.denominator) == ("unknown_offer", 0, 90)
    assert codes(NEED, offer, axis) == [("unknown", code)]


UNKNOWN_NEEDS = [
    ({"requirements": ()}, "capability", 68),
    ({"level": None}, "maturity", 72),
    ({"industry": None}, "industry", 78),
    ({"industry": ("11", "C")}, "industry", 78),
    ({"connections": (frozenset(),)}, "interfaces", 80),
    ({"budget_amount": None}, "price", 80),
    ({"region": None, "weeks_left": None}, "region", 84),
]


@pytest.mark.parametrize(("change", "axis", "denominator"), UNKNOWN_NEEDS)
def test_what_the_demand_does_not_say_leaves_the_denominator(change, axis, denominator):
    need = replace(NEED, **change)
    result = score(need, OFFER, WEIGHTS)
    assert (result.part(axis).state, result.part(axis).share, result.denominator) == (
        "unknown_need",
        0,
        denominator,
    )
    assert codes(need, OFFER, axis) == [("unknown", f"{axis}.unstated")]


SITES = [
    ([("s1", 0.5), ("s2", 0.5)], [0.5, 0.5]),
    ([("s1", 0.5), ("s1", 0.3)], [0.5]),
    ([("s1", 0.3), ("", 0.5)], [0.5]),
    ([("s1", 0.5), ("s2", 0.3), ("", 0.5), ("", 0.5)], [0.5, 0.3]),
    ([("", 0.5), ("", 0.3)], [0.5]),
    ([], [0.0]),
]


@pytest.mark.parametrize(("strengths", "parts"), SITES)
def test_records_of_one_site_count_once(strengths, parts):
    assert axes._per_site(strengths) == parts


def test_the_order_of_records_changes_no_bit():
    records = [EvidenceFact("test_report", ("11", code), True) for code in ("303", "259", "259")]
    orders = [tuple(records[turn:] + records[:turn]) for turn in range(3)]
    values = {axes.evidence(NEED, replace(OFFER, evidence=order)).value for order in orders}
    assert len(values) == 1


def test_budget_zero_buys_only_what_is_free():
    free, dear = (replace(OFFER, plans=(replace(PLAN, first_year_amount=amount),)) for amount in (0, 1))
    need = replace(NEED, budget_amount=0)
    assert [score(need, offer, WEIGHTS).part("price").value for offer in (free, dear)] == [1, 0]
    assert exclusion(need, free) is None
    assert exclusion(need, dear).code == "price_over_budget"


def test_a_deadline_in_the_past_counts_as_late():
    need = replace(NEED, weeks_left=-3)
    late = [
        reason for reason in explain(need, OFFER, score(need, OFFER, WEIGHTS)) if reason.code == "region.late"
    ]
    assert [reason.params["late_weeks"] for reason in late] == [17]
    assert score(need, OFFER, WEIGHTS).part("region").value == 0.5


@pytest.mark.parametrize("text", [-0.1, 1.1, float("nan")])
def test_a_text_score_outside_its_range_is_refused(text):
    with pytest.raises(ValueError, match="text score"):
        score(NEED, OFFER, WEIGHTS, text=text)


def test_ties_of_remainders_go_to_the_earlier_part():
    assert whole_points([0.5, 0.5, 0.0]) == [1, 0, 0]
    assert whole_points([1.25, 1.25, 1.25, 1.25]) == [2, 1, 1, 1]


def test_the_nine_weights_add_up_to_100_and_each_axis_has_one_heading():
    assert sum(WEIGHTS.axis.values()) == 100
    assert sorted(axis for heading in HEADINGS for axis in heading.axes) == sorted(AXES)
    assert len(HEADINGS) == 6


def test_weights_refuse_unknown_axes_and_negative_numbers():
    with pytest.raises(ValueError, match="the axes are"):
        replace(WEIGHTS, axis={"capability": 100})
    with pytest.raises(ValueError, match="the axes are"):
        replace(WEIGHTS, not_in_use=("taste",))
    with pytest.raises(ValueError, match="below 0"):
        replace(WEIGHTS, axis={**WEIGHTS.axis, "price": -1})


def test_a_what_if_changes_the_score_and_not_the_edition():
    only_price = Weights("what-if", {**dict.fromkeys(AXES, 0), "price": 7}, (), 15, 3)
    assert score(NEED, OFFER, only_price).fit == pytest.approx(75)
    assert score(NEED, OFFER, replace(only_price, axis=dict.fromkeys(AXES, 0))).fit == 0
    assert (BUILT_IN.version, BUILT_IN.axis["price"]) == ("2026-1", 10)
