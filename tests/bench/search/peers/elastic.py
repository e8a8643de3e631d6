"""Elasticsearch behind the product's own engine, once `matching.search.elastic` has it; the server's address is ELASTIC.

The module is expected to have `connect(analyser, urls, *, index)`, which returns an `Engine`.
"""

import importlib
import importlib.util
import os

from tests.bench.search.peers.ours import Asking
from tests.bench.search.protocol import PeerMissing
from tests.matching.search.factories import ANALYSER

_MODULE, _URL = "matching.search.elastic", "ELASTIC"
_AT_ONCE = 2_000


def _connected():
    if importlib.util.find_spec(_MODULE) is None:
        raise PeerMissing("elasticsearch: this version of the product has no engine for it")
    if not os.environ.get(_URL):
        raise PeerMissing("elasticsearch: no server, say --elastic URL")
    urls = os.environ[_URL].split(",")
    return importlib.import_module(_MODULE).connect(ANALYSER, urls, index="bench")


class Elastic(Asking):
    name = "Elasticsearch"
    is_exact = True
    how = "the product's engine for Elasticsearch, over the network on the same machine"
    write = None

    @classmethod
    def versions(cls):
        _connected()
        return {"elasticsearch": importlib.import_module("elasticsearch").__versionstr__}

    @classmethod
    def build(cls, documents, facts, folder):
        engine = _connected()
        for first in range(0, len(documents), _AT_ONCE):
            engine.apply(documents[first : first + _AT_ONCE], [], 1)

    def __init__(self, facts, folder):
        super().__init__(_connected(), facts)
