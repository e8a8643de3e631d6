"""Schemathesis against a running server: it finds nothing, and it does find a tenant leak that is planted."""

import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from catalog import regno
from tests import live

SEED = "1"
MIN_CASES = 1000
#: A token is served twenty requests a second for as long as one likes, and 2,400 more to begin with: at this pace the
#: run ends before its limit is met.
PACE = ("--rate-limit", "35/s")
#: What alliances sell is asked of a server of its own: all in one run would ask more often without a token than one
#: address may.
TOGETHER = "/(alliances|bundles|compositions|connectors|conflicts)"
CONFIG = Path(__file__).with_name("schemathesis.toml")

#: The server with one guard taken away: a demand is fetched without asking whose it is.
LEAKY = """
import sys
from sqlalchemy import select
from catalog.errors import NotFound
from marketplace.accounts import access
from matching.models import Demand

def leaky(session, who, demand_id):
    row = session.scalar(select(Demand).where(Demand.public_id == str(demand_id)))
    if row is None:
        raise NotFound
    return row

access.own_demand = leaky
from wsgi import app
app.run(port=int(sys.argv[1]))
"""


def _accounts(address, folder):
    """Two companies that must never see each other's things; writes their tokens where the tool reads them."""
    lines = ["auth:"]
    for name in ("alice", "bob"):
        number = random.randrange(10**8, 10**9)
        body = {"email": f"{name}{number}@example.com", "password": "a long pass phrase", "name": name}
        token = live.call(address, "POST", "/sign-up", body, status=201)["token"]
        company = {
            "name": name,
            "registration_number": regno.make(str(number)),
            "roles": ["vendor", "manufacturer"],
        }
        live.call(address, "POST", "/organizations", company, token, status=201)
        header = f"        value: Bearer {token}"
        lines += [f"  - name: {name}", "    fixedHeaders:", "      - name: Authorization", header]
    (folder / "people.yaml").write_text("\n".join(lines) + "\n")


def _run(address, folder, *extra):
    _accounts(address, folder)
    (folder / "schemathesis.toml").write_text(CONFIG.read_text())
    command = [
        str(Path(sys.executable).with_name("st")),
        "--config-file",
        str(folder / "schemathesis.toml"),
        "run",
    ]
    command += [f"{address}/api/openapi.json", "--seed", SEED, *extra]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.full
@pytest.mark.parametrize("selected", ["--include-path-regex", "--exclude-path-regex"])
def test_it_finds_nothing(settings, tmp_path, selected):
    with live.serving(settings) as address:
        status, output = _run(address, tmp_path, selected, TOGETHER, "--max-examples", "1", *PACE)
    cases = int(re.search(r"([\d,]+) generated", output).group(1).replace(",", ""))
    assert status == 0, output[-6000:]
    assert cases >= MIN_CASES
    limited = re.search(r"Rate limited: (\d+) operation", output)
    assert limited is None or limited.group(1) == "1"  # signing up has a limit of its own


@pytest.mark.full
def test_it_finds_a_planted_leak(settings, tmp_path, monkeypatch):
    port = live.free_port()
    for key in ("DATABASE_URL", "FILES_URL", "MAIL_URL", "SEARCH_FOLDER", "SECRET_KEY", "IEUM_TEST"):
        monkeypatch.setenv(key, settings[key])
    server = subprocess.Popen([sys.executable, "-c", LEAKY, str(port)], cwd=live.config.ROOT)
    try:
        live.wait_for_port(port)
        selected = ("--include-path-regex", "/(sites|demands)", "--max-examples", "10")
        status, output = _run(f"http://127.0.0.1:{port}", tmp_path, *selected)
    finally:
        server.terminate()
        server.wait(timeout=20)
    assert status == 1
    assert re.search(r"Object-level authorization", output), output[-4000:]
