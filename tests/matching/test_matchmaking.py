"""Matching over real listings: who is ranked and who is not, in which order, and a list that stays as it was shown."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from catalog import listings, publishing, sites
from matching import demands, matchmaking
from matching.models import MatchList
from matching.scoring import score, weights
from tests import factories

TODAY = factories.TODAY
LONG_AGO = factories.NOW.replace(year=2025, month=6, day=1)


def ranking(found):
    return [match.card["title"] for match in found.matches]


def causes(found):
    return [(row["title"], row["code"], row["codes"]) for row in found.excluded]


def kept(found):
    """Everything that a page shows of a list."""
    places = [
        (m.rank, m.listing, m.release, m.fit, m.policy, m.text, m.card, m.parts, m.reasons)
        for m in found.matches
    ]
    return (found.weights, found.revision, found.considered, found.need, found.excluded, places)


def test_the_whole_answer_over_a_market_of_six(market):
    """Two fit, one of them better; the others are left out for one reason each, and all are accounted for."""
    market.publish("비싼 것", plans=[factories.plan(price=45_000_000)])
    market.publish("알맞은 것")
    market.publish("먼 곳", regions=["jeju"])
    market.publish("높은 수준", level={"scale": "company_level", "from": 4, "to": 5})
    market.publish("다른 일", capabilities=["mes"], plans=[factories.plan("mes")])
    market.publish("너무 비싼 것", plans=[factories.plan(price=75_000_001)])
    found = market.match(market.demand())
    assert ranking(found) == ["알맞은 것", "비싼 것"]
    assert [match.rank for match in found.matches] == [1, 2]
    assert causes(found) == [
        ("너무 비싼 것", "price_over_budget", ["price_over_budget"]),
        ("높은 수준", "level", ["level"]),
        ("다른 일", "must_capability", ["must_capability"]),
        ("먼 곳", "region", ["region"]),
    ]
    assert found.considered == len(found.matches) + len(found.excluded) == 6
    assert (found.revision, found.weights) == (6, weights.BUILT_IN.version)
    too_much = found.excluded[0]["params"]["price_over_budget"]
    assert too_much == {
        "list_amount": 75_000_001,
        "budget_amount": 50_000_000,
        "budget_needed_amount": 50_000_001,
    }


def test_the_fit_is_the_published_sum_to_the_digit(market):
    """Worked by hand: weights 22 18 12 10 12 10 4 2 = 90; capability 0.8 + 0.2·4/5, evidence 0.5 of one site."""
    market.publish()
    (match,) = market.match(market.demand()).matches
    values = {part["axis"]: part["value"] for part in match.parts if part["state"] == "known"}
    expected = {
        "capability": 0.96,
        "maturity": 1.0,
        "industry": 1.0,
        "interfaces": 1.0,
        "evidence": 0.5,
        "price": 0.9,
        "region": 1.0,
    }
    assert values == pytest.approx(expected, abs=1e-12)
    points = 22 * 0.96 + 18 + 12 + 10 + 12 * 0.5 + 10 * 0.9 + 4
    # capacity counts 0 until its vendor states one; there is nothing to compare of a supply chain
    assert match.fit == pytest.approx(100 * points / 90, abs=1e-9)
    assert (match.policy, match.text) == (0, 0)
    states = {part["axis"]: part["state"] for part in match.parts}
    assert (states["supply_chain"], states["capacity"]) == ("unknown_need", "unknown_offer")
    assert sum(part["shown_points"] for part in match.parts) == round(match.fit)


def test_equal_fits_stand_in_the_order_of_their_ids(market):
    ids = [market.publish("쌍둥이").public_id for _ in range(4)]
    found = market.match(market.demand())
    assert len({match.fit for match in found.matches}) == 1
    assert [match.listing for match in found.matches] == sorted(ids)


def test_an_expired_certificate_excludes_and_a_lapsed_one_is_not_considered(market):
    expiry = date(2026, 9, 1)
    market.publish("다한 것", now=LONG_AGO, expires_on=expiry)
    market.publish("유효한 것")
    demand = market.demand()
    for today, titles, codes, considered in (
        (expiry, ["다한 것", "유효한 것"], [], 2),
        (expiry + timedelta(days=1), ["유효한 것"], ["certificate"], 2),
        (expiry + timedelta(days=90), ["유효한 것"], ["certificate"], 2),
        (expiry + timedelta(days=91), ["유효한 것"], [], 1),
    ):
        found = market.match(demand, today)
        assert sorted(ranking(found)) == titles, today
        assert [row["code"] for row in found.excluded] == codes, today
        assert found.considered == considered, today


def test_a_withdrawn_listing_is_not_considered(market):
    listing = market.publish()
    demand = market.demand()
    assert ranking(market.match(demand)) == ["웰드아이"]
    publishing.withdraw(market.session, listing)
    found = market.match(demand)
    assert (found.considered, found.matches, found.excluded) == (0, [], [])


def test_every_cause_is_named_and_the_first_one_leads(market):
    market.publish(
        "모두 어긋난 것",
        now=LONG_AGO,
        expires_on=date(2026, 11, 1),
        regions=["jeju"],
        level={"scale": "company_level", "from": 3, "to": 4},
        capabilities=["mes"],
        plans=[factories.plan("mes", price=80_000_000)],
    )
    (row,) = market.match(market.demand()).excluded
    assert row["code"] == "certificate"
    assert row["codes"] == list(score.EXCLUSION_CODES)
    assert row["params"]["level"] == {"level": 2, "level_from": 3, "level_to": 4}
    assert row["params"]["must_capability"] == {"capabilities": ["ai_vision"]}
    assert row["vendor_name"] == "가람비전"


def test_by_cause_counts_first_causes_and_says_what_would_bring_one_back(market):
    for price in (90_000_000, 76_000_000):
        market.publish(f"비싼 것 {price}", plans=[factories.plan(price=price)])
    market.publish("비싸고 먼 것", regions=["jeju"], plans=[factories.plan(price=75_000_300)])
    market.publish("먼 곳", regions=["jeju"])
    market.publish("셋째 비싼 것", plans=[factories.plan(price=75_000_003)])
    assert matchmaking.by_cause(market.match(market.demand())) == [
        {"code": "price_over_budget", "count": 3, "only": 3, "nearest": 50_000_002},
        {"code": "region", "count": 2, "only": 1, "nearest": None},
    ]
    assert matchmaking.by_cause(MatchList(excluded=[], beyond=None)) == []


def test_a_list_stays_as_it_was_shown_whatever_happens_later(market):
    listing, demand = market.publish(), market.demand()
    market.publish("먼 곳", regions=["jeju"])
    first = market.match(demand)
    market.session.commit()
    shown = kept(first)
    market.republish(
        listing, lambda row: listings.revise(market.session, row, {"title": "새 이름", "regions": ["jeju"]})
    )
    changes = {"title": "새 수요", "description": "", "target_level": 5, "budget_amount": 1, "deadline": None}
    wanted = [{"capability": "mes", "must": True, "min_quality": 5}]
    demands.revise(market.session, demand, {**changes, "requirements": wanted}, TODAY)
    market.vendor.name = "다른 이름"
    later = market.match(demand)
    market.session.commit()
    market.session.expire_all()
    assert kept(market.session.get_one(MatchList, first.id)) == shown
    assert later.matches == []
    assert {row["title"] for row in later.excluded} == {"새 이름", "먼 곳"}


def test_a_list_can_be_computed_again_from_what_it_keeps(market):
    market.publish()
    market.publish("비싼 것", plans=[factories.plan(price=45_000_000)])
    demand = market.demand()
    once, twice = market.match(demand), market.match(demand)
    assert once.id != twice.id
    assert kept(once) == kept(twice)


def test_the_newest_list_of_each_demand_is_counted(market):
    one, other, never = (market.demand(title=title) for title in ("가", "나", "다"))
    market.match(one)
    market.publish()
    market.match(one)
    market.publish("먼 곳", regions=["jeju"])
    market.match(other)
    keys = [one.id, other.id, never.id]
    assert matchmaking.counts_by_demand(market.session, keys) == {one.id: 1, other.id: 1}
    assert matchmaking.counts_by_demand(market.session, []) == {}


def test_a_list_belongs_to_its_demand_and_so_to_its_organization(market):
    demand = market.demand()
    found = market.match(demand)
    market.session.commit()
    owner = market.session.scalar(
        select(demands.Demand.organization_id).join(MatchList, MatchList.demand_id == demands.Demand.id)
    )
    assert owner == market.maker.id
    assert found.demand.organization_id == market.maker.id


def test_the_need_is_what_the_site_and_the_demand_say_on_that_day(market):
    site = factories.site(
        market.session,
        market.maker,
        interfaces=["file", "opcua"],
        systems=[
            {"name": "PLC", "capability": "controller_plc", "interfaces": ["opcua", "plc_native"]},
            {"name": "장부", "capability": None, "interfaces": []},
        ],
    )
    demand = market.demand(site, deadline=TODAY + timedelta(days=20))
    need = market.match(demand).need
    assert need == {
        "requirements": [{"capability": "ai_vision", "must": True, "min_quality": 3}],
        "level": 2,
        "target_level": 3,
        "industry": ["11", "303"],
        "region": "gyeongnam",
        "connections": [["opcua", "plc_native"], [], ["file"]],
        "budget_amount": 50_000_000,
        "weeks_left": 2,
        "partners": [],
        "industry_prior": None,
        "programme": None,
        "funders": [],
    }


def test_a_site_revised_later_is_seen_by_the_next_list_only(market):
    market.publish()
    site = factories.site(market.session, market.maker)
    demand = market.demand(site)
    first = market.match(demand)
    fields = {
        "name": "창원 공장",
        "industry": {"revision": "11", "code": "303"},
        "region": "jeju",
        "headcount": 62,
    }
    sites.revise(market.session, site, {**fields, "processes": [], "interfaces": [], "systems": []})
    second = market.match(demand)
    assert (ranking(first), first.need["region"]) == (["웰드아이"], "gyeongnam")
    assert (ranking(second), second.need["region"]) == ([], "jeju")


@contextmanager
def statements(session):
    """The statements that are sent meanwhile."""
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    event.listen(session.bind, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(session.bind, "before_cursor_execute", note)


def test_a_list_asks_the_database_little_however_many_listings_there_are(market):
    """Statements of one match, without writing the list: the same for two listings and for five."""
    counted = []
    for titles in ("가나", "다라마"):
        for title in titles:
            market.publish(title)
        demand = market.demand()
        market.session.flush()
        market.follower.catch_up(market.session)
        market.session.expire_all()
        with statements(market.session) as sent, market.session.no_autoflush:
            matchmaking.match(market.session, market.follower.engine, demand, TODAY)
        counted.append(len(sent))
    assert counted[0] == counted[1] <= 12, counted
