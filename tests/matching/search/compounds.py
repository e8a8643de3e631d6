"""Which compounds an analyser gets right. Run it to see them; no test, `test_compounds.py` holds the rates.

PYTHONPATH=. .venv/bin/python tests/matching/search/compounds.py [bigram|kiwi] [FILE]

FILE holds other pairs, a part and its compound separated by a tab on each line, instead of the list's.

A pair (part, compound) is right when the query of the part finds a document that says nothing but the compound, and
the query of the compound finds a document that says nothing but the part.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from matching.search import dictionary, vocabulary
from matching.search.analyser import BigramAnalyser
from matching.search.kiwi import KiwiAnalyser
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


def overlap(among):
    """How many pairs have (their part, their compound, every word they need) in the dictionary."""
    words = dictionary.words()
    return (
        sum(pair.part in words for pair in among),
        sum(pair.compound in words for pair in among),
        sum({pair.part, pair.compound.replace(pair.part, "", 1)} <= words for pair in among),
    )


def by_words(analyser, among):
    """The share of pairs that are right without the field of pairs of syllables, 0–1."""

    def has(query, text):
        words = set(analyser.document(text).words)
        ways = [way for group in analyser.query(query).groups for way in group.alternatives]
        return any(all(word.token in words for word in way) for way in ways)

    right = [has(pair.part, pair.compound) and has(pair.compound, pair.part) for pair in among]
    return sum(right) / len(among)


def show(analyser, every, say=sys.stdout.write):
    """Say the rates, and what is wrong in the half that may be looked at."""
    for origin, half in dict.fromkeys((pair.origin, pair.half) for pair in every):
        among = [pair for pair in every if (pair.origin, pair.half) == (origin, half)]
        say(f"{origin} {half}: {rate(analyser, among):.1%} of {len(among)}, ")
        say(f"by words alone {by_words(analyser, among):.1%}; in the dictionary: {overlap(among)}\n")
    there, back = directions(analyser, every)
    say(
        f"all: {rate(analyser, every):.1%}; part finds compound {there:.1%}, compound finds part {back:.1%}; "
    )
    say(f"a query finds {crowd(analyser, every):.1f} of the list's words\n")
    for pair, failed in wrong(analyser, [pair for pair in every if pair.half == "open"]):
        say(f"{pair.part}\t{pair.compound}\t{', '.join(failed)}\n")


def main(name="kiwi", file=None):
    """Show one analyser on the list or on a file."""
    if file is None:
        every = pairs()
    else:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
        every = [Pair(*line.split("\t"), "other", "held") for line in lines]
    show({"bigram": BigramAnalyser, "kiwi": KiwiAnalyser}[name](vocabulary.synonyms()), every)


if __name__ == "__main__":
    main(*sys.argv[1:])
