"""Which compounds an analyser gets right. Run it to see them; no test, `test_compounds.py` holds the rates.

PYTHONPATH=. .venv/bin/python tests/matching/search/compounds.py [bigram|kiwi]

A pair (part, compound) is right when the query of the part finds a document that says nothing but the compound, and
the query of the compound finds a document that says nothing but the part.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from matching.search.analyser import BigramAnalyser
from tests.matching.search import factories, naive

LIST = Path(__file__).with_name("compounds.tsv")


@dataclass(frozen=True, slots=True)
class Pair:
    part: str
    compound: str
    origin: str
    half: str


def pairs():
    """The fixed list, in its order."""
    lines = [line for line in LIST.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [Pair(*line.split("\t")) for line in lines[1:]]


def finds(analyser, query, text):
    """Whether a query finds a document whose title is this text and that says nothing else."""
    return naive.matches(factories.document(1, text, analyser=analyser), analyser.query(query))


def wrong(analyser, among):
    """The pairs that are not right, each with the directions that fail."""
    found = []
    for pair in among:
        failed = [
            name
            for name, query, text in (
                ("part → compound", pair.part, pair.compound),
                ("compound → part", pair.compound, pair.part),
            )
            if not finds(analyser, query, text)
        ]
        if failed:
            found.append((pair, failed))
    return found


def rate(analyser, among):
    """The share of pairs that are right, 0–1."""
    return 1 - len(wrong(analyser, among)) / len(among)


def crowd(analyser, among):
    """How many of the list's documents a query finds on average: what the rate is paid with."""
    texts = sorted({text for pair in among for text in (pair.part, pair.compound)})
    made = [factories.document(1, text, analyser=analyser) for text in texts]
    found = sum(naive.matches(document, asked) for asked in map(analyser.query, texts) for document in made)
    return found / len(texts)


def directions(analyser, among):
    """The shares of pairs that are right one way: (part finds compound, compound finds part)."""
    failed = [name for _, names in wrong(analyser, among) for name in names]
    return tuple(1 - failed.count(name) / len(among) for name in ("part → compound", "compound → part"))


def show(analyser, say=sys.stdout.write):
    """Say the rates, and what is wrong in the half that may be looked at."""
    every = pairs()
    for origin in ("ksic", "field"):
        for half in ("open", "held"):
            among = [pair for pair in every if (pair.origin, pair.half) == (origin, half)]
            say(f"{origin} {half}: {rate(analyser, among):.1%} of {len(among)}\n")
    there, back = directions(analyser, every)
    say(
        f"all: {rate(analyser, every):.1%}; part finds compound {there:.1%}, compound finds part {back:.1%}; "
    )
    say(f"a query finds {crowd(analyser, every):.1f} of the list's words\n")
    for pair, failed in wrong(analyser, [pair for pair in every if pair.half == "open"]):
        say(f"{pair.part}\t{pair.compound}\t{', '.join(failed)}\n")


if __name__ == "__main__":
    show(BigramAnalyser())
