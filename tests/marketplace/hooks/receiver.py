"""A receiver of webhooks: a real TLS server on loopback, with a certificate for receiver.example."""

import contextlib
import os
import shutil
import ssl
import tempfile
import threading
import time
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from marketplace.hooks.sending import Sender
from tests import certificates

NAME = "receiver.example"
#: Environment of a process that sends to the receiver of another one: what it must believe.
BELIEVED = "RECEIVER_BELIEVED"


@cache
def certificate():
    """(what its clients must believe, a server's context); made once a process."""
    folder = Path(tempfile.mkdtemp(prefix="receiver-"))
    try:
        believed, context = certificates.server(folder, NAME)
        return believed.read_text(), context
    finally:
        shutil.rmtree(folder)


class Receiver:
    """What came in, and how to answer: a status, headers, a body, seconds to wait."""

    def __init__(self, port):
        self.port = port
        self.requests = []
        self.status, self.headers, self.body, self.wait = 200, {}, b"ok", 0.0

    @property
    def url(self):
        return f"https://{NAME}:{self.port}/events?tenant=7"


@contextlib.contextmanager
def listening():
    """Serve until the block ends; yields the Receiver."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.socket = certificate()[1].wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        server.receiver = Receiver(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.receiver
        finally:
            server.shutdown()
            thread.join()


def trust():
    """A context that believes the receiver's certificate, and checks names as ever; a process of its own is told it."""
    return ssl.create_default_context(cadata=os.environ.get(BELIEVED) or certificate()[0])


def loopback_sender(**changes):
    """A sender for which every name is this machine, and this machine is allowed."""
    given = {
        "resolver": lambda _name, _port: ["127.0.0.1"],
        "policy": lambda _address: True,
        "trust": trust(),
    }
    return Sender(**{**given, **changes})


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        receiver = self.server.receiver
        body = self.rfile.read(int(self.headers["Content-Length"]))
        receiver.requests.append((self.path, dict(self.headers), body))
        time.sleep(receiver.wait)
        with contextlib.suppress(OSError):  # the sender may have hung up by now
            self.send_response(receiver.status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(receiver.body)

    def log_message(self, *_):
        """Say nothing."""
