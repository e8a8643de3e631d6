"""Writes that come late, twice or from two processes, or end in the middle; other makes of index; no server."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from secrets import token_hex
from types import MappingProxyType

import pytest

from matching.search.elastic import ElasticEngine, rebuilding, schema, writing
from matching.search.elastic.connection import Busy, Refused
from matching.search.embedded import EmbeddedEngine
from matching.search.engine import AnalyserMismatch, EngineDown, EngineUnusable
from matching.search.query import SearchQuery
from tests.matching.search.elastic.conftest import addresses
from tests.matching.search.factories import ANALYSER, TODAY, document, listing_id
from tests.matching.search.test_snapshot import answers

pytestmark = pytest.mark.elastic
ROOT = Path(__file__).parents[4]


class Other:
    """An analyser that makes the same tokens under another stamp."""

    name, version = "other", "1"
    document, query = ANALYSER.document, ANALYSER.query

    def stamp(self):
        return "other/1/00000000"


def fill(engine):
    engine.apply([document(number, f"용접 검사 {number}", regions=["busan"]) for number in range(9)], [], 1)
    engine.apply([document(3, "시스템"), document(20, "용접")], [listing_id(4)], 5)
    return engine


def expected(*, later):
    engine = fill(EmbeddedEngine(ANALYSER))
    if later:
        apply_later(engine)
    return engine


def apply_later(engine):
    engine.apply([document(30, "검사 로봇"), document(0, "용접기")], [listing_id(5)], 8)


def in_child(program, *arguments):
    """Run a function of this module in a process of its own."""
    text = f"from tests.matching.search.elastic.test_writes import *; {program}(*{arguments!r})"
    return subprocess.Popen([sys.executable, "-c", text], cwd=ROOT)


def ended(child):
    """The exit status of a process; what it had to say stands among the test's output."""
    with child:
        return child.wait(120)


def engine_on(alias):
    return ElasticEngine(ANALYSER, addresses(), alias=alias, replicas=0)


def killing(true, nth):
    """The same function, but its nth call ends the process at once."""
    calls = iter(range(1_000_000))

    def counted(*arguments, **named):
        if next(calls) == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return true(*arguments, **named)

    return counted


def apply_and_be_killed(alias, name, nth):
    setattr(writing, name, killing(getattr(writing, name), nth))
    apply_later(engine_on(alias))


def rebuild_and_be_killed(alias, step):
    def kill(name):
        if name == step:
            os.kill(os.getpid(), signal.SIGKILL)

    engine = engine_on(alias)
    engine.rebuild(expected(later=True).all(), 8, kill)


def apply_all(alias, first, last):
    engine = engine_on(alias)
    for revision in range(first, last):
        engine.apply(
            [document(revision % 7, f"용접 r{revision}")], [listing_id((revision + 1) % 7)], revision
        )


@pytest.fixture
def alias():
    return f"ieum-test-{token_hex(6)}"


@pytest.mark.parametrize(("name", "nth"), [("send", 0), ("send", 1), ("send", 2), ("note_revision", 0)])
def test_a_process_killed_while_it_applies_is_followed_by_one_that_applies_it_again(
    engines, alias, name, nth
):
    engine = fill(engines(alias=alias))
    assert ended(in_child("apply_and_be_killed", alias, name, nth)) == -signal.SIGKILL
    assert engine.revision == 5
    apply_later(engine)
    assert answers(engine) == answers(expected(later=True))


@pytest.mark.parametrize("step", rebuilding.STEPS)
def test_a_rebuild_killed_at_a_step_leaves_an_index_and_the_next_one_cleans_up(engines, alias, step):
    engine = fill(engines(alias=alias))
    assert ended(in_child("rebuild_and_be_killed", alias, step)) == -signal.SIGKILL
    is_swapped = step in ("follow again", "remove")
    time.sleep(0.3)
    assert answers(engine) == answers(expected(later=is_swapped))
    assert engine.rebuild(expected(later=True).all(), 8) == len(expected(later=True).all())
    assert answers(engine) == answers(expected(later=True))
    found = engine._connection.ask("GET", f"/{alias}*/_alias")
    assert [list(each["aliases"]) for each in found.values()] == [[alias]]


def test_what_is_applied_while_an_index_is_rebuilt_is_not_lost(engines, alias):
    engine, other = fill(engines(alias=alias)), engine_on(alias)
    for step in rebuilding.STEPS:
        engine.rebuild(fill(EmbeddedEngine(ANALYSER)).all(), 5)
        steps = []

        def write(name, step=step, steps=steps):
            steps.append(name)
            if name == step:
                apply_later(other)

        engine.rebuild(expected(later=False).all(), 5, write)
        assert steps == list(rebuilding.STEPS)
        if step == "remove":
            # The other index is the one behind the alias by then.
            assert other.revision == 8
        assert answers(engine) == answers(expected(later=True)), step
        engine.remove()
        fill(engine)


@pytest.mark.parametrize("step", rebuilding.STEPS[: rebuilding.STEPS.index("swap") + 1])
def test_of_two_rebuilds_at_once_the_earlier_one_ends_with_an_error(engines, alias, step):
    engine, other = fill(engines(alias=alias)), engine_on(alias)

    def overtake(name):
        if name == step:
            other.rebuild(expected(later=True).all(), 8)

    with pytest.raises((Refused, EngineDown, EngineUnusable)):
        engine.rebuild(expected(later=False).all(), 5, overtake)
    assert answers(engine_on(alias)) == answers(expected(later=True))
    engine.rebuild(expected(later=True).all(), 8)
    found = engine._connection.ask("GET", f"/{alias}*/_alias")
    assert [list(each["aliases"]) for each in found.values()] == [[alias]]


def test_a_write_that_comes_late_is_refused_and_that_is_no_error(engines):
    engine = fill(engines())
    connection, name = engine._connection, engine._place.alias
    before = answers(engine)
    late = [document(3, "늦은 것"), document(4, "지워진 것"), document(20, "늦은 것")]
    writing.write(connection, name, late, [listing_id(20)], 4, again=False)
    writing.note_revision(connection, name, 4)
    time.sleep(0.3)
    assert answers(engine) == before
    assert engine.get(listing_id(4)) is None


def test_two_processes_apply_the_same_revisions_at_once(engines, alias):
    engine = engines(alias=alias)
    children = [in_child("apply_all", alias, 1, 40) for _ in range(2)]
    assert [ended(child) for child in children] == [0, 0]
    alone = EmbeddedEngine(ANALYSER)
    for revision in range(1, 40):
        alone.apply([document(revision % 7, f"용접 r{revision}")], [listing_id((revision + 1) % 7)], revision)
    assert engine.search(SearchQuery(TODAY, "용접")) == alone.search(SearchQuery(TODAY, "용접"))
    assert engine.all() == list(alone.all())


def test_an_index_just_made_elsewhere_whose_shards_do_not_answer_yet_is_waited_for(engines, alias):
    engine = engines(alias=alias)
    body = schema.made(engine._identity, shards=1, replicas=0)
    body["settings"]["index.routing.allocation.require._name"] = "none of the nodes"
    body["aliases"] = {alias: {}}
    connection = engine._connection
    connection.ask("PUT", f"/{alias}-first", body, {"wait_for_active_shards": 0})
    anywhere = {"index.routing.allocation.require._name": None}
    start = threading.Timer(1.0, connection.ask, ("PUT", f"/{alias}-first/_settings", anywhere))
    start.start()
    fill(engine)
    start.join()
    assert answers(engine) == answers(expected(later=False))


class Crowded:
    """A connection to a server that is too busy for the first writes: as a whole, then for some documents of them."""

    def __init__(self, connection, times):
        self._connection, self.left = connection, times

    def ask(self, method, path, body=None, parameters=MappingProxyType({}), **named):
        is_write = path.endswith(("/_bulk", "/_refresh"))
        if is_write and self.left > 0:
            self.left -= 1
            if self.left % 2 or path.endswith("/_refresh"):
                raise Busy("429 circuit_breaking_exception: Data too large")
            done = self._connection.ask(method, path, body[:2], parameters, **named)
            late = {
                "index": {
                    "status": 429,
                    "error": {"type": "es_rejected_execution_exception", "reason": "full"},
                }
            }
            return {"errors": True, "items": [*done.get("items", []), late]}
        return self._connection.ask(method, path, body, parameters, **named)

    def close(self):
        self._connection.close()


def test_a_write_that_the_server_is_too_busy_for_is_sent_again(engines, monkeypatch):
    monkeypatch.setattr(writing, "_PAUSE_SECONDS", 0.001)
    engine = engines()
    crowded = engine._connection = Crowded(engine._connection, 4)
    fill(engine)
    assert crowded.left == 0
    crowded.left = 3
    apply_later(engine)
    assert crowded.left == 0
    assert answers(engine) == answers(expected(later=True))


def test_a_server_that_stays_too_busy_is_down_and_the_write_is_applied_later(engines, monkeypatch):
    engine = fill(engines())
    free = engine._connection
    monkeypatch.setattr(writing, "BUSY_SECONDS", 0.3)
    engine._connection = Crowded(free, 10**6)
    with pytest.raises(EngineDown, match=r"429|full"):
        apply_later(engine)
    engine._connection = free
    assert engine.revision == 5
    apply_later(engine)
    assert answers(engine) == answers(expected(later=True))


def test_readers_see_whole_states_while_another_engine_writes(engines, alias):
    writer, reader = engines(alias=alias), engines(alias=alias)
    writer.apply([document(number, "공통 r0") for number in range(4)], [], 1)
    done, torn, seen = threading.Event(), [], set()

    def read():
        while not done.is_set():
            result = reader.search(SearchQuery(TODAY, "공통", filters={"level": frozenset({"1"})}))
            if (result.total, len(result.hits), len({hit.text_score for hit in result.hits})) != (4, 4, 1):
                torn.append(result)
            seen.add(result.revision)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for revision in range(2, 30):
        title = f"공통 r{revision} " + "긴 " * (revision % 5)
        writer.apply([document(number, title) for number in range(4)], [], revision)
    time.sleep(0.6)
    done.set()
    for thread in threads:
        thread.join(30)
    assert torn == []
    assert max(seen) == 29


def test_an_index_of_another_make_is_refused_and_can_be_rebuilt(engines, alias):
    fill(engines(alias=alias))
    other = engines(Other(), alias=alias)
    with pytest.raises(AnalyserMismatch, match="other/1"):
        other.search(SearchQuery(TODAY))
    with pytest.raises(EngineUnusable, match="catalogue"):
        engines(alias=alias, catalogue="another").search(SearchQuery(TODAY))
    stamped = [replace(each, analyser="other/1/00000000") for each in expected(later=False).all()]
    with pytest.raises(AnalyserMismatch):
        other.apply(stamped, [], 9)
    assert other.rebuild(stamped, 9) == len(stamped)
    assert other.search(SearchQuery(TODAY, "용접")).revision == 9
    other._connection.ask("PUT", f"/{alias}/_mapping", {"_meta": {"schema": 0, "catalogue": ""}})
    with pytest.raises(EngineUnusable, match="schema 0"):
        engines(Other(), alias=alias).search(SearchQuery(TODAY))


def test_nobody_answers():
    engine = ElasticEngine(ANALYSER, [f"http://127.0.0.1:{port}" for port in (1, 2, 3)])
    began = time.monotonic()
    with pytest.raises(EngineDown, match="no node"):
        engine.search(SearchQuery(TODAY))
    with pytest.raises(EngineDown):
        engine.apply([document(1)], [], 1)
    assert time.monotonic() - began < 4


def test_a_server_that_takes_the_question_and_never_answers():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        engine = ElasticEngine(ANALYSER, [f"http://127.0.0.1:{listening.getsockname()[1]}"])
        began = time.monotonic()
        with pytest.raises(EngineDown):
            engine.search(SearchQuery(TODAY))
        assert time.monotonic() - began < 6


def test_a_server_of_another_version_is_refused():
    class Old(BaseHTTPRequestHandler):
        def do_GET(self):
            body = b'{"nodes":{"a":{"version":"8.19.0"}}}'
            self.send_response(200)
            self.send_header("X-Elastic-Product", "Elasticsearch")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Old)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        engine = ElasticEngine(ANALYSER, [f"http://127.0.0.1:{server.server_port}"])
        with pytest.raises(EngineUnusable, match=r"9 is needed, the server is 8\.19\.0"):
            engine.search(SearchQuery(TODAY))
    finally:
        server.shutdown()
        server.server_close()
