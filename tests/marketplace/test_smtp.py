"""Mail through a real SMTP server: encrypted or not at all, tried again while it may pass, else put aside."""

import smtplib
import ssl
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from catalog import outbox
from catalog.db import utcnow
from catalog.outbox import OutboxMessage
from marketplace import mail, worker
from marketplace.tasks import GiveUp
from tests import certificates
from tests.marketplace.mail_server import Desk, knows, serving

LETTER = {"to": "kim@example.com", "subject": "심사 결과", "body": "승인했어요.\n"}


def post(port, query="", scheme="smtp", host="localhost", user=""):
    return mail.from_url(f"{scheme}://{user}{host}:{port}{query}", "https://ieum.example")


def test_a_letter_arrives_as_it_was_written():
    desk = Desk()
    with serving(desk) as port:
        post(port).deliver("k", {**LETTER, "unsubscribe": "https://ieum.example/unsubscribe/x"})
    (letter,) = desk.letters
    assert (letter["From"], letter["To"], letter["Subject"]) == (
        "ieum@ieum.example",
        LETTER["to"],
        LETTER["subject"],
    )
    assert letter.get_content() == LETTER["body"].replace("\n", "\r\n")
    assert letter["List-Unsubscribe"] == "<https://ieum.example/unsubscribe/x>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert desk.taken[0][1].isascii()


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_it_is_encrypted_with_a_checked_certificate(tmp_path, monkeypatch, scheme):
    trusted, context = certificates.server(tmp_path, "localhost")
    desk = Desk()
    implicit = (
        {"ssl_context": context} if scheme == "smtps" else {"tls_context": context, "require_starttls": True}
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with serving(
        desk, authenticator=knows("ieum", "p@ss"), auth_require_tls=scheme == "smtp", **implicit
    ) as port:
        post(port, "?starttls=1" if scheme == "smtp" else "", scheme, user="ieum:p%40ss@").deliver(
            "k", LETTER
        )
    assert [encrypted for encrypted, _content in desk.taken] == [scheme == "smtp"]
    assert desk.letters[0]["To"] == LETTER["to"]


def test_an_unknown_or_foreign_certificate_gets_nothing(tmp_path, monkeypatch):
    desk = Desk()
    believed, context = certificates.server(tmp_path, "elsewhere.example")
    with serving(desk, tls_context=context, require_starttls=True) as port:
        with pytest.raises(ssl.SSLCertVerificationError):
            post(port, "?starttls=1").deliver("k", LETTER)
        monkeypatch.setenv("SSL_CERT_FILE", str(believed))
        with pytest.raises(ssl.SSLCertVerificationError):
            post(port, "?starttls=1").deliver("k", LETTER)
    assert (desk.asked, desk.taken) == (0, [])


def test_a_server_without_encryption_gets_nothing_when_it_was_asked_for():
    desk = Desk()
    with serving(desk) as port, pytest.raises(smtplib.SMTPNotSupportedError):
        post(port, "?starttls=1").deliver("k", LETTER)
    assert (desk.asked, desk.taken) == (0, [])


@pytest.mark.parametrize(
    "url",
    [
        "smtp://mail.example",
        "smtp://mail.example:25?starttls=0",
        "smtp://:25",
        "smtp://mail.example:port",
        "smtps://mail.example?verify=0",
        "smtps://mail.example?broken",
    ],
)
def test_an_address_that_would_send_in_the_clear_or_cannot_be_read_is_refused(url):
    with pytest.raises(ValueError, match="MAIL_URL"):
        mail.from_url(url, "https://ieum.example")


def test_the_password_is_not_shown():
    sent = mail.from_url(
        "smtps://ieum:secret-word@mail.example?from=post@ieum.example", "https://ieum.example"
    )
    assert "secret-word" not in repr(sent)
    assert (sent.port, sent.sender) == (465, "post@ieum.example")


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def posted(session, settings, app, desk):
    """One mail asked for, the worker's post being a server that behaves as `desk` says."""
    with serving(desk) as port:
        app.extensions["mail"] = post(port)
        mail.ask(session, to=LETTER["to"], key="k", subject="s", body="b")
        session.commit()
        yield session


def state(session):
    session.expire_all()
    message = session.scalars(select(OutboxMessage)).one()
    return message.state, message.tries, message.last_error


def _again(session):
    session.execute(update(OutboxMessage).values(next_at=utcnow() - timedelta(seconds=1)))
    session.commit()


def test_greylisting_passes(posted, app, desk):
    desk.rcpt.append("451 4.7.1 come back later")
    worker.drain(app)
    assert state(posted) == (outbox.WAITING, 1, "SMTPException('451 4.7.1 come back later')")
    _again(posted)
    worker.drain(app)
    assert state(posted) == (outbox.DONE, 2, None)
    assert len(desk.taken) == 1


@pytest.mark.parametrize(
    ("where", "answer"), [("rcpt", "550 5.1.1 no such user"), ("data", "554 5.7.1 not here")]
)
def test_a_final_no_is_put_aside_at_once_with_its_reason(posted, app, desk, where, answer):
    getattr(desk, where).append(answer)
    worker.drain(app)
    assert state(posted) == (outbox.DEAD, 1, answer)
    _again(posted)
    assert worker.drain(app) == 0
    assert desk.taken == []


def test_a_slow_server_is_left_and_tried_again(posted, app, desk):
    desk.seconds = 1.5
    app.extensions["mail"] = replace(app.extensions["mail"], timeout=0.2)
    began = time.monotonic()
    worker.drain(app)
    assert time.monotonic() - began < 1.2
    assert state(posted)[:2] == (outbox.WAITING, 1)
    assert "Timeout" in state(posted)[2] or "timed out" in state(posted)[2]
    desk.seconds = 0
    app.extensions["mail"] = replace(app.extensions["mail"], timeout=5)
    _again(posted)
    worker.drain(app)
    assert state(posted) == (outbox.DONE, 2, None)


def test_a_server_that_is_down_is_waited_for(session, app):
    with serving(Desk()) as port:
        app.extensions["mail"] = post(port)
    mail.ask(session, to=LETTER["to"], key="k", subject="s", body="b")
    session.commit()
    worker.drain(app)
    assert state(session)[:2] == (outbox.WAITING, 1)
    assert "refused" in state(session)[2].lower()


@pytest.mark.parametrize(
    "to",
    [
        "x@example.com\r\nBcc: all@example.com",
        "a@x.example,b@x.example",
        "Kim <kim@x.example>",
        "@x",
        "김@x.example",
    ],
)
def test_what_is_not_one_plain_address_is_never_sent(to):
    desk = Desk()
    with serving(desk) as port, pytest.raises(GiveUp):
        post(port).deliver("k", {**LETTER, "to": to})
    assert desk.asked == 0


def test_lines_in_a_subject_become_spaces():
    desk = Desk()
    with serving(desk) as port:
        post(port).deliver("k", {**LETTER, "subject": "‘나쁜\r\nBcc: all@example.com\x85이름’ 결과"})
    (letter,) = desk.letters
    assert letter["Subject"] == "‘나쁜 Bcc: all@example.com 이름’ 결과"
    assert letter["Bcc"] is None
