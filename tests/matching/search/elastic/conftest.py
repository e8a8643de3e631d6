"""Engines on the Elasticsearch of IEUM_TEST_ELASTICSEARCH, each in an index of its own that goes with the test."""

import os
from secrets import token_hex

import pytest

from matching.search.elastic import ElasticEngine
from tests.matching.search.factories import ANALYSER


def addresses():
    """The nodes' addresses, as `scripts/elastic_here.sh` exports them."""
    assert os.environ.get("IEUM_TEST_ELASTICSEARCH"), "IEUM_TEST_ELASTICSEARCH is not set: make test-elastic"
    return os.environ["IEUM_TEST_ELASTICSEARCH"].split(",")


class Engines:
    """Makes engines and removes what they made."""

    def __init__(self):
        self.made = []

    def __call__(self, analyser=ANALYSER, *, alias=None, **options):
        options.pop("merge_in_background", None)
        name = alias or f"ieum-test-{token_hex(6)}"
        engine = ElasticEngine(analyser, addresses(), alias=name, replicas=0, **options)
        self.made.append(engine)
        return engine

    def remove(self):
        for engine in self.made:
            engine.remove()
            engine.close()


@pytest.fixture(scope="module")
def engines():
    made = Engines()
    yield made
    made.remove()
