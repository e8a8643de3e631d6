"""What every engine must do, shown on the embedded one."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from matching.search import vocabulary
from matching.search.analyser import BigramAnalyser
from matching.search.embedded import EmbeddedEngine
from matching.search.engine import AnalyserMismatch, Engine
from matching.search.query import FACETS, MAX_LIMIT, InvalidSearch, SearchQuery
from tests.matching.search.factories import ANALYSER, TODAY, document, evidence, listing_id, plan


def engine_of(*documents, analyser=ANALYSER, revision=1) -> Engine:
    engine = EmbeddedEngine(analyser)
    engine.apply(documents, [], revision)
    return engine


def numbers(result):
    return [int(hit.id[-12:]) for hit in result.hits]


def find(engine, text="", **options):
    return numbers(engine.search(SearchQuery(TODAY, text, **options)))


def everything(engine):
    return [engine.search(SearchQuery(TODAY, text)) for text in ("", "용접", "검사 시스템")]


@pytest.fixture(scope="module")
def catalogue():
    def by_site(number, title, **changes):
        return document(number, title, analyser=analyser, label=vocabulary.label, **changes)

    analyser = BigramAnalyser(vocabulary.synonyms())
    return engine_of(
        by_site(1, "설비예지보전시스템", description_en="Vibration sensors watch spindles."),
        by_site(2, "베어링 이상 조기 경보", capabilities=["predictive_maintenance"]),
        by_site(
            3, "용접 비드 검사", title_en="Weld bead inspection with robots", description="PLC 신호를 씁니다."
        ),
        by_site(4, "납땜 검사기", description="납 도포량을 잽니다."),
        by_site(5, "MES 시작하기", description="5G특화망과 3D 도면"),
        analyser=analyser,
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("예지보전", {1, 2}),
        ("predictive maintenance", {1, 2}),
        ("PdM", {1, 2}),
        ("예지 보전을", {1, 2}),
        ("제조실행시스템", {5}),
        ("manufacturing execution system", {5}),
        ("5G", {5}),
        ("특화망", {5}),
        ("3d", {5}),
        ("용접", {3}),
        ("weld", {3}),
        ("robot", {3}),
        ("ROBOTS", {3}),
        ("PLCs", {3}),
        ("납", {4}),
        ("칼", set()),
        ("비드검사", {3}),
        ("검사", {3, 4}),
        ("검사를", {3, 4}),
        ("welding of beads", {3}),
        ("냉장고", set()),
    ],
)
def test_korean_and_english_queries(catalogue, text, found):
    assert set(find(catalogue, text)) == found


def test_the_typed_name_ranks_before_another_name_of_the_same_thing():
    analyser = BigramAnalyser({"예지보전": ["PdM"], "PdM": ["예지보전"]})
    engine = engine_of(document(1, "PdM"), document(2, "예지보전"), analyser=analyser)
    assert (find(engine, "PdM"), find(engine, "예지보전")) == ([1, 2], [2, 1])


@pytest.mark.parametrize(
    "text",
    [
        "\x00",
        "\x00용\x00접",
        "용접 " * 25_000,
        "가" * 100_000,
        ".*+?[](){}|^$\\",
        "😀🏭",
        "%' OR 1=1 --",
        "\ud800",
        "-" * 300,
        "\ufdfa" * 200,
        "ㅅㅊㅅㅎ",
        "<script>",
        "a-" * 99,
        "\u0301" * 100,
        "１２３",
        "\U000e0001",
    ],
)
def test_hostile_queries_get_an_answer(catalogue, text):
    result = catalogue.search(SearchQuery(TODAY, text))
    assert result.everything_total == 5
    assert all(0 <= hit.text_score <= 1 for hit in result.hits)


def test_control_characters_change_nothing_and_signs_alone_find_nothing(catalogue):
    assert find(catalogue, "용\x00접") == find(catalogue, "용접")
    assert find(catalogue, "😀 .*") == []
    assert len(find(catalogue, "\x00")) == 5
    assert catalogue.search(SearchQuery(TODAY, "용접" * 200)).text_was_cut


def test_half_of_the_words_must_be_there(catalogue):
    assert set(find(catalogue, "용접 세탁기 냉장고 검사")) == {3}
    assert find(catalogue, "용접 세탁기 냉장고") == []


def test_facets_or_inside_and_between_own_filter_left_out():
    engine = engine_of(
        document(1, capabilities=["mes"], regions=["busan"]),
        document(2, capabilities=["erp", "mes"], regions=["ulsan"]),
        document(3, capabilities=["wms"], regions=["busan", "ulsan"]),
    )
    query = SearchQuery(
        TODAY, filters={"capability": frozenset({"mes", "erp"}), "region": frozenset({"busan"})}
    )
    result = engine.search(query)
    assert (numbers(result), result.total, result.everything_total) == ([1], 1, 3)
    assert result.facets["capability"] == {"mes": 1, "wms": 1}
    assert result.facets["region"] == {"busan": 1, "ulsan": 1}
    assert result.facets["level"] == {"1": 1, "2": 1, "3": 1}
    assert tuple(result.facets) == FACETS


def test_an_unknown_value_finds_nothing_and_is_no_error(catalogue):
    for facet in FACETS:
        assert find(catalogue, filters={facet: frozenset({"no-such-value\x00"})}) == []
        assert len(find(catalogue, filters={facet: frozenset()})) == 5
    assert len(find(catalogue, filters={"level": frozenset({"1", "9"})})) == 5


@pytest.mark.parametrize(
    ("options", "field", "code"),
    [
        ({"filters": {"colour": frozenset({"red"})}}, "colour", "unknown_facet"),
        ({"sort": "best"}, "sort", "unknown_sort"),
        ({"offset": -1}, "offset", "out_of_range"),
        ({"limit": MAX_LIMIT + 1}, "limit", "out_of_range"),
        ({"limit": -1}, "limit", "out_of_range"),
    ],
)
def test_a_search_that_cannot_be_asked(options, field, code):
    with pytest.raises(InvalidSearch) as refused:
        SearchQuery(TODAY, **options)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_an_expired_certificate_stays_90_days_and_goes():
    last = date(2026, 8, 1)
    engine = engine_of(document(1, expires_on=last, evidence=[evidence()]), document(2))
    seen = []
    for days in (0, 1, 90, 91):
        result = engine.search(SearchQuery(last + timedelta(days=days)))
        seen.append((numbers(result), result.facets["validation"]))
    expired = ([2, 1], {"document": 1, "expired": 1})
    assert seen == [([1, 2], {"field": 1, "document": 1}), expired, expired, ([2], {"document": 1})]
    assert engine.get(listing_id(1)).validation_on(TODAY) == "expired"
    assert len(engine.all()) == 2


def test_sorts():
    engine = engine_of(
        document(
            1,
            "나",
            plans=[plan(None, kind="project")],
            approved_on=date(2026, 1, 3),
            evidence=[evidence("test_report")],
        ),
        document(
            2,
            "가",
            plans=[plan(5)],
            approved_on=date(2026, 1, 1),
            evidence=[evidence(), evidence(headcount=9)],
        ),
        document(3, "b", plans=[plan(7)], approved_on=date(2026, 1, 2)),
        document(4, "A", plans=[plan(5)], approved_on=date(2026, 1, 3)),
        document(
            5,
            "다",
            plans=[plan(6)],
            approved_on=date(2026, 1, 9),
            evidence=[evidence()] * 3,
            expires_on=date(2026, 11, 1),
        ),
    )
    orders = {sort: find(engine, sort=sort) for sort in ("newest", "price", "evidence", "title", "relevance")}
    assert orders == {
        "newest": [5, 1, 4, 3, 2],
        "price": [2, 4, 5, 3, 1],
        "evidence": [2, 1, 4, 3, 5],
        "title": [4, 3, 2, 1, 5],
        "relevance": [2, 1, 4, 3, 5],
    }


def test_pages_cover_everything_once_and_a_far_page_is_empty():
    engine = engine_of(*(document(number, "용접") for number in range(23)))
    pages = [find(engine, "용접", offset=offset, limit=10) for offset in (0, 10, 20, 30)]
    assert [number for page in pages for number in page] == list(range(23))
    assert [len(page) for page in pages] == [10, 10, 3, 0]
    far = engine.search(SearchQuery(TODAY, "용접", offset=10**22, limit=10))
    assert (far.hits, far.total) == ((), 23)
    assert find(engine, "용접", limit=0) == []


def test_an_empty_engine_answers():
    result = EmbeddedEngine(ANALYSER).search(SearchQuery(TODAY, "용접", filters={"level": frozenset({"1"})}))
    assert (result.hits, result.total, result.everything_total, result.revision) == ((), 0, 0, 0)
    assert result.facets == {facet: {} for facet in FACETS}


def test_a_text_score_is_never_above_one():
    rare = document(0, " ".join(["특수강"] * 200))
    engine = engine_of(rare, *(document(number, "용접") for number in range(1, 60)))
    hit = engine.search(SearchQuery(TODAY, "특수강 " * 30)).hits[0]
    assert (hit.id, hit.text_score) == (rare.id, 1.0)


def test_replaying_a_batch_changes_nothing_and_an_older_one_is_ignored():
    old, new = document(1, "용접"), document(1, "검사 시스템", release_number=2)
    engine = engine_of(old, document(2, "용접"), revision=3)
    engine.apply([new], [listing_id(2)], 4)
    before = everything(engine)
    engine.apply([new], [listing_id(2)], 4)
    assert everything(engine) == before
    engine.apply([old, document(2, "용접")], [listing_id(1)], 3)
    assert everything(engine) == before
    assert (engine.revision, engine.get(listing_id(1)), engine.get(listing_id(2))) == (4, new, None)


def test_an_id_in_both_lists_is_deleted_and_an_unknown_one_does_no_harm():
    engine = engine_of(document(1, "용접"))
    engine.apply([document(2, "용접")], [listing_id(2), "no such id"], 2)
    assert find(engine, "용접") == [1]


def test_a_document_of_another_analyser_is_refused_and_nothing_changes():
    engine = engine_of(document(1, "용접"))
    before = everything(engine)
    with pytest.raises(AnalyserMismatch):
        engine.apply(
            [document(2, "용접"), replace(document(3, "용접"), analyser="kiwi/1/00000000")],
            [listing_id(1)],
            9,
        )
    assert everything(engine) == before
    assert engine.revision == 1


def test_the_way_to_a_state_does_not_change_its_answers():
    engine = engine_of(document(1, "용접 로봇"), document(2, "검사 시스템"))
    for turn in range(40):
        engine.apply([document(3, " ".join(f"낱말{turn}x{word}" for word in range(80)))], [], 2 + turn)
    engine.merge()
    assert sum(len(part.segment.words.lexicon) for part in engine._state.parts) < 200
    engine.apply([document(3, "용접 검사")], [listing_id(2)], 90)
    fresh = engine_of(document(3, "용접 검사"), document(1, "용접 로봇"), revision=90)
    assert everything(engine) == everything(fresh)
