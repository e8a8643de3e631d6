"""Leads: the same score as the demand's own list, what a vendor learns, who may say what when."""

import itertools
import json
from datetime import timedelta

import pytest

from catalog import capacity, publishing
from catalog.errors import Conflict, Invalid
from matching import audience, candidates, demands, editions, leads, matchmaking, standing
from matching.models.demand import BOARD, ORGANIZATIONS, PRIVATE
from matching.models.lead import DECLINE_CODES, STATES
from matching.scoring import explain, score
from tests import factories

NOW = factories.NOW
SAID = {"message": "현장을 보고 싶습니다.", "contact": "박서린 · 055-000-0000", "by": "박서린"}


@pytest.fixture
def shown(market):
    """Two listings of one vendor, one of which fits, and a demand on the board."""
    fits = market.publish("꼭 맞는 것")
    dear = market.publish("비싼 것", plans=[factories.plan(price=99_000_000)])
    demand = market.demand(budget_amount=50_000_000)
    demands.widen(market.session, demand, BOARD, [], NOW)
    market.session.flush()
    market.follower.catch_up(market.session)
    return fits, dear, demand


def placed(market, demand, vendor=None):
    """The lead as the worker writes it."""
    vendor, session, engine = vendor or market.vendor, market.session, market.follower.engine
    shelf = leads.shelves(session, engine, [vendor.public_id], factories.TODAY)[vendor.public_id]
    edition = editions.in_force(session, factories.TODAY)
    rows = leads.standings_of(session, demand, shelf, edition, factories.TODAY)
    lead, told = leads.place(session, demand, vendor, rows, edition, NOW)
    session.flush()
    return lead, told


def accept(market, lead, listing, **changes):
    said = {**SAID, "today": factories.TODAY, "now": NOW, **changes}
    leads.accept(market.session, market.follower.engine, lead, listing=listing, **said)


def test_a_lead_has_the_score_of_the_demands_own_list(market, shown):
    fits, dear, demand = shown
    lead, told = placed(market, demand)
    found = market.match(demand)
    assert told
    assert [(row.listing, row.fit) for row in found.matches] == [(fits.public_id, lead.fit)]
    assert lead.weights == found.weights
    assert leads.standing_in(lead, dear.public_id)["codes"] == ["price_over_budget"]
    assert [row["code"] for row in found.excluded] == ["price_over_budget"]


def test_the_best_of_several_listings_leads_in_the_order_of_the_list(market, shown):
    market.publish("다른 업종", industries=[{"revision": "11", "code": "10"}])
    market.follower.catch_up(market.session)
    lead, _told = placed(market, shown[2])
    ranked = [(row.listing, row.fit) for row in market.match(shown[2]).matches]
    assert len(ranked) == 2
    assert [(row["listing"], row["fit"]) for row in lead.standings if row["fit"] is not None] == ranked
    assert lead.listing == ranked[0][0]


def test_capacity_changes_the_score_of_lead_and_list_alike(market, shown):
    before = placed(market, shown[2])[0].fit
    capacity.state(market.session, market.vendor, 9, factories.TODAY)
    market.session.flush()
    market.follower.catch_up(market.session)
    lead, told = placed(market, shown[2])
    assert not told
    assert lead.fit > before
    assert lead.fit == market.match(shown[2]).matches[0].fit


HIDDEN = {"budget_amount": 43_210_987, "description": "비밀 설명", "title": "비밀 제목"}


def test_nothing_that_the_audience_hides_is_kept_for_the_vendor(market):
    market.publish("맞는 것")
    market.publish("비싼 것", plans=[factories.plan(price=99_000_000)])
    demand = market.demand(**HIDDEN)
    demands.widen(market.session, demand, BOARD, [], NOW)
    market.session.flush()
    market.follower.catch_up(market.session)
    kept = json.dumps(placed(market, demand)[0].standings, ensure_ascii=False)
    for hidden in ("43210987", "28807325", "비밀", "gyeongnam", "303", "창원", "min_quality", "_amount"):
        assert hidden not in kept, hidden


def test_points_are_whole_so_that_a_price_gives_no_budget_away(market, shown):
    lead, _told = placed(market, shown[2])
    for part in lead.best["parts"]:
        assert isinstance(part["shown_points"], int)
        assert isinstance(part["share"], int)
        assert part["value"] in {0.0, *(n / part["share"] for n in range(1, part["share"] + 1))}


@pytest.mark.parametrize("codes", [explain.REASON_CODES, score.EXCLUSION_CODES])
def test_what_is_told_of_any_code_is_on_the_list_of_what_may_be(codes):
    secret = {"budget_amount", "budget_needed_amount", "region", "level", "target_level", "weeks_left"}
    secret |= {
        "min_quality",
        "site_code",
        "site_revision",
        "late_weeks",
        "systems",
        "connected",
        "interfaces",
    }
    assert {name for names in codes.values() for name in names} & secret & standing.TOLD == set()


def test_a_lead_is_new_once(market, shown):
    assert placed(market, shown[2])[1]
    assert not placed(market, shown[2])[1]


def test_a_lead_without_a_listing_that_fits_waits_until_one_does(market):
    market.publish("먼 것", regions=["jeju"])
    demand = market.demand()
    demands.widen(market.session, demand, BOARD, [], NOW)
    market.session.flush()
    market.follower.catch_up(market.session)
    lead, told = placed(market, demand)
    assert (told, lead.listing, lead.offered_at) == (False, None, None)
    assert [code for code, _leads in leads.left_out_by_cause([lead], lead.standings[0]["listing"])] == [
        "region"
    ]
    market.publish("가까운 것")
    market.follower.catch_up(market.session)
    lead, told = placed(market, demand)
    assert told
    assert lead.best["title"] == "가까운 것"


def test_a_named_vendor_is_told_even_if_nothing_fits(market):
    far = market.publish("먼 것", regions=["jeju"])
    demand = market.demand()
    demands.widen(market.session, demand, ORGANIZATIONS, [market.vendor], NOW)
    market.session.flush()
    market.follower.catch_up(market.session)
    lead, told = placed(market, demand)
    assert told
    assert leads.names_show(lead)
    accept(market, lead, far.public_id)
    assert (lead.state, lead.listing, lead.fit) == ("accepted", far.public_id, None)


def test_a_vendor_of_the_board_that_is_named_later_is_offered_the_demand_anew_once(market, shown):
    placed(market, shown[2])
    demands.widen(market.session, shown[2], BOARD, [market.vendor], NOW)
    lead, told = placed(market, shown[2])
    assert (told, lead.named_at) == (True, NOW)
    assert not placed(market, shown[2])[1]
    accept(market, lead, shown[0].public_id)
    lead.named_at = None
    assert not placed(market, shown[2])[1], "what was answered stays as it was answered"


def test_an_accepted_lead_shows_names_only_after_the_manufacturer_says_so(market, shown):
    lead, _told = placed(market, shown[2])
    accept(market, lead, shown[0].public_id)
    assert not leads.names_show(lead)
    leads.accept_contact(market.session, lead, contact="김하늬 · 055-000-0001", by="김하늬", now=NOW)
    assert leads.names_show(lead)
    assert (lead.buyer_contact, lead.vendor_contact) == ("김하늬 · 055-000-0001", SAID["contact"])


def test_only_a_listing_that_fits_now_can_be_named(market, shown):
    fits, dear, demand = shown
    lead, _told = placed(market, demand)
    for wrong in (dear.public_id, "0192f0c1-0000-7000-8000-000000000000"):
        with pytest.raises(Invalid):
            accept(market, lead, wrong)
    publishing.withdraw(market.session, fits)
    market.session.flush()
    market.follower.catch_up(market.session)
    with pytest.raises(Invalid):
        accept(market, lead, fits.public_id)
    assert (lead.state, lead.message) == ("offered", "")


ACTS = {
    "accept": accept,
    "decline": lambda market, lead, _: leads.decline(
        market.session, lead, code="budget", text="", by="박서린", now=NOW
    ),
    "withdraw": lambda market, lead, _: leads.withdraw(market.session, lead, NOW),
    "accept_contact": lambda market, lead, _: leads.accept_contact(
        market.session, lead, contact="여기", by="김하늬", now=NOW
    ),
    "refuse_contact": lambda market, lead, _: leads.refuse_contact(
        market.session, lead, text="", by="김하늬", now=NOW
    ),
}
WAYS = {
    "offered": [],
    "accepted": ["accept"],
    "declined": ["decline"],
    "withdrawn": ["accept", "withdraw"],
    "contact": ["accept", "accept_contact"],
    "refused": ["accept", "refuse_contact"],
}


@pytest.mark.parametrize(("state", "act"), list(itertools.product(STATES, ACTS)))
def test_an_act_is_possible_exactly_where_the_table_says(market, shown, state, act):
    lead, _told = placed(market, shown[2])
    for step in WAYS[state]:
        ACTS[step](market, lead, shown[0].public_id)
    assert lead.state == state
    if (state, act) in leads.TRANSITIONS:
        ACTS[act](market, lead, shown[0].public_id)
        assert lead.state == leads.TRANSITIONS[state, act]
    else:
        with pytest.raises(Conflict, match=r"lead\.answered"):
            ACTS[act](market, lead, shown[0].public_id)
        assert lead.state == state


@pytest.mark.parametrize("end", ["close", "narrow"])
def test_a_demand_that_is_gone_takes_no_answer(market, shown, end):
    lead, _told = placed(market, shown[2])
    accepted, _told = lead, None
    if end == "close":
        demands.close(market.session, shown[2], "not_now")
    else:
        demands.narrow(market.session, shown[2], PRIVATE)
    for act in ("accept", "decline"):
        with pytest.raises(Conflict, match=r"lead\.gone"):
            ACTS[act](market, lead, shown[0].public_id)
    assert accepted.state == "offered"
    assert not audience.may_see(shown[2], market.vendor)


def test_a_wish_for_contact_can_be_taken_back_and_refused_after_the_demand_is_gone(market, shown):
    lead, _told = placed(market, shown[2])
    accept(market, lead, shown[0].public_id)
    demands.narrow(market.session, shown[2], PRIVATE)
    with pytest.raises(Conflict, match=r"lead\.gone"):
        ACTS["accept_contact"](market, lead, None)
    leads.withdraw(market.session, lead, NOW)
    assert (lead.state, lead.vendor_contact) == ("withdrawn", "")


def test_an_answer_stays_when_the_listings_change(market, shown):
    lead, _told = placed(market, shown[2])
    accept(market, lead, shown[0].public_id)
    market.publish("더 나은 것")
    market.follower.catch_up(market.session)
    again, told = placed(market, shown[2])
    assert (again.id, told, again.listing, again.state) == (lead.id, False, shown[0].public_id, "accepted")


def test_declining_needs_a_reason_of_the_list_and_words_for_another(market, shown):
    lead, _told = placed(market, shown[2])
    for code, text in (("nothing", ""), ("other", "")):
        with pytest.raises(Invalid):
            leads.decline(market.session, lead, code=code, text=text, by="박서린", now=NOW)
    assert lead.state == "offered"
    leads.decline(market.session, lead, code="other", text="휴업 중", by="박서린", now=NOW)
    assert (lead.decline_code, lead.decline_text) == ("other", "휴업 중")


def test_reasons_of_declining_are_summed_up_from_five_on(market, shown):
    lead, _told = placed(market, shown[2])
    lead.decline_code = DECLINE_CODES[0]
    assert leads.declined_by_reason([lead] * 4) is None
    assert leads.declined_by_reason([lead] * 5) == [("no_capacity", 5)]


def test_an_answer_is_due_some_hours_after_the_offer(market, shown):
    lead, _told = placed(market, shown[2])
    assert leads.due_at(lead, 48) == NOW + timedelta(hours=48)


def test_a_standing_is_computed_from_the_same_offer_as_the_list(market, shown):
    need = matchmaking.need_of(market.session, shown[2], factories.TODAY)
    document = market.follower.engine.get(shown[0].public_id)
    edition = editions.in_force(market.session, factories.TODAY)
    offer = candidates.offer_of(document, factories.TODAY)
    row = standing.standings(need, [(offer, document)], edition)[0]
    exact = score.score(need, offer, edition)
    assert row["fit"] == exact.fit
    assert sum(part["shown_points"] for part in row["parts"]) == exact.shown_fit
