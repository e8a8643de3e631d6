"""Which peers there are, and what of them stands in a result."""

from tests.bench.search.peers.bm25s_numpy import Bm25sNumpy
from tests.bench.search.peers.duckdb_sql import DuckdbSql
from tests.bench.search.peers.elastic import Elastic
from tests.bench.search.peers.ours import Ours
from tests.bench.search.peers.sqlite_fts import SqliteFts
from tests.bench.search.peers.tantivy_native import TantivyNative
from tests.bench.search.peers.tantivy_rescored import TantivyRescored
from tests.bench.search.protocol import PeerMissing

OURS = "ieum"
#: Name on the command line → key in results → engine.
PEERS = {
    "tantivy": {"tantivy": TantivyNative, "tantivy_rescored": TantivyRescored},
    "duckdb": {"duckdb": DuckdbSql},
    "sqlite": {"sqlite": SqliteFts},
    "bm25s": {"bm25s": Bm25sNumpy},
    "elasticsearch": {"elasticsearch": Elastic},
}


def chosen(names):
    """Return ours and the engines of these names, by key.

    Raises:
        PeerMissing: a name is unknown, or what it needs is not installed.
    """
    engines = {OURS: Ours}
    for name in names:
        if name not in PEERS:
            raise PeerMissing(f"{name} is no peer, expected some of {', '.join(PEERS)}")
        engines |= PEERS[name]
    for engine in engines.values():
        engine.versions()
    return engines
