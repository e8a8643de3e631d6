"""The product as its users run it: `flask serve` in processes of its own, on free ports of loopback."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from marketplace import config

START_SECONDS = 90


def free_port():
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def serving(settings, *, workers=1, demo=False):
    """Serve on a free port until the block ends; yields the address."""
    port = free_port()
    named = settings.get("SITE_URL", "")
    named = named if named.startswith("https:") else ""
    given = {**settings, "PORT": str(port), "IEUM_DEMO": "1" if demo else "0", "SITE_URL": named}
    address = f"http://127.0.0.1:{port}"
    with process(given, "serve", "--workers", str(workers)) as server:
        wait(address, server)
        yield address


@contextlib.contextmanager
def process(settings, *command):
    """Run a `flask` command as a process of its own until the block ends, then SIGTERM."""
    environment = {**os.environ, **{key: value for key, value in settings.items() if isinstance(value, str)}}
    server = subprocess.Popen([sys.executable, "-m", "flask", *command], cwd=config.ROOT, env=environment)
    try:
        yield server
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=40)


def wait(address, server):
    """Until the server answers that it is well. Raises AssertionError: it ended, or does not answer in time."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server ended"
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            if json.load(urllib.request.urlopen(f"{address}/healthz", timeout=5))["status"] == "ok":
                return
        time.sleep(0.2)
    raise AssertionError("the server does not answer")


def call(address, method, path, body=None, token=None, status=200):
    """One API call over HTTP; answers the JSON."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{address}/api/v1{path}", method=method, data=data, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.status == status, path
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from None


def wait_for_port(port):
    """Wait until somebody listens."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError(f"nobody listens on {port}")
