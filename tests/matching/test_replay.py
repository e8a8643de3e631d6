"""A kept list comes out of its own facts again, to the last bit; whatever was tampered with is named."""

import copy
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from catalog.models import Release
from matching import matchmaking
from matching import replay as replaying
from matching.models import Match, MatchList
from matching.scoring.weights import AXES, BUILT_IN
from tests import factories

TODAY = factories.TODAY


@pytest.fixture
def kept(market):
    """A list of three, one of them left out."""
    market.publish("가", interfaces=["opcua", "rest"])
    market.publish("나", plans=[factories.plan(price=45_000_000)])
    market.publish("다", regions=["jeju"])
    return market.match(market.demand())


def again(market, found):
    """The differences, after a round through the database."""
    market.session.flush()
    market.session.expire_all()
    return [(row.at, row.field) for row in replaying.replay(market.session, found)]


def test_a_list_comes_out_the_same_whatever_happened_since(market, kept):
    assert again(market, kept) == []
    newer = market.publish("라", plans=[factories.plan(price=1_000_000)])
    market.vendor.capacity_per_quarter = 50
    market.republish(newer, lambda row: setattr(row, "install_weeks", 1))
    factories.assessments.record(
        market.session, kept.demand.site, scale="company_level", level=3, basis="self_reported", on=TODAY
    )
    kept.demand.budget_amount = 1
    assert again(market, kept) == []


def test_a_list_with_other_weights_and_without_policy_comes_out_too(market, kept):
    tried = replace(BUILT_IN, axis={**dict.fromkeys(AXES, 0), "evidence": 40, "price": 60})
    found = matchmaking.match(
        market.session, market.follower.engine, kept.demand, TODAY, weights=tried, policy=False
    )
    assert again(market, found) == []
    assert (found.what_if["axis"]["price"], found.policy) == (60, False)


def change(row, name, act):
    """Tamper with a JSON column as somebody with a database client would."""
    value = copy.deepcopy(getattr(row, name))
    act(value)
    setattr(row, name, value)


#: what is changed → (how, what has to be named)
TAMPERED = {
    "fit": (lambda m: setattr(m.matches[0], "fit", m.matches[0].fit + 1e-9), ("가", "score")),
    "value": (
        lambda m: change(m.matches[0], "parts", lambda parts: parts[0].update(value=1.0)),
        ("가", "axes/capability"),
    ),
    "reason": (lambda m: change(m.matches[0], "reasons", lambda rows: rows.pop()), ("가", "reasons")),
    "money": (
        lambda m: change(m.matches[0], "card", lambda card: card["money"].update(own_amount=1)),
        ("가", "money"),
    ),
    "rank without policy": (
        lambda m: setattr(m.matches[0], "rank_without_policy", 2),
        ("가", "rank_without_policy"),
    ),
    "budget": (
        lambda m: change(m, "need", lambda need: need.update(budget_amount=49_999_999)),
        ("facts", "digest"),
    ),
    "need": (lambda m: change(m, "need", lambda need: need.pop("region")), ("need", "unreadable")),
    "capacity": (
        lambda m: change(m.matches[0], "seen", lambda seen: seen.update(capacity_per_quarter=3)),
        ("facts", "digest"),
    ),
    "release": (lambda m: setattr(m.matches[0], "release", 7), ("가", "release")),
    "cause": (lambda m: change(m, "excluded", lambda rows: rows[0].update(code="level")), ("다", "excluded")),
    "weights": (lambda m: setattr(m, "weights", "2031-1"), ("weights", "version")),
    "day": (lambda m: setattr(m, "day", m.day + timedelta(days=1)), ("facts", "digest")),
    "flip": (lambda m: change(m, "flips", lambda rows: rows.pop()), ("flips", "flips")),
    "policy": (lambda m: setattr(m, "policy", False), ("facts", "digest")),
    "considered": (lambda m: setattr(m, "considered", m.considered + 1), ("list", "considered")),
    "revision": (lambda m: setattr(m, "revision", m.revision + 1), ("facts", "digest")),
    "support": (lambda m: setattr(m, "support", {}), ("facts", "digest")),
    "title": (
        lambda m: change(m.matches[0], "card", lambda card: card.update(vendor_name="다른 회사")),
        ("facts", "digest"),
    ),
    "excluded title": (
        lambda m: change(m, "excluded", lambda rows: rows[0].update(title="다른 이름")),
        ("facts", "digest"),
    ),
}


@pytest.mark.parametrize("what", sorted(TAMPERED))
def test_what_was_tampered_with_is_named(market, kept, what):
    act, named = TAMPERED[what]
    titles = {match.listing: match.card["title"] for match in kept.matches}
    titles |= {row["listing"]: row["title"] for row in kept.excluded}
    act(kept)
    assert named in [(titles.get(at, at), field) for at, field in again(market, kept)]


def test_a_release_that_was_changed_in_the_database_is_named(market, kept):
    release = market.session.scalars(select(Release).order_by(Release.id)).first()
    # the model refuses nothing here; triggers of a real installation may
    change(release, "content", lambda content: content.update(install_weeks=99))
    differences = again(market, kept)
    assert (kept.matches[0].listing, "release") in differences
    assert (kept.matches[0].listing, "reasons") in differences


def test_a_place_that_was_removed_is_named(market, kept):
    gone = kept.matches[0].listing
    market.session.delete(kept.matches[0])
    market.session.flush()
    market.session.expire_all()
    found = market.session.get_one(MatchList, kept.id)
    assert ("facts", "digest") in again(market, found)
    assert gone not in market.session.scalars(select(Match.listing)).all()
