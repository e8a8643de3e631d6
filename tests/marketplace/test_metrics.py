"""/metrics: what it says, and to whom."""

import os
import re
from datetime import timedelta

import pytest

from catalog.db import utcnow
from catalog.outbox import OutboxMessage
from marketplace import worker
from marketplace.operations import metrics
from marketplace.operations.metrics import BUCKETS, Requests
from tests.marketplace.people import person


def samples(answer):
    """Name with labels → value, without this process's label."""
    process = f',process="{os.getpid()}"'
    lines = [line for line in answer.get_data(as_text=True).splitlines() if not line.startswith("#")]
    pairs = (line.rsplit(" ", 1) for line in lines)
    return {
        name.replace(process, "").replace(f'{{process="{os.getpid()}"}}', ""): float(n) for name, n in pairs
    }


def test_requests_are_counted_by_route_and_status(app):
    client = app.test_client()
    for path in ("/docs/search", "/docs/search", "/no/such/page", "/another/one"):
        client.get(path)
    client.post("/docs/search")
    found = samples(client.get("/metrics"))
    total = "ieum_requests_total"
    assert found[f'{total}{{method="GET",route="/docs/search",status="200"}}'] == 2
    assert found[f'{total}{{method="GET",route="(none)",status="404"}}'] == 2
    assert found['ieum_request_duration_seconds_count{route="/docs/search"}'] == 2
    assert not [name for name in found if "/no/such" in name]


def test_buckets_add_up(app):
    counts = Requests()
    for seconds in (0.001, 0.005, 0.3, 60):
        counts.note("GET", "/x", 200, seconds)
    spread = counts.durations()["/x"]
    assert (spread.counts[0], spread.counts[BUCKETS.index(0.5)], spread.counts[-1]) == (2, 1, 1)
    assert (spread.total, spread.seconds) == (4, pytest.approx(60.306))
    assert (spread.quantile(0.5), spread.quantile(0.75), spread.quantile(0.95)) == (0.005, 0.5, None)


def test_the_text_is_well_formed(app):
    client = app.test_client()
    client.get("/docs/search")
    answer = client.get("/metrics")
    assert answer.headers["Content-Type"] == metrics.CONTENT_TYPE
    lines = answer.get_data(as_text=True).splitlines()
    sample = re.compile(r'[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? [0-9.e+-]+')
    assert [line for line in lines if not line.startswith("# ") and not sample.fullmatch(line)] == []
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(names) == len(set(names)) >= 9


def test_the_database_says_what_waits(app, session):
    past = utcnow() - timedelta(minutes=5)
    for number, state in enumerate(("waiting", "waiting", "dead", "done")):
        session.add(OutboxMessage(key=f"k{number}", topic="t", payload={}, state=state, next_at=past))
    session.commit()
    worker.beat(app.extensions["database"])
    found = samples(app.test_client().get("/metrics"))
    by_state = {
        state: found[f'ieum_outbox_messages{{state="{state}"}}'] for state in ("waiting", "dead", "done")
    }
    assert by_state == {"waiting": 2, "dead": 1, "done": 1}
    assert 300 <= found["ieum_outbox_oldest_seconds"] < 360
    assert found["ieum_worker_heartbeat_seconds"] < 60
    assert (found["ieum_search_behind"], found["ieum_catalogue_revision"]) == (0, 0)
    assert found["ieum_database_pool_in_use"] >= 1


def test_only_this_machine_may_read_without_a_word(app):
    client = app.test_client()
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "::1"}).status_code == 200
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 404


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP", "X-Forwarded-Proto"])
def test_a_visitor_through_a_proxy_on_this_machine_is_no_neighbour(app, header):
    assert app.test_client().get("/metrics", headers={header: "127.0.0.1"}).status_code == 404


def test_with_a_word_the_word_is_asked_for_from_everywhere(app):
    app.config["METRICS_TOKEN"] = "a long word of the monitoring"
    client = app.test_client()
    for sent in (
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic a long word of the monitoring"},
    ):
        assert client.get("/metrics", headers=sent).status_code == 404
    right = {"Authorization": "Bearer a long word of the monitoring", "X-Forwarded-For": "192.0.2.7"}
    assert client.get("/metrics", headers=right).status_code == 200


def test_the_operator_reads_the_same_as_a_page(app):
    operator = person(app, "operator")
    operator.client.get("/docs/search")
    page = operator.client.get("/console/operations").get_data(as_text=True)
    assert "/docs/search" in page
    assert "백업한 적이 없어요" in page
    lines = operator.client.get("/console/operations?csv=1").get_data(as_text=True).splitlines()
    assert any(line.startswith("/docs/search,1,") for line in lines)
