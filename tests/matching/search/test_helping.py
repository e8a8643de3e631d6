import threading

from matching.search import helping
from matching.search.analyser import BigramAnalyser
from matching.search.embedded import EmbeddedEngine
from matching.search.helping import Helper, help_of, meant_text
from matching.search.query import SearchQuery
from tests.matching.search.factories import TODAY, document, listing_id

ANALYSER = BigramAnalyser()


def engine_with(*titles):
    engine = EmbeddedEngine(ANALYSER)
    made = [document(at, title, analyser=ANALYSER, vendor_name="가온테크") for at, title in enumerate(titles)]
    engine.apply(made, [], 1)
    return engine


def test_titles_names_of_the_taxonomy_and_vendors_are_known():
    engine = engine_with("웰드아이 비전")
    known = help_of(engine.all(), 1)
    assert known.completions.complete("웰드") == ("웰드아이 비전",)
    assert known.completions.complete("ㅅㅊㅅㅎ") == ("사출성형",)
    assert "예지보전" in known.completions.complete("예지")
    for word in ("웰드아이", "가온테크", "사출성형", "Predictive", "절삭"):
        assert known.speller.is_known(word)
    assert known.meant("ㅅㅊㅅㅎ") == "사출성형"
    assert known.meant("웰드아아") == "웰드아이"
    assert known.meant("ㅋㅋㅋ") is None


def test_names_stand_before_titles():
    known = help_of(engine_with("사출", "사출성형 관리").all(), 1)
    assert known.completions.complete("사출성")[0] == "사출성형"


def test_what_was_meant_must_be_there_and_find_more_than_much():
    engine = engine_with(*["웰드아이"] * 5)
    known = help_of(engine.all(), 1)

    def asked(text, total):
        return meant_text(engine, known, SearchQuery(TODAY, text, offset=40), total)

    assert asked("웰드아아", 0) == "웰드아이"
    assert asked("웰드아아", 3) == "웰드아이"
    assert asked("웰드아아", 4) == "웰드아이"
    assert asked("웰드아아", 5) is None
    assert asked("사츨성형", 0) is None
    assert asked("", 0) is None


def test_help_follows_the_index_and_is_made_once_for_a_revision():
    engine = engine_with("웰드아이")
    helper = Helper()
    first = helper.current(engine)
    assert helper.current(engine) is first
    engine.apply([document(9, "비드스캔", analyser=ANALYSER)], [listing_id(0)], 2)
    then = helper.current(engine)
    assert then.revision == 2
    assert then.completions.complete("비드") == ("비드스캔",)
    assert then.completions.complete("웰드") == ()


def test_with_many_listings_it_is_made_beside_the_answers_and_not_too_often(monkeypatch):
    monkeypatch.setattr(helping, "AT_ONCE", 0)
    engine = engine_with("웰드아이")
    helper, go = Helper(), threading.Event()

    def slow(documents, revision):
        go.wait(60)
        return help_of(documents, revision)

    monkeypatch.setattr(helping, "help_of", slow)
    assert helper.current(engine).completions.complete("웰드") == ()
    go.set()
    for thread in threading.enumerate():
        if thread.name == "search-help":
            thread.join()
    assert helper.current(engine).completions.complete("웰드") == ("웰드아이",)
    engine.apply([document(9, "비드스캔", analyser=ANALYSER)], [], 2)
    assert helper.current(engine).revision == 1
    assert not [thread for thread in threading.enumerate() if thread.name == "search-help"]
