"""SIGTERM while requests run and while the worker acts: what was answered is there, and nothing is lost or doubled."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from catalog import outbox
from catalog.models import Site
from catalog.outbox import OutboxMessage
from marketplace import config, mail, worker
from marketplace.api.examples import SITE
from tests import live
from tests.marketplace.people import person

CALLERS = 3
MAILS = 400


def _call_until_refused(address, token, answers, cut_off):
    """Register one site after another; note every answer, and every call that broke after it was sent."""
    host = urlsplit(address)
    body = json.dumps(SITE)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    while True:
        connection = http.client.HTTPConnection(host.hostname, host.port, timeout=30)
        try:
            connection.connect()
        except OSError:
            return
        try:
            connection.request("POST", "/api/v1/sites", body, headers)
            answer = connection.getresponse()
            answers.append((answer.status, json.loads(answer.read())["id"]))
        except (OSError, http.client.HTTPException) as error:
            cut_off.append(repr(error))
        finally:
            connection.close()


@pytest.mark.full
def test_every_answered_request_is_kept_when_the_server_is_stopped(app, settings):
    maker = person(app, "manufacturer")
    answers, cut_off = [], []
    with contextlib.ExitStack() as stack:
        address = stack.enter_context(live.serving(settings))
        callers = [
            threading.Thread(target=_call_until_refused, args=(address, maker.token, answers, cut_off))
            for _ in range(CALLERS)
        ]
        for caller in callers:
            caller.start()
        deadline = time.monotonic() + 60
        while len(answers) < 20 and time.monotonic() < deadline:
            time.sleep(0.05)
    for caller in callers:
        caller.join(60)
    assert len(answers) >= 20
    assert {status for status, _ in answers} == {201}
    with app.extensions["database"].session(reading=True) as session:
        kept = set(session.scalars(select(Site.public_id)))
    assert {site for _, site in answers} <= kept
    # a call may break only on its way in: then nothing of it was done
    assert len(kept) == len(answers), cut_off


@pytest.mark.full
def test_a_worker_that_is_stopped_loses_and_doubles_nothing(app, session, settings, tmp_path):
    for number in range(MAILS):
        mail.ask(session, to=f"p{number}@example.com", key="occasion", subject="제목", body="내용")
    session.commit()
    letters = tmp_path / "mail"
    with live.process(settings, "worker") as relay:
        deadline = time.monotonic() + 60
        while len(list(letters.glob("*.eml"))) < 5 and time.monotonic() < deadline:
            time.sleep(0.01)
    assert relay.returncode == 0
    sent = len(list(letters.glob("*.eml")))
    session.expire_all()
    letter = (
        OutboxMessage.topic == mail.TOPIC
    )  # the worker writes messages of its own, which come by the clock
    done = select(func.count()).select_from(OutboxMessage).where(letter, OutboxMessage.state == outbox.DONE)
    assert 5 <= sent == session.scalar(done)
    left = session.scalars(select(OutboxMessage).where(letter, OutboxMessage.state == outbox.WAITING)).all()
    assert len(left) == MAILS - sent
    # what was claimed and not begun is free again at once: nobody has to wait for a lease to end
    assert {row.tries for row in left} <= {0}
    session.commit()
    assert worker.drain(app) >= MAILS - sent
    assert len(list(letters.glob("*.eml"))) == MAILS
    session.expire_all()
    assert session.scalar(done) == MAILS


def _children(pid):
    """The processes that a process has started."""
    return [
        int(word)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for word in (task / "children").read_text().split()
    ]


@pytest.mark.full
def test_a_server_that_only_starts_leaves_nothing_behind_on_the_port(settings):
    given = {**settings, "PORT": str(live.free_port()), "IEUM_DEMO": "0"}
    address = f"http://127.0.0.1:{given['PORT']}"
    with live.process(given, "serve", "--workers", "2") as serving:
        live.wait(address, serving)  # the first process answers; the second may still be loading
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"{address}/healthz", timeout=5)


@pytest.mark.full
def test_a_port_is_not_shared_with_what_answers_there(settings):
    given = {**settings, "PORT": str(live.free_port()), "IEUM_DEMO": "0"}
    with live.process(given, "serve", "--workers", "1") as serving:
        live.wait(f"http://127.0.0.1:{given['PORT']}", serving)
        command = [sys.executable, "-m", "flask", "serve"]
        text = {name: value for name, value in given.items() if isinstance(value, str)}
        second = subprocess.run(
            command, cwd=config.ROOT, env={**os.environ, **text}, capture_output=True, text=True, check=False
        )
        assert second.returncode == 1
        assert f"PORT: 127.0.0.1:{given['PORT']}" in second.stderr
        assert serving.poll() is None


@pytest.mark.full
def test_a_server_process_that_is_killed_is_replaced(settings):
    given = {**settings, "PORT": str(live.free_port()), "IEUM_DEMO": "0"}
    address = f"http://127.0.0.1:{given['PORT']}"
    with live.process(given, "serve", "--workers", "1") as serving:
        live.wait(address, serving)
        [granian] = _children(serving.pid)
        first = set(_children(granian))
        for process in first:
            os.kill(process, signal.SIGKILL)
        live.wait(address, serving)
        assert set(_children(granian)) - first
