"""The throw-away Elasticsearch that the tests of the search stand on."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests import elastic_nodes

VERSION = "9.5.3"


def outside():
    """The environment of somebody who started no cluster."""
    return {key: value for key, value in os.environ.items() if not key.startswith("IEUM_TEST_ELASTICSEARCH")}


def versions(address):
    return [node["version"] for node in elastic_nodes.ask("_nodes/http", address=address)["nodes"].values()]


@pytest.mark.elastic
def test_the_server_is_the_pinned_one_and_well():
    # An index that another test makes in this moment is not there on all its nodes yet.
    health = elastic_nodes.ask("_cluster/health?wait_for_status=green&timeout=30s")
    assert (health["status"], health["number_of_nodes"]) == ("green", 1)
    assert versions(elastic_nodes.addresses()[0]) == [VERSION]
    assert len(elastic_nodes.pid_files()) == 1


@pytest.mark.elastic
@pytest.mark.parametrize("status", [0, 7])
def test_a_second_cluster_lives_beside_it_and_ends_with_its_command(status, tmp_path):
    seen = tmp_path / "seen"
    files = "$IEUM_TEST_ELASTICSEARCH_PIDS"
    told = f'echo "$IEUM_TEST_ELASTICSEARCH" "{files}" "$(cat "{files}")" > {seen}'
    ran = subprocess.run(
        [elastic_nodes.SCRIPT, "run", "bash", "-c", f"{told}; exit {status}"], env=outside(), check=False
    )
    address, pid_file, pid = seen.read_text().split()
    assert ran.returncode == status
    assert address not in elastic_nodes.addresses()
    assert not Path(pid_file).parent.exists()
    # It was killed: the system may still be taking its memory back.
    elastic_nodes.wait_until_gone(int(pid), seconds=10)


@pytest.mark.elastic
def test_its_nodes_end_even_when_the_script_is_killed(tmp_path):
    seen = tmp_path / "pids"
    told = f'cp "$IEUM_TEST_ELASTICSEARCH_PIDS" {seen}; sleep 60 & echo $! >> {seen}; wait'
    # The script cannot delete its folder any more.
    environment = outside() | {"TMPDIR": str(tmp_path)}
    script = subprocess.Popen([elastic_nodes.SCRIPT, "run", "bash", "-c", told], env=environment)
    deadline = time.monotonic() + 90
    while not seen.exists() or len(seen.read_text().split()) < 2:
        assert script.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.2)
    node, sleeper = map(int, seen.read_text().split())
    assert elastic_nodes.is_running(node)
    script.send_signal(signal.SIGKILL)
    script.wait()
    with contextlib.suppress(ProcessLookupError):
        os.kill(sleeper, signal.SIGTERM)
    elastic_nodes.wait_until_gone(node)


@pytest.mark.parametrize(
    "words", [[], ["dance"], ["run"], ["run", "3"], ["start", "12"], ["again"], ["again", "9"]]
)
def test_what_it_does_not_know_is_refused(words):
    ran = subprocess.run(
        [elastic_nodes.SCRIPT, *words], env=outside(), capture_output=True, text=True, check=False
    )
    assert ran.returncode == 2
    assert "elastic_here.sh" in ran.stderr


def test_it_deletes_no_folder_but_its_own(tmp_path):
    (tmp_path / "kept").write_text("mine")
    ran = subprocess.run(
        [elastic_nodes.SCRIPT, "stop", tmp_path], env=outside(), capture_output=True, text=True, check=False
    )
    assert (ran.returncode, (tmp_path / "kept").read_text()) == (2, "mine")


@pytest.mark.elastic_cluster
def test_a_cluster_of_three_goes_on_without_one_and_takes_it_back():
    elastic_nodes.ask(
        "lost-node", {"settings": {"number_of_shards": 3, "number_of_replicas": 1}}, method="PUT"
    )
    elastic_nodes.ask("_cluster/health/lost-node?wait_for_status=green&timeout=60s")
    written = "".join(f'{{"index":{{"_id":"{one}"}}}}\n{{"word":"mes"}}\n' for one in range(30))
    assert elastic_nodes.ask("lost-node/_bulk?refresh=true", written)["errors"] is False
    elastic_nodes.kill(0)
    left = elastic_nodes.addresses()[1]
    elastic_nodes.ask("_cluster/health?wait_for_nodes=2&timeout=60s", address=left)
    assert elastic_nodes.ask("lost-node/_count", address=left)["count"] == 30
    elastic_nodes.again(0)
    health = elastic_nodes.ask("_cluster/health?wait_for_nodes=3&wait_for_status=green&timeout=60s")
    assert (health["number_of_nodes"], health["timed_out"]) == (3, False)
    assert elastic_nodes.ask("lost-node/_count")["count"] == 30
    elastic_nodes.ask("lost-node", method="DELETE")
