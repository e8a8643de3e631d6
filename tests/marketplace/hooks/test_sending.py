"""The sender against a real TLS server: one look-up, the address that was checked, a short wait, no redirect."""

import socket
import ssl
import threading
import time

import pytest

from marketplace.hooks import sending
from marketplace.hooks.sending import Sender
from tests.marketplace.hooks.receiver import NAME, certificate, listening, loopback_sender


@pytest.fixture
def receiver():
    with listening() as opened:
        yield opened


def test_it_arrives_as_it_was_sent(receiver):
    outcome = loopback_sender().post(receiver.url, b'{"a":1}', {"Ieum-Event": "ping"})
    assert (outcome.status, outcome.trouble, outcome.succeeded) == (200, None, True)
    ((path, headers, body),) = receiver.requests
    assert (path, body) == ("/events?tenant=7", b'{"a":1}')
    assert (headers["Host"], headers["Ieum-Event"]) == (f"{NAME}:{receiver.port}", "ping")


@pytest.mark.parametrize(
    ("status", "trouble"), [(204, None), (400, "status"), (500, "status"), (301, "redirect")]
)
def test_only_2xx_counts(receiver, status, trouble):
    receiver.status = status
    outcome = loopback_sender().post(receiver.url, b"{}", {})
    assert (outcome.status, outcome.trouble) == (status, trouble)


def test_a_redirect_to_a_private_address_is_not_followed(receiver):
    with listening() as inside:
        receiver.status, receiver.headers = 307, {"Location": f"https://127.0.0.1:{inside.port}/admin"}
        outcome = loopback_sender().post(receiver.url, b"{}", {})
        assert (outcome.status, outcome.trouble) == (307, "redirect")
        assert inside.requests == []


@pytest.mark.parametrize(
    "answers", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::ffff:127.0.0.1"], ["169.254.169.254"]]
)
def test_a_name_that_leads_inside_is_not_connected_to(receiver, answers):
    sender = loopback_sender(resolver=lambda _name, _port: answers, policy=sending.is_public)
    assert sender.post(receiver.url, b"{}", {}).trouble == "address"
    assert receiver.requests == []


def test_a_second_look_up_cannot_change_the_address(receiver, monkeypatch):
    """The name first leads outside, then inside: it is asked once, and the connection goes where the check looked."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    asked, connected = [], []

    def resolver(name, port):
        asked.append(name)
        return next(answers)

    def connect(address, timeout):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    sender = loopback_sender(resolver=resolver, policy=sending.is_public)
    assert sender.post(receiver.url, b"{}", {}).trouble == "connection"
    assert (asked, connected) == ([NAME], [("93.184.216.34", receiver.port)])
    assert receiver.requests == []


def test_the_products_own_sender_goes_nowhere_near_this_machine(receiver):
    sender = Sender(resolver=lambda _name, _port: ["127.0.0.1"])
    assert sender.post(receiver.url, b"{}", {}).trouble == "address"
    assert receiver.requests == []


def test_a_certificate_for_another_name_is_refused(receiver):
    other = receiver.url.replace(NAME, "other.example")
    assert loopback_sender().post(other, b"{}", {}).trouble == "certificate"
    assert receiver.requests == []


def test_a_certificate_of_nobody_is_refused(receiver):
    sender = loopback_sender(trust=ssl.create_default_context())
    assert sender.post(receiver.url, b"{}", {}).trouble == "certificate"
    assert receiver.requests == []


def test_a_slow_answer_is_not_waited_for(receiver):
    receiver.wait = 3
    begun = time.monotonic()
    outcome = loopback_sender(seconds=0.4).post(receiver.url, b"{}", {})
    assert (outcome.status, outcome.trouble) == (None, "timeout")
    assert time.monotonic() - begun < 2


def test_of_a_long_answer_little_is_read(receiver):
    receiver.body = b"x" * (8 * 1024 * 1024)
    outcome = loopback_sender().post(receiver.url, b"{}", {})
    assert (outcome.status, outcome.trouble) == (200, None)


def test_nobody_listening_and_no_such_name():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = f"https://{NAME}:{probe.getsockname()[1]}/"
    assert loopback_sender().post(closed, b"{}", {}).trouble == "connection"

    def unknown(_name, _port):
        raise socket.gaierror

    assert loopback_sender(resolver=unknown).post(closed, b"{}", {}).trouble == "name"
    assert loopback_sender(resolver=lambda _name, _port: []).post(closed, b"{}", {}).trouble == "name"


@pytest.mark.parametrize(
    ("pieces", "pause", "trouble"),
    [
        ([b"SSH-2.0-hello\r\n\r\n"], 0, "answer"),
        ([b"H"] * 200, 0.05, "timeout"),
        ([b"HTTP/1.1 200"], 0, "answer"),
    ],
)
def test_what_is_no_answer(pieces, pause, trouble):
    """Another protocol, a byte now and then for ever, and a connection that ends half-way."""
    _believed, context = certificate()
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_speak, args=(server, context, pieces, pause))
        thread.start()
        url = f"https://{NAME}:{server.getsockname()[1]}/"
        outcome = loopback_sender(seconds=0.6).post(url, b"{}", {})
        thread.join()
    assert (outcome.status, outcome.trouble) == (None, trouble)
    assert outcome.duration_ms < 2000


def _speak(server, context, pieces, pause):
    plain, _ = server.accept()
    try:
        with context.wrap_socket(plain, server_side=True) as secure:
            secure.recv(4096)
            for piece in pieces:
                secure.sendall(piece)
                time.sleep(pause)
    except OSError:
        plain.close()
