"""Nothing secret, no account number and no text of a mail reaches a log or the operator's pages."""

import json
import logging
import sys

import pytest
import structlog

from marketplace import create_app, redaction
from marketplace.redaction import BLANK


def logged(event):
    """The line as it is written for that event."""
    structlog.contextvars.clear_contextvars()  # of a request that another test made
    line = dict(event)
    for processor in structlog.get_config()["processors"]:
        line = processor(None, "info", line)
    return json.loads(line)


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Bearer abcdefgh12345678", f"Bearer {BLANK}"),
        ("postgresql+psycopg://ieum:pa55@db/ieum", f"postgresql+psycopg://ieum:{BLANK}@db/ieum"),
        ("/welcome/Zk3vT9_aQ2LmN8xY0bCdEf", f"/welcome/{BLANK}"),
        ("ieum_0aBcDeFgHiJkLmNoPqRsTuVwXyZ", BLANK),
        ("card 4111 1111 1111 1111 ok", f"card {BLANK} ok"),
        ("card 4111111111111111", f"card {BLANK}"),
        ("계좌 110-123-456789", f"계좌 {BLANK}"),
        ("계좌 123456-78-901234", f"계좌 {BLANK}"),
    ],
)
def test_what_is_blanked_in_texts(words, kept):
    assert redaction.text(words) == kept


@pytest.mark.parametrize(
    "words",
    [
        "01a1ff39-3083-7447-aedf-ff9754b0c6e5",
        "123-45-67890",
        "2026-11-21T17:48:20.507734Z",
        "4111 1111 1111 1112",
        "/demands/01a1ff39-3083-7447-aedf-ff9754b0c6e5/matches",
        "test_a_function_with_a_long_name_in_a_traceback",
        "20261121_editions",
        "38000000",
    ],
)
def test_what_is_kept_in_texts(words):
    assert redaction.text(words) == words


def test_what_the_domain_logs_is_a_line_like_the_others(app, capfd):
    logger = logging.getLogger("matching.search.standby")
    handler = logging.getLogger("matching").handlers[0]
    handler.setStream(sys.stderr)
    logger.warning("no node of %s answers", "http://elastic:geheim123@127.0.0.1:9")
    line = json.loads(capfd.readouterr().err.splitlines()[-1])
    assert line["event"] == f"no node of http://elastic:{BLANK}@127.0.0.1:9 answers"
    assert line["level"] == "warning"
    assert line["timestamp"]
    # the certificate of every answer of the search server comes at this level
    logger.info("proven by %s", "bound")
    line = json.loads(capfd.readouterr().err.splitlines()[-1])
    assert (line["event"], line["level"]) == ("proven by bound", "info")


def test_names_that_speak_of_secrets_accounts_or_bodies(app):
    event = {
        "event": "x",
        "body": "안녕하세요",
        "card_number": "1",
        "smtp_password": "p",
        "inner": {"token": "t", "deeper": [{"Authorization": "a", "plain": "b"}]},
        "count": 3,
        "missing_token": None,
    }
    assert logged(event) | {"timestamp": "", "level": ""} == {
        "event": "x",
        "body": BLANK,
        "card_number": BLANK,
        "smtp_password": BLANK,
        "inner": {"token": BLANK, "deeper": [{"Authorization": BLANK, "plain": "b"}]},
        "count": 3,
        "missing_token": None,
        "timestamp": "",
        "level": "",
    }


def test_a_traceback_is_cleaned_too(app):
    try:
        raise ValueError("postgresql://ieum:pa55word@db/ieum refused, Bearer abcdefgh12345678")
    except ValueError as error:
        written = logged({"event": "trouble", "exc_info": error})
    assert "refused" in written["exception"]
    assert "pa55word" not in written["exception"]
    assert "abcdefgh12345678" not in written["exception"]


def test_the_address_of_a_one_time_link_is_not_logged(settings, capsys):
    app = create_app(settings)  # here, so that it logs to what is being read
    secret = "Zk3vT9_aQ2LmN8xY0bCdEf"

    @app.get("/broken/<word>")
    def broken(word):
        raise RuntimeError("broken")

    answer = app.test_client().get(f"/broken/{secret}")
    assert answer.status_code == 500
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    (line,) = [line for line in lines if line["event"] == "unexpected_error"]
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert line["path"] == f"/broken/{BLANK}"
    assert secret not in json.dumps(lines)


def test_a_message_is_shown_in_outline():
    payload = {
        "to": "minji@hanul.example",
        "subject": "짧은 제목",
        "body": "비밀",
        "text": "긴 글 " * 20,
        "n": 3,
    }
    assert redaction.outline(payload) == {
        "to": "mi…@hanul.example",
        "subject": "짧은 제목",
        "body": BLANK,
        "text": "[80]",
        "n": 3,
    }
