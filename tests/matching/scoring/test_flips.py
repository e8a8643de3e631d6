"""What costs the first place: the smallest single change of each fact, and no smaller one."""

from dataclasses import replace

from hypothesis import given

from matching.ranking import first_flips, rank
from matching.scoring.flips import PRICE_STEP, flips
from matching.scoring.score import order_key, score
from matching.scoring.weights import BUILT_IN
from tests.matching.scoring.cases import NEED, OFFER, PLAN, needs, offers

RIVAL = replace(OFFER, listing="c", plans=(replace(PLAN, first_year_amount=31_000_000),))


def key(need, offer):
    return order_key(score(need, offer, BUILT_IN), offer.listing)


def by_fact(found):
    return {flip.fact: flip for flip in found}


def test_each_fact_names_its_smallest_change():
    found = by_fact(flips(NEED, OFFER, key(NEED, RIVAL), BUILT_IN))
    price = found["price"]
    assert (price.now, price.then, price.excluded) == (30_000_000, 31_000_000 + PRICE_STEP, False)
    assert (found["quality"].now, found["quality"].then, found["quality"].code) == (3, 2, "ai_vision")
    assert found["quality"].excluded  # it is a must in quality 3
    assert (found["level_to"].then, found["level_from"].then) == (2, 3)
    # one week late costs what the rival's million does: a tie, which the id decides
    assert (found["install_weeks"].now, found["install_weeks"].then) == (14, 16)
    assert (found["evidence"].now, found["evidence"].then) == (0, 1)
    assert (found["region"].then, found["region"].excluded) == (None, True)
    assert (found["certificate"].axis, found["certificate"].excluded) == ("certificate", True)
    assert "capacity" not in found  # not stated, so nothing can be lost


def test_alone_on_the_list_only_leaving_it_counts():
    found = flips(NEED, OFFER, None, BUILT_IN)
    assert {flip.fact for flip in found if flip.excluded} == {flip.fact for flip in found}
    assert by_fact(found)["price"].then == 60_000_000 + PRICE_STEP


def test_a_lead_that_one_fact_cannot_take_away_has_no_flip_there():
    weak = replace(OFFER, listing="c", evidence=(), interfaces=frozenset(), industries=(("11", "26"),))
    found = by_fact(flips(NEED, OFFER, key(NEED, weak), BUILT_IN))
    assert not {"install_weeks", "interface"} & set(found)


@given(needs, offers, offers)
def test_a_flip_is_never_named_where_the_first_one_would_stay(need, one, other):
    ranking = rank(need, [replace(one, listing="a"), replace(other, listing="b")], BUILT_IN)
    for flip in first_flips(need, ranking, BUILT_IN):
        if flip.fact == "price":
            first = ranking.placed[0]
            plan = next(plan for plan in first.offer.plans if plan.id == first.score.plan)
            for amount, loses in ((flip.then, True), (flip.then - PRICE_STEP, False)):
                plans = tuple(
                    replace(each, first_year_amount=amount) if each.id == plan.id else each
                    for each in first.offer.plans
                )
                again = rank(
                    need,
                    [replace(first.offer, plans=plans), *(p.offer for p in ranking.placed[1:])],
                    BUILT_IN,
                )
                leads = again.placed and again.placed[0].offer.listing == first.offer.listing
                assert bool(leads) is not loses
