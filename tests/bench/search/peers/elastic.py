"""Elasticsearch behind the product's own engine."""

import importlib
import importlib.util

from tests.bench.search.peers.ours import Asking
from tests.bench.search.protocol import PeerMissing
from tests.matching.search.factories import ANALYSER

_MODULE = "matching.search.elastic"
_AT_ONCE = 2_000


class Elastic(Asking):
    name = "Elasticsearch"
    is_exact = True
    how = "the product's engine for Elasticsearch, over the network on the same machine"
    write = None
    #: The server's addresses; the command sets them.
    urls = ()

    @classmethod
    def connected(cls):
        """Return the product's engine on the server.

        Raises:
            PeerMissing: there is no such engine, or no server was named.
        """
        if importlib.util.find_spec(_MODULE) is None:
            raise PeerMissing("elasticsearch: this version of the product has no engine for it")
        if not cls.urls:
            raise PeerMissing("elasticsearch: no server, say --elastic URL")
        return importlib.import_module(_MODULE).ElasticEngine(ANALYSER, cls.urls, alias="bench")

    @classmethod
    def versions(cls):
        cls.connected()
        return {"elasticsearch": importlib.import_module("elasticsearch").__versionstr__}

    @classmethod
    def build(cls, documents, facts, folder):
        engine = cls.connected()
        for first in range(0, len(documents), _AT_ONCE):
            engine.apply(documents[first : first + _AT_ONCE], [], 1)

    def __init__(self, facts, folder):
        super().__init__(self.connected(), facts)
