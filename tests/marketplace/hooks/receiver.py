"""A receiver of webhooks: a real TLS server on loopback, with a certificate for receiver.example made for tests."""

import contextlib
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from marketplace.hooks.sending import Sender

NAME = "receiver.example"
PEM = Path(__file__).with_name("receiver.pem")


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
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(PEM)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        server.receiver = Receiver(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.receiver
        finally:
            server.shutdown()
            thread.join()


def trust():
    """A context that believes the receiver's certificate, and checks names as ever."""
    return ssl.create_default_context(cafile=str(PEM))


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
