"""tantivy filters and scores the text of all that pass; NumPy adds the axes and counts: exact."""

import numpy as np

from tests.bench.search.arithmetic import Columns, top
from tests.bench.search.peers.tantivy_index import Opened

#: So many hits are asked for at first; asked again for as many as there are.
_FIRST = 4096


class TantivyRescored(Opened):
    name = "tantivy, rescored"
    is_exact = True
    how = (
        "boolean query of the hard filters with BM25 of the text, every hit fetched, "
        "then score, facets and the best twenty by NumPy over columns in the order of rows"
    )

    def __init__(self, facts, folder):
        super().__init__(facts, folder)
        self.columns = Columns(facts)

    @classmethod
    def versions(cls):
        return {**super().versions(), "numpy": np.__version__}

    def answer(self, query):
        asked = self.tables.ask(query)
        return self.columns.answer(asked, *self._found(asked))

    def best(self, query):
        asked = self.tables.ask(query)
        rows, bm25 = self._found(asked)
        return rows[top(self.columns.order(asked, rows, bm25), rows, 20)]

    def _found(self, asked):
        if asked.prepared is None:
            asked.prepared = self.all_of(self.filters(asked), self.text(asked, 1.0))
        query = asked.prepared
        found = self.searcher.search(query, limit=_FIRST)
        if found.count > _FIRST:
            found = self.searcher.search(query, limit=found.count, count=False)
        rows = np.array(
            self.searcher.fast_field_values("row", [address for _, address in found.hits]), np.int64
        )
        order = np.argsort(rows)
        return rows[order], np.array([score for score, _ in found.hits], np.float32)[order]
