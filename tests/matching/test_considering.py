"""Lists of a catalogue too large to look at whole: the best and the nearest misses, with counts over everything."""

from datetime import date, timedelta

import pytest

from matching import considering, matchmaking
from matching import replay as replaying
from tests import factories

LONG_AGO = factories.NOW - timedelta(days=300)


@pytest.fixture
def large(market, monkeypatch):
    """Twelve listings: six that fit, two too dear, two too far, one dear and far, one whose certificate has ended."""
    for number in range(6):
        market.publish(f"맞음 {number}", plans=[factories.plan(price=10_000_000 + number * 1_000_000)])
    for number in range(2):
        market.publish(f"비쌈 {number}", plans=[factories.plan(price=80_000_000 + number)])
        market.publish(f"멂 {number}", regions=["jeju"])
    market.publish("비싸고 멂", regions=["jeju"], plans=[factories.plan(price=90_000_000)])
    market.publish("만료", now=LONG_AGO, expires_on=date(2026, 11, 1))
    monkeypatch.setattr(considering, "BEST", 4)
    monkeypatch.setattr(considering, "NEAREST", 100)
    monkeypatch.setattr(considering, "MAX_LIMIT", 3)
    return market


def ranked(found):
    return [match.card["title"] for match in found.matches]


def test_the_best_of_a_large_catalogue_are_those_of_the_whole_list(large, monkeypatch):
    demand = large.demand()
    whole = large.match(demand)
    monkeypatch.setattr(considering, "WHOLE", 3)
    found = large.match(demand)
    assert whole.beyond is None
    assert (found.considered, found.fitting, found.kept) == (12, 6, len(found.matches)) == (12, 6, 6)
    assert ranked(found)[:4] == ranked(whole)[:4]
    assert [match.fit for match in found.matches] == [match.fit for match in whole.matches]


def test_causes_are_counted_over_everything(large, monkeypatch):
    demand = large.demand()
    whole = {row["code"]: (row["count"], row["only"]) for row in matchmaking.by_cause(large.match(demand))}
    monkeypatch.setattr(considering, "WHOLE", 3)
    found = large.match(demand)
    counted = {row["code"]: (row["count"], row["only"]) for row in matchmaking.by_cause(found)}
    assert counted == {**whole, "certificate": (1, 0)}
    assert whole == {"certificate": (1, 1), "region": (3, 2), "price_over_budget": (2, 2)}
    named = {row["title"]: row["code"] for row in found.excluded}
    assert named == {
        "비쌈 0": "price_over_budget",
        "비쌈 1": "price_over_budget",
        "멂 0": "region",
        "멂 1": "region",
    }


def test_ways_back_are_counted_by_asking(large, monkeypatch):
    monkeypatch.setattr(considering, "WHOLE", 3)
    ways = matchmaking.ways_of(large.match(large.demand()))
    assert ways["region"] == [{"count": 2}]
    assert {(way["budget_amount"], way["count"]) for way in ways["price_over_budget"]} == {
        (63_000_000, 2),
        (75_000_000, 2),
        (100_000_000, 2),
        (150_000_000, 2),
    }


def test_a_list_of_a_large_catalogue_is_computed_again_from_what_it_kept(large, monkeypatch):
    monkeypatch.setattr(considering, "WHOLE", 3)
    found = large.match(large.demand())
    large.session.flush()
    large.session.expire_all()
    assert replaying.replay(large.session, found) == []


def test_nothing_fits_a_demand_for_what_nobody_has(large, monkeypatch):
    monkeypatch.setattr(considering, "WHOLE", 3)
    found = large.match(large.demand(budget_amount=1))
    assert (found.fitting, found.kept, ranked(found)) == (0, 0, [])
    assert {row["code"]: row["count"] for row in matchmaking.by_cause(found)}["price_over_budget"] == 8
