"""What holds for every need and every offer."""

from dataclasses import replace
from math import ceil, fsum

from hypothesis import given
from hypothesis import strategies as st

from matching.scoring import axes
from matching.scoring.explain import LOW, REASON_CODES, explain
from matching.scoring.facts import EvidenceFact
from matching.scoring.score import EXCLUSION_CODES, exclusion, order_key, score, whole_points
from matching.scoring.weights import AXES, BUILT_IN
from tests.matching.scoring.cases import industries, needs, offers, with_one_fact_unknown

WEIGHTS = BUILT_IN
#: Sums of the same terms over other denominators may differ in their last bits.
BITS = 1e-9

texts = st.floats(0, 1)


@given(needs, offers)
def test_the_fit_is_the_weighted_share_of_the_axes_that_count(need, offer):
    result = score(need, offer, WEIGHTS)
    counted = [part for part in result.parts if part.state in ("known", "unknown_offer")]
    assert 0 <= result.fit <= 100
    assert tuple(part.axis for part in result.parts) == AXES
    assert result.denominator == sum(part.weight for part in counted) >= WEIGHTS.axis["evidence"]
    expected = 100 * fsum(part.weight * part.value for part in counted) / result.denominator
    assert abs(result.fit - expected) < BITS


@given(needs, offers)
def test_values_lie_within_0_and_1_and_count_only_when_known(need, offer):
    for part in score(need, offer, WEIGHTS).parts:
        assert 0 <= part.value <= 1
        assert part.state == "known" or part.value == 0
        assert (part.share == 0) == (part.state in ("unknown_need", "not_in_use"))


@given(needs, offers)
def test_shown_points_add_up_and_stay_next_to_the_exact_ones(need, offer):
    result = score(need, offer, WEIGHTS)
    assert sum(part.shown_points for part in result.parts) == result.shown_fit
    assert abs(result.shown_fit - result.fit) <= 0.5 + BITS
    for part in result.parts:
        assert abs(part.shown_points - part.points) < 1
        assert part.shown_points <= ceil(part.share)
        assert part.points > 0 or part.shown_points == 0


@given(st.lists(st.floats(0, 100), max_size=9))
def test_whole_points_add_up_for_any_parts(points):
    whole = whole_points(points)
    assert abs(sum(whole) - fsum(points)) <= 0.5 + BITS
    assert all(abs(part - value) <= 1 for part, value in zip(whole, points, strict=True))


@given(needs, offers)
def test_a_fact_made_unknown_never_raises_the_score(need, offer):
    before = score(need, offer, WEIGHTS)
    for other in with_one_fact_unknown(offer):
        after = score(need, other, WEIGHTS)
        assert after.fit <= before.fit + BITS
        assert after.denominator == before.denominator
        if exclusion(need, offer):
            # Only a hidden price can lift an exclusion, and then it counts 0.
            lifted = exclusion(need, other) is None
            assert not lifted or (
                after.part("price").value == 0 and exclusion(need, offer).code == "price_over_budget"
            )


@given(
    needs,
    offers,
    industries,
    st.sampled_from(["field", "test_report", "claim"]),
    st.sampled_from(["", "s1", "s9"]),
)
def test_evidence_of_success_never_lowers_the_evidence_axis(need, offer, industry, kind, site):
    more = replace(offer, evidence=(*offer.evidence, EvidenceFact(kind, industry, True, site)))
    before, after = (score(need, each, WEIGHTS).part("evidence").value for each in (offer, more))
    assert after >= before - BITS


@given(needs, offers, st.sampled_from(["field", "test_report"]), st.sampled_from(["", "s1", "s9"]))
def test_evidence_of_failure_never_raises_the_evidence_axis(need, offer, kind, site):
    more = replace(offer, evidence=(*offer.evidence, EvidenceFact(kind, ("11", "303"), False, site)))
    before, after = (score(need, each, WEIGHTS).part("evidence").value for each in (offer, more))
    assert after <= before + BITS


@given(needs, offers, st.randoms(use_true_random=False))
def test_the_order_of_the_facts_changes_nothing(need, offer, random):
    def shuffled(items):
        return tuple(random.sample(items, len(items)))

    other_need = replace(
        need,
        requirements=shuffled(need.requirements),
        connections=shuffled(need.connections),
        partners=shuffled(need.partners),
    )
    other = replace(
        offer,
        plans=shuffled(offer.plans),
        industries=shuffled(offer.industries),
        evidence=shuffled(offer.evidence),
    )
    result = score(need, offer, WEIGHTS)
    assert score(other_need, other, WEIGHTS) == result
    assert exclusion(other_need, other) == exclusion(need, offer)
    assert explain(other_need, other, result) == explain(need, offer, result)


@given(needs, offers, st.text(max_size=9), st.text(max_size=9))
def test_names_and_unrelated_capabilities_change_nothing(need, offer, listing, name):
    # The one thing that a name is asked for is whether a partner uses the very listing.
    need = replace(need, partners=tuple(replace(each, listings=frozenset()) for each in need.partners))
    plans = tuple(replace(plan, quality={**plan.quality, "unasked": 5}) for plan in offer.plans)
    other = replace(offer, listing=listing, plans=tuple(replace(plan, name=name) for plan in plans))
    assert score(need, other, WEIGHTS) == score(need, offer, WEIGHTS)
    assert exclusion(need, other) == exclusion(need, offer)


@given(needs, offers)
def test_every_axis_in_use_is_explained(need, offer):
    result = score(need, offer, WEIGHTS)
    reasons = explain(need, offer, result)
    for part in result.parts:
        own = [reason for reason in reasons if reason.axis == part.axis]
        assert bool(own) == (part.state != "not_in_use")
        if own and part.value < LOW:
            assert {reason.sign for reason in own} & {"against", "unknown"}
        if part.state in ("unknown_need", "unknown_offer"):
            assert {reason.sign for reason in own} - {"for"}
    for reason in reasons:
        assert set(reason.params) == set(REASON_CODES[reason.code])
        assert reason.code.startswith(f"{reason.axis}.")


@given(needs, offers)
def test_exclusions_name_every_cause_in_order(need, offer):
    found = exclusion(need, offer)
    if found is None:
        assert offer.certificate_valid
        assert score(need, offer, WEIGHTS).plan is not None or not offer.plans
    else:
        assert found.code == found.codes[0]
        assert found.codes == tuple(code for code in EXCLUSION_CODES if code in found.params)
        assert all(set(params) == set(EXCLUSION_CODES[code]) for code, params in found.params.items())


@given(needs, offers)
def test_the_budget_named_by_an_exclusion_by_price_is_the_least_that_lifts_it(need, offer):
    found = exclusion(need, offer)
    params = (found.params if found else {}).get("price_over_budget")
    if params:
        least = params["budget_needed_amount"]
        for budget, stays in ((least, False), (least - 1, True)):
            again = exclusion(replace(need, budget_amount=budget), offer)
            assert ("price_over_budget" in again.codes if again else False) is stays


@given(needs, offers, texts, texts, st.booleans())
def test_text_and_policy_order_a_list_and_leave_the_fit_alone(need, offer, text, other_text, policy):
    result = score(need, offer, WEIGHTS, text=text, policy=policy)
    assert result.fit == score(need, offer, WEIGHTS, text=other_text).fit
    assert result.policy_term == (3 if policy and offer.alliance else 0)
    assert abs(result.order_value - (result.fit + result.policy_term + 15 * text)) < BITS
    assert order_key(result, "x") == (-result.order_value, "x")


@given(needs, offers)
def test_what_a_demand_states_is_what_counts_for_every_offer(need, offer):
    counted = {part.axis for part in score(need, offer, WEIGHTS).parts if part.state != "unknown_need"}
    assert counted == axes.stated(need)
