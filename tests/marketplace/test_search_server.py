"""The product on a real Elasticsearch: finding, the server gone and back, and a worker killed in between."""

import json
import os
import subprocess
import sys
import uuid

import pytest
from sqlalchemy import update

from catalog import outbox, publishing
from catalog.outbox import OutboxMessage
from marketplace import create_app, worker
from marketplace.extensions import search_index
from marketplace.operations import index_keeping
from matching.search import standby
from tests import elastic_nodes, factories

pytestmark = pytest.mark.elastic


@pytest.fixture
def settings(settings):
    """Settings with an index of the test's own, removed afterwards."""
    alias = f"test-{uuid.uuid4().hex[:12]}"
    yield {**settings, "SEARCH_URL": elastic_nodes.addresses()[0], "SEARCH_INDEX": alias}
    for name in elastic_nodes.ask(f"{alias}-*/_alias"):
        elastic_nodes.ask(name, method="DELETE")


@pytest.fixture
def store(app, session):
    """A function that publishes a listing and commits; the catalogue has its name, as under a worker."""
    index_keeping.keep(app)
    vendor, validator = factories.company(session, "vendor"), factories.company(session, "validator")

    def publish(title):
        row = factories.published(session, vendor, validator, app.extensions["files"], title=title)
        session.commit()
        return row

    return publish


def found(app, **asked):
    """(titles, degraded) as a program gets them."""
    answer = app.test_client().get("/api/v1/solutions", query_string=asked)
    assert answer.status_code == 200, answer.text
    return sorted(item["content"]["title"] for item in answer.json["items"]), answer.json["degraded"]


def follow(app):
    """Let the worker do what is due."""
    worker.drain(app)


def search_says(app):
    answer = app.test_client().get("/healthz").json
    return answer["status"], answer["search"]


def kill_worker_at(app, step):
    """Let a worker of its own process work, and die at a step."""
    texts = {key: value for key, value in app.config.items() if key.isupper() and isinstance(value, str)}
    given = {**os.environ, **texts, "IEUM_TEST": "1", "IEUM_DEMO": "0", "CRASH_AT": step}
    killed = subprocess.run([sys.executable, "-m", "flask", "worker", "--once"], env=given, check=False)
    assert killed.returncode == 9


def cut_off(app, settings, monkeypatch):
    """Let the server's addresses lead nowhere; returns how to mend that."""
    index = search_index(app)
    connected, nowhere = index._server, create_app({**settings, "SEARCH_URL": "http://127.0.0.1:9"})
    index._server = connected[0], search_index(nowhere)._connect(str(connected[0]))
    monkeypatch.setattr(standby, "ASK_AGAIN_SECONDS", 0.0)

    def mend():
        index._server = connected

    return mend


def test_what_is_approved_is_found_through_the_server_once_the_worker_followed(app, session, store):
    store("용접 로봇 감시")
    assert found(app) == ([], False)
    follow(app)
    assert found(app) == (["용접 로봇 감시"], False)
    assert found(app, q="용접") == (["용접 로봇 감시"], False)
    assert found(app, q="사출") == ([], False)
    answer = app.test_cli_runner().invoke(args=["search", "status", "--json"])
    assert (answer.exit_code, json.loads(answer.stdout)) == (
        0,
        {"engine": "elasticsearch", "revision": 1, "listings": 1, "behind": 0},
    )


def test_while_the_server_is_gone_publishing_and_finding_go_on_and_it_catches_up_by_itself(
    app, session, store, settings, monkeypatch
):
    first = store("하나")
    follow(app)
    mend = cut_off(app, settings, monkeypatch)
    assert found(app) == (["하나"], True)
    store("둘")
    publishing.withdraw(session, first)
    session.commit()
    follow(app)  # the messages are done: nothing of the store waits for the server
    assert found(app) == (["둘"], True)
    assert search_says(app)[1] == "unreachable"
    page = app.test_client().get("/solutions").text
    assert "검색 서버가 잠시 대답하지 않아요." in page
    status = app.test_cli_runner().invoke(args=["search", "status", "--json"])
    assert (status.exit_code, json.loads(status.stdout)["listings"]) == (1, 1)
    assert "unreachable" in status.stderr
    refused = app.test_cli_runner().invoke(args=["search", "rebuild"])
    assert refused.exit_code == 1
    mend()
    index_keeping._Keeper(app)._work(factories.NOW)  # the worker's next tick
    assert found(app) == (["둘"], False)
    assert search_says(app)[1] == "ok"
    assert "검색 서버가" not in app.test_client().get("/solutions").text


def test_an_index_made_by_another_analyser_is_not_asked_until_it_is_built_anew(app, session, store, settings):
    store("용접 로봇 감시")
    follow(app)
    other = create_app({**settings, "SEARCH_ANALYSER": "bigram"})
    assert found(other, q="용접") == (["용접 로봇 감시"], True)
    assert search_says(other)[1] == "unusable"
    built = other.test_cli_runner().invoke(args=["search", "rebuild"])
    assert built.exit_code == 0, built.stderr
    assert found(other, q="용접") == (["용접 로봇 감시"], False)
    other.extensions["database"].engine.dispose()


def test_a_rebuild_asked_for_in_the_console_is_done_by_the_worker(app, session, store):
    store("하나")
    follow(app)
    alias = app.config["SEARCH_INDEX"]
    before = elastic_nodes.ask(f"_alias/{alias}")
    outbox.record(session, index_keeping.REBUILD, "1", {})
    session.commit()
    follow(app)
    after = elastic_nodes.ask(f"_alias/{alias}")
    assert len(after) == 1
    assert set(after) != set(before)
    assert found(app) == (["하나"], False)


@pytest.mark.parametrize("step", ["outbox.claimed", "outbox.acted"])
def test_a_rebuild_whose_worker_is_killed_is_done_again(app, session, store, step):
    store("하나")
    follow(app)
    outbox.record(session, index_keeping.REBUILD, "1", {})
    session.commit()
    kill_worker_at(app, step)
    session.execute(
        update(OutboxMessage).values(next_at=factories.NOW)
    )  # as if the dead worker's lease had ended
    session.commit()
    follow(app)
    assert found(app) == (["하나"], False)
    assert len(elastic_nodes.ask(f"{app.config['SEARCH_INDEX']}-*/_alias")) == 1


@pytest.mark.parametrize("step", ["search.caught_up", "outbox.acted"])
def test_a_worker_that_is_killed_after_writing_leaves_the_server_right(app, session, store, settings, step):
    store("하나")
    kill_worker_at(app, step)
    assert found(app) == (["하나"], False)
    store("둘")
    follow(app)
    assert found(app) == (["둘", "하나"], False)
