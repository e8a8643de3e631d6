"""bm25s scores the text of every listing, NumPy does the rest. Its lengths are exact where Lucene's are one byte."""

import numpy as np

from tests.bench.search.arithmetic import Columns, top
from tests.bench.search.asking import Tables
from tests.bench.search.protocol import PeerMissing
from tests.matching.search.factories import ANALYSER

#: The factor k1 + 1 that Elasticsearch keeps and bm25s' "lucene" leaves out.
_FACTOR = 2.2
_FIELDS = ("words", "grams")


def _package():
    try:
        import bm25s  # noqa: PLC0415 — a peer of the bench, no dependency
    except ImportError as error:
        raise PeerMissing("bm25s is not installed") from error
    return bm25s


class Bm25sNumpy:
    name = "bm25s + NumPy"
    is_exact = False
    how = (
        "bm25s (method lucene, backend numba) for each of the two fields, "
        "then filters, score, facets and the best twenty by NumPy over columns"
    )
    write = None

    @classmethod
    def versions(cls):
        return {"bm25s": _package().__version__, "numpy": np.__version__}

    @classmethod
    def build(cls, documents, facts, folder):
        bm25s = _package()
        for name in _FIELDS:
            numbers = {}
            ids = [
                [numbers.setdefault(token, len(numbers)) for token in getattr(document, name).split()]
                for document in documents
            ]
            index = bm25s.BM25(method="lucene", k1=1.2, b=0.75, backend="numba")
            tokens = bm25s.tokenization.Tokenized(ids=ids, vocab=numbers)
            index.index(tokens, show_progress=False, create_empty_token=False)
            index.save(folder / name, show_progress=False)

    def __init__(self, facts, folder):
        load = _package().BM25.load
        self.fields = [load(folder / name, mmap=True) for name in _FIELDS]
        for field in self.fields:
            field.backend = "numba"
        self.columns, self.tables = Columns(facts), Tables(facts, ANALYSER)

    def answer(self, query):
        asked = self.tables.ask(query)
        rows = self.columns.passing(asked)
        return self.columns.answer(asked, rows, self._bm25(asked)[rows])

    def best(self, query):
        asked = self.tables.ask(query)
        rows = self.columns.passing(asked)
        return rows[top(self.columns.order(asked, rows, self._bm25(asked)[rows]), rows, 20)]

    def _bm25(self, asked):
        found = np.zeros(self.columns.facts.size, np.float32)
        for field, boosts in zip(self.fields, (asked.words, asked.grams), strict=True):
            # bm25s has no boosts: the tokens of each boost are asked apart.
            for boost in set(boosts.values()):
                tokens = [token for token, of in boosts.items() if of == boost and token in field.vocab_dict]
                if tokens:
                    found += np.float32(_FACTOR * boost) * field.get_scores(tokens)
        return found

    def having(self, word):
        return int(np.count_nonzero(self.fields[0].get_scores([word])))
