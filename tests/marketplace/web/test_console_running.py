"""What runs behind the pages, as the operator sees it: outbox, mail, index, classifications, servers."""

import pytest
from sqlalchemy import select

from catalog import counters, outbox
from catalog.db import utcnow
from catalog.outbox import OutboxMessage
from marketplace import mail, worker
from marketplace.audit import AuditEntry
from matching.search import sync
from tests.marketplace.people import person
from tests.marketplace.web.looking import acting, counted, one, rows, text_of

SECRET = "https://ieum.example/welcome/Zk3vT9_aQ2LmN8xY0bCdEf"


@pytest.fixture
def operator(app):
    signed_in = person(app, "operator", name="이음 운영팀")
    worker.drain(app)
    with acting(app) as session:
        for row in session.scalars(select(OutboxMessage)):
            session.delete(row)
    return signed_in


@pytest.fixture
def messages(app, operator):
    """Three mails put aside, one done, one that waits; and a message of another topic. Answers keys by number."""
    with acting(app) as session:
        for number in range(5):
            mail.ask(
                session, to=f"minji{number}@hanul.example", key="k", subject=f"제목 {number}", body=SECRET
            )
        outbox.record(session, "search.sync", "7", {})
        session.flush()
        found = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
        for row in found[:3]:
            row.state, row.tries = outbox.DEAD, 13
            row.last_error = "SMTPRecipientsRefused: minji@hanul.example, Bearer abcdefgh12345678"
        found[3].state, found[3].done_at = outbox.DONE, utcnow()
        return [row.id for row in found]


def states(app):
    return rows(app, select(OutboxMessage.state).order_by(OutboxMessage.id))


def test_empty_pages_say_so(operator):
    assert "작업이 없어요" in text_of(operator.client.get("/console/outbox"))
    assert "메일이 없어요" in text_of(operator.client.get("/console/mail"))


def test_filters_by_state_topic_and_words(operator, messages):
    everything = text_of(operator.client.get("/console/outbox"))
    assert "6건" in everything
    assert "search.sync" in everything
    for query, count in (
        ("state=dead", 3),
        ("topic=search.sync", 1),
        ("state=dead&topic=search.sync", 0),
        ("q=minji4", 1),
        ("q=%25", 0),
        ("state=odd", 6),
        ("page=99999999999999999999", 6),
    ):
        lines = operator.client.get(f"/console/outbox?{query}&csv=1").get_data(as_text=True).splitlines()
        assert len(lines) - 1 == count, query


def test_no_page_and_no_file_shows_a_body_an_address_or_a_secret(operator, messages):
    paths = ["/console/outbox", "/console/mail", *(f"/console/outbox/{key}" for key in messages)]
    for path in [*paths, "/console/outbox?csv=1", "/console/mail?csv=1"]:
        answer = operator.client.get(path)
        assert answer.status_code == 200
        page = text_of(answer)
        for hidden in ("minji", SECRET, "Zk3vT9", "abcdefgh12345678"):
            assert hidden not in page, (path, hidden)
    assert "mi…@hanul.example" in text_of(operator.client.get("/console/mail"))


def test_one_is_tried_again_and_arrives(app, operator, messages, tmp_path):
    path = f"/console/outbox/{messages[0]}"
    for _twice in range(2):
        assert operator.post(f"{path}/retry", {"next": "/console/mail"}).location == "/console/mail"
    assert states(app)[:3] == ["waiting", "dead", "dead"]
    worker.drain(app)
    assert states(app)[:3] == ["done", "dead", "dead"]
    assert rows(app, select(AuditEntry.act).where(AuditEntry.act == "outbox.retry")) == ["outbox.retry"]


def test_all_are_tried_again(app, operator, messages):
    page = operator.post("/console/outbox/retry", follow_redirects=True)
    assert "작업 3건을" in text_of(page)
    assert states(app) == ["waiting", "waiting", "waiting", "done", "waiting", "waiting"]
    worker.drain(app)
    assert states(app) == ["done"] * 6


def test_what_is_not_put_aside_is_left_alone(app, operator, messages):
    operator.post(f"/console/outbox/{messages[3]}/retry")
    assert states(app)[3] == "done"
    assert rows(app, select(AuditEntry.act).where(AuditEntry.act == "outbox.retry")) == []


def test_a_message_that_is_not_there(operator):
    assert operator.client.get("/console/outbox/999").status_code == 404
    assert operator.client.get("/console/outbox/99999999999999999999999").status_code == 404
    assert operator.post("/console/outbox/999/retry").status_code == 404


def test_what_is_put_aside_waits_on_the_overview(operator, messages):
    assert "멈춘 작업" in text_of(operator.client.get("/console"))


def test_the_index_page_and_a_rebuild(app, operator):
    assert "따라잡음" in text_of(operator.client.get("/console/search"))
    assert operator.post("/console/search/rebuild").location == "/console/search"
    assert "검색은 그대로 돼요" in text_of(operator.client.get("/console/search"))
    with app.extensions["database"].session(reading=True) as session:
        assert counters.current(session, sync.REBUILD) == 1
    assert one(app, select(AuditEntry.act).where(AuditEntry.act == "search.rebuild")) == "search.rebuild"


def test_the_command_asks_for_the_same_rebuild(app):
    result = app.test_cli_runner().invoke(args=["search", "rebuild"])
    assert (result.exit_code, "rebuild 1:" in result.stderr) == (0, True)
    with app.extensions["database"].session(reading=True) as session:
        assert counters.current(session, sync.REBUILD) == 1


def test_classifications_with_their_sizes(operator):
    page = text_of(operator.client.get("/console/taxonomies"))
    assert "올리지 않음" in page
    assert "업종(KSIC)" in page
    only = text_of(operator.client.get("/console/taxonomies?scheme=region&q=gyeongnam"))
    assert "1건" in only
    lines = operator.client.get("/console/taxonomies?scheme=region&csv=1").get_data(as_text=True).splitlines()
    assert len(lines) == 18


@pytest.mark.parametrize("name", ["outbox", "mail", "search", "taxonomies", "operations"])
def test_the_pages_ask_the_database_little(app, operator, messages, name):
    with counted(app) as sent:
        assert operator.client.get(f"/console/{name}").status_code == 200
    assert len(sent) <= 12, sent


@pytest.mark.parametrize(
    "path", ["outbox", "mail", "search", "taxonomies", "operations", "weights", "programmes"]
)
def test_the_console_is_the_operators_alone(app, path):
    assert (
        person(app, "vendor", "manufacturer", "validator").client.get(f"/console/{path}").status_code == 403
    )
