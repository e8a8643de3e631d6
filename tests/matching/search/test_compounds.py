"""How many of 200 industrial compounds are right; docs/search.md prints these rates."""

import pytest

from matching.search.analyser import BigramAnalyser
from tests.matching.search import compounds


def test_the_list_is_two_hundred_pairs_half_of_them_drawn():
    every = compounds.pairs()
    assert len({(pair.part, pair.compound) for pair in every}) == 200
    for origin in ("ksic", "field"):
        for half in ("open", "held"):
            assert sum((pair.origin, pair.half) == (origin, half) for pair in every) == 50
    assert all(pair.part in pair.compound and pair.part != pair.compound for pair in every)


def test_by_pairs_of_syllables_a_part_finds_the_compound_but_hardly_the_reverse():
    assert compounds.rate(BigramAnalyser(), compounds.pairs()) == pytest.approx(0.045)
    assert compounds.directions(BigramAnalyser(), compounds.pairs()) == pytest.approx((1.0, 0.045))
