"""Which passages a run should name, measured by the judged pairs: prints the table of docs/search.md.

    PYTHONPATH=. .venv/bin/python tests/bench/sentences.py

The corpus are the listings of the demo country as search reads them, the queries the sentences of the judged demands.
"""

import statistics
import sys
import tempfile

from marketplace import create_app
from marketplace.demo import load
from marketplace.extensions import analyser, search_engine
from marketplace.operations import migrate
from matching.judged import data, measure
from matching.search.query import MAX_LIMIT, SearchQuery
from matching.search.relevance.indexing import Analysed, EmbeddedIndex

TOP = 100
#: From this grade on a listing is worth a talk.
GOOD = 2


def settings(folder):
    return {
        "DATABASE_URL": f"sqlite:///{folder}/demo.db",
        "FILES_URL": f"file:{folder}/files",
        "MAIL_URL": f"file:{folder}/mail",
        "SECRET_KEY": "a key for measuring only, long enough to sign with",
    }


def any_token(index, text):
    """Every listing with BM25 above 0, by BM25: what `flask search run` names."""
    return [found.id for found in index.best([analyser().query(text)], TOP)[0]]


def half_of_the_groups(engine, text, today):
    """What a search in the store finds."""
    found = []
    while len(found) < TOP:
        page = engine.search(SearchQuery(today, text, offset=len(found), limit=min(TOP, MAX_LIMIT))).hits
        if not page:
            break
        found += [hit.id for hit in page]
    return found[:TOP]


def measured(orders, judged):
    """Means of nDCG@10, of the share of good listings among the first hundred, and of how many there are."""
    rows = []
    for order, grades in zip(orders, judged, strict=True):
        good = {title for title, grade in grades.items() if grade >= GOOD}
        rows.append((measure.ndcg(order, grades), len(good.intersection(order)) / len(good), len(order)))
    return tuple(map(statistics.mean, zip(*rows, strict=True)))


def main():
    """Load the demo country, ask, print."""
    texts = {row["id"]: row["asks"] for row in data._read("demands.yaml")["demands"]}
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings(folder))
        migrate.upgrade(app.extensions["database"])
        load.if_empty(app)
        with app.app_context():
            engine = search_engine()
            documents = engine.all()
            title = {document.id: document.content["title"] for document in documents}
            index = EmbeddedIndex()
            index.add([Analysed(document.id, document.words, document.grams) for document in documents])
            judged = [
                {name: grade for name, grade in demand.grades.items() if name in title.values()}
                for demand in data.demands()
            ]
            asked = [texts[demand.id] for demand in data.demands()]
            today = max(document.approved_on for document in documents)
            orders = {
                "any token": [[title[found] for found in any_token(index, text)] for text in asked],
                "half of the groups": [
                    [title[found] for found in half_of_the_groups(engine, text, today)] for text in asked
                ],
            }
    count = sum(map(len, judged))
    sys.stdout.write(f"{len(title)} listings, {len(asked)} sentences, {count} judgements\n")
    for name, found in orders.items():
        ndcg, recall, size = measured(found, judged)
        sys.stdout.write(f"| {name} | {ndcg:.3f} | {recall:.2f} | {size:.0f} |\n")


if __name__ == "__main__":
    main()
