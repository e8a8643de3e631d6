"""The compiled passes and the NumPy passes give the same answers, to the last bit."""

import random
import threading
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.scoring.weights import BUILT_IN
from matching.search.embedded import (
    EmbeddedEngine,
    backend,
    bits,
    compiled,
    kernels,
    machine,
    plain,
    ranked,
    records,
)
from matching.search.query import SORTS, MatchQuery, SearchQuery
from tests.matching.scoring import cases
from tests.matching.search.factories import ANALYSER, TODAY, listing_id
from tests.matching.search.market import TITLES, catalogues, listed
from tests.matching.search.test_fitting import documents_of, engine_of, queries

ROWS = 64 * machine.BLOCK + 4000
WORDS = ["용접", "검사", "예지보전", "시스템", "robot", "MES", "5G", "납땜"]


def both(ask):
    """What NumPy answers, and what compiled code does."""
    with patch.object(backend, "for_rows", lambda size: plain):
        slow = ask()
    with patch.object(backend, "for_rows", lambda size: kernels):
        return slow, ask()


@settings(max_examples=200, deadline=None)
@given(catalogues, queries)
def test_small_catalogues(catalogue, query):
    engine = engine_of(documents_of(catalogue), small=2)
    search = SearchQuery(TODAY, query.text, query.filters, limit=100)
    for slow, fast in (both(lambda: engine.match(query)), both(lambda: engine.search(search))):
        assert fast == slow


@pytest.fixture(scope="module")
def large():
    """An engine of rows enough for several blocks, some of them replaced, in three segments."""
    draw = random.Random(5)
    plenty = [_offer(draw) for _ in range(60)]
    documents = [
        listed(
            number,
            draw.choice(plenty),
            " ".join(draw.choices(WORDS, k=draw.randrange(12))),
            expires_on=TODAY + timedelta(days=draw.choice([-91, -5, 9, 9, 9])),
        )
        for number in range(ROWS)
    ]
    engine = EmbeddedEngine(ANALYSER, merge_in_background=False)
    engine.apply(documents, [], 1)
    engine.apply([listed(number, draw.choice(plenty), "MES 검사") for number in range(5, ROWS, 97)], [], 2)
    engine.apply([listed(number, draw.choice(plenty), "용접") for number in range(7, ROWS, 997)], [], 3)
    return engine


def _offer(draw):
    quality = {code: draw.randrange(6) for code in cases.CAPABILITIES}
    plans = [
        cases.PlanFact(f"p{n}", "", draw.choice([None, 0, 10**7, 3 * 10**7, 10**8]), quality)
        for n in range(draw.randrange(4))
    ]
    records = [
        cases.EvidenceFact(
            draw.choice(["claim", "field"]), draw.choice(cases.INDUSTRIES), draw.random() < 0.7
        )
        for _ in range(draw.randrange(4))
    ]
    low = draw.randrange(1, 4)
    return cases.replace(
        cases.OFFER,
        level_from=low,
        level_to=low + draw.randrange(3),
        industries=tuple(draw.sample(cases.INDUSTRIES, draw.randrange(3))),
        interfaces=frozenset(draw.sample(cases.INTERFACES, draw.randrange(4))),
        regions=frozenset(draw.sample(cases.REGIONS, draw.randrange(4))),
        plans=tuple(plans),
        evidence=tuple(records),
        install_weeks=draw.choice([None, 4, 14, 20]),
        capacity_per_quarter=draw.choice([None, 0, 3]),
        alliance=draw.random() < 0.2,
    )


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_large_catalogues(large, data):
    query = data.draw(queries)
    search = SearchQuery(
        TODAY,
        data.draw(TITLES),
        query.filters,
        data.draw(st.sampled_from(SORTS)),
        data.draw(st.sampled_from([0, 5000])),
    )
    for slow, fast in (both(lambda: large.match(query)), both(lambda: large.search(search))):
        assert fast == slow


def test_a_large_catalogue_is_matched_at_all(large):
    slow, fast = both(lambda: large.match(MatchQuery(TODAY, cases.NEED, BUILT_IN, "용접 MES", limit=100)))
    assert fast == slow
    assert fast.total > 100
    assert len({hit.order_value for hit in fast.hits}) > 5


ANYTHING = replace(cases.NEED, requirements=(), level=None, region=None, budget_amount=None)
WITH_USERS = replace(
    ANYTHING,
    partners=(cases.Partner("supplier", "confirmed", frozenset(map(listing_id, range(3, ROWS, 50))), ()),),
)


@pytest.mark.parametrize("need", [ANYTHING, WITH_USERS], ids=["anything", "used by partners"])
@pytest.mark.parametrize("text", ["", "용접", "용접 MES 검사 납땜"])
@pytest.mark.parametrize(("offset", "limit"), [(0, 1), (0, 20), (7, 100), (9000, 3)])
def test_lists_of_any_length_from_rows_of_which_many_are_equal(large, need, text, offset, limit):
    query = MatchQuery(TODAY, need, BUILT_IN, text, offset=offset, limit=limit)
    slow, fast = both(lambda: large.match(query))
    assert fast == slow
    assert fast.total > 9003
    assert len(fast.hits) == limit
    assert fast.hits == both(lambda: large.match_many([query]))[1][0]


@pytest.mark.parametrize("rows", [0, 1, 254, 255, 256, 511, 3000, 20_000])
@pytest.mark.parametrize("filtered", [(), (0,), (4, 0, 5)])
def test_few_rows_are_counted_one_by_one_and_many_by_bitmaps_alike(large, rows, filtered):
    segment = max((part.segment for part in large._state.parts), key=lambda each: each.size)
    draw = random.Random(rows)
    found = plain.of_rows(np.array(draw.sample(range(segment.size), rows), np.uint32), segment.size)
    day = segment.day(TODAY)
    filters = {
        facet: day.validations[0] if facet == 5 else segment.facets.members[facet] for facet in filtered
    }
    narrowed = [each.narrowed(found, filters, None) for each in (plain, kernels)]
    counts = [each.counted(narrowed[0], segment.facets, day).tolist() for each in (plain, kernels)]
    assert counts[0] == counts[1]
    assert filtered or sum(counts[0]) >= rows
    assert narrowed[0].masks.tolist() == narrowed[1].masks.tolist()
    assert (narrowed[0].total, narrowed[0].mask_of.tolist()) == (
        narrowed[1].total,
        narrowed[1].mask_of.tolist(),
    )


@given(st.lists(st.booleans(), max_size=200), st.data())
def test_bitmaps(mask, data):
    size = len(mask)
    packed = bits.pack(np.array(mask, np.bool_))
    rows = np.array([row for row, has in enumerate(mask) if has], np.uint32)
    assert bits.unpack(packed, size).tolist() == mask
    assert bits.rows_of(packed, size).tolist() == rows.tolist()
    assert bits.count(packed) == len(rows)
    assert kernels.of_rows(rows, size).tolist() == plain.of_rows(rows, size).tolist() == packed.tolist()
    others = data.draw(
        st.lists(st.lists(st.booleans(), min_size=size, max_size=size), min_size=1, max_size=9)
    )
    needed = data.draw(st.integers(1, len(others)))
    enough = bits.at_least([bits.pack(np.array(other, np.bool_)) for other in others], needed)
    assert bits.unpack(enough, size).tolist() == [
        sum(other[row] for other in others) >= needed for row in range(size)
    ]


@pytest.fixture
def unloaded(monkeypatch):
    """A process that has not loaded compiled code yet."""
    monkeypatch.setattr(backend, "_compiled", None)
    monkeypatch.setattr(backend, "_is_asked_for", False)
    return monkeypatch


def check_both(engine, query):
    slow, fast = both(lambda: engine.match(query) if isinstance(query, MatchQuery) else engine.search(query))
    assert fast == slow
    assert fast.hits


def wait_for_loading():
    for thread in threading.enumerate():
        if thread.name == "search-compile":
            thread.join(120)


@pytest.mark.parametrize("error", [ImportError, RuntimeError, OSError])
def test_a_machine_without_numba_uses_numpy_and_says_so_once(error, unloaded, caplog):
    def missing(name):
        raise error(name)

    unloaded.setattr(backend.importlib, "import_module", missing)
    found = []
    for size in (1, 10**6, 10**6):
        found.append(backend.for_rows(size))
        wait_for_loading()
    assert found == [plain] * 3
    assert len(caplog.records) == 1


def test_few_rows_do_not_load_compiled_code_and_many_do_without_waiting_for_it(unloaded):
    assert backend.for_rows(backend.COMPILED_FROM - 1) is plain
    assert not backend._is_asked_for
    assert backend.for_rows(backend.COMPILED_FROM) is plain
    wait_for_loading()
    assert [backend.for_rows(size) for size in (1, backend.COMPILED_FROM)] == [kernels] * 2


def test_compiling_ahead_leaves_nothing_to_compile_at_the_first_question(large, tmp_path):
    kernels.compile()
    passes = [
        compiled.of_rows,
        compiled.narrowed,
        compiled.counted,
        ranked.best,
    ]
    before = [len(one.signatures) for one in passes]
    large.save(tmp_path)
    statistical = cases.replace(cases.NEED, programme="p", partners=(), industry_prior={"30": 1.0})
    for engine in (large, EmbeddedEngine.open(ANALYSER, tmp_path)):
        for need in (cases.NEED, statistical):
            check_both(engine, MatchQuery(TODAY, need, BUILT_IN, "용접 MES"))
        check_both(engine, SearchQuery(TODAY, "용접 검사"))
    assert [len(one.signatures) for one in passes] == before


def test_more_plans_than_a_record_counts_are_refused():
    simple = {name: np.zeros(1, np.uint32) for name in ("industry", "interface", "delivery", "shown")}
    simple |= {name: np.zeros(1, np.uint8) for name in ("level", "alliance")}
    simple["evidence"] = np.zeros(1, np.float32)

    def laid(plans):
        none = np.zeros(plans, np.int64)
        starts = np.zeros(plans + 1, np.uint32)
        return records.lay(simple, np.array([0, plans], np.uint32), none, starts, np.zeros(0, np.uint16))

    assert laid(65_535)[0].tolist() == [0, 3 + 2 * 65_535]
    with pytest.raises(ValueError, match="65536 plans"):
        laid(65_536)
