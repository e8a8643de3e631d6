"""A search server that goes down and comes back: what readers get meanwhile, and who catches up."""

import pytest
from sqlalchemy import event

from catalog import publishing
from matching.search import standby, sync
from matching.search.embedded import EmbeddedEngine
from matching.search.engine import EngineDown, EngineUnusable
from matching.search.query import SearchQuery
from matching.search.standby import Shared
from tests import factories
from tests.matching.market import ANALYSER, follower

QUERY = SearchQuery(factories.TODAY)


class Server(EmbeddedEngine):
    """A server that can be told to fail; it counts how often it was asked."""

    def __init__(self):
        super().__init__(ANALYSER)
        self.fails, self.asked, self.rebuilt = None, 0, []

    def rebuild(self, documents, revision):
        self.answer()
        self.rebuilt.append((len(documents), revision))
        return len(documents)

    def answer(self):
        self.asked += 1
        if self.fails is not None:
            raise self.fails

    def search(self, query):
        self.answer()
        return super().search(query)

    def apply(self, upserts, deletes, revision):
        self.answer()
        super().apply(upserts, deletes, revision)


@pytest.fixture
def server():
    return Server()


@pytest.fixture
def shared(session, server):
    """A process's part of the server's index, in a catalogue that has its name."""
    sync.name_catalogue(session)
    return Shared("elasticsearch", lambda _name: server, follower())


def found(shared, session):
    result = shared.current(session).search(QUERY)
    return result.total, result.degraded


def test_only_the_worker_writes_to_the_server(session, market, shared, server):
    market.publish("하나")
    assert found(shared, session) == (0, False)
    assert shared.catch_up(session) == server.revision == 1
    assert found(shared, session) == (1, False)
    with pytest.raises(NotImplementedError):
        shared.current(session).apply([], [], 2)


def test_what_is_gone_goes_at_the_server_and_no_text_is_analysed_for_it(
    session, market, shared, server, monkeypatch
):
    one, two = market.publish("하나"), market.publish("둘")
    shared.catch_up(session)
    publishing.withdraw(session, one)
    made = []
    make = sync.document_from_release
    monkeypatch.setattr(
        sync, "document_from_release", lambda *a, **n: made.append(n["listing_id"]) or make(*a, **n)
    )
    market.republish(two, lambda _row: None)
    assert shared.catch_up(session) == 4
    assert [each.id for each in server.all()] == [two.public_id] == made
    assert server.get(two.public_id).release_number == 2


def test_while_the_server_is_down_the_own_index_answers_and_says_so(
    session, market, shared, server, monkeypatch
):
    clock = [1000.0]
    monkeypatch.setattr(standby.time, "monotonic", lambda: clock[0])
    market.publish("하나")
    shared.catch_up(session)
    server.fails = EngineDown("refused")
    market.publish("둘")
    with pytest.raises(EngineDown):
        shared.catch_up(session)
    assert found(shared, session) == (2, True)
    assert shared.trouble() == "unreachable"
    asked = server.asked
    clock[0] += standby.ASK_AGAIN_SECONDS / 2
    assert found(shared, session) == (2, True)
    assert server.asked == asked  # nobody waits for a server that has just not answered
    server.fails = None
    clock[0] += standby.ASK_AGAIN_SECONDS
    assert found(shared, session) == (1, False)  # it answers again, and lacks what the worker will bring
    assert shared.trouble() is None
    assert shared.catch_up(session) == server.revision == 2
    assert found(shared, session) == (2, False)


def test_an_index_that_cannot_be_used_is_said_apart(session, market, shared, server):
    market.publish("하나")
    server.fails = EngineUnusable("made by another analyser")
    assert found(shared, session) == (1, True)
    assert shared.trouble() == "unusable"


def test_a_catalogue_without_a_name_asks_no_server(session, market):
    market.publish("하나")
    shared = Shared("elasticsearch", lambda _name: pytest.fail("connected"), follower())
    assert found(shared, session) == (1, True)


def test_another_name_is_another_connection(session, server, monkeypatch):
    monkeypatch.setattr(sync, "CHECK_EVERY_SECONDS", 0.0)
    names = []
    sync.name_catalogue(session)
    shared = Shared("elasticsearch", lambda name: names.append(name) or server, follower())
    for _ in range(2):
        shared.catch_up(session)
    sync.name_catalogue(session, anew=True)
    shared.catch_up(session)
    assert len(set(names)) == len(names) == 2


def test_many_questions_of_a_page_ask_the_database_once(session, market, shared, server, monkeypatch):
    monkeypatch.setattr(sync, "CHECK_EVERY_SECONDS", 60.0)
    found(shared, session)
    sent = []
    event.listen(session.connection().engine, "before_cursor_execute", lambda *args: sent.append(args[2]))
    for _ in range(20):
        found(shared, session)
    assert sent == []


def test_a_rebuild_takes_what_the_database_has(session, market, shared, server):
    market.publish("하나")
    market.publish("둘")
    assert shared.rebuild(session) == 2
    assert server.rebuilt == [(2, 2)]
    server.fails = EngineDown("refused")
    with pytest.raises(EngineDown):
        shared.rebuild(session)


def test_those_who_act_read_the_own_index_as_far_as_the_catalogue_is(session, market, shared, server):
    market.publish("하나")
    assert shared.fresh(session).revision == 1
    assert server.asked == 0
    assert not shared.save(session)  # it has no folder
