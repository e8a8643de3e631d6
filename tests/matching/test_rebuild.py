"""A rebuild asked for in the database is done by every follower, in one step."""

from sqlalchemy import update

from catalog import counters
from catalog.models import Organization
from matching.search import sync
from tests.matching.market import follower


def names(one):
    return sorted((document.content["title"], document.vendor_name) for document in one.engine.all())


def test_every_follower_makes_its_documents_anew(session, market):
    market.publish("하나")
    followers = [market.follower, follower()]
    for one in followers:
        one.catch_up(session)
    # a name changed behind the catalogue's back: no revision tells of it
    session.execute(update(Organization).where(Organization.id == market.vendor.id).values(name="새 이름"))
    for one in followers:
        one.catch_up(session)
    assert [names(one) for one in followers] == [[("하나", "가람비전")]] * 2
    assert sync.ask_rebuild(session) == 1
    for one in followers:
        assert one.catch_up(session) == counters.current(session, counters.CATALOG) == 1
    assert [names(one) for one in followers] == [[("하나", "새 이름")]] * 2


def test_what_the_database_does_not_have_any_more_goes(session, market):
    market.publish("하나")
    market.follower.catch_up(session)
    (document,) = market.follower.engine.all()
    ghost = type(document)(
        **{**{f: getattr(document, f) for f in document.__dataclass_fields__}, "id": "ghost"}
    )
    market.follower.engine.apply([ghost], [], market.follower.engine.revision)
    assert len(market.follower.engine.all()) == 2
    sync.ask_rebuild(session)
    market.follower.catch_up(session)
    assert [one.id for one in market.follower.engine.all()] == [document.id]


def test_a_fresh_follower_has_nothing_to_do_twice(session, market, monkeypatch):
    market.publish("하나")
    sync.ask_rebuild(session)
    fresh = follower()
    applied = []
    original = fresh.engine.apply
    monkeypatch.setattr(fresh.engine, "apply", lambda *args: (applied.append(args), original(*args)))
    for _ in range(3):
        fresh.catch_up(session)
    assert len(applied) == 1
    assert names(fresh) == [("하나", "가람비전")]
