"""Draw compounds from the index examples of KSIC: one half of `compounds.tsv`, by a fixed seed.

    PYTHONPATH=. .venv/bin/python tests/matching/search/draw_compounds.py FILE > drawn.tsv

FILE is a CSV file in UTF-8 with the columns `kind` and `text_ko` (rows of kind "example" are read), made from the
official manual of the classification; it is no part of the project. A compound is a word of four syllables or more
that is two words in one, each of which stands alone somewhere in the examples. With `--rest` what was not drawn is
printed instead: compounds that nobody has looked at.
"""

import argparse
import csv
import random
import re
import sys
from pathlib import Path

SEED = 20261122
DRAWN = 100
_WORD = re.compile("[가-힣]{2,}")
#: "for …" and particles: such a word is a compound with something hanging on it.
_HANGING = ("용", "과", "와", "의", "및")


def candidates(texts):
    """Every (compound, its two parts), by compound."""
    words = {word for text in texts for word in _WORD.findall(text)}
    found = []
    for word in sorted(words):
        halves = [(word[:at], word[at:]) for at in range(2, len(word) - 1)]
        halves = [pair for pair in halves if words.issuperset(pair)]
        if halves and not word.endswith(_HANGING):
            found.append((word, halves[0]))
    return found


def draw(texts, *, rest=False):
    """Pairs (part, compound): the drawn ones or, with `rest`, all others, each with one of its parts by lot."""
    lot = random.Random(SEED)
    shuffled = candidates(texts)
    lot.shuffle(shuffled)
    pairs = [(lot.choice(halves), word) for word, halves in shuffled]
    return pairs[DRAWN:] if rest else pairs[:DRAWN]


def main():
    """Print the pairs, one a line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rest", action="store_true")
    asked = parser.parse_args()
    with asked.file.open(encoding="utf-8", newline="") as lines:
        texts = [row["text_ko"] for row in csv.DictReader(lines) if row["kind"] == "example"]
    sys.stdout.writelines(f"{part}\t{word}\n" for part, word in draw(texts, rest=asked.rest))


if __name__ == "__main__":
    main()
