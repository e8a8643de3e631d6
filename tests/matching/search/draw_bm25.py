"""Let an Elasticsearch server compute BM25 for drawn documents and queries: `bm25_golden.jsonl`.

    scripts/elastic_here.sh run bash -c \
        'PYTHONPATH=. .venv/bin/python tests/matching/search/draw_bm25.py > tests/matching/search/bm25_golden.jsonl'

Every line is an object. The first names the server; then, for each index, one line holds its documents and one each
query. A text is written as `mes*3 line`: mes mes mes line. `scores` has eight hexadecimal digits (a float32, the first
byte first) for each document, in their order; 0 is not found.
"""

import json
import random
import struct
import sys

from tests import elastic_nodes

SEED = 20261122
FIELDS = ("words", "grams")
#: What boosts the whole of the grams, see `matching/search/tokens.py`.
GRAM_BOOST = 0.25
#: The share of words that are other names of what was typed.
OTHER_NAME = 0.5
#: Lengths that Lucene keeps exactly and lengths that it rounds, on both sides of every border up to about 1,000.
LENGTHS = (
    0,
    1,
    2,
    3,
    5,
    8,
    13,
    23,
    24,
    25,
    39,
    40,
    41,
    42,
    55,
    56,
    60,
    88,
    120,
    255,
    256,
    257,
    300,
    511,
    512,
    640,
    969,
)
REPETITIONS = (0,) * 12 + (2, 7, 63, 255, 400)


def vocabulary(letter, size):
    """Tokens of which the first stands in nearly every document and the last in hardly any."""
    return [f"{letter}{number}" for number in range(size)]


def text(lot, tokens):
    """One field: a length from the list, the first tokens much oftener than the last, perhaps one repeated."""
    drawn = lot.choices(tokens, [(place + 1) ** -2 for place in range(len(tokens))], k=lot.choice(LENGTHS))
    return drawn + [lot.choice(tokens[:6])] * lot.choice(REPETITIONS)


def packed(drawn):
    """A text as it stands in the file; order does not matter to BM25."""
    counted = {token: drawn.count(token) for token in dict.fromkeys(drawn)}
    return " ".join(token if times == 1 else f"{token}*{times}" for token, times in counted.items())


def unpacked(line):
    """The tokens of a text as it stands in the file, separated by spaces."""
    parts = (part.partition("*") for part in line.split())
    return " ".join(" ".join([token] * int(times or 1)) for token, _, times in parts)


def indices():
    """Yield (name, documents, queries), always the same: a document is {field: text}; a query has four texts."""
    lot = random.Random(SEED)
    words, grams = vocabulary("w", 24), vocabulary("g", 24)
    for name, size, asked in (("many", 160, 100), ("few", 7, 60), ("one", 1, 30)):
        documents = [
            {"words": packed(text(lot, words)), "grams": packed(text(lot, grams))} for _ in range(size)
        ]
        if size == 1:
            documents = [{"words": packed(words[:20] * 3 + words[:1] * 400), "grams": packed(grams[:15])}]
        yield name, documents, [query(lot, [*words, "w99"], [*grams, "g99"]) for _ in range(asked)]


def query(lot, words, grams):
    """What was typed, with repetitions, and tokens of other names, which were not typed."""
    found = {}
    for field, tokens in (("words", words), ("grams", grams)):
        typed = lot.choices(tokens, k=lot.choice((0, 1, 2, 3, 6, 12)))
        others = sorted(set(lot.choices(tokens, k=lot.choice((0, 0, 1, 4)))).difference(typed))
        found |= {field: packed(typed), f"other_{field}": packed(others)}
    return found


def clauses(asked, field):
    """The clauses of one field: a repeated word as often as it was typed; every other name's token apart.

    Several tokens under one boost would be a sum of their own, which the server rounds.
    """
    typed = [{"match": {field: {"query": unpacked(asked[field])}}}] if asked[field] else []
    others = asked[f"other_{field}"].split()
    return typed + [{"match": {field: {"query": token, "boost": OTHER_NAME}}} for token in others]


def body(asked):
    """A query as the server is asked: the grams as one clause of their own, boosted as a whole."""
    grams = {"bool": {"should": clauses(asked, "grams"), "boost": GRAM_BOOST}}
    return {"bool": {"should": clauses(asked, "words") + [grams] * bool(grams["bool"]["should"])}}


def fill(index, documents):
    """Make an index of these documents, in one shard and without replaced ones."""
    field = {"type": "text", "analyzer": "whitespace", "index_options": "freqs"}
    mappings = {"dynamic": "strict", "properties": dict.fromkeys(FIELDS, field)}
    settings = {"number_of_shards": 1, "number_of_replicas": 0}
    elastic_nodes.ask(index, {"settings": settings, "mappings": mappings}, method="PUT")
    lines = []
    for number, document in enumerate(documents):
        lines.append({"create": {"_id": str(number)}})
        lines.append({name: unpacked(line) for name, line in document.items()})
    written = elastic_nodes.ask(
        f"{index}/_bulk?refresh=true", "".join(json.dumps(line) + "\n" for line in lines)
    )
    assert written["errors"] is False


def scores(index, asked, size):
    """The server's score of every document, 0 for those it does not find."""
    found = [0.0] * size
    if any(asked.values()):
        wanted = {"size": max(size, 1), "_source": False, "query": body(asked)}
        for hit in elastic_nodes.ask(f"{index}/_search", wanted)["hits"]["hits"]:
            found[int(hit["_id"])] = hit["_score"]
    return struct.pack(f">{size}f", *found).hex()


def golden():
    """Yield every line of the file, as the server computes it now."""
    version = {node["version"] for node in elastic_nodes.ask("_nodes/http")["nodes"].values()}
    yield json.dumps({"server": "Elasticsearch " + "".join(version), "seed": SEED})
    for name, documents, queries in indices():
        index = f"bm25-golden-{name}"
        fill(index, documents)
        try:
            yield json.dumps({"index": name, "documents": documents}, separators=(",", ":"))
            for asked in queries:
                found = {**asked, "scores": scores(index, asked, len(documents))}
                yield json.dumps({key: value for key, value in found.items() if value}, separators=(",", ":"))
        finally:
            elastic_nodes.ask(index, method="DELETE")


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in golden())
