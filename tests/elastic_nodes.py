"""The Elasticsearch nodes that `scripts/elastic_here.sh` started for tests marked `elastic` or `elastic_cluster`."""

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from marketplace import config

SCRIPT = config.ROOT / "scripts" / "elastic_here.sh"


def addresses():
    """The nodes' addresses."""
    return _exported("IEUM_TEST_ELASTICSEARCH")


def pid_files():
    """The files with the nodes' process ids, in the order of the addresses."""
    return [Path(name) for name in _exported("IEUM_TEST_ELASTICSEARCH_PIDS")]


def ask(path, body=None, *, method=None, address=None):
    """The answer of one node, parsed. A body is sent as JSON, or as it is if it is text (lines of JSON)."""
    text = body if body is None or isinstance(body, str) else json.dumps(body)
    request = urllib.request.Request(
        f"{address or addresses()[0]}/{path}",
        None if text is None else text.encode(),
        {"Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def kill(node):
    """SIGKILL a node, counted from 0, and see it gone."""
    pid = int(pid_files()[node].read_text())
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid)


def wait_until_gone(pid, seconds=30):
    """Until no process has this id, or only one that has ended."""
    deadline = time.monotonic() + seconds
    while is_running(pid):
        assert time.monotonic() < deadline, f"process {pid} goes on"
        time.sleep(0.1)


def is_running(pid):
    """Whether a process with this id runs, and has not merely left its status to be read."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def again(node):
    """Start a killed node anew, counted from 0, with what it held, and wait until it has joined the others."""
    subprocess.run([SCRIPT, "again", str(node + 1)], check=True)


def _exported(name):
    assert os.environ.get(name), (
        f"{name} is not set: make test-elastic, or scripts/elastic_here.sh run COMMAND"
    )
    return os.environ[name].split(",")
