"""When segments are joined, and that nobody notices."""

import threading
import time

import pytest

from matching.search.embedded import EmbeddedEngine, merging
from matching.search.embedded import state as states
from matching.search.query import SearchQuery
from tests.matching.search.factories import ANALYSER, TODAY, document, listing_id
from tests.matching.search.test_snapshot import answers


def written(numbers, engine=None):
    """An engine that got each listing by a write of its own."""
    engine = engine or EmbeddedEngine(ANALYSER, merge_in_background=False)
    for number in numbers:
        engine.apply([document(number, f"용접 {number % 7}", regions=["busan"])], [], engine.revision + 1)
    return engine


def sizes(engine):
    return [part.segment.size for part in engine._state.parts]


@pytest.fixture
def tiny(monkeypatch):
    """Segments and limits so small that a few writes reach them."""
    monkeypatch.setattr(states, "SMALL", 4)
    monkeypatch.setattr(merging, "RECENT_ROWS", 20)


def test_writes_join_the_newest_segment_while_it_is_small(tiny):
    assert sizes(written(range(11))) == [4, 4, 3]


def test_the_recent_ones_are_joined_when_there_are_more_than_two(tiny):
    engine = written(range(12))
    assert merging.due(engine._state) == ()
    written(range(12, 16), engine)
    assert len(merging.due(engine._state)) == merging.RECENT_SEGMENTS + 1


def test_everything_is_joined_when_recent_rows_or_dead_ones_are_many(tiny):
    engine = written(range(28))
    assert merging.due(engine._state) == engine._state.parts
    engine = EmbeddedEngine(ANALYSER, merge_in_background=False)
    engine.apply([document(number, "용접") for number in range(100)], [], 1)
    engine.apply([], [listing_id(number) for number in range(32 + 25)], 2)
    assert merging.due(engine._state) == ()
    engine.apply([], [listing_id(99)], 3)
    assert merging.due(engine._state) == engine._state.parts


def test_deleting_everything_leaves_nothing(tiny):
    engine = written(range(9))
    engine.apply([], [listing_id(number) for number in range(9)], 99)
    assert (sizes(engine), list(engine.all())) == ([], [])
    assert (engine._state.words, engine._state.grams) == (states.Statistics(), states.Statistics())
    engine.merge()
    assert sizes(written(range(2), engine)) == [2]


def test_statistics_are_those_of_the_live_documents(tiny):
    engine = written([*range(30), *range(5, 12), 3, 3])
    fresh = EmbeddedEngine(ANALYSER)
    fresh.apply(engine.all(), [], engine.revision)
    for _ in range(2):
        assert (engine._state.words, engine._state.grams) == (fresh._state.words, fresh._state.grams)
        assert answers(engine) == answers(fresh)
        engine.merge()


def test_segments_are_joined_beside_writers_and_readers(tiny):
    engine = EmbeddedEngine(ANALYSER)
    done = threading.Event()
    wrong = []

    def read():
        while not done.is_set():
            result = engine.search(SearchQuery(TODAY, filters={"region": frozenset({"busan"})}, limit=100))
            counts = {result.total, result.everything_total, len({hit.id for hit in result.hits})}
            if result.revision and counts != {min(result.revision, 40)}:
                wrong.append((result.revision, counts))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for revision in range(1, 161):
        engine.apply([document((revision - 1) % 40, f"용접 {revision}", regions=["busan"])], [], revision)
    done.set()
    for reader in readers:
        reader.join(30)
    for _ in range(300):
        if not merging.due(engine._state):
            break
        time.sleep(0.1)
    assert wrong == []
    assert merging.due(engine._state) == ()
    fresh = EmbeddedEngine(ANALYSER)
    fresh.apply(engine.all(), [], 160)
    assert answers(engine) == answers(fresh)
