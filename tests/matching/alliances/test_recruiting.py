"""Whom an alliance could win, and how often its gaps are asked for."""

from datetime import timedelta

from matching import demands, recruiting
from tests import factories
from tests.alliances import NOW, TODAY

GAP = {"ai_vision": ((2, 3),)}


def found(session, market, gaps=GAP, members=(), today=TODAY):
    session.flush()
    market.follower.catch_up(session)
    return recruiting.closers(market.follower.engine, gaps, members, today)


def test_vendors_of_the_store_that_cover_a_gap_are_named(session, market):
    market.publish()
    market.publish("같은 회사의 다른 것")
    other = factories.company(session, "vendor", name="다온")
    factories.published(session, other, market.validator, market.store, title="다온의 것")
    closers = found(session, market)["ai_vision"]
    assert sorted(closers.vendors) == sorted(
        [(market.vendor.public_id, "가람비전"), (other.public_id, "다온")]
    )
    assert not closers.at_least
    left = found(session, market, members={other.public_id})["ai_vision"]
    assert left.vendors == ((market.vendor.public_id, "가람비전"),)


def test_a_listing_for_other_levels_or_without_a_certificate_closes_nothing(session, market):
    market.publish("너무 높은 것", level={"scale": "company_level", "from": 3, "to": 4})
    market.publish("너무 낮은 것", level={"scale": "company_level", "from": 1, "to": 2})
    market.publish("끝난 것", expires_on=TODAY + timedelta(days=5))
    assert len(found(session, market)["ai_vision"].vendors) == 1
    assert found(session, market, today=TODAY + timedelta(days=6))["ai_vision"].vendors == ()


def test_nothing_is_asked_of_the_index_without_a_gap(session, market):
    assert recruiting.closers(None, {}, (), TODAY) == {}


def test_more_than_can_be_looked_at_is_said(session, market, monkeypatch):
    monkeypatch.setattr(recruiting, "MOST_LOOKED_AT", 1)
    monkeypatch.setattr(recruiting, "MAX_LIMIT", 1)
    for title in ("하나", "둘"):
        market.publish(title)
    assert found(session, market)["ai_vision"].at_least


def on_the_board(session, firms, **changes):
    for _ in range(firms):
        site = factories.site(session, factories.company(session, "manufacturer"))
        demands.widen(session, factories.demand(session, site, **changes), "board", [], NOW)
    session.flush()


def test_a_number_is_told_from_five_firms_on(session):
    on_the_board(session, 4)
    assert recruiting.asked_lately(session, ["ai_vision", "mes"], TODAY) == {"ai_vision": None, "mes": None}
    site = factories.site(session, factories.company(session, "manufacturer"))
    for title in ("하나", "둘"):
        demands.widen(session, factories.demand(session, site, title=title), "board", [], NOW)
    session.flush()
    assert recruiting.asked_lately(session, ["ai_vision"], TODAY) == {"ai_vision": 6}


def test_one_firm_with_many_demands_is_one_firm(session):
    site = factories.site(session, factories.company(session, "manufacturer"))
    for n in range(6):
        demands.widen(session, factories.demand(session, site, title=f"{n}"), "board", [], NOW)
    session.flush()
    assert recruiting.asked_lately(session, ["ai_vision"], TODAY) == {"ai_vision": None}


def test_private_and_old_demands_are_not_counted(session):
    on_the_board(session, 5)
    private = factories.site(session, factories.company(session, "manufacturer"))
    factories.demand(session, private)
    session.flush()
    assert recruiting.asked_lately(session, ["ai_vision"], TODAY) == {"ai_vision": 5}
    assert recruiting.asked_lately(session, ["ai_vision"], TODAY + timedelta(days=93)) == {"ai_vision": None}
