"""The product's embedded engine, opened from its snapshot, beside the SQLite table that keeps the listings."""

import json
import sqlite3
import sys

import numba
import numpy as np

from matching.search.embedded import EmbeddedEngine, backend
from matching.search.query import SearchQuery
from tests.bench.listings import TODAY
from tests.bench.search.protocol import Answer
from tests.matching.search.factories import ANALYSER


class Asking:
    """An engine that keeps the product's protocol, as the bench asks it."""

    def __init__(self, engine, facts):
        self.engine = engine
        self.place_of = facts.row_of

    def answer(self, asked):
        result = self.engine.match(asked)
        # Turning ids into rows is the bench's own; these 2 µs stay on the clock.
        rows = [self.place_of[hit.id] for hit in result.hits]
        # The others count no kinds: the bench's listings are all of one.
        facets = {facet: counts for facet, counts in result.facets.items() if facet != "kind"}
        return Answer(rows, [hit.order_value for hit in result.hits], result.total, facets)

    def best(self, asked):
        return self.batch([asked])[0]

    def batch(self, many):
        """Return the rows of the best twenty of each of many demands, asked in one call."""
        return [[self.place_of[hit.id] for hit in hits] for hits in self.engine.match_many(many)]

    def having(self, word):
        return self.engine.search(SearchQuery(TODAY, word)).total


class Ours(Asking):
    name = "이음 embedded"
    is_exact = True
    how = (
        "EmbeddedEngine.match on one thread, compiling the demand and reading the text included; "
        "a write is a row of SQLite (WAL, synchronous=FULL) and EmbeddedEngine.apply"
    )

    @classmethod
    def versions(cls):
        backend.load()
        return {"python": sys.version.split()[0], "numpy": np.__version__, "numba": numba.__version__}

    @classmethod
    def build(cls, documents, facts, folder):
        engine = EmbeddedEngine(ANALYSER, merge_in_background=False)
        engine.apply(documents, [], 1)
        engine.save(folder)
        database = _store(folder)
        database.execute(
            "CREATE TABLE listing (id TEXT PRIMARY KEY, release INTEGER, content TEXT) WITHOUT ROWID"
        )
        database.executemany("INSERT INTO listing VALUES (?, ?, ?)", map(_row, documents))
        database.commit()
        database.close()

    def __init__(self, facts, folder):
        super().__init__(EmbeddedEngine.open(ANALYSER, folder), facts)
        self.store = _store(folder)

    def write(self, row, document):
        self.store.execute("INSERT OR REPLACE INTO listing VALUES (?, ?, ?)", _row(document))
        self.store.commit()
        self.engine.apply([document], [], self.engine.revision + 1)


def _row(document):
    return document.id, document.release_number, json.dumps(document.content, ensure_ascii=False)


def _store(folder):
    database = sqlite3.connect(folder / "listings.sqlite")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    return database
