"""A cluster of three that loses a node while it is asked: the same answers."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from matching.search import parity
from tests.matching.search.elastic.conftest import addresses

pytestmark = pytest.mark.elastic_cluster
SCRIPT = Path(__file__).parents[4] / "scripts" / "elastic_here.sh"


@pytest.mark.parametrize("node", [0, 1, 2])
def test_both_engines_answer_the_same_while_a_node_is_down(node):
    pid_files = [Path(name) for name in os.environ["IEUM_TEST_ELASTICSEARCH_PIDS"].split(",")]
    seen = []

    def kill(line):
        seen.append(line)
        if line.endswith("listings"):
            os.kill(int(pid_files[node].read_text()), signal.SIGKILL)

    try:
        found = parity.compare(
            addresses(), parity.Size(600, 170, node, updates=300, shards=3, replicas=1), kill
        )
    finally:
        subprocess.run([SCRIPT, "again", str(node + 1)], check=True)
    assert seen == ["600 listings", "300 updates"]
    assert found.differing == ()
    assert found.holds
