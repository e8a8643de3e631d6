"""The numbers of docs/search.md are the engine's numbers."""

import math
from pathlib import Path

import pytest

from matching.search.analyser import GRAM_BOOST, OTHER_NAME_SHARE, WORD_BOOST, BigramAnalyser
from matching.search.documents import PRICE_BANDS, price_band
from matching.search.embedded import EmbeddedEngine, backend, columns, files, lexical, merging, state
from matching.search.engine import TEXT_SCALE
from matching.search.query import FACETS, SORTS, SearchQuery
from tests.matching.search import naive
from tests.matching.search.factories import TODAY, document, kept_length, listing_id

PAGE = (Path(__file__).parents[3] / "docs" / "search.md").read_text(encoding="utf-8")
ANALYSER = BigramAnalyser({"예지보전": ["PdM"], "PdM": ["예지보전"]})


def table(first_column):
    """Return the rows of the page's table whose first heading is this."""
    lines = PAGE.splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith(f"| {first_column} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            return rows
        rows.append([cell.strip().strip("`") for cell in line.strip("|").split("|")])
    return rows


@pytest.fixture(scope="module")
def documents():
    return [document(int(number), title, analyser=ANALYSER) for number, title, _, _ in table("listing")]


def test_the_listings_have_the_printed_lengths(documents):
    printed = [(int(words), int(grams)) for _, _, words, grams in table("listing")]
    assert [(len(made.words.split()), len(made.grams.split())) for made in documents] == printed


def test_every_row_of_the_example_is_what_the_engine_finds_in_this_order(documents):
    engine = EmbeddedEngine(ANALYSER)
    engine.apply(documents, [], 1)
    printed = table("query")
    for text in dict.fromkeys(row[0] for row in printed):
        expected = [(listing_id(int(row[1])), float(row[5])) for row in printed if row[0] == text]
        hits = engine.search(SearchQuery(TODAY, text)).hits
        assert [(hit.id, round(hit.text_score, 4)) for hit in hits] == expected


def test_both_parts_of_every_row_add_up_as_plain_python_has_it(documents):
    for text, number, words, grams, bm25, score in table("query"):
        asked = ANALYSER.query(text)
        row = int(number) - 1
        word_part = naive.bm25([made.words for made in documents], asked.word_boosts())[row]
        gram_part = naive.bm25([made.grams for made in documents], asked.gram_boosts())[row]
        found = [word_part, gram_part, word_part + gram_part, min(1, (word_part + gram_part) / TEXT_SCALE)]
        assert found == pytest.approx([float(words), float(grams), float(bm25), float(score)], abs=5.1e-5)


def test_the_steps_in_words():
    idf, norm = math.log(1 + 3.5 / 1.5), 1.2 * (0.25 + 0.75 * 2 / 2.25)
    assert [round(idf, 4), round(norm, 4), round(2.2 * idf / (1 + norm), 4)] == [1.2040, 1.1, 1.2613]
    idf, norm = math.log(1 + 1.5 / 2.5), 1.2 * (0.25 + 0.75 * 12 / (41 / 3))
    assert [round(idf, 4), round(norm, 4), round(0.25 * 2.2 * idf / (1 + norm), 4)] == [
        0.4700,
        1.0902,
        0.1237,
    ]
    for number in ("1.2040", "1.2613", "0.4700", "1.0902", "0.1237", f"{TEXT_SCALE}"):
        assert number in PAGE
    assert (kept_length(41), kept_length(300)) == (40, 280)


def test_boosts():
    assert [float(boost) for _, boost in table("token")] == [
        WORD_BOOST,
        GRAM_BOOST,
        WORD_BOOST * OTHER_NAME_SHARE,
        GRAM_BOOST * OTHER_NAME_SHARE,
    ]


def test_price_bands():
    rows = table("band")
    assert [row[0] for row in rows[:-1]] == [band.code for band in PRICE_BANDS]
    for code, low, high in rows[:-1]:
        amounts = [int(bound) for bound in (low, high) if bound != "–"]
        assert [price_band(amount) for amount in amounts] == [code] * len(amounts)
    assert price_band(None) == rows[-1][0]


def test_facets_and_sorts_are_all_described():
    assert [row[0] for row in table("sort")] == list(SORTS)
    for facet in FACETS:
        assert f"`{facet}`" in PAGE


def test_the_engines_numbers():
    written = {
        f"under {backend.COMPILED_FROM:,} listings",
        f"at most {state.SMALL} rows",
        f"more than\n{merging.RECENT_SEGMENTS} of them",
        f"more than {merging.RECENT_ROWS:,} rows",
        f"Files over {files.CHECKED_WHOLE >> 20} MiB",
        f"up to {columns.MAX_AMOUNT:,} won",
        f"{lexical.MAX_COUNT:,} repetitions",
        f"{65_536 // columns.STEP:,} capabilities",
    }
    assert {text for text in written if text not in PAGE} == set()
    assert merging.DEAD_SHARE == 1 / 4
