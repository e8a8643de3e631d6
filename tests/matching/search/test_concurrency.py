import threading

from matching.search.embedded import EmbeddedEngine
from matching.search.embedded.state import matching
from matching.search.query import SearchQuery
from tests.matching.search.factories import ANALYSER, TODAY, document, listing_id

REVISIONS = 60


def state(revision):
    """At revision r exactly r % 7 + 1 listings exist, and every one of them carries the word of r."""
    here = range(revision % 7 + 1)
    title = f"용접{'가나다라마바사'[revision % 7]} 공통 r{revision}"
    return [document(number, title) for number in here], [
        listing_id(number) for number in range(len(here), 7)
    ]


def test_readers_always_see_one_whole_state_while_a_writer_runs():
    engine = EmbeddedEngine(ANALYSER)
    engine.apply(*state(0), 0)
    done = threading.Event()
    torn, seen, answers = [], set(), []

    def read():
        while not done.is_set() or not answers:
            result = engine.search(SearchQuery(TODAY, "공통", filters={"level": frozenset({"1"})}))
            expected = result.revision % 7 + 1
            counts = (result.total, len(result.hits), result.everything_total, result.facets["level"]["1"])
            if counts != (expected,) * 4 or len({hit.text_score for hit in result.hits}) != 1:
                torn.append((result.revision, counts))
            listings = engine.all()
            if len({listing.content["title"] for listing in listings}) != 1:
                torn.append([listing.content["title"] for listing in listings])
            seen.add(result.revision)
            answers.append(result.revision)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for revision in range(1, REVISIONS):
        engine.apply(*state(revision), revision)
    done.set()
    for reader in readers:
        reader.join(30)

    assert torn == []
    assert answers
    assert seen <= set(range(REVISIONS))
    assert engine.revision == REVISIONS - 1


def test_writers_do_not_lose_each_others_listings():
    engine = EmbeddedEngine(ANALYSER)
    start = threading.Barrier(4)

    def write(first):
        start.wait()
        for number in range(first, first + 10):
            engine.apply([document(number, "용접")], [], 1)

    writers = [threading.Thread(target=write, args=(10 * place,)) for place in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)

    assert [listing.id for listing in engine.all()] == [listing_id(number) for number in range(40)]


def test_a_reader_of_an_older_state_does_not_meet_the_terms_of_a_newer_one():
    engine = EmbeddedEngine(ANALYSER)
    engine.apply([document(1, "용접")], [], 1)
    older = engine._state
    engine.apply([document(2, "검사")], [], 2)
    asked = ANALYSER.query("검사")
    assert [matching(part, asked).any() for part in older.parts] == [False]
    assert [len(text.words.starts) + len(text.grams.starts) for text in older.texts(asked)] == [0]
    assert [hit.id for hit in engine.search(SearchQuery(TODAY, "검사")).hits] == [listing_id(2)]
