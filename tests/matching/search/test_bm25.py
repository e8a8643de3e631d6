"""BM25 held against the formula of Lucene and Elasticsearch, float32 step by float32 step, to the last bit."""

import math
import random
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.search.analyser import Group, QueryTokens, Word
from matching.search.embedded import EmbeddedEngine, bits, kernels, plain
from matching.search.embedded.lexical import LENGTHS, count, length_bytes, merge
from matching.search.embedded.lexicon import Lexicon
from matching.search.embedded.state import SMALL
from tests.matching.search import naive
from tests.matching.search.factories import ANALYSER, document, listing_id

F = np.float32
WORDS = ["welding", "line", "pick", "robot", "mes"]
GRAMS = ["용접", "접기", "검사", "사기"]


def formula(texts, boosts):
    """Sum of clauses of each text in float64; w - w / (1 + tf × inverse norm), every step a float32."""
    counted = [Counter(text.split()) for text in texts]
    lengths = [tokens.total() for tokens in counted]
    documents = sum(length > 0 for length in lengths)
    average = F(sum(lengths) / max(documents, 1))
    sums = [0.0] * len(texts)
    for token, boost in boosts.items():
        having = sum(token in tokens for tokens in counted)
        idf = F(math.log(1 + (documents - having + 0.5) / (having + 0.5)))
        weight = F(F(F(boost) * F(2.2)) * idf)
        for row, tokens in enumerate(counted):
            if tokens[token]:
                length = F(naive.one_byte(lengths[row]))
                inverse = F(F(1) / F(F(1.2) * F(F(F(1) - F(0.75)) + F(F(F(0.75) * length) / average))))
                sums[row] += float(F(weight - F(weight / F(F(1) + F(F(tokens[token]) * inverse)))))
    return sums


def asked(words, grams):
    """A query of these words, repeated ones as often as they stand there."""
    groups = [Group(((Word(token),),)) for token in words]
    groups += [Group(((Word("", tuple(grams)),),))] if grams else []
    return QueryTokens(tuple(groups), is_blank=False, was_cut=False)


def found(engine, query):
    """BM25 of each live listing by its id, as the engine's passes have it."""
    state = engine._state
    scores = {}
    for part, text in zip(state.parts, state.texts(query), strict=True):
        size = part.segment.size
        for passes in (plain, kernels):
            best = passes.best(part.live, size, text, None, size)
            here = {
                part.segment.id(row): value for row, value in zip(best.rows, best.bm25.tolist(), strict=True)
            }
            assert len(here) == bits.count(part.live)
            assert here == {key: scores.get(key, value) for key, value in here.items()}
            scores |= here
    return scores


def long_text(draw, tokens):
    """Lengths far over 255 and counts far over it too."""
    length = draw.choice([0, 1, 5, 23, 24, 39, 40, 41, 47, 60, 255, 256, 300, 969])
    text = draw.choices(tokens, range(1, len(tokens) + 1), k=length)
    return " ".join(text + [tokens[0]] * draw.choice([0, 0, 0, 401]))


def test_every_score_is_the_formulas_to_the_last_bit():
    draw = random.Random(11)
    documents = [
        replace(document(number), words=long_text(draw, WORDS), grams=long_text(draw, GRAMS))
        for number in range(300)
    ]
    engine = EmbeddedEngine(ANALYSER, merge_in_background=False)
    engine.apply([replace(each, words="line " * 9, grams="") for each in documents], [], 1)
    engine.apply(documents[: SMALL + 1], [listing_id(299)], 2)
    engine.apply(documents[SMALL + 1 : 250], [], 3)
    live = [*documents[:250], *(replace(each, words="line " * 9, grams="") for each in documents[250:299])]
    assert len(engine._state.parts) == 3
    checked = 0
    for _ in range(40):
        query = asked(draw.choices(WORDS, k=draw.randrange(5)), draw.choices(GRAMS, k=draw.randrange(4)))
        words = formula([each.words for each in live], query.word_boosts())
        grams = formula([each.grams for each in live], query.gram_boosts())
        expected = {
            each.id: float(F(word + float(F(gram))))
            for each, word, gram in zip(live, words, grams, strict=True)
        }
        assert found(engine, query) == expected
        checked += sum(value > 0 for value in expected.values())
    assert checked > 5000
    engine.merge()
    assert found(engine, query) == expected


def test_a_repeated_word_weighs_as_often_as_it_stands_there():
    query = asked(["mes", "mes", "line", "mes"], ["용접", "용접"])
    assert query.word_boosts() == {"mes": 3.0, "line": 1.0}
    assert query.gram_boosts() == {"용접": 0.5}


def test_the_length_bytes_are_lucenes():
    assert LENGTHS[:42].tolist() == [*range(41), 42]
    assert (LENGTHS[255], len(LENGTHS)) == (2_013_265_944, 256)
    lengths = np.arange(5000)
    assert LENGTHS[length_bytes(lengths)].tolist() == [naive.one_byte(length) for length in range(5000)]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), unique=True), st.text())
def test_a_lexicon_in_arrays_finds_what_the_list_held(tokens, other):
    tokens = [token for token in tokens if "\x00" not in token]
    made = Lexicon(tokens)
    opened = Lexicon.from_arrays(made.arrays())
    assert list(opened) == list(made) == tokens
    assert len(opened) == len(tokens)
    for lexicon in (made, opened, opened):
        assert [lexicon.find(token) for token in tokens] == list(range(len(tokens)))
        assert lexicon.find(other + "\x01") == (
            tokens.index(other + "\x01") if other + "\x01" in tokens else -1
        )


@settings(max_examples=50)
@given(st.lists(st.lists(st.sampled_from(WORDS)).map(" ".join), max_size=8), st.data())
def test_joined_postings_are_those_of_all_texts_at_once(texts, data):
    cut = data.draw(st.integers(0, len(texts)))
    kept = [data.draw(st.booleans()) for _ in texts]
    flags = np.array(kept, np.bool_)
    places = np.where(flags, np.cumsum(flags) - 1, -1)
    joined = merge([count(texts[:cut]), count(texts[cut:])], [places[:cut], places[cut:]], sum(kept))
    whole = count([text for text, is_kept in zip(texts, kept, strict=True) if is_kept])
    assert sorted(joined.lexicon) == sorted(whole.lexicon)
    for token in whole.lexicon:
        spans = [each.span(each.lexicon.find(token)) for each in (joined, whole)]
        assert joined.rows[spans[0]].tolist() == whole.rows[spans[1]].tolist()
        assert joined.counts[spans[0]].tolist() == whole.counts[spans[1]].tolist()
    assert joined.norms.tolist() == whole.norms.tolist()


@pytest.mark.parametrize("times", [65_535, 70_000])
def test_more_repetitions_than_a_posting_holds_count_as_the_most(times):
    assert count(["가 " * times]).counts.tolist() == [65_535]
